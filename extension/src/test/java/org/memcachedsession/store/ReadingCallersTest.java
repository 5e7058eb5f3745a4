package org.memcachedsession.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import net.rubyeye.xmemcached.command.CommandType;
import net.rubyeye.xmemcached.utils.InetSocketAddressWrapper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/**
 * A connection to a server that says what the test wants. Nobody looks for lulls but where a test does so: what is left
 * behind stays so.
 */
@Timeout(120)
class ReadingCallersTest {

    /** Longer than the test waits. */
    private static final Duration LONG = Duration.ofSeconds(100);

    private final OpenConnections connections = new OpenConnections();
    private final AtomicBoolean isLost = new AtomicBoolean();
    private final AtomicBoolean mayRead = new AtomicBoolean(true);
    private final AtomicInteger questions = new AtomicInteger();
    private final ServerSocket listener =
            new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"));
    private ServerClient client;
    private ServerConnection connection;
    private Socket server;
    private BufferedReader asked;

    ReadingCallersTest() throws IOException {}

    @BeforeEach
    void connect() throws Exception {
        MemcachedStoreParameters parameters = StoreParameters.of(LONG, listener.getLocalPort());
        client = Selectors.whileOpen(() -> new ServerClient(parameters, connections, "test"));
        client.connector()
                .begin(
                        1000,
                        new ServerConnection.Events() {
                            @Override
                            public void lost(ServerConnection lost) {
                                isLost.set(true);
                            }

                            @Override
                            public boolean readByCallers() {
                                return mayRead.get();
                            }
                        });
        client.connector()
                .connect(
                        new InetSocketAddressWrapper(
                                new InetSocketAddress("127.0.0.1", listener.getLocalPort()),
                                1,
                                1,
                                null,
                                false))
                .get(60, TimeUnit.SECONDS);
        server = listener.accept();
        asked =
                new BufferedReader(
                        new InputStreamReader(server.getInputStream(), StandardCharsets.US_ASCII));
        connection = connections.notReady().get(0);
        connection.ready(MetaProtocol.INSTANCE);
    }

    @AfterEach
    void disconnect() throws IOException {
        client.shutdown();
        client.awaitEnd(Threads.deadline());
        server.close();
        listener.close();
    }

    /** A line, answered by a line. */
    private static class Question extends ServerCommand<String> {

        private Question(int number) {
            super(
                    "q" + number,
                    CommandType.VERSION,
                    ("q" + number + "\r\n").getBytes(StandardCharsets.US_ASCII));
        }

        @Override
        boolean read(ByteBuffer bytes) {
            String line = line(bytes);
            if (line == null) {
                return false;
            }
            complete(line);
            return true;
        }
    }

    private Question ask() {
        return ask(new Question(questions.incrementAndGet()));
    }

    private Question ask(Question question) {
        connection.ask(question, 1000);
        return question;
    }

    private void say(String text) throws IOException {
        server.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private void answer(Question question) throws IOException {
        say("to " + question.name() + "\r\n");
    }

    private void hear(Question question) throws IOException {
        assertThat(asked.readLine()).isEqualTo(question.name());
    }

    private void askAndAnswer() throws Exception {
        Question question = ask();
        hear(question);
        answer(question);
        assertThat(connection.await(question, LONG)).isEqualTo("to " + question.name());
    }

    private boolean callersRead() {
        return !connection.watchInLull();
    }

    private void untilCallersRead() {
        Patience.until(
                "callers read",
                () -> {
                    try {
                        askAndAnswer();
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                    Patience.until(
                            "the reactor thread has made up its mind",
                            () -> isIn(reactor(), "select"));
                    return callersRead();
                });
    }

    private Thread reactor() {
        return client.connector().getSelectorManager().getReactorByIndex(0);
    }

    /** A thread that waits for an answer. */
    private final class Caller {

        private final Question question;
        private final CompletableFuture<String> answer = new CompletableFuture<>();
        private final Thread thread;

        private Caller(Question question, Duration time) {
            this.question = question;
            thread =
                    new Thread(
                            () -> {
                                try {
                                    answer.complete(connection.await(question, time));
                                } catch (Throwable e) {
                                    answer.completeExceptionally(e);
                                }
                            });
            thread.start();
        }

        private Caller untilItReads() {
            Patience.until("it reads", () -> isIn(thread, "isReadable"));
            return this;
        }

        private Caller untilItIsParked() {
            Patience.until("it is parked", () -> LockSupport.getBlocker(thread) == question);
            return this;
        }

        private void assertAnswered() throws Exception {
            assertThat(answer.get(40, TimeUnit.SECONDS)).isEqualTo("to " + question.name());
        }
    }

    private static boolean isIn(Thread thread, String method) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals(method));
    }

