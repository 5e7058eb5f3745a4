package org.memcachedsession.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.Extension;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memcachedsession.MemcachedSession;
import org.memcachedsession.MemcachedSessionScoped;
import org.memcachedsession.MemcachedSessions;
import org.memcachedsession.SessionSettings;
import org.memcachedsession.SessionSettings.Authentication;
import org.memcachedsession.SessionSettings.Credentials;
import org.memcachedsession.SessionSettings.Server;
import org.memcachedsession.cdi.CookieJar;
import org.memcachedsession.cdi.TestNode;
import org.memcachedsession.embedded.EmbeddedMemcached;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.Place;
import org.memcachedsession.session.SessionStore;
import org.memcachedsession.session.StoredItem;

/** Through a door that lets through what the tables of docs/operating.md say, and nothing else. */
@Timeout(120)
class WhatServersAreAskedTest {

    private static final Pattern TABLE = Pattern.compile("(?m)^\\|---\\|---\\|\\n((?:\\|.*\\n)+)");
    private static final Pattern REQUEST = Pattern.compile("`([^`]+)`");

    private static final List<List<String>> PAGE = page();
    private static final List<String> ON_EACH_CONNECTION = PAGE.get(0);
    private static final List<String> IN_META_COMMANDS = PAGE.get(1);
    private static final List<String> IN_CLASSIC_COMMANDS = PAGE.get(2);
    private static final List<String> IN_BINARY = PAGE.get(3);
    private static final List<String> AT_THE_ENDPOINT = PAGE.get(4);

    private static final Duration A_MINUTE = Duration.ofMinutes(1);
    private static final Optional<Duration> NOT_AT_ALL = Optional.empty();

    /** Bytes: what always comes whole, what is kept near, and what goes by other commands. */
    private static final List<Integer> SIZES =
            List.of(10, NearCache.SHORTEST, MetaProtocol.LONGEST_BY_META + 1);

    private static final ItemKey KEY = new ItemKey("a-Key_0".repeat(6) + "1");
    private static final Credentials SHOP = new Credentials("shop", "word", Authentication.TOKEN);
    private static final Credentials BY_SASL = new Credentials("any", "body", Authentication.SASL);

