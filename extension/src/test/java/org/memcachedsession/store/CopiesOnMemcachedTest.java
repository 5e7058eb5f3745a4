package org.memcachedsession.store;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.Extension;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memcachedsession.MemcachedSession;
import org.memcachedsession.MemcachedSessionScoped;
import org.memcachedsession.SessionException;
import org.memcachedsession.SessionSettings;
import org.memcachedsession.cdi.CookieJar;
import org.memcachedsession.cdi.TestNode;
import org.memcachedsession.codec.TestCodec;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.Place;

/** Sessions with two copies on three servers that die, hang, are cut off and come back. */
@Timeout(240)
class CopiesOnMemcachedTest {

    private static final int COPIES = 2;

    private final List<MemcachedProcess> servers =
            Stream.generate(MemcachedProcess::start).limit(3).toList();
    private final List<Relay> ways =
            servers.stream().map(server -> new Relay(server.port())).toList();
    private final KetamaRing ring =
            new KetamaRing(
                    StoreParameters.of(ways.stream().mapToInt(Relay::port).toArray())
                            .servers()
                            .now());
    private final List<TestNode> nodes = new ArrayList<>();

    @AfterEach
    void stop() throws IOException {
        nodes.forEach(TestNode::close);
        for (Relay way : ways) {
            way.close();
        }
        servers.forEach(MemcachedProcess::close);
    }

    /** Settings by code. */
    static final class On implements Extension {
        private final String servers;
        private final Duration operationTimeout;

        On(String servers, Duration operationTimeout) {
            this.servers = servers;
            this.operationTimeout = operationTimeout;
        }

        void set(@Observes SessionSettings.Builder settings) {
            settings.application("copies")
                    .servers(servers)
                    .copies(COPIES)
                    .operationTimeout(operationTimeout)
                    .retryInterval(Duration.ofMillis(100));
        }
    }

    @MemcachedSessionScoped
    static class Cart implements Serializable {
        private static final long serialVersionUID = 1L;
        private String item;

        String item() {
            return item;
        }

        void put(String bought) {
            item = bought;
        }
    }

    private TestNode node(Duration operationTimeout) {
        String addresses =
                ways.stream()
                        .map(way -> "127.0.0.1:" + way.port())
                        .collect(Collectors.joining(","));
        TestNode node =
                TestNode.withSettings(new On(addresses, operationTimeout))
                        .containerId("node-" + nodes.size())
                        .beans(Cart.class)
                        .start();
        nodes.add(node);
        return node;
    }

    private TestNode patientNode() {
        return node(Duration.ofSeconds(3));
    }

