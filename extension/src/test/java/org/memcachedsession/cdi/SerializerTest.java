package org.memcachedsession.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.memcachedsession.AllowSerialized;
import org.memcachedsession.BeanDiscarded;
import org.memcachedsession.LoggedMessages;
import org.memcachedsession.MemcachedSessionScoped;
import org.memcachedsession.SessionSettings;
import org.memcachedsession.SessionSettings.Serializer;
import org.memcachedsession.SessionSettingsException;
import org.memcachedsession.codec.TestCodec;
import org.memcachedsession.session.BeanKey;
import org.memcachedsession.session.Entry;
import org.memcachedsession.session.RecordCodec;
import org.memcachedsession.session.SessionId;
import org.memcachedsession.session.SessionRecord;
import org.memcachedsession.store.InMemorySessionStore;
import org.memcachedsession.store.InMemorySessionStore.Operation;

/** Which serializer writes a bean, and how nodes with and without Apache Fory share a pool. */
class SerializerTest {

    private static final int FORY = 0xF0;
    private static final int JAVA = 0xAD;

    private final InMemorySessionStore store =
            new InMemorySessionStore(Clock.systemUTC(), 1_000_000);
    private final CookieJar browser = new CookieJar();
    private final List<TestNode> nodes = new ArrayList<>();

    @AfterEach
    void stop() {
        nodes.forEach(TestNode::close);
    }

    private TestNode node(boolean hasFory, Serializer serializer) {
        Extension settings =
                new Extension() {
                    void set(@Observes SessionSettings.Builder builder) {
                        builder.serializer(serializer);
                    }
                };
        Clock clock = Clock.systemUTC();
        TestNode node =
                (hasFory ? TestNode.on(store, clock) : TestNode.withoutFory(store, clock))
                        .beans(
                                Cart.class,
                                Bound.class,
                                Desk.class,
                                Mixed.class,
                                Tables.class,
                                Clicks.class,
                                Discarded.class)
                        .containerId("node " + nodes.size())
                        .extension(settings)
                        .start();
        nodes.add(node);
        return node;
    }

    private TestNode withFory() {
        return node(true, Serializer.AUTO);
    }

    private int mark(Class<?> bean) throws Exception {
        return StoredSession.of(browser, store).entry(bean).bytes()[0] & 0xFF;
    }

    private void add(TestNode node, String item) throws Exception {
        node.run(browser, () -> node.bean(Cart.class).add(item));
    }

    private List<String> items(TestNode node) throws Exception {
        return node.request(browser, () -> node.bean(Cart.class).items());
    }

    // ---- which one

    @Test
    void aPlainBeanIsWrittenByForyAndReadBackOnAnotherNode() throws Exception {
        add(withFory(), "tea");

        assertThat(mark(Cart.class)).isEqualTo(FORY);
        assertThat(items(withFory())).containsExactly("tea");
    }

    @Test
    void theConstructorOfABeanThatIsReadDoesNotRun() throws Exception {
        TestNode node = withFory();
        add(node, "tea");
        int made = Cart.MADE.get();

        assertThat(items(node)).containsExactly("tea");

        assertThat(Cart.MADE).hasValue(made);
    }

    @Test
    void aBeanThatIsOnlyReadIsNotStoredAgain() throws Exception {
        TestNode node = withFory();
        add(node, "tea");
        StoreCalls calls = StoreCalls.of(store);

        items(node);

        assertThat(calls.take()).containsExactly(Operation.LOAD);
    }

    @ParameterizedTest
    @EnumSource(names = {"JAVA", "AUTO"})
    void aBeanThatIsOnlyReadIsNotStoredAgainWhateverTheOrderInItsHashTables(Serializer serializer)
            throws Exception {
        TestNode node = node(true, serializer);
        node.run(browser, () -> node.bean(Tables.class).fill());
        StoreCalls calls = StoreCalls.of(store);

        for (int i = 0; i < 3; i++) {
            assertThat(node.request(browser, () -> node.bean(Tables.class).sizes()))
                    .isEqualTo("1, 20");
        }

        assertThat(calls.take()).containsOnly(Operation.LOAD);
        node.run(browser, () -> node.bean(Tables.class).shrink());
        assertThat(node.request(browser, () -> node.bean(Tables.class).sizes())).isEqualTo("0, 20");
    }

    @Test
    void aBeanWithWhatTheContainerInjectsIsWrittenByTheJdk() throws Exception {
        TestNode node = withFory();

        node.run(browser, () -> node.bean(Bound.class).click());

        assertThat(mark(Bound.class)).isEqualTo(JAVA);
    }

