package org.memcachedsession.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.memcachedsession.LoggedMessages;
import org.memcachedsession.SessionSettings.Server;
import org.memcachedsession.embedded.EmbeddedMemcached;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.Place;
import org.memcachedsession.session.SessionStore;

/** Which lists of servers are in force when they are read again. */
class ServerWatchTest {

    private static final Duration IDLE = Duration.ofMinutes(30);
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    private final EmbeddedMemcached one = EmbeddedMemcached.start();
    private final EmbeddedMemcached two = EmbeddedMemcached.start();
    private final EmbeddedMemcached three = EmbeddedMemcached.start();
    private final MemcachedSessionStore store =
            new MemcachedSessionStore(
                    StoreParameters.of(one.port()).changing(ServerLists.of(list(one, two))));
    private final AtomicLong nanos = new AtomicLong();
    private Supplier<ServerLists> source;
    private final ServerWatch watch =
            new ServerWatch(store, () -> source.get(), INTERVAL, IDLE, nanos::get);

    @AfterEach
    void stop() {
        watch.close();
        store.close();
        one.close();
        two.close();
        three.close();
    }

    private static List<Server> list(EmbeddedMemcached... servers) {
        return List.of(servers).stream()
                .map(server -> new Server("127.0.0.1", server.port(), 1))
                .toList();
    }

    private ServerLists read(ServerLists lists) {
        source = () -> lists;
        watch.look();
        return store.servers();
    }

    @Test
    void theListBeforeStaysForAsLongAsSessionsMayBeIdleSinceTheLastNodeHasReadTheNewOne() {
        ServerLists grown = ServerLists.of(list(one, two, three));

        assertThat(read(grown)).isEqualTo(new ServerLists(grown.now(), list(one, two)));
        nanos.addAndGet(IDLE.plus(INTERVAL.multipliedBy(2)).toNanos() - 1);
        assertThat(read(grown)).isEqualTo(new ServerLists(grown.now(), list(one, two)));
        nanos.addAndGet(1);
        assertThat(read(grown)).isEqualTo(grown);
        assertThat(read(grown)).isEqualTo(grown);
    }

    @Test
    void whatIsSaidOfTheListBeforeHolds() {
        ServerLists said = new ServerLists(list(three), list(two));

        assertThat(read(said)).isEqualTo(said);
        nanos.addAndGet(IDLE.toNanos() * 4);
        assertThat(read(said)).isEqualTo(said);
        assertThat(read(ServerLists.of(said.now()))).isEqualTo(ServerLists.of(said.now()));
    }

    @Test
    void aServerThatIsTakenOutBecauseItIsDeadIsNotAskedAnyMore() {
        Patience.until("it is connected to", () -> connections(two) == 1);
        List<Server> dead = list(two);
        two.close();
        Patience.until("that is noticed", () -> store.isAway(dead.get(0)));

        ServerLists shrunk = ServerLists.of(list(one, three));
        List<Server> before = List.of(list(one).get(0), dead.get(0));
        assertThat(read(shrunk)).isEqualTo(new ServerLists(shrunk.now(), before));
        assertThat(read(shrunk)).isEqualTo(new ServerLists(shrunk.now(), before));
        assertThat(read(shrunk)).isEqualTo(new ServerLists(shrunk.now(), before, Set.copyOf(dead)));
        for (int i = 0; i < 100; i++) {
            assertThat(store.placement(new ItemKey("key-" + i)).places())
                    .extracting(Object::toString)
                    .doesNotContain(Pool.address(dead.get(0)));
        }
    }

    @Test
    void aServerWhoseWeightHasChangedIsNotGivenUpWhileItIsAway() {
        Patience.until("it is connected to", () -> connections(two) == 1);
        List<Server> heavy = List.of(new Server("127.0.0.1", two.port(), 2), list(one).get(0));
        ServerLists changed = ServerLists.of(heavy);
        ServerLists expected = new ServerLists(heavy, list(one, two));
        assertThat(read(changed)).isEqualTo(expected);
        two.close();
        Patience.until("that is noticed", () -> store.isAway(heavy.get(0)));

        read(changed);
        read(changed);

        assertThat(read(changed)).isEqualTo(expected);
    }

    @Test
    void aServerThatStaysKeepsItsConnection() {
        Patience.until("both are connected to", () -> connections(one) + connections(two) == 2);

        read(ServerLists.of(list(three, one)));
        Patience.until("the new one is, too", () -> connections(three) == 1);

        assertThat(connections(one)).isEqualTo(1);
    }

    private static int connections(EmbeddedMemcached server) {
        return Integer.parseInt(server.stats().get("total_connections"));
    }

    @Test
    void aServerThatIsInNoListAnyMoreIsLeftWhenNobodyWaitsForIt() {
        Patience.until("it is connected to", () -> open(two) > 0);

        read(new ServerLists(list(three), list(one)));
        assertThat(open(two)).isPositive();
        assertThat(store.retirement()).isPositive();
        store.closeRetired();

        Patience.until("it is left", () -> open(two) == 0);
        assertThat(store.retirement()).isZero();
    }

    private static int open(EmbeddedMemcached server) {
        return Integer.parseInt(server.stats().get("curr_connections"));
    }

    @Test
    void whatAServerHadBeforeItJoinedMayBeOld() {
        ItemKey key = new ItemKey("key");
        long version;
        try (SessionStore before = TestStores.on(three.port())) {
            before.create(key, new byte[1], IDLE);
            version = before.load(key).orElseThrow().version();
        }

        read(ServerLists.of(list(one, two, three)));

        assertThat(placeOf(three).isSuspect(version)).isTrue();
        assertThat(placeOf(three).isSuspect(version + 1000)).isFalse();
        assertThat(placeOf(one).isSuspect(version)).isFalse();
    }

    private Place placeOf(EmbeddedMemcached server) {
        return IntStream.range(0, 1000)
                .mapToObj(number -> store.placement(new ItemKey("key-" + number)))
                .flatMap(placement -> placement.places().stream())
                .filter(place -> place.toString().endsWith(":" + server.port()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatCannotBeReadIsSaidOnceAndTheServersStay() {
        ServerLists before = store.servers();
        try (LoggedMessages log = LoggedMessages.record()) {
            source =
                    () -> {
                        throw new IllegalStateException("no such list");
                    };
            watch.look();
            watch.look();

            assertThat(store.servers()).isEqualTo(before);
            assertThat(log.warnings())
                    .filteredOn(text -> text.contains("cannot be read again"))
                    .hasSize(1);
        }
    }
}