    private static List<CookieJar> sessions(TestNode node, int count) throws Exception {
        List<CookieJar> browsers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            CookieJar browser = new CookieJar();
            put(node, browser, "old");
            browsers.add(browser);
        }
        return browsers;
    }

    private static void put(TestNode node, CookieJar browser, String item) throws Exception {
        Cart cart = node.bean(Cart.class);
        node.run(browser, () -> cart.put(item));
    }

    /** What a request finds; "lost" if it is a new session, "no answer" if it cannot be told. */
    private static String item(TestNode node, CookieJar browser) {
        Cart cart = node.bean(Cart.class);
        MemcachedSession session = node.bean(MemcachedSession.class);
        CookieJar same = new CookieJar();
        same.take(browser.id().orElseThrow());
        try {
            return node.request(same, () -> session.exists() ? cart.item() : "lost");
        } catch (SessionException e) {
            return "no answer";
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static Map<String, Long> items(TestNode node, List<CookieJar> browsers) {
        return browsers.stream()
                .collect(
                        Collectors.groupingBy(
                                browser -> item(node, browser), Collectors.counting()));
    }

    private List<Integer> places(CookieJar browser) {
        String key = TestCodec.of("copies").itemKey(browser.id().orElseThrow()).text();
        return Arrays.stream(ring.serversOf(key, COPIES)).boxed().toList();
    }

    private static List<CookieJar> those(List<CookieJar> browsers, Predicate<CookieJar> condition) {
        return browsers.stream().filter(condition).toList();
    }

    /** Until the node has noticed that the server is there again, so that it stores on it. */
    private void awaitReturn(TestNode node, int server) {
        try (MemcachedSessionStore store =
                new MemcachedSessionStore(StoreParameters.of(servers.get(server).port()))) {
            Patience.until("the server is used again", () -> isUsed(node, server, store));
        }
    }

    private static boolean hasAll(TestNode node, List<CookieJar> browsers, String item) {
        try {
            return items(node, browsers).equals(Map.of(item, (long) browsers.size()));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private boolean isUsed(TestNode node, int server, MemcachedSessionStore store) {
        CookieJar fresh = new CookieJar();
        try {
            put(node, fresh, "fresh");
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return places(fresh).contains(server)
                && store.load(TestCodec.of("copies").itemKey(fresh.id().orElseThrow())).isPresent();
    }

    private MemcachedSessionStore store() {
        return new MemcachedSessionStore(
                new MemcachedStoreParameters(
                        StoreParameters.of(ways.stream().mapToInt(Relay::port).toArray()).servers(),
                        false,
                        Optional.empty(),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(1),
                        1,
                        StoreParameters.SIZE_LIMIT,
                        5,
                        Duration.ofMillis(100),
                        COPIES));
    }

    @Test
    void whateverAServerHasIsSuspectWhileItIsAway() {
        long latestOfAll = -1;
        try (MemcachedSessionStore store = store()) {
            Place place = connected(store);
            ways.forEach(Relay::cut);
            Patience.until("it is away", place::isAway);
            assertThat(place.isSuspect(latestOfAll)).isTrue();

            ways.forEach(Relay::mend);
            Patience.until("it is back", () -> !place.isAway());
            assertThat(place.isSuspect(latestOfAll)).isFalse();
        }
    }

    @Test
    void itIsToldThatAServerIsBackAndAgainWhenItHasStayedBack() {
        Set<Boolean> whetherJustBack = ConcurrentHashMap.newKeySet();
        try (MemcachedSessionStore store = store()) {
            store.onReturn(back -> whetherJustBack.add(back.isJustBack()));
            Place place = connected(store);
            ways.forEach(Relay::cut);
            Patience.until("it is away", place::isAway);
            ways.forEach(Relay::mend);

            Patience.until("it is told again", () -> whetherJustBack.contains(false));
        }
    }

    @Test
    void anErrorWhileWhatAServerHasMissedIsBroughtToItIsNotTheEndOfTheWatchOverIt() {
        AtomicInteger told = new AtomicInteger();
        try (MemcachedSessionStore store = store()) {
            Place place = connected(store);
            store.onReturn(
                    back -> {
                        if (back == place && told.incrementAndGet() == 1) {
                            throw new OutOfMemoryError("as planned");
                        }
                    });

            place.repairSoon();

            Patience.until("it is told again", () -> told.get() > 1);
        }
    }

    @Test
    void anErrorWhenAServerIsBackIsNotTheEndOfTheWatchOverIt() {
        AtomicBoolean first = new AtomicBoolean(true);
        AtomicBoolean isTold = new AtomicBoolean();
        try (MemcachedSessionStore store = store()) {
            Place place = connected(store);
            store.onReturn(back -> isTold.compareAndSet(false, back == place && !first.get()));
            try (ClientLog planned =
                    new ClientLog(
                            Presence.class,
                            message -> {
                                if (message.contains("answers again")
                                        && Thread.currentThread()
                                                .getName()
                                                .equals("memcached-session-return-" + place)
                                        && first.getAndSet(false)) {
                                    throw new OutOfMemoryError("as planned");
                                }
                            })) {
                ways.forEach(Relay::cut);
                Patience.until("it is away", place::isAway);
                ways.forEach(Relay::mend);

                Patience.until("it is told that it is back", isTold::get);
            }
        }
    }

    private static Place connected(MemcachedSessionStore store) {
        ItemKey key = new ItemKey("any");
        Place place = store.placement(key).places().get(0);
        Patience.untilAnswered(() -> place.load(key, Optional.empty()).await());
        return place;
    }

    @Test
    void oneOfThreeIsKilledAndNothingIsLost() throws Exception {
        TestNode node = patientNode();
        List<CookieJar> browsers = sessions(node, 300);

        servers.get(0).kill();

        assertThat(items(node, browsers)).isEqualTo(Map.of("old", 300L));
        for (CookieJar browser : browsers) {
            put(node, browser, "new");
        }
        assertThat(items(node, browsers)).isEqualTo(Map.of("new", 300L));
        assertThat(items(node, sessions(node, 100))).isEqualTo(Map.of("old", 100L));
    }

    @Test
    void oneOfThreeHangsAndNothingIsLostNorOldWhenItGoesOn() throws Exception {
        TestNode node = node(Duration.ofMillis(500));
        List<CookieJar> browsers = sessions(node, 300);

        servers.get(0).stop();
        for (CookieJar browser : browsers) {
            put(node, browser, "new");
        }
        assertThat(items(node, browsers)).isEqualTo(Map.of("new", 300L));
        servers.get(0).goOn();
        assertThat(items(node, browsers)).isEqualTo(Map.of("new", 300L));
        awaitReturn(node, 0);

        assertThat(items(node, browsers)).isEqualTo(Map.of("new", 300L));
        assertThat(items(patientNode(), browsers)).isEqualTo(Map.of("new", 300L));
    }

    @Test
    void twoOfThreeAreKilledAndThoseSessionsAreLostThatWereOnBothAndNoOthers() throws Exception {
        TestNode node = patientNode();
        List<CookieJar> browsers = sessions(node, 300);
        List<CookieJar> onBoth = those(browsers, browser -> !places(browser).contains(2));
        assertThat(onBoth).isNotEmpty();

        servers.get(0).kill();
        servers.get(1).kill();

        assertThat(those(browsers, browser -> !item(node, browser).equals("old")))
                .isEqualTo(onBoth);
    }

    /**
     * All sessions are changed while one server is cut off. It comes back with what it had, and the one that has the
     * other copies of its sessions dies: what was not brought to it yet is lost and not old.
     */
    @Test
    void whenTheSurvivorDiesAfterTheReturnNothingIsStale() throws Exception {
        TestNode one = patientNode();
        TestNode other = patientNode();
        List<CookieJar> browsers = sessions(one, 2000);
        items(other, browsers.subList(0, 10));

        ways.get(0).cut();
        for (int i = 0; i < browsers.size(); i++) {
            put(i % 2 == 0 ? one : other, browsers.get(i), "new");
        }
        ways.get(0).mend();
        awaitReturn(one, 0);
        servers.get(1).kill();

        Map<String, Long> onOne = items(one, browsers);
        Map<String, Long> onOther = items(other, browsers);
        assertThat(onOne).doesNotContainKey("old").containsKey("new");
        assertThat(onOther).doesNotContainKey("old").containsKey("new");
        assertThat(those(browsers, browser -> places(browser).contains(2)))
                .isNotEmpty()
                .allMatch(browser -> item(one, browser).equals("new"));
    }

    @Test
    void aLogoutWhileAServerIsCutOffStaysTrueWhenItIsBackWithTheSession() throws Exception {
        TestNode one = patientNode();
        TestNode other = patientNode();
        List<CookieJar> browsers = sessions(one, 200);
        items(other, browsers);
        List<CookieJar> loggedOut = new ArrayList<>();

        ways.get(0).cut();
        MemcachedSession session = one.bean(MemcachedSession.class);
        for (CookieJar browser : browsers) {
            CookieJar same = new CookieJar();
            same.take(browser.id().orElseThrow());
            loggedOut.add(same);
            one.run(browser, session::invalidate);
        }
        ways.get(0).mend();
        awaitReturn(one, 0);
        awaitReturn(other, 0);
        servers.get(1).kill();
        servers.get(2).kill();

        assertThat(items(one, loggedOut)).doesNotContainKeys("old");
        assertThat(items(other, loggedOut)).doesNotContainKeys("old");
    }

    @Test
    void aServerThatIsRestartedEmptyHasItsCopiesAgainAfterTheNextWrites() throws Exception {
        TestNode node = patientNode();
        List<CookieJar> browsers = sessions(node, 300);
        servers.get(0).kill();
        servers.get(0).restart();
        awaitReturn(node, 0);

        for (CookieJar browser : browsers) {
            put(node, browser, "new");
        }
        servers.get(1).kill();

        // as long as other nodes may take the one for away, it is not believed where the other one
        // is away
        Patience.until("all is there", () -> hasAll(node, browsers, "new"));
    }
}
