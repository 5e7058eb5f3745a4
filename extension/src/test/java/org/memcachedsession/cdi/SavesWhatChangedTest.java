package org.memcachedsession.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.memcachedsession.store.InMemorySessionStore.Operation.CREATE;
import static org.memcachedsession.store.InMemorySessionStore.Operation.LOAD;
import static org.memcachedsession.store.InMemorySessionStore.Operation.REPLACE;
import static org.memcachedsession.store.InMemorySessionStore.Operation.TOUCH;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memcachedsession.AllowSerialized;
import org.memcachedsession.MemcachedSessionScoped;
import org.memcachedsession.SessionException;
import org.memcachedsession.SessionTooLargeException;
import org.memcachedsession.session.CurrentUnitOfWork;
import org.memcachedsession.session.Entry;
import org.memcachedsession.session.UnitOfWork;
import org.memcachedsession.store.InMemorySessionStore;

/** A request writes what it changed, all of it, and nothing else. */
class SavesWhatChangedTest {

    private static final int SIZE_LIMIT = 20_000;

    private final Clock clock = Clock.fixed(Instant.parse("2030-01-01T00:00:00Z"), ZoneOffset.UTC);
    private final InMemorySessionStore store = new InMemorySessionStore(clock, SIZE_LIMIT);
    private final TestNode node =
            TestNode.on(store, clock)
                    .beans(
                            Cart.class,
                            Watched.class,
                            Telling.class,
                            Injected.class,
                            Part.class,
                            Bag.class,
                            InjectedBag.class,
                            Kinds.class)
                    .start();
    private final CookieJar browser = new CookieJar();
    private final Cart cart = node.bean(Cart.class);
    private final Watched watched = node.bean(Watched.class);
    private final Bag bag = node.bean(Bag.class);
    private final StoreCalls calls = StoreCalls.of(store);