    @Test
    void whoWaitsAloneReads() throws Exception {
        untilCallersRead();

        Caller lone = new Caller(ask(), LONG).untilItReads();
        answer(lone.question);

        lone.assertAnswered();
        assertThat(callersRead()).isTrue();
    }

    @Test
    void aSecondCallerIsAnsweredThoughTheFirstReadsNoMore() throws Exception {
        untilCallersRead();
        Caller first = new Caller(ask(), LONG).untilItReads();
        Caller second = new Caller(ask(), LONG).untilItIsParked();

        answer(first.question);
        first.assertAnswered();
        answer(second.question);

        second.assertAnswered();
    }

    @Test
    void aSecondCallerIsAnsweredThoughHalfOfItsAnswerCameWithTheFirst() throws Exception {
        untilCallersRead();
        Caller first = new Caller(ask(), LONG).untilItReads();
        Caller second = new Caller(ask(), LONG).untilItIsParked();

        say("to " + first.question.name() + "\r\nto " + second.question.name().substring(0, 1));
        first.assertAnswered();
        say(second.question.name().substring(1) + "\r\n");

        second.assertAnswered();
    }

    @Test
    void aSecondCallerIsAnsweredThoughTheFirstWaitsNoLonger() throws Exception {
        untilCallersRead();
        Caller first = new Caller(ask(), Duration.ofSeconds(3)).untilItReads();
        Caller second = new Caller(ask(), LONG).untilItIsParked();
        assertThatThrownBy(() -> first.answer.get(40, TimeUnit.SECONDS))
                .hasCauseInstanceOf(TimeoutException.class);

        answer(first.question);
        answer(second.question);

        second.assertAnswered();
    }

    @Test
    void anInterruptEndsTheWaitAndNotTheConnection() throws Exception {
        untilCallersRead();
        Caller first = new Caller(ask(), LONG).untilItReads();
        Caller second = new Caller(ask(), LONG).untilItIsParked();

        first.thread.interrupt();
        assertThatThrownBy(() -> first.answer.get(40, TimeUnit.SECONDS))
                .hasCauseInstanceOf(InterruptedException.class);
        answer(first.question);
        answer(second.question);

        second.assertAnswered();
        hear(first.question);
        hear(second.question);
        untilCallersRead();
        assertThat(isLost).isFalse();
    }

    @Test
    void whatAnotherThreadSendsIsReadAlthoughItsCallerWasParkedBefore() throws Exception {
        untilCallersRead();
        Caller first = new Caller(ask(), LONG).untilItReads();
        connection.getWriteLock().lock();
        Caller second;
        try {
            Question left = new Question(questions.incrementAndGet());
            Thread asking = new Thread(() -> ask(left));
            asking.start();
            asking.join();
            second = new Caller(left, LONG).untilItIsParked();
            answer(first.question);
            first.assertAnswered();
        } finally {
            connection.getWriteLock().unlock();
        }

        Question sent = ask();
        hear(first.question);
        hear(second.question);
        hear(sent);
        answer(second.question);

        second.assertAnswered();
    }