    @Test
    void aBeanThatHoldsAClassWithAStreamOfItsOwnIsWrittenByTheJdkAndTheLogSaysWhyOnce()
            throws Exception {
        try (LoggedMessages log = LoggedMessages.record()) {
            TestNode node = withFory();
            node.run(browser, () -> node.bean(Desk.class).open());
            assertThat(node.request(browser, () -> node.bean(Desk.class).opened())).isEqualTo(1);

            assertThat(mark(Desk.class)).isEqualTo(JAVA);
            assertThat(log.everything())
                    .containsOnlyOnce(
                            "class "
                                    + Desk.class.getName()
                                    + ": "
                                    + Drawer.class.getName()
                                    + " has writeObject");
        }
    }

    @Test
    void aBeanThatComesToHoldWhatForyCannotWriteIsWrittenByTheJdkFromThenOn() throws Exception {
        TestNode node = withFory();
        node.run(browser, () -> node.bean(Mixed.class).put("a", 1));
        assertThat(mark(Mixed.class)).isEqualTo(FORY);

        node.run(browser, () -> node.bean(Mixed.class).put("b", new Drawer()));
        assertThat(mark(Mixed.class)).isEqualTo(JAVA);

        assertThat(node.request(browser, () -> node.bean(Mixed.class).keys())).isEqualTo("[a, b]");
        node.run(browser, () -> node.bean(Mixed.class).put("b", 2));
        assertThat(mark(Mixed.class)).isEqualTo(JAVA);
    }

    @Test
    void theSettingBringsWhatForyHasWrittenToTheJdkOnceItChanges() throws Exception {
        add(withFory(), "tea");
        TestNode node = node(true, Serializer.JAVA);
        StoreCalls calls = StoreCalls.of(store);

        assertThat(items(node)).containsExactly("tea");
        assertThat(calls.take()).doesNotContain(Operation.REPLACE);
        assertThat(mark(Cart.class)).isEqualTo(FORY);

        add(node, "milk");
        assertThat(mark(Cart.class)).isEqualTo(JAVA);
        assertThat(items(withFory())).containsExactly("tea", "milk");
    }

    @Test
    void aStreamWithTheDescriptorsOfTheJdkStaysUntilTheBeanChanges() throws Exception {
        TestNode node = node(true, Serializer.JAVA);
        node.run(browser, () -> node.bean(Desk.class).open());
        Desk desk = new Desk();
        desk.open();
        desk.open();
        store(desk);
        StoreCalls calls = StoreCalls.of(store);

        assertThat(node.request(browser, () -> node.bean(Desk.class).opened())).isEqualTo(2);
        assertThat(calls.take()).doesNotContain(Operation.REPLACE);
        assertThat(mark(Desk.class)).isEqualTo(0xAC);

        node.run(browser, () -> node.bean(Desk.class).open());
        assertThat(mark(Desk.class)).isEqualTo(JAVA);
        assertThat(node.request(browser, () -> node.bean(Desk.class).opened())).isEqualTo(3);
    }