    @BeforeEach
    void countAnew() {
        Watched.read = 0;
        Watched.written = 0;
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void aRequestThatOnlyReadsLoadsOnceAndDoesNotReplace() throws Exception {
        node.run(browser, () -> cart.items().add("book"));
        assertThat(calls.take()).containsExactly(CREATE);
        node.run(
                browser,
                () -> {
                    assertThat(cart.items()).containsExactly("book");
                    assertThat(cart.items()).hasSize(1);
                });
        assertThat(calls.take()).contains(LOAD).doesNotContain(REPLACE, CREATE);
        node.run(browser, () -> assertThat(cart.items()).hasSize(1));
        assertThat(calls.take()).containsExactly(LOAD);
    }

    @Test
    void requestsThatOnlyReadSlideTheSessionAtMostOnceInATenthOfItsIdleTime() throws Exception {
        node.run(browser, () -> cart.items().add("book"));
        calls.take();
        for (int i = 0; i < 10; i++) {
            node.run(browser, cart::items);
        }
        assertThat(calls.take()).filteredOn(TOUCH::equals).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void aRequestThatUsesNoBeanAsksForNothing() throws Exception {
        node.run(browser, () -> {});
        assertThat(calls.take()).isEmpty();
    }

    @Test
    void aChangeDeepInsideIsStored() throws Exception {
        node.run(browser, () -> cart.items().add("book"));
        node.run(browser, () -> cart.shelves().add(new ArrayList<>(List.of("a"))));
        calls.take();
        node.run(browser, () -> cart.shelves().get(0).add("b"));
        assertThat(calls.take()).containsExactly(LOAD, REPLACE);
        assertThat(node.request(browser, () -> cart.shelves().toString())).isEqualTo("[[a, b]]");
    }

    @Test
    void aChangeOfEveryKindIsStored() throws Exception {
        assertThatChangesOfEveryKindAreStored(node);
    }

    @Test
    void aChangeOfEveryKindIsStoredWithoutApacheFory() throws Exception {
        try (TestNode withoutFory =
                TestNode.withoutFory(store, clock)
                        .beans(Kinds.class)
                        .containerId("without Fory")
                        .start()) {
            assertThatChangesOfEveryKindAreStored(withoutFory);
        }
    }

    private void assertThatChangesOfEveryKindAreStored(TestNode any) throws Exception {
        Kinds kinds = any.bean(Kinds.class);
        any.run(browser, kinds::fill);
        for (Map.Entry<String, Consumer<Kinds>> change : Kinds.CHANGES.entrySet()) {
            String before = any.request(browser, kinds::content);
            calls.take();
            any.run(browser, () -> kinds.change(change.getValue()));
            assertThat(calls.take()).as(change.getKey()).containsExactly(LOAD, REPLACE);
            assertThat(any.request(browser, kinds::content))
                    .as(change.getKey())
                    .isNotEqualTo(before);
            assertThat(calls.take()).as(change.getKey()).containsExactly(LOAD);
        }
    }

    @Test
    void whatIsSetBackAfterASaveInTheMiddleOfARequestIsStored() throws Exception {
        node.run(browser, () -> bag.put("old"));
        UnitOfWork unit = node.sessions().begin(browser.ids());
        try (CurrentUnitOfWork.Binding binding = node.sessions().current().bind(unit)) {
            Object old = bag.content();
            bag.put("new");
            unit.save();
            assertThat(node.request(browser, bag::content)).isEqualTo("new");
            bag.put(old);
            unit.save();
        } finally {
            unit.close();
        }
        assertThat(node.request(browser, bag::content)).isEqualTo("old");
    }

    @Test
    void whatABeanChangesInAnotherOneWhileItIsWrittenIsStoredToo() throws Exception {
        Telling telling = node.bean(Telling.class);
        node.run(
                browser,
                () -> {
                    cart.items().add("book");
                    telling.touch(() -> {});
                });
        node.run(
                browser,
                () -> {
                    assertThat(cart.items()).containsExactly("book");
                    telling.touch(
                            () -> {
                                if (cart.items().size() == 1) {
                                    cart.items().add("pen");
                                }
                            });
                });
        node.run(browser, () -> assertThat(cart.items()).containsExactly("book", "pen"));
    }

    @Test
    void aBeanWithInjectedPartsIsWrittenAtMostOnceForNothing() throws Exception {
        Injected injected = node.bean(Injected.class);
        node.run(browser, injected::touch);
        node.run(browser, injected::look);
        calls.take();
        for (int i = 0; i < 3; i++) {
            node.run(browser, injected::look);
        }
        assertThat(calls.take()).containsExactly(LOAD, LOAD, LOAD);
    }

    @Test
    void aBeanThatIsNotUsedIsNeitherReadNorWrittenAndKeepsItsBytes() throws Exception {
        node.run(browser, watched::touch);
        assertThat(Watched.written).isEqualTo(1);
        Entry before = StoredSession.of(browser, store).entry(Watched.class);

        node.run(browser, () -> cart.items().add("book"));
        node.run(browser, () -> cart.items().add("pen"));
        assertThat(Watched.read).isZero();
        assertThat(Watched.written).isEqualTo(1);
        assertThat(StoredSession.of(browser, store).entry(Watched.class).bytes())
                .isEqualTo(before.bytes());

        node.run(browser, watched::touch);
        assertThat(Watched.read).isEqualTo(1);
        assertThat(node.request(browser, watched::touched)).isEqualTo(2);
    }

    @Test
    void otherBytesWithTheSameHashAreStored() throws Exception {
        node.run(browser, () -> bag.put("Aa"));
        Entry before = StoredSession.of(browser, store).entry(Bag.class);
        node.run(browser, () -> bag.put("BB"));
        Entry after = StoredSession.of(browser, store).entry(Bag.class);
        assertThat(Arrays.hashCode(after.bytes())).isEqualTo(Arrays.hashCode(before.bytes()));
        assertThat(after.hashCode()).isEqualTo(before.hashCode());
        assertThat(node.request(browser, bag::content)).isEqualTo("BB");
    }

    @Test
    void oneBeanThatCannotBeWrittenKeepsAllFromBeingWrittenAndItsPathIsTold() throws Exception {
        node.run(
                browser,
                () -> {
                    cart.items().add("book");
                    bag.put("fine");
                });
        calls.take();
        assertThatExceptionOfType(SessionException.class)
                .isThrownBy(
                        () ->
                                node.run(
                                        browser,
                                        () -> {
                                            cart.items().add("pen");
                                            bag.put(List.of(1, new Object()));
                                        }))
                .withMessageContaining("class " + Bag.class.getName())
                .withMessageContaining("java.lang.Object, which is not Serializable")
                .withMessageContaining("at " + Bag.class.getName() + ".content[1]");
        assertThat(calls.take()).containsExactly(LOAD);
        assertThat(node.request(browser, cart::items)).containsExactly("book");
        assertThat(node.request(browser, bag::content)).isEqualTo("fine");
    }

    @Test
    void thePathInABeanWithInjectedPartsBeginsAtTheBean() {
        InjectedBag injectedBag = node.bean(InjectedBag.class);
        assertThatExceptionOfType(SessionException.class)
                .isThrownBy(() -> node.run(browser, () -> injectedBag.put(new Object())))
                .withMessageContaining("at " + InjectedBag.class.getName() + ".content")
                .withMessageNotContaining("Graph");
    }

    @Test
    void aFirstSaveThatFailsGivesNoCookie() {
        assertThatExceptionOfType(SessionException.class)
                .isThrownBy(() -> node.run(browser, () -> bag.put(new Object())));
        assertThat(browser.id()).isEmpty();
        assertThat(store.size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 200_000}) // written though it would not be read, not even written
    void aChainOfObjectsThatIsTooLongIsRefusedAndWhatWasStoredStays(int length) throws Exception {
        node.run(browser, () -> bag.put("old"));
        Link chain = null;
        for (int i = 0; i < length; i++) {
            chain = new Link(chain);
        }
        Link tooLong = chain;
        assertThatExceptionOfType(SessionException.class)
                .isThrownBy(() -> node.run(browser, () -> bag.put(tooLong)))
                .withMessageContaining("chain");
        assertThat(node.request(browser, bag::content)).isEqualTo("old");
    }

    @Test
    void aChainOfTwoHundredObjectsIsReadBack() throws Exception {
        Link chain = null;
        for (int i = 0; i < 200; i++) {
            chain = new Link(chain);
        }
        Link deep = chain;
        node.run(browser, () -> bag.put(deep));
        Link read = (Link) node.request(browser, bag::content);
        assertThat(Stream.iterate(read, Objects::nonNull, Link::next)).hasSize(200);
    }

    @Test
    void aBeanThatWasDestroyedAndMadeAnewIsStoredAsItIsNow() throws Exception {
        node.run(browser, () -> cart.items().add("old"));
        node.run(
                browser,
                () -> {
                    cart.items().add("older");
                    node.container().select(Cart.class).destroy(cart);
                    cart.items().add("new");
                });
        assertThat(node.request(browser, () -> List.copyOf(cart.items()))).containsExactly("new");
    }

    @Test
    void aBeanThatWasDestroyedAndNotMadeAnewIsGone() throws Exception {
        node.run(browser, () -> cart.items().add("old"));
        node.run(browser, () -> node.container().select(Cart.class).destroy(cart));
        assertThat(StoredSession.of(browser, store).keys()).isEmpty();
        assertThat(node.request(browser, () -> List.copyOf(cart.items()))).isEmpty();
    }

    @Test
    void aSessionAboveTheSizeLimitIsRefusedAndWhatWasStoredStays() throws Exception {
        node.run(browser, () -> bag.put("small"));
        assertThatExceptionOfType(SessionTooLargeException.class)
                .isThrownBy(() -> node.run(browser, () -> bag.put(incompressible())))
                .withMessageContaining(String.valueOf(SIZE_LIMIT))
                .withMessageContaining(": class " + Bag.class.getName() + " 20");
        assertThat(node.request(browser, bag::content)).isEqualTo("small");
    }

    private static byte[] incompressible() {
        byte[] noise = new byte[SIZE_LIMIT];
        new Random(1).nextBytes(noise);
        return noise;
    }

    @MemcachedSessionScoped
    static class Cart implements Serializable {
        private static final long serialVersionUID = 1L;
        private final List<String> items = new ArrayList<>();
        private final List<List<String>> shelves = new ArrayList<>();

        List<String> items() {
            return items;
        }

        List<List<String>> shelves() {
            return shelves;
        }
    }

    /** Of each kind of thing that a bean can hold, one. */
    @MemcachedSessionScoped
    static class Kinds implements Serializable {
        private static final long serialVersionUID = 1L;

        static final Map<String, Consumer<Kinds>> CHANGES = new LinkedHashMap<>();

        static {
            CHANGES.put("number", kinds -> kinds.number++);
            CHANGES.put("text", kinds -> kinds.text = kinds.text + "!");
            CHANGES.put("list", kinds -> kinds.list.add("c"));
            CHANGES.put("order of a list", kinds -> Collections.reverse(kinds.list));
            CHANGES.put("set", kinds -> kinds.set.remove("a"));
            CHANGES.put("deque", kinds -> kinds.deque.add("b"));
            CHANGES.put("map", kinds -> kinds.map.put("a", 2));
            CHANGES.put("sorted map", kinds -> kinds.sorted.put("b", 1));
            CHANGES.put("array", kinds -> kinds.array[1]++);
            CHANGES.put("counter", kinds -> kinds.counter.incrementAndGet());
            CHANGES.put("date", kinds -> kinds.date.setTime(1));
            CHANGES.put("object", kinds -> kinds.object.number++);
            CHANGES.put("object in a list", kinds -> kinds.objects.get(1).number++);
            CHANGES.put("list in a record", kinds -> kinds.pair.list.add("d"));
            CHANGES.put("record", kinds -> kinds.pair = new Pair("b", kinds.pair.list));
            CHANGES.put("one object in two places", kinds -> kinds.objects.set(0, kinds.object));
        }

        private int number;
        private String text = "a";
        private final List<String> list = new ArrayList<>(List.of("a", "b"));
        private final Set<String> set = new HashSet<>(Set.of("a", "b"));
        private final ArrayDeque<String> deque = new ArrayDeque<>(List.of("a"));
        private final Map<String, Integer> map = new HashMap<>(Map.of("a", 1));
        private final TreeMap<String, Integer> sorted = new TreeMap<>(Map.of("a", 1));
        private final int[] array = new int[2];
        private final AtomicInteger counter = new AtomicInteger();
        private final Date date = new Date(0);
        private final Count object = new Count();
        private final List<Count> objects = new ArrayList<>(List.of(new Count(), new Count()));
        private Pair pair = new Pair("a", new ArrayList<>());

        static class Count implements Serializable {
            private static final long serialVersionUID = 1L;
            private int number;

            @Override
            public String toString() {
                return "" + number;
            }
        }

        record Pair(String text, ArrayList<String> list) implements Serializable {}

        void fill() {
            number = 1;
        }

        void change(Consumer<Kinds> change) {
            change.accept(this);
        }

        String content() {
            return List.of(
                            number,
                            text,
                            list,
                            set,
                            deque,
                            map,
                            sorted,
                            Arrays.toString(array),
                            counter,
                            date.getTime(),
                            object,
                            objects,
                            pair)
                    .toString();
        }
    }

    /** Does something when it is written. */
    @MemcachedSessionScoped
    static class Telling implements Serializable {
        private static final long serialVersionUID = 1L;
        private int touched;
        private transient Runnable whenWritten = () -> {};

        void touch(Runnable from) {
            touched++;
            whenWritten = from;
        }

        private void writeObject(ObjectOutputStream out) throws IOException {
            out.defaultWriteObject();
            whenWritten.run();
        }
    }

    @MemcachedSessionScoped
    static class Watched implements Serializable {
        private static final long serialVersionUID = 1L;
        private static int read;
        private static int written;
        private int touched;

        void touch() {
            touched++;
        }

        int touched() {
            return touched;
        }

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            read++;
            in.defaultReadObject();
        }

        private void writeObject(ObjectOutputStream out) throws IOException {
            written++;
            out.defaultWriteObject();
        }
    }

    @Dependent
    static class Part implements Serializable {
        private static final long serialVersionUID = 1L;
        private int touched;

        void touch() {
            touched++;
        }
    }

    @MemcachedSessionScoped
    static class Injected implements Serializable {
        private static final long serialVersionUID = 1L;
        @Inject Part part;
        @Inject Cart cart;

        void touch() {
            part.touch();
        }

        int look() {
            return part.touched;
        }
    }

    @AllowSerialized(Link.class)
    @MemcachedSessionScoped
    static class Bag implements Serializable {
        private static final long serialVersionUID = 1L;
        private Object content;

        void put(Object newContent) {
            content = newContent;
        }

        Object content() {
            return content;
        }
    }

    @MemcachedSessionScoped
    static class InjectedBag implements Serializable {
        private static final long serialVersionUID = 1L;
        @Inject Part part;
        private Object content;

        void put(Object newContent) {
            part.touch();
            content = newContent;
        }

        Object content() {
            return content;
        }
    }

    static class Link implements Serializable {
        private static final long serialVersionUID = 1L;
        private final Link next;

        Link(Link next) {
            this.next = next;
        }

        Link next() {
            return next;
        }
    }
}