    /** Once at least: an answer that is still on its way when it is looked for is read by the reactor thread. */
    @Test
    void anAnswerThatHasComeIsTakenWithoutTimeLeft() {
        Patience.until(
                "one is taken",
                () -> {
                    untilCallersRead();
                    Question question = ask();
                    try {
                        answer(question);
                        hear(question);
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                    return isTakenAtOnce(question);
                });
    }

    private boolean isTakenAtOnce(Question question) {
        try {
            connection.await(question, Duration.ZERO);
            return true;
        } catch (TimeoutException onItsWay) {
            return false;
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    /** Whoever reads its answer meets an error. */
    private Question broken() {
        return new Question(questions.incrementAndGet()) {
            @Override
            boolean read(ByteBuffer bytes) {
                throw new StackOverflowError("as planned");
            }
        };
    }

    @Test
    void anErrorInTheMiddleOfAnAnswerEndsTheConnectionAndNoBytesGoToAnother() throws Exception {
        untilCallersRead();
        Question broken = broken();
        Caller reading = new Caller(ask(broken), LONG).untilItReads();
        Caller other = new Caller(ask(), LONG).untilItIsParked();

        // at once, since the connection ends with the first
        say("to " + broken.name() + "\r\nto " + other.question.name() + "\r\n");

        assertThatThrownBy(() -> reading.answer.get(40, TimeUnit.SECONDS))
                .hasCauseInstanceOf(StackOverflowError.class);
        assertThatThrownBy(() -> other.answer.get(40, TimeUnit.SECONDS))
                .hasCauseInstanceOf(ExecutionException.class);
        Patience.until("it is told", isLost::get);
    }

    /** As long as nobody has closed it. */
    @Test
    void nobodyReadsOnWhereAnErrorLeftHalfAnAnswer() throws Exception {
        untilCallersRead();
        Question broken = broken();
        ask(broken);
        answer(broken);
        assertThatThrownBy(
                        () -> {
                            while (connection.read()) {
                                Thread.onSpinWait(); // the answer is on its way
                            }
                        })
                .isInstanceOf(StackOverflowError.class);

        assertThat(connection.read()).isFalse();
    }

    @Test
    void whatIsNoAnswerEndsTheConnection() throws Exception {
        untilCallersRead();
        Caller reading = new Caller(ask(), LONG).untilItReads();

        say("not the line end that is to be\n");

        assertThatThrownBy(() -> reading.answer.get(40, TimeUnit.SECONDS))
                .hasCauseInstanceOf(ExecutionException.class);
        Patience.until("it is told", isLost::get);
    }

    @Test
    void whoReadsIsToldThatTheServerClosed() throws Exception {
        untilCallersRead();
        Caller reading = new Caller(ask(), LONG).untilItReads();

        server.close();

        assertThatThrownBy(() -> reading.answer.get(40, TimeUnit.SECONDS))
                .hasCauseInstanceOf(ExecutionException.class);
        Patience.until("it is told", isLost::get);
    }

    @Test
    void whoReadsIsToldThatTheConnectionWasGivenUp() throws Exception {
        untilCallersRead();
        Caller reading = new Caller(ask(), LONG).untilItReads();

        connection.giveUp();

        assertThatThrownBy(() -> reading.answer.get(40, TimeUnit.SECONDS))
                .hasCauseInstanceOf(ExecutionException.class);
        Patience.until("it is closed", connection::isClosed);
    }

    @Test
    void whoReadsIsToldThatTheClientWasShutDown() throws Exception {
        untilCallersRead();
        Caller reading = new Caller(ask(), LONG).untilItReads();

        client.shutdown();

        assertThatThrownBy(() -> reading.answer.get(40, TimeUnit.SECONDS))
                .hasCauseInstanceOf(ExecutionException.class);
    }

    @Test
    void nobodyReadsAfterTheEnd() {
        ReadingCallers ended = new ReadingCallers(connection);

        ended.end();

        assertThat(ended.readInstead()).isFalse();
    }

    @Test
    void inALullTheReactorThreadSeesThatTheServerCloses() throws Exception {
        untilCallersRead();
        Patience.until("the reactor thread reads", () -> !callersRead());
        assertThat(isLost).isFalse();

        server.close();

        Patience.until("it is told", isLost::get);
    }

    @Test
    void callersDoNotReadWhereNobodyLooksForLulls() throws Exception {
        mayRead.set(false);
        for (int i = 0; i < 100; i++) {
            askAndAnswer();
        }

        Patience.until("the reactor thread has made up its mind", () -> isIn(reactor(), "select"));
        assertThat(callersRead()).isFalse();
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void aVirtualThreadDoesNotRead() throws Exception {
        untilCallersRead();
        Question question = ask();
        CompletableFuture<String> answer = new CompletableFuture<>();
        Runnable waiting =
                () -> {
                    try {
                        answer.complete(connection.await(question, LONG));
                    } catch (Exception e) {
                        answer.completeExceptionally(e);
                    }
                };
        Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, waiting);
        hear(question);
        answer(question);

        assertThat(answer.get(40, TimeUnit.SECONDS)).isEqualTo("to " + question.name());

        for (int i = 0; i < 100; i++) {
            askAndAnswer();
        }
        assertThat(callersRead()).isFalse();
    }

    /** Again and again several ask at once where one has read alone. */
    @Test
    void everyCallerGetsItsOwnAnswerHoweverTheyMeet() throws Exception {
        Thread answering = new Thread(this::answerEverything);
        answering.setDaemon(true);
        answering.start();
        ExecutorService callers = Executors.newFixedThreadPool(3);
        try {
            for (int round = 0; round < 50; round++) {
                Patience.until(
                        "callers read",
                        () -> {
                            askAndGet();
                            return callersRead();
                        });
                List<CompletableFuture<Void>> all = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    all.add(CompletableFuture.runAsync(this::askTwentyTimes, callers));
                }
                CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                        .get(40, TimeUnit.SECONDS);
            }
        } finally {
            callers.shutdownNow();
        }
    }

    private void answerEverything() {
        try {
            for (String line = asked.readLine(); line != null; line = asked.readLine()) {
                say("to " + line + "\r\n");
            }
        } catch (IOException closed) {
            // by the end of the test
        }
    }

    private void askTwentyTimes() {
        for (int i = 0; i < 20; i++) {
            askAndGet();
        }
    }

    private void askAndGet() {
        Question question = ask();
        try {
            assertThat(connection.await(question, LONG)).isEqualTo("to " + question.name());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
