package org.memcachedsession.store;

import static java.util.function.Predicate.not;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.code.yanf4j.core.impl.AbstractController;
import com.google.code.yanf4j.nio.impl.Reactor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.rubyeye.xmemcached.XMemcachedClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memcachedsession.LoggedMessages;
import org.memcachedsession.SessionSettings.Server;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.SessionTooLargeException;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.SessionStore;

/** Servers that are away, go and come back. */
@Timeout(120)
class ServerOutageTest {

    private static final Duration A_MINUTE = Duration.ofMinutes(1);
    private static final Duration AN_HOUR = Duration.ofHours(1);
    private static final byte[] VALUE = {1, 2, 3};

    @Test
    void theItemsOfOtherServersAreUntouchedWhenOneServerDies() {
        try (MemcachedProcess first = MemcachedProcess.start();
                MemcachedProcess second = MemcachedProcess.start();
                SessionStore store =
                        new MemcachedSessionStore(
                                StoreParameters.of(first.port(), second.port()))) {
            KetamaRing ring =
                    new KetamaRing(StoreParameters.of(first.port(), second.port()).servers().now());
            List<ItemKey> keys =
                    IntStream.range(0, 100).mapToObj(i -> new ItemKey("secret" + i)).toList();
            keys.forEach(key -> assertThat(store.create(key, VALUE, A_MINUTE).isStored()).isTrue());

            first.kill();

            for (ItemKey key : keys) {
                if (ring.serverOf(key.text()) == 0) {
                    assertThatThrownBy(() -> store.load(key))
                            .isInstanceOf(SessionStoreException.class)
                            .hasMessageContaining("127.0.0.1:" + first.port())
                            .hasMessageNotContaining("secret");
                } else {
                    assertThat(store.load(key)).isPresent();
                }
            }
        }
    }

    @Test
    void aDeadServerIsReportedWithoutWaitingForTheTimeout() {
        try (MemcachedProcess memcached = MemcachedProcess.start();
                SessionStore store =
                        new MemcachedSessionStore(StoreParameters.of(AN_HOUR, memcached.port()))) {
            ItemKey key = new ItemKey("k");
            store.create(key, VALUE, A_MINUTE);
            memcached.kill();

            for (int i = 0; i < 1000; i++) {
                assertThatThrownBy(() -> store.load(key)).isInstanceOf(SessionStoreException.class);
            }
        }
    }

    @Test
    void aServerThatComesBackOnItsPortIsUsedAgain() {
        try (MemcachedProcess memcached = MemcachedProcess.start();
                SessionStore store =
                        new MemcachedSessionStore(StoreParameters.of(memcached.port()))) {
            ItemKey key = new ItemKey("k");
            store.create(key, VALUE, A_MINUTE);

            for (int round = 0; round < 3; round++) {
                memcached.kill();
                assertThatThrownBy(() -> store.load(key)).isInstanceOf(SessionStoreException.class);
                memcached.restart();
                createWhenBack(store, key);
            }

            assertThat(store.load(key)).isPresent();
        }
    }

    @Test
    void aStoreOpensAtOnceWhileItsServersAreAwayAndFindsThemLater() throws Exception {
        int port = MemcachedProcess.freePort();
        try (SessionStore store = new MemcachedSessionStore(StoreParameters.of(port))) {
            ItemKey key = new ItemKey("k");

            assertThatThrownBy(() -> store.load(key))
                    .isInstanceOf(SessionStoreException.class)
                    .hasMessageContaining("127.0.0.1:" + port)
                    .hasMessageContaining("not connected")
                    .hasMessageContaining("refused");

            try (MemcachedProcess memcached = MemcachedProcess.startOn(port)) {
                createWhenBack(store, key);
                assertThat(memcached.port()).isEqualTo(port);
            }
        }
    }

    @Test
    void aServerThatDoesNotEvenRefuseDelaysNobodyLongerThanTheTimeout() throws Exception {
        try (FullBacklog silent = new FullBacklog();
                SessionStore store =
                        new MemcachedSessionStore(
                                parameters(silent, Duration.ofMillis(100), AN_HOUR))) {
            for (int i = 0; i < 20; i++) {
                ItemKey key = new ItemKey("k" + i);
                assertThatThrownBy(() -> store.load(key))
                        .isInstanceOf(SessionStoreException.class)
                        .hasMessageContaining("longer than the operation timeout");
            }
        }
    }