    /** In place of what the session has. */
    private void store(Object bean) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(bean);
        }
        SessionRecord before = StoredSession.of(browser, store).content();
        TreeMap<BeanKey, Entry> entries = new TreeMap<>(before.entries());
        entries.replaceAll((key, entry) -> new Entry("", bytes.toByteArray()));
        RecordCodec codec = TestCodec.of("test");
        SessionId id = browser.id().orElseThrow();
        store.overwrite(
                codec.itemKey(id),
                codec.seal(id, new SessionRecord(before.header(), before.recentSaves(), entries)),
                Duration.ofMinutes(30));
    }

    @Test
    void toAskForForyWhereItIsMissingFailsTheDeployment() {
        assertThatThrownBy(() -> node(false, Serializer.FORY))
                .isInstanceOf(SessionSettingsException.class)
                .hasMessageContaining("MSS-64 memcached.session.serializer is \"fory\" (code)")
                .hasMessageContaining("Add org.apache.fory:fory-core to the application");
    }

    @Test
    void whereForyIsThereItCanBeAskedFor() throws Exception {
        add(node(true, Serializer.FORY), "tea");

        assertThat(mark(Cart.class)).isEqualTo(FORY);
    }

    // ---- a pool of both kinds

    @Test
    void whatANodeWithoutForyHasWrittenGoesOnInItsForm() throws Exception {
        TestNode without = node(false, Serializer.AUTO);
        TestNode with = withFory();
        add(without, "tea");

        add(with, "milk");

        assertThat(mark(Cart.class)).isEqualTo(JAVA);
        assertThat(items(without)).containsExactly("tea", "milk");
    }

    @Test
    void aNodeWithoutForyLeavesWhatItDoesNotUseAsItIs() throws Exception {
        TestNode without = node(false, Serializer.AUTO);
        TestNode with = withFory();
        add(with, "tea");

        without.run(browser, () -> without.bean(Bound.class).click());

        assertThat(without.bean(Discarded.class).beans()).isEmpty();
        assertThat(items(with)).containsExactly("tea");
    }

    @Test
    void aNodeWithoutForyDropsABeanThatItUsesAlone() throws Exception {
        TestNode without = node(false, Serializer.AUTO);
        TestNode with = withFory();
        add(with, "tea");
        with.run(browser, () -> with.bean(Bound.class).click());

        try (LoggedMessages log = LoggedMessages.record()) {
            assertThat(items(without)).isEmpty();
            assertThat(log.warnings())
                    .anyMatch(warning -> warning.contains("Apache Fory has written it"));
        }

        assertThat(without.bean(Discarded.class).beans())
                .containsExactly("class " + Cart.class.getName() + " UNREADABLE");
        assertThat(with.request(browser, () -> with.bean(Bound.class).clicks())).isEqualTo(1);
    }

    // ---- threads

    @Test
    void manyThreadsReadAndWriteAtOnce() throws Exception {
        TestNode node = withFory();
        int threads = 8;
        CyclicBarrier together = new CyclicBarrier(threads);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<List<String>>> browsers = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                String name = "of " + i + " ";
                browsers.add(
                        () -> {
                            CookieJar own = new CookieJar();
                            together.await();
                            for (int n = 0; n < 50; n++) {
                                String item = name + n;
                                node.run(own, () -> node.bean(Cart.class).add(item));
                            }
                            return node.request(own, () -> node.bean(Cart.class).items());
                        });
            }
            int i = 0;
            for (Future<List<String>> done : pool.invokeAll(browsers)) {
                String name = "of " + i++ + " ";
                assertThat(done.get()).hasSize(50).allMatch(item -> item.startsWith(name));
            }
        } finally {
            pool.shutdown();
        }
    }

    // ---- beans

    @MemcachedSessionScoped
    static class Cart implements Serializable {
        private static final long serialVersionUID = 1L;
        static final AtomicInteger MADE = new AtomicInteger();

        private final List<String> items = new ArrayList<>();
        private final Map<String, Integer> counts = new HashMap<>();

        Cart() {
            MADE.incrementAndGet();
        }

        void add(String item) {
            items.add(item);
            counts.merge(item, 1, Integer::sum);
        }

        List<String> items() {
            return List.copyOf(items);
        }
    }

    @ApplicationScoped
    static class Clicks {
        void touch() {}
    }

    @MemcachedSessionScoped
    static class Bound implements Serializable {
        private static final long serialVersionUID = 1L;
        @Inject Clicks clicks;
        private int count;

        void click() {
            clicks.touch();
            count++;
        }

        int clicks() {
            return count;
        }
    }

    static class Drawer implements Serializable {
        private static final long serialVersionUID = 1L;
        private int opened;

        private void writeObject(ObjectOutputStream out) throws IOException {
            out.defaultWriteObject();
        }
    }

    @MemcachedSessionScoped
    static class Desk implements Serializable {
        private static final long serialVersionUID = 1L;
        private final Drawer drawer = new Drawer();

        void open() {
            drawer.opened++;
        }

        int opened() {
            return drawer.opened;
        }
    }

    /** One table is larger than it need be, the other has elements without hash codes of their own. */
    @MemcachedSessionScoped
    static class Tables implements Serializable {
        private static final long serialVersionUID = 1L;
        private final Map<String, Integer> large = new HashMap<>(1_000);
        private final Set<Line> lines = new HashSet<>();

        void fill() {
            large.put("a", 1);
            for (int i = 0; i < 20; i++) {
                lines.add(new Line(i));
            }
        }

        void shrink() {
            large.clear();
        }

        String sizes() {
            return large.size() + ", " + lines.size();
        }
    }

    static class Line implements Serializable {
        private static final long serialVersionUID = 1L;
        private final int number;

        Line(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }
    }

    @MemcachedSessionScoped
    @AllowSerialized(Integer.class)
    static class Mixed implements Serializable {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings("serial")
        private final Map<String, Object> content = new HashMap<>();

        void put(String key, Object value) {
            content.put(key, value);
        }

        String keys() {
            return content.keySet().stream().sorted().toList().toString();
        }
    }

    @ApplicationScoped
    static class Discarded {
        private final List<String> beans = new ArrayList<>();

        List<String> beans() {
            return beans;
        }

        void on(@Observes BeanDiscarded event) {
            beans.add(event.bean() + " " + event.cause());
        }
    }
}
