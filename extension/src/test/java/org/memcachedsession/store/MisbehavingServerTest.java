package org.memcachedsession.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.code.yanf4j.core.impl.AbstractController;
import com.google.code.yanf4j.nio.impl.Reactor;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memcachedsession.SessionSettings;
import org.memcachedsession.SessionSettingsException;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.SessionStore;
import org.memcachedsession.session.StoredItem;

/** A server that hangs, cuts its answers or talks nonsense: an error, and never a wrong value. */
@Timeout(60)
class MisbehavingServerTest {

    private static final ItemKey KEY = new ItemKey("secret-key");
    private static final String ITEM = "VALUE secret-key 0 5 7\r\nhello\r\nEND\r\n";
    private static final Duration A_MINUTE = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration RETRY = Duration.ofMillis(20);

    @ParameterizedTest
    @ValueSource(
            strings = {
                // items
                "VALUE other-key 0 5 7\r\nhello\r\nEND\r\n",
                "VALUE secret-key 0 5 7\r\nhello!\r\nEND\r\n",
                "VALUE secret-key 0 3 7\r\nhello\r\nEND\r\n",
                "VALUE secret-key 0 5\r\nhello\r\nEND\r\n",
                "VALUE secret-key 0 5 seven\r\nhello\r\nEND\r\n",
                "VALUE secret-key 0 -5 7\r\nhello\r\nEND\r\n",
                "VALUE secret-key 0 2000000000 7\r\nhello\r\nEND\r\n",
                "VALUE secret-key 0 99999999999 7\r\nhello\r\nEND\r\n",
                "VALUE secret-key 0 5 7\r\nhello\r\nVALUE secret-key 0 5 7\r\nhello\r\nEND\r\n",
                // answers to something else
                "STORED\r\n",
                "NOT_FOUND\r\n",
                "HD\r\n",
                "VA 5\r\nhello\r\n",
                // not understood
                "ERROR\r\n",
                "CLIENT_ERROR line format\r\n",
                // no memcached at all
                "HTTP/1.1 400 Bad Request\r\n\r\n",
                "\r\n",
                "\n",
                "END\n",
                "ENDE\r\n",
                "\u0000\u0001\u0002\u0003\u0004\r\n"
            })
    void aLoadWithAnAnswerThatDoesNotFitFailsAndTheNextOneWorks(String nonsense) throws Exception {
        AtomicInteger requests = new AtomicInteger();
        try (ScriptedServer server =
                        new ScriptedServer(
                                (line, conversation) ->
                                        requests.incrementAndGet() == 1 ? nonsense : ITEM);
                SessionStore store = open(server)) {

            assertThatThrownBy(() -> store.load(KEY))
                    .isInstanceOf(SessionStoreException.class)
                    .hasMessageContaining("127.0.0.1:" + server.port())
                    .hasMessageContaining("gets")
                    .hasMessageNotContaining("secret")
                    .hasMessageNotContaining("hello");
            assertThat(soon(store)).contains("hello");
        }
    }

