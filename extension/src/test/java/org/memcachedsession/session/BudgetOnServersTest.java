package org.memcachedsession.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memcachedsession.SessionSettings.Server;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.codec.TestCodec;
import org.memcachedsession.embedded.EmbeddedMemcached;
import org.memcachedsession.faults.FaultProxy;
import org.memcachedsession.store.MemcachedSessionStore;
import org.memcachedsession.store.MemcachedStoreParameters;
import org.memcachedsession.store.ServerLists;

/** What a request may wait, over connections: each wait counts as sixteen seconds, by a clock of the test. */
@Timeout(120)
class BudgetOnServersTest {

    private static final BeanKey CART = RulesFixture.CART;
    private static final Duration OPERATION_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration EACH_WAIT = Duration.ofSeconds(16);

    private final RecordCodec codec = TestCodec.of("test");
    private final TextBeans beans = new TextBeans();
    private final AtomicLong now = new AtomicLong();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final List<FaultProxy> links = new ArrayList<>();
    private SessionStore store;

    /** What is given up after one call without an answer. */
    private Sessions node(int copies) {
        List<Server> servers = new ArrayList<>();
        for (int i = 0; i < copies; i++) {
            EmbeddedMemcached memcached = EmbeddedMemcached.start();
            open.push(memcached);
            FaultProxy link = FaultProxy.before(memcached.port());
            open.push(link);
            links.add(link);
            servers.add(new Server("127.0.0.1", link.port(), 1));
        }
        store =
                new MemcachedSessionStore(
                        new MemcachedStoreParameters(
                                ServerLists.of(servers),
                                false,
                                Optional.empty(),
                                OPERATION_TIMEOUT,
                                Duration.ofSeconds(30),
                                1,
                                100_000,
                                1,
                                Duration.ofSeconds(1),
                                copies));
        open.push(store);
        return new Sessions(
                store,
                codec,
                beans,
                beans,
                Clock.systemUTC(),
                new SecureRandom(),
                RulesFixture.RULES,
                () -> now.getAndAdd(EACH_WAIT.toNanos()));
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    private static SessionId create(Sessions node) {
        UnitOfWork unit = node.begin(List.of());
        RulesFixture.text(unit, CART).value = "book";
        unit.save();
        return RulesFixture.given(unit);
    }

    private static void save(UnitOfWork unit, String cart) {
        RulesFixture.text(unit, CART).value = cart;
        unit.save();
    }

    private static String read(Sessions node, SessionId id) {
        return RulesFixture.value(node.begin(List.of(id)), CART);
    }

    @Test
    void whoMayWaitNoLongerDoesNotAndTheServerIsNotTakenForOneThatHangs() {
        Sessions node = node(1);
        SessionId id = create(node);
        UnitOfWork unit = node.begin(List.of(id));
        save(unit, "one"); // with the load, more than it may wait
        long connections = links.get(0).connections();
        links.get(0).hold();

        assertThatThrownBy(() -> save(unit, "two"))
                .isInstanceOf(SessionStoreException.class)
                .hasRootCauseInstanceOf(Budget.SpentException.class)
                .hasMessageContaining("that one request may wait for memcached is over: 30050 ms")
                .hasMessageContaining("memcached.session.copies")
                .hasMessageContaining("memcached.session.operation-timeout")
                .hasMessageContaining("whether it was carried out is not known");
        unit.close();

        links.get(0).release();
        assertThat(read(node, id)).isIn("one", "two");
        assertThat(links.get(0).connections()).isEqualTo(connections);
    }

    @Test
    void aServerWithCopiesIsNotAwaySinceSomebodyMayWaitNoLonger() {
        Sessions node = node(2);
        SessionId id = create(node);
        UnitOfWork unit = node.begin(List.of(id));
        save(unit, "one");
        links.forEach(FaultProxy::hold);

        assertThatThrownBy(() -> save(unit, "two"))
                .isInstanceOf(SessionStoreException.class)
                .hasRootCauseInstanceOf(Budget.SpentException.class);

        assertThat(store.placement(codec.itemKey(id)).places()).noneMatch(Place::isAway);
        links.forEach(FaultProxy::release);
        assertThat(read(node, id)).isIn("one", "two");
    }
}
