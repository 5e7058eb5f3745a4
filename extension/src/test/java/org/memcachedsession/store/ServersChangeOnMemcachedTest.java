package org.memcachedsession.store;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.Extension;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memcachedsession.MemcachedSessionScoped;
import org.memcachedsession.SessionSettings;
import org.memcachedsession.SessionSettings.Server;
import org.memcachedsession.cdi.CookieJar;
import org.memcachedsession.cdi.TestNode;

/** Two nodes that get another list of servers, one after the other, while browsers go from one node to the other. */
@Timeout(300)
class ServersChangeOnMemcachedTest {

    private static final int BROWSERS = 60;

    private final List<MemcachedProcess> servers =
            Stream.generate(MemcachedProcess::start).limit(4).toList();
    private final List<TestNode> nodes = new ArrayList<>();
    private final List<CookieJar> browsers = new ArrayList<>();
    private final Random random = new Random(7);
    private int copies;
    private int number;

    @AfterEach
    void stop() {
        nodes.forEach(TestNode::close);
        servers.forEach(MemcachedProcess::close);
    }

    @MemcachedSessionScoped
    static class Cart implements Serializable {
        private static final long serialVersionUID = 1L;
        private String item = "";

        String item() {
            return item;
        }

        void put(String bought) {
            item = bought;
        }
    }

    /** What a node is told, which may change. */
    private static final class Told implements Extension {

        private final int copies;
        private volatile ServerLists lists;

        Told(ServerLists lists, int copies) {
            this.lists = lists;
            this.copies = copies;
        }

        void set(@Observes SessionSettings.Builder settings) {
            settings.application("change")
                    .servers(lists.now())
                    .previousServers(lists.before())
                    .copies(copies)
                    .serversRefresh(Duration.ofSeconds(1))
                    .operationTimeout(Duration.ofSeconds(20));
        }
    }

    private List<Server> list(int from, int to) {
        return servers.subList(from, to).stream()
                .map(server -> new Server("127.0.0.1", server.port(), 1))
                .toList();
    }

    private TestNode node(Told told) {
        TestNode node =
                TestNode.withSettings(told)
                        .containerId("node-" + number++)
                        .beans(Cart.class)
                        .start();
        nodes.add(node);
        return node;
    }

    private TestNode node(ServerLists lists) {
        return node(new Told(lists, copies));
    }

    private static String item(TestNode node, CookieJar browser) {
        Cart cart = node.bean(Cart.class);
        try {
            return node.request(browser, cart::item);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void put(TestNode node, CookieJar browser, String item) throws Exception {
        Cart cart = node.bean(Cart.class);
        node.run(browser, () -> cart.put(item));
    }

    /** Each browser finds on one node what it has put into its cart on the other. */
    private void assertAllGoOn(TestNode one, TestNode other) throws Exception {
        CookieJar begun = new CookieJar();
        put(random.nextBoolean() ? one : other, begun, "");
        browsers.add(begun);
        for (CookieJar browser : browsers) {
            String before = item(one, browser);
            assertThat(item(other, browser)).isEqualTo(before);
            put(random.nextBoolean() ? one : other, browser, before + "x");
            assertThat(item(one, browser)).isEqualTo(before + "x");
            assertThat(item(other, browser)).isEqualTo(before + "x");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void oneServerMoreAndAnotherOneLessAndNobodyIsLoggedOut(int each) throws Exception {
        copies = each;
        assertNobodyIsLoggedOut(list(0, 3), list(1, 4));
    }

    /** Such as the local end of a tunnel: what the two lists take for two places of an item may be one. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void theSameServersByAnotherNameAndNobodyIsLoggedOut(int each) throws Exception {
        copies = each;
        List<Server> before = list(0, 3);
        List<Server> now =
                before.stream().map(server -> new Server("localhost", server.port(), 1)).toList();
        assertNobodyIsLoggedOut(before, now);
    }

    private void assertNobodyIsLoggedOut(List<Server> before, List<Server> now) throws Exception {
        List<ServerLists> steps =
                List.of(ServerLists.of(before), new ServerLists(now, before), ServerLists.of(now));
        TestNode one = node(steps.get(0));
        TestNode other = node(steps.get(0));
        for (int i = 0; i < BROWSERS; i++) {
            CookieJar browser = new CookieJar();
            put(one, browser, "");
            browsers.add(browser);
        }
        int rounds = 0;
        for (ServerLists step : steps) {
            one = node(step);
            assertAllGoOn(one, other);
            other = node(step);
            assertAllGoOn(one, other);
            rounds += 2;
        }

        for (CookieJar browser : browsers.subList(0, BROWSERS)) {
            assertThat(item(one, browser)).hasSize(rounds);
        }
    }

    @Test
    void aNodeThatReadsItsServersAgainGoesOnWithTheSessionsOfTheListBefore() throws Exception {
        copies = 1;
        Told told = new Told(ServerLists.of(list(0, 2)), 1);
        TestNode node = node(told);
        CookieJar browser = new CookieJar();
        put(node, browser, "book");
        TestNode ahead = node(ServerLists.of(list(2, 4)));
        CookieJar elsewhere = new CookieJar();
        put(ahead, elsewhere, "pen");

        told.lists = ServerLists.of(list(2, 4));
        CookieJar asked = new CookieJar();
        Patience.until(
                "the node has read them",
                () -> {
                    asked.take(elsewhere.id().orElseThrow());
                    return item(node, asked).equals("pen");
                });

        assertThat(item(node, browser)).isEqualTo("book");
        assertThat(item(ahead, browser)).isEqualTo("book");
    }
}