    @Test
    void noSettingAllowsASessionThatWouldBeTooLongToBelieve() {
        SessionSettings.Builder settings =
                SessionSettings.builder()
                        .servers("127.0.0.1")
                        .application("shop")
                        .sizeLimit(ValueReader.LONGEST + 1);

        assertThatThrownBy(settings::build)
                .isInstanceOf(SessionSettingsException.class)
                .hasMessageContaining("size.limit");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "END\r\n",
                "TOUCHED\r\n",
                "DELETED\r\n",
                "STORE\r\n",
                "STATUS\r\n",
                "STOREDX\r\n",
                "EXIT\r\n",
                "NO\r\n",
                "NOT_STORED\r\n",
                "ERROR\r\n",
                "CLIENT_ERROR bad data chunk\r\n"
            })
    void aReplaceWithAnAnswerThatDoesNotFitIsNeitherTakenAsDoneNorAsRefused(String nonsense)
            throws Exception {
        try (ScriptedServer server =
                        new ScriptedServer(
                                (line, conversation) -> line.startsWith("cas") ? nonsense : "");
                SessionStore store = open(server)) {

            assertThatThrownBy(() -> store.replace(KEY, bytes("x"), 7, A_MINUTE))
                    .isInstanceOf(SessionStoreException.class)
                    .hasMessageContaining("cas");
        }
    }

    @Test
    void aServerErrorIsToldAndTheConnectionGoesOn() throws Exception {
        try (ScriptedServer server =
                        new ScriptedServer(
                                (line, conversation) ->
                                        line.startsWith("gets")
                                                ? ITEM.replace("hello", "cv-#" + conversation)
                                                : line.startsWith("add")
                                                        ? ""
                                                        : "SERVER_ERROR out of memory storing"
                                                                + " object\r\n");
                SessionStore store = open(server)) {

            assertThatThrownBy(() -> store.create(KEY, bytes("x"), A_MINUTE))
                    .isInstanceOf(SessionStoreException.class)
                    .hasMessageContaining("refused add")
                    .hasMessageContaining("out of memory");
            assertThat(text(store)).contains("cv-#1");
        }
    }

    @Test
    void anAnswerThatIsCutFailsAtOnceAndTheNextOneWorks() throws Exception {
        AtomicInteger lines = new AtomicInteger();
        try (ScriptedServer server =
                        new ScriptedServer(
                                (line, conversation) ->
                                        conversation > 1
                                                ? ITEM
                                                : lines.incrementAndGet() == 1
                                                        ? "VALUE secret-key 0 5 7\r\nhel"
                                                        : null);
                SessionStore store = open(server, Duration.ofSeconds(30))) {

            Thread second =
                    new Thread(
                            () ->
                                    assertThatThrownBy(() -> store.touch(KEY, A_MINUTE))
                                            .isInstanceOf(SessionStoreException.class));
            CountDownLatch begun = new CountDownLatch(1);
            Thread first =
                    new Thread(
                            () -> {
                                begun.countDown();
                                assertThatThrownBy(() -> store.load(KEY))
                                        .isInstanceOf(SessionStoreException.class)
                                        .hasMessageContaining("closed the connection");
                            });
            first.start();
            begun.await();
            Patience.until("the server was asked", () -> lines.get() > 0);
            second.start();
            first.join();
            second.join();

            assertThat(soon(store)).contains("hello");
        }
    }

    @Test
    void aLateAnswerIsNotTakenForTheNextKeys() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        try (ScriptedServer server =
                        new ScriptedServer(
                                (line, conversation) -> {
                                    if (line.equals("gets secret-key")) {
                                        goOn.await();
                                        return ITEM;
                                    }
                                    return "VALUE b 0 5 8\r\nother\r\nEND\r\n";
                                });
                SessionStore store = open(server, SHORT)) {

            assertThat(soon(store, new ItemKey("b"))).contains("other"); // is connected
            assertThatThrownBy(() -> store.load(KEY))
                    .isInstanceOf(SessionStoreException.class)
                    .hasMessageContaining("within 100 ms")
                    .hasMessageContaining("operation-timeout");
            goOn.countDown();

            assertThat(soon(store, new ItemKey("b"))).contains("other");
        }
    }

    @Test
    void bytesThatNobodyAskedForDoNotBecomeAnAnswerAndDoNotStopTheStore() throws Exception {
        try (ScriptedServer server =
                        new ScriptedServer(
                                (line, conversation) -> conversation == 1 ? ITEM + ITEM : ITEM);
                SessionStore store = open(server)) {

            assertThat(text(store)).contains("hello");
            assertThat(soon(store)).contains("hello");
        }
    }

    @Test
    void aServerThatHangsIsLeftAfterFiveTimeoutsAndConnectedAnew() throws Exception {
        AtomicInteger askedInVain = new AtomicInteger();
        try (ScriptedServer server =
                        new ScriptedServer(
                                (line, conversation) -> {
                                    if (conversation > 1) {
                                        return ITEM;
                                    }
                                    askedInVain.incrementAndGet();
                                    return "";
                                });
                SessionStore store = open(server, Duration.ofMillis(20))) {

            assertThat(soon(store)).contains("hello");
            assertThat(askedInVain.get()).isBetween(1, 5);
        }
    }

    /** It may be this JVM that had no time, with all its threads. */
    @Test
    void timeoutsOfRequestsThatWaitTogetherCountAsOne() throws Exception {
        int together = 8;
        CountDownLatch pause = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        AtomicInteger lastConversation = new AtomicInteger();
        try (ScriptedServer server =
                        new ScriptedServer(
                                (line, conversation) -> {
                                    lastConversation.set(conversation);
                                    if (asked.incrementAndGet() > 1) {
                                        pause.await();
                                    }
                                    return ITEM;
                                });
                SessionStore store = open(server, Duration.ofMillis(100))) {
            assertThat(soon(store)).contains("hello"); // is connected
            CyclicBarrier atOnce = new CyclicBarrier(together);
            List<Thread> threads = new ArrayList<>();
            AtomicInteger timeouts = new AtomicInteger();
            for (int i = 0; i < together; i++) {
                threads.add(
                        new Thread(
                                () -> {
                                    try {
                                        atOnce.await();
                                        store.load(KEY);
                                    } catch (SessionStoreException noAnswer) {
                                        timeouts.incrementAndGet();
                                    } catch (InterruptedException | BrokenBarrierException e) {
                                        throw new IllegalStateException(e);
                                    }
                                }));
            }
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }

            pause.countDown();
            assertThat(soon(store)).contains("hello");
            assertThat(timeouts).hasValue(together);
            assertThat(lastConversation).hasValue(1);
        }
    }

    @Test
    void theThreadOfARequestDoesNotCloseTheConnectionSoThatNothingStaysInItsThreadLocals()
            throws Exception {
        Set<Thread> closing = ConcurrentHashMap.newKeySet();
        try (ClientLog log =
                        new ClientLog(
                                AbstractController.class,
                                message -> {
                                    if (message.startsWith("Remove a session")) {
                                        closing.add(Thread.currentThread());
                                    }
                                });
                ScriptedServer server =
                        new ScriptedServer((line, conversation) -> conversation == 1 ? "" : ITEM);
                SessionStore store = open(server, Duration.ofMillis(20))) {

            assertThat(soon(store)).contains("hello");
            assertThat(closing).hasSize(1).allMatch(thread -> thread instanceof Reactor);
        }
    }

    /** Three seconds of waiting for each connection that is closed would not fit in the time. */
    @ParameterizedTest
    @ValueSource(ints = {1, 5}) // the fifth closes the connection
    @Timeout(40)
    void aServerThatNeitherReadsNorAnswersHoldsNobodyUp(int timeouts) throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (ScriptedServer server =
                new ScriptedServer(
                        (line, conversation) -> {
                            if (line.startsWith("add")) {
                                never.await();
                            }
                            return "END\r\n";
                        })) {
            byte[] large = new byte[800_000];
            for (int round = 0; round < 20; round++) {
                try (SessionStore store = open(server, Duration.ofMillis(10))) {
                    assertThat(soon(store)).isEmpty(); // is connected
                    for (int i = 0; i < timeouts; i++) {
                        assertThatThrownBy(() -> store.create(KEY, large, A_MINUTE))
                                .isInstanceOf(SessionStoreException.class);
                    }
                }
            }
        }
    }

    @Test
    void anInterruptEndsTheWaitAndStaysSet() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        try (ScriptedServer server =
                        new ScriptedServer(
                                (line, conversation) -> {
                                    asked.countDown();
                                    return "";
                                });
                SessionStore store = open(server, Duration.ofMinutes(5))) {
            boolean[] flag = new boolean[1];
            Throwable[] thrown = new Throwable[1];
            Thread caller =
                    new Thread(
                            () -> {
                                try {
                                    store.load(KEY);
                                } catch (SessionStoreException expected) {
                                    thrown[0] = expected;
                                    flag[0] = Thread.currentThread().isInterrupted();
                                }
                            });
            caller.start();
            asked.await();
            caller.interrupt();
            caller.join(TimeUnit.SECONDS.toMillis(30));

            assertThat(thrown[0]).hasMessageContaining("interrupted");
            assertThat(flag[0]).isTrue();
        }
    }

    @Test
    void whoAsksAgainAfterALossWaitsForTheNextConnection() throws Exception {
        Set<Integer> known = ConcurrentHashMap.newKeySet();
        try (ScriptedServer server =
                        new ScriptedServer(
                                (line, conversation) -> known.add(conversation) ? ITEM : null);
                SessionStore store =
                        new MemcachedSessionStore(
                                StoreParameters.of(A_MINUTE, server.port()), Duration.ZERO)) {
            for (int i = 0; i < 50; i++) {
                assertThat(text(store)).contains("hello");
                assertThatThrownBy(() -> store.load(KEY))
                        .isInstanceOf(SessionStoreException.class)
                        .hasMessageContaining("closed the connection");
            }
        }
    }

    @Test
    @EnabledOnOs(
            value = OS.LINUX,
            disabledReason = "elsewhere 127.0.0.2 is no address of one's own")
    void aNameThatMeansAnotherMachineMeanwhileDoesNotSpreadOneServersSessionsOverTwo()
            throws Exception {
        InetAddress here = InetAddress.getByName("127.0.0.1");
        InetAddress there = InetAddress.getByName("127.0.0.2");
        AtomicInteger asked = new AtomicInteger();
        AtomicInteger conversations = new AtomicInteger();
        ScriptedServer.Script script =
                (line, conversation) -> {
                    conversations.accumulateAndGet(conversation, Math::max);
                    return line.startsWith("gets") ? ITEM : null;
                };
        try (ScriptedServer first = new ScriptedServer(here, 0, script);
                ScriptedServer second =
                        new ScriptedServer(
                                there,
                                first.port(),
                                (line, conversation) -> ITEM.replace("hello", "wrong"));
                SessionStore store =
                        new MemcachedSessionStore(
                                new MemcachedStoreParameters(
                                        StoreParameters.of(first.port()).servers().now(),
                                        A_MINUTE,
                                        A_MINUTE,
                                        2,
                                        1000),
                                RETRY,
                                host -> asked.incrementAndGet() == 1 ? here : there)) {
            assertThat(text(store)).contains("hello");
            assertThatThrownBy(() -> store.touch(KEY, A_MINUTE)) // costs one connection
                    .isInstanceOf(SessionStoreException.class);

            Set<String> answers = new HashSet<>();
            Patience.until(
                    "the lost connection is made anew",
                    () -> {
                        text(store).ifPresent(answers::add);
                        return conversations.get() == 3 || answers.contains("wrong");
                    });

            assertThat(answers).containsExactly("hello");
            assertThat(conversations).hasValue(3);
            assertThat(second.port()).isEqualTo(first.port());
        }
    }

    @Test
    void aServerThatClosesEveryConversationAtOnceIsConnectedOncePerRetryInterval()
            throws Exception {
        AtomicInteger conversations = new AtomicInteger();
        try (ScriptedServer server =
                        new ScriptedServer(
                                (line, conversation) -> {
                                    conversations.set(conversation);
                                    return null;
                                });
                SessionStore store =
                        new MemcachedSessionStore(
                                StoreParameters.of(A_MINUTE, server.port()), Duration.ofHours(1))) {
            for (int i = 0; i < 20_000; i++) {
                assertThatThrownBy(() -> store.load(KEY)).isInstanceOf(SessionStoreException.class);
            }

            assertThat(conversations).hasValue(1);
        }
    }

    /** However many wait: it may be the first ones alone that are never answered. */
    @Test
    void whoAsksIsSentThoughNobodyBeforeWasAnswered() throws Exception {
        int callers = 50;
        AtomicInteger questions = new AtomicInteger();
        try (ScriptedServer server =
                        new ScriptedServer(
                                (line, conversation) ->
                                        questions.incrementAndGet() < callers
                                                ? ""
                                                : ITEM.repeat(callers));
                SessionStore store = open(server)) {
            List<CompletableFuture<Optional<String>>> answers = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
                Thread caller = new Thread(() -> answer.complete(text(store)));
                caller.setDaemon(true);
                caller.start();
                answers.add(answer);
                int asked = i + 1;
                Patience.until("all that were asked have come", () -> questions.get() == asked);
            }

            assertThat(answers).allSatisfy(answer -> assertThat(answer.get()).contains("hello"));
        }
    }

    private static SessionStore open(ScriptedServer server) {
        return open(server, A_MINUTE);
    }

    private static SessionStore open(ScriptedServer server, Duration operationTimeout) {
        return new MemcachedSessionStore(
                StoreParameters.of(operationTimeout, server.port()), RETRY);
    }

    /** Asks until the store has connected anew. */
    private static Optional<String> soon(SessionStore store) {
        return soon(store, KEY);
    }

    private static Optional<String> soon(SessionStore store, ItemKey key) {
        return Patience.untilAnswered(() -> store.load(key)).map(MisbehavingServerTest::text);
    }

    private static Optional<String> text(SessionStore store) {
        return store.load(KEY).map(MisbehavingServerTest::text);
    }

    private static String text(StoredItem item) {
        return new String(item.value(), UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