    @Test
    void attemptsToConnectThatAreGivenUpKeepNoSocket() throws Exception {
        try (FullBacklog silent = new FullBacklog()) {
            long sockets = Descriptors.sockets();
            try (SessionStore store =
                    new MemcachedSessionStore(
                            parameters(silent, AN_HOUR, Duration.ofMillis(50)),
                            Duration.ofMillis(1))) {
                for (int i = 0; i < 20; i++) {
                    ItemKey key = new ItemKey("k" + i);
                    assertThatThrownBy(() -> store.load(key))
                            .isInstanceOf(SessionStoreException.class)
                            .hasMessageContaining("no connection, or no answer, within 50 ms");
                }
            }
            assertThat(Descriptors.sockets()).isEqualTo(sockets);
        }
    }

    /** Whoever waited for it would do so for an hour. */
    @Test
    void whileAServerDoesNotEvenRefuseAStoreOpensServesTheOthersAndCloses() throws Exception {
        try (FullBacklog silent = new FullBacklog();
                MemcachedProcess memcached = MemcachedProcess.start()) {
            MemcachedStoreParameters parameters =
                    new MemcachedStoreParameters(
                            StoreParameters.of(silent.port(), memcached.port()).servers().now(),
                            AN_HOUR,
                            AN_HOUR,
                            1,
                            1000);
            KetamaRing ring = new KetamaRing(parameters.servers().now());
            Map<Integer, List<ItemKey>> keys =
                    IntStream.range(0, 100)
                            .mapToObj(i -> new ItemKey("k" + i))
                            .collect(Collectors.groupingBy(key -> ring.serverOf(key.text())));
            FutureTask<Boolean> asksTheSilentOne;
            try (SessionStore store = new MemcachedSessionStore(parameters)) {
                ItemKey there = keys.get(0).get(0);
                asksTheSilentOne = new FutureTask<>(() -> store.load(there).isPresent());
                Thread asking = new Thread(asksTheSilentOne, "asks the silent one");
                asking.setDaemon(true);
                asking.start();
                Patience.until("it waits", () -> asking.getState() == Thread.State.TIMED_WAITING);

                for (ItemKey key : keys.get(1)) {
                    assertThat(store.create(key, VALUE, A_MINUTE).isStored()).isTrue();
                    assertThat(store.load(key)).isPresent();
                }

                assertThat(asksTheSilentOne).isNotDone();
            }
            assertThatThrownBy(asksTheSilentOne::get)
                    .hasCauseInstanceOf(SessionStoreException.class)
                    .hasMessageContaining("the session store is closed");
        }
    }

    /** One server under two names, so that both of them are asked. */
    private static MemcachedStoreParameters parameters(
            FullBacklog silent, Duration operationTimeout, Duration connectTimeout) {
        return new MemcachedStoreParameters(
                List.of(
                        new Server("127.0.0.1", silent.port(), 1),
                        new Server("localhost", silent.port(), 1)),
                operationTimeout,
                connectTimeout,
                2,
                1000);
    }

    @Test
    void aHostNameThatNobodyKnowsIsToldWhenItIsNeeded() {
        MemcachedStoreParameters parameters =
                new MemcachedStoreParameters(
                        List.of(new Server("no-such-host.invalid", 11211, 1)),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(1),
                        1,
                        1000);
        try (SessionStore store = new MemcachedSessionStore(parameters)) {
            assertThatThrownBy(() -> store.load(new ItemKey("k")))
                    .isInstanceOf(SessionStoreException.class)
                    .hasMessageContaining("no-such-host.invalid:11211")
                    .hasMessageContaining("UnknownHostException");
        }
    }

    @Test
    void aServerWhoseItemLimitIsBelowOursSaysSo() {
        try (MemcachedProcess memcached = MemcachedProcess.start();
                SessionStore store =
                        new MemcachedSessionStore(
                                new MemcachedStoreParameters(
                                        StoreParameters.of(memcached.port()).servers().now(),
                                        A_MINUTE,
                                        A_MINUTE,
                                        1,
                                        2_000_000))) {
            byte[] more = new byte[1_500_000];
            assertThatThrownBy(() -> store.create(new ItemKey("k"), more, A_MINUTE))
                    .isInstanceOf(SessionTooLargeException.class)
                    .hasMessageContaining("too large")
                    .hasMessageContaining("-I");
            assertThat(store.create(new ItemKey("k"), VALUE, A_MINUTE).isStored()).isTrue();
        }
    }

    @Test
    void aClientWhoseThreadHasDiedIsReplaced() throws Exception {
        Set<Thread> others = reactors();
        try (MemcachedProcess memcached = MemcachedProcess.start();
                SessionStore store =
                        new MemcachedSessionStore(
                                StoreParameters.of(Duration.ofMillis(50), memcached.port()),
                                Duration.ofMillis(20))) {
            createWhenBack(store, new ItemKey("k"));
            Reactor ours =
                    (Reactor)
                            reactors().stream()
                                    .filter(not(others::contains))
                                    .findAny()
                                    .orElseThrow();

            ours.getSelector().close(); // ends it; so does an error that nobody catches
            ours.join();

            createWhenBack(store, new ItemKey("other"));
            assertThat(store.load(new ItemKey("k"))).isPresent();
        }
    }