    /** For each table, what stands as code in its second column. */
    private static List<List<String>> page() {
        String page;
        try {
            page = Files.readString(Path.of("..", "docs", "operating.md"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String section =
                page.substring(page.indexOf("## What servers are asked"), page.indexOf("## TLS"));
        return all(TABLE, section)
                .map(
                        table ->
                                table.lines()
                                        .map(row -> row.split("\\|")[2])
                                        .flatMap(requests -> all(REQUEST, requests))
                                        .toList())
                .toList();
    }

    private static Stream<String> all(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(found -> found.group(1));
    }

    private static List<String> both(List<String> some, List<String> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }

    private static List<String> byNobody(List<String> requests) {
        return requests.stream().filter(request -> !request.contains("-token ")).toList();
    }

    @Test
    void thereIsNoTableThatNobodyHolds() {
        assertThat(PAGE).hasSize(5).noneMatch(List::isEmpty);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "flush_all\r\n",
                "stats\r\n",
                "version \r\n",
                "version\n",
                "VERSION\r\n",
                "mg <key> v c t\r\n",
                "mg <key> v c t T0 O1\r\n",
                "mg <key> v c t C1 T1 O1\r\n",
                "mg <key> v c t O1 N1\r\n",
                "mg <key>x v c t O1\r\n",
                "mg key v c t O1\r\n",
                "mg memcached-session-probe-A v c t O1\r\n",
                "ms <key> 1 MS c T1 O1\r\nx\r\n",
                "ms <key> 1 ME c T1 O1\r\nxy\r\n",
                "gets <key>\r\n",
                "\u0080\u0002\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
            })
    void nothingElseGetsThrough(String request) {
        ListedRequests listed = new ListedRequests(both(ON_EACH_CONNECTION, IN_META_COMMANDS));
        String asked = "version\r\n" + request.replace("<key>", KEY.text()) + "stats settings\r\n";
        ByteArrayOutputStream through = new ByteArrayOutputStream();

        assertThatThrownBy(
                        () ->
                                listed.pass(
                                        new ByteArrayInputStream(asked.getBytes(ISO_8859_1)),
                                        through))
                .isInstanceOf(IOException.class);

        assertThat(through.toString(ISO_8859_1)).isEqualTo("version\r\n");
        assertThat(listed.refused()).hasSize(1);
    }

    /** A server behind the door, and stores that ask it. */
    private static final class Asked implements AutoCloseable {

        private final ListedRequests listed;
        private final Relay way;
        private final Doorkeeper door;
        private final MemcachedStoreParameters parameters;
        private final MemcachedSessionStore idle;

        /**
         * @param who asks
         * @param server its port
         */
        Asked(List<String> requests, Optional<Credentials> who, int server) {
            listed = new ListedRequests(requests);
            way = new Relay(server);
            door = Doorkeeper.letting(listed, way.port());
            MemcachedStoreParameters ofNobody = StoreParameters.of(door.port());
            parameters = who.map(ofNobody::as).orElse(ofNobody);
            idle =
                    new MemcachedSessionStore(
                            parameters.changing(parameters.servers()), Duration.ofMillis(20));
        }

        /**
         * All that becomes of items. On connections of their own: a server that sends an unchanged item all the same is
         * asked on each of them once to leave it out.
         */
        void live() {
            for (Optional<Duration> slide : List.of(Optional.of(A_MINUTE), NOT_AT_ALL)) {
                try (SessionStore store = new MemcachedSessionStore(parameters)) {
                    SIZES.forEach(size -> live(store, size, slide));
                }
            }
        }

        private static void live(SessionStore store, int size, Optional<Duration> slide) {
            byte[] value = new byte[size];
            assertThat(store.create(KEY, value, A_MINUTE).isStored()).isTrue();
            StoredItem item = store.load(KEY, slide).orElseThrow();
            assertThat(store.replace(KEY, value, item.version(), A_MINUTE).isStored()).isTrue();
            assertThat(store.overwrite(KEY, value, A_MINUTE)).isTrue();
            assertThat(store.touch(KEY, A_MINUTE)).isTrue();
            assertThat(store.delete(KEY)).isTrue();
        }

        void goAwayAndComeBack() {
            Place place = idle.placement(KEY).places().get(0);
            Patience.untilAnswered(() -> place.load(KEY, Optional.empty()).await());
            way.cut();
            Patience.until("it is away", place::isAway);
            way.mend();
            Patience.until("it is back", () -> !place.isAway());
        }

        @Override
        public void close() throws IOException {
            idle.close();
            door.close();
            way.close();
        }
    }

    @MemcachedSessionScoped
    static class Cart implements Serializable {
        private static final long serialVersionUID = 1L;
        private byte[] items = {};

        int size() {
            return items.length;
        }

        void fill(int size) {
            items = new byte[size];
        }
    }

    /** Settings by code. */
    private static final class On implements Extension {
        private final UnaryOperator<SessionSettings.Builder> servers;

        On(UnaryOperator<SessionSettings.Builder> servers) {
            this.servers = servers;
        }

        void set(@Observes SessionSettings.Builder settings) {
            servers.apply(settings)
                    .application("asked")
                    .copies(2)
                    .logoutEverywhere(true)
                    .compressNever()
                    .connectTimeout(Duration.ofSeconds(20))
                    .operationTimeout(Duration.ofSeconds(20))
                    .retryInterval(Duration.ofMillis(100));
        }
    }

    /** From the first page to the logout, with a login in between. */
    private static void visit(TestNode one, TestNode other, int size) throws Exception {
        Cart here = one.bean(Cart.class);
        Cart there = other.bean(Cart.class);
        CookieJar browser = new CookieJar();
        one.run(browser, () -> here.fill(size));
        assertThat(other.request(browser, there::size)).isEqualTo(size);
        other.run(browser, () -> there.fill(size + 1));

        CookieJar oldTab = new CookieJar();
        oldTab.take(browser.id().orElseThrow());
        one.run(browser, one.bean(MemcachedSession.class)::rotateId);
        assertThat(one.request(oldTab, here::size)).isZero();
        assertThat(other.request(browser, there::size)).isEqualTo(size + 1);

        other.run(browser, other.bean(MemcachedSession.class)::invalidate);
        assertThat(one.request(browser, here::size)).isZero();
    }

    abstract static class Servers {

        private final Deque<AutoCloseable> open = new ArrayDeque<>();
        private int nodes;

        /** Starts one that does not want to know who asks, and gives its port. */
        abstract int start();

        /** Starts one that takes {@link #SHOP}. */
        abstract int startForShop();

        /** Of each kind one. */
        List<Asked> kinds() {
            return List.of(
                    new Asked(
                            both(ON_EACH_CONNECTION, IN_META_COMMANDS),
                            Optional.of(SHOP),
                            startForShop()),
                    new Asked(
                            both(byNobody(ON_EACH_CONNECTION), IN_CLASSIC_COMMANDS),
                            Optional.empty(),
                            opened(Doorkeeper.ofOldMemcached(start())).port()));
        }

        final <T extends AutoCloseable> T opened(T one) {
            open.push(one);
            return one;
        }

        @AfterEach
        void stop() throws Exception {
            for (AutoCloseable one : open) {
                one.close();
            }
        }

        @Test
        void allThatThePageSaysIsAskedAndNothingElse() throws Exception {
            List<Asked> kinds = kinds().stream().map(this::opened).toList();
            try {
                kinds.forEach(Asked::live);
                kinds.forEach(Asked::goAwayAndComeBack);
                for (Asked kind : kinds) {
                    assertThat(kind.listed.notAskedInTheEnd()).isEmpty();
                }
            } finally {
                for (Asked kind : kinds) {
                    assertThat(kind.listed.refused()).isEmpty();
                }
            }
        }

        @Test
        void nodesAskNothingElse() throws Exception {
            ListedRequests listed =
                    new ListedRequests(both(byNobody(ON_EACH_CONNECTION), IN_META_COMMANDS));
            ListedRequests atTheEndpoint = new ListedRequests(AT_THE_ENDPOINT);
            List<Relay> ways = Stream.generate(() -> opened(new Relay(start()))).limit(3).toList();
            List<Server> servers =
                    ways.stream()
                            .map(way -> opened(Doorkeeper.letting(listed, way.port())))
                            .map(door -> new Server("127.0.0.1", door.port()))
                            .toList();
            Server endpoint = endpoint(servers, atTheEndpoint);
            try {
                TestNode one = node(settings -> settings.discover(endpoint));
                TestNode other = node(settings -> settings.discover(endpoint));
                visits(one, other);
                ways.get(0).cut();
                visits(one, other);
                ways.get(0).mend();
                Patience.until("one is back", () -> listed.wasAsked("memcached-session-return-"));
                visits(one, other);

                UnaryOperator<SessionSettings.Builder> changing =
                        settings ->
                                settings.servers(servers.subList(1, 3))
                                        .previousServers(servers.subList(0, 2));
                visits(node(changing), node(changing));
            } finally {
                assertThat(listed.refused()).isEmpty();
                assertThat(atTheEndpoint.refused()).isEmpty();
            }
            assertThat(atTheEndpoint.notAskedInTheEnd()).isEmpty();
        }

        private Server endpoint(List<Server> servers, ListedRequests listed) {
            String list =
                    servers.stream()
                            .map(server -> "|" + server.host() + "|" + server.port())
                            .collect(Collectors.joining(" ", "1\n", "\n"));
            String answer = "CONFIG cluster 0 " + list.length() + "\r\n" + list + "\r\nEND\r\n";
            ScriptedServer endpoint = opened(new ScriptedServer((line, number) -> answer));
            return new Server(
                    "127.0.0.1", opened(Doorkeeper.letting(listed, endpoint.port())).port());
        }

        private TestNode node(UnaryOperator<SessionSettings.Builder> servers) {
            return opened(
                    TestNode.withSettings(new On(servers))
                            .containerId("node-" + nodes++)
                            .beans(Cart.class)
                            .start());
        }

        private static void visits(TestNode one, TestNode other) throws Exception {
            for (int size : SIZES) {
                for (int i = 0; i < 3; i++) {
                    visit(one, other, size);
                    visit(other, one, size);
                }
            }
            one.bean(MemcachedSessions.class).endAll("Ada");
            other.bean(MemcachedSessions.class).endAll("Ada");
        }
    }

    @Nested
    class OfMemcached extends Servers {

        @TempDir private Path directory;

        @Override
        int start() {
            return opened(MemcachedProcess.start()).port();
        }

        @Override
        int startForShop() {
            Path users = directory.resolve("users");
            try {
                Files.writeString(users, SHOP.username() + ':' + SHOP.password() + '\n');
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return opened(MemcachedProcess.start("-Y", users.toString())).port();
        }

        @Override
        List<Asked> kinds() {
            List<Asked> kinds = new ArrayList<>(super.kinds());
            kinds.add(
                    new Asked(
                            IN_BINARY,
                            Optional.of(BY_SASL),
                            opened(Doorkeeper.ofSasl(start())).port()));
            return kinds;
        }
    }

    /** Which stores the token as what it looks like. */
    @Nested
    class OfTheEmbeddedOne extends Servers {

        @Override
        int start() {
            return opened(EmbeddedMemcached.builder().skipUnchanged(true).start()).port();
        }

        @Override
        int startForShop() {
            return start();
        }
    }
}