    @Test
    void anErrorInOneAttemptIsNotTheEndOfAllAttempts() {
        AtomicBoolean first = new AtomicBoolean(true);
        try (ClientLog planned =
                        new ClientLog(
                                XMemcachedClient.class,
                                message -> {
                                    if (first.getAndSet(false)) {
                                        throw new OutOfMemoryError("as planned");
                                    }
                                });
                MemcachedProcess memcached = MemcachedProcess.start();
                SessionStore store =
                        new MemcachedSessionStore(
                                StoreParameters.of(memcached.port()), Duration.ofMillis(20))) {
            createWhenBack(store, new ItemKey("k"));

            assertThat(first).isFalse();
        }
    }

    @Test
    void anAttemptThatIsGivenUpInTheMomentOfItsSuccessLeavesNoConnectionWithoutASocket() {
        AtomicBoolean first = new AtomicBoolean(true);
        try (MemcachedProcess memcached = MemcachedProcess.start();
                ClientLog slow =
                        new ClientLog(
                                AbstractController.class,
                                message -> {
                                    if (message.startsWith("Add a session")
                                            && first.getAndSet(false)) {
                                        awaitThatTheAttemptIsOver(memcached.port());
                                    }
                                });
                SessionStore store = hastyStore(memcached, Duration.ofSeconds(2))) {
            List<String> failures = createWhenBack(store, new ItemKey("k"));

            assertThat(first).isFalse();
            assertThat(failures).noneMatch(failure -> failure.contains("did not answer"));
        }
    }

    /** Gives an attempt to connect up soon. */
    private static MemcachedSessionStore hastyStore(
            MemcachedProcess memcached, Duration retryInterval) {
        return new MemcachedSessionStore(
                new MemcachedStoreParameters(
                        StoreParameters.of(memcached.port()).servers().now(),
                        Duration.ofSeconds(1),
                        Duration.ofMillis(50),
                        1,
                        1000),
                retryInterval);
    }

    @Test
    void aConnectionThatComesAboutInTheMomentOfItsTimeoutIsNotKeptUnopened() {
        AtomicReference<Thread> reactor = new AtomicReference<>();
        AtomicBoolean isTold = new AtomicBoolean();
        try (MemcachedProcess memcached = MemcachedProcess.start();
                ClientLog slow =
                        new ClientLog(
                                AbstractController.class,
                                message -> {
                                    if (message.startsWith("Add a session")
                                            && reactor.compareAndSet(
                                                    null, Thread.currentThread())) {
                                        Patience.until("the timeout is told", isTold::get);
                                    }
                                });
                LoggedMessages log =
                        LoggedMessages.record(
                                warning -> {
                                    if (!isTold.get()) {
                                        awaitThatTheConnectionIsThere(reactor, isTold);
                                    }
                                });
                SessionStore store = hastyStore(memcached, Duration.ofMillis(20))) {
            createWhenBack(store, new ItemKey("k"));

            assertThat(log.warnings()).anyMatch(told -> told.contains("within 50 ms"));
        }
    }

    private static void awaitThatTheConnectionIsThere(
            AtomicReference<Thread> reactor, AtomicBoolean isTold) {
        Patience.until("the server accepts", () -> reactor.get() != null);
        isTold.set(true);
        Patience.until("the connection is there", () -> !isIn(reactor.get(), "onConnect"));
    }

    private static boolean isIn(Thread thread, String method) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals(method));
    }

    private static void awaitThatTheAttemptIsOver(int port) {
        Thread connecting =
                Thread.getAllStackTraces().keySet().stream()
                        .filter(
                                thread ->
                                        thread.getName()
                                                .equals(
                                                        "memcached-session-connect-127.0.0.1:"
                                                                + port))
                        .findAny()
                        .orElseThrow();
        while (!isIn(connecting, "awaitNextAttempt")) {
            Thread.onSpinWait();
        }
    }

    private static Set<Thread> reactors() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread instanceof Reactor && thread.isAlive())
                .collect(Collectors.toSet());
    }

    /** Gives what the attempts before the successful one have met. */
    private static List<String> createWhenBack(SessionStore store, ItemKey key) {
        List<String> failures = new ArrayList<>();
        Patience.untilAnswered(
                () -> {
                    try {
                        return store.create(key, VALUE, A_MINUTE).isStored();
                    } catch (SessionStoreException e) {
                        failures.add(e.getMessage());
                        throw e;
                    }
                });
        return failures;
    }
}
