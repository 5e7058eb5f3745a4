package org.memcachedsession.faults;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.memcachedsession.SessionSettings.Server;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.SessionStore;
import org.memcachedsession.session.StoredItem;
import org.memcachedsession.store.Doorkeeper;
import org.memcachedsession.store.MemcachedProcess;
import org.memcachedsession.store.MemcachedSessionStore;
import org.memcachedsession.store.MemcachedStoreParameters;
import org.memcachedsession.store.ServerLists;

/**
 * An answer belongs to its question, whatever becomes of answers on their way, and of those who wait for them. Many
 * threads ask over one connection; each value says of which key it is, and how often that was written.
 */
@Tag("faults")
class AnswersUnderFaultTest {

    private static final int FAULTS = Form.current().of(500, 10_000);

    private static final int THREADS = 16;
    private static final int KEYS = 64;
    private static final int LONGEST_FILLING = 3000;
    private static final int ONE_IN = 20;

    /** Short, since most of what is done to answers has somebody wait in vain. */
    private static final Duration OPERATION_TIMEOUT = Duration.ofMillis(10);

    private static final Duration DELAY = Duration.ofMillis(15);
    private static final long PAUSE_NANOS = 200_000;
    private static final Duration RETRY_INTERVAL = Duration.ofMillis(1);
    private static final Duration AN_HOUR = Duration.ofHours(1);
    private static final ItemKey NEVER_STORED = new ItemKey("never-stored");

    enum Words {
        META,
        CLASSIC
    }

    enum Fault {
        DELAYED {
            @Override
            Meddler meddler(BooleanSupplier now) {
                return Meddler.delaying(DELAY, now);
            }
        },
        SWAPPED {
            @Override
            Meddler meddler(BooleanSupplier now) {
                return Meddler.swapping(now);
            }
        },
        REPEATED {
            @Override
            Meddler meddler(BooleanSupplier now) {
                return Meddler.repeating(now);
            }
        },
        DROPPED {
            @Override
            Meddler meddler(BooleanSupplier now) {
                return Meddler.dropping(now);
            }
        },
        TRUNCATED {
            @Override
            Meddler meddler(BooleanSupplier now) {
                return Meddler.truncating(AnswersUnderFaultTest::random, now);
            }
        },
        /** Nothing is done to the answer, but to who waits for it. */
        INTERRUPTED {
            @Override
            Meddler meddler(BooleanSupplier now) {
                return Meddler.delaying(OPERATION_TIMEOUT.dividedBy(10), () -> true);
            }
        };

        abstract Meddler meddler(BooleanSupplier now);
    }

    /** What became of the calls. */
    private static final class Tally {
        private final AtomicLong reads = new AtomicLong();
        private final AtomicLong failed = new AtomicLong();
        private final AtomicLong interrupted = new AtomicLong();
        private final AtomicInteger foreign = new AtomicInteger();
        private final AtomicInteger stale = new AtomicInteger();
        private final AtomicInteger missing = new AtomicInteger();

        /** By key: the newest that was said to be stored. */
        private final AtomicLongArray acknowledged = new AtomicLongArray(KEYS);
    }

    static Stream<Arguments> all() {
        return Stream.of(Words.values())
                .flatMap(
                        words ->
                                Stream.of(Fault.values()).map(fault -> Arguments.of(words, fault)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("all")
    @Timeout(600)
    void noAnswerIsTakenForTheOneToAnotherQuestion(Words words, Fault fault) throws Exception {
        Tally tally = new Tally();
        AtomicInteger faults = new AtomicInteger();
        try (MemcachedProcess memcached = MemcachedProcess.start();
                FaultProxy proxy = FaultProxy.before(memcached.port());
                Doorkeeper old = Doorkeeper.ofOldMemcached(proxy.port());
                SessionStore store = open(words == Words.META ? proxy.port() : old.port())) {
            fill(store);
            AtomicInteger answers = new AtomicInteger();
            proxy.meddle(
                    () ->
                            fault.meddler(
                                    () -> {
                                        boolean now = answers.incrementAndGet() % ONE_IN == 0;
                                        if (now) {
                                            faults.incrementAndGet();
                                        }
                                        return now;
                                    }));
            AtomicInteger done =
                    fault == Fault.INTERRUPTED ? new AtomicInteger() : faults; // as they are found
            ask(store, tally, fault == Fault.INTERRUPTED, done);
            new AnswerRow(
                            words,
                            fault,
                            done.get(),
                            tally.reads.get(),
                            tally.failed.get(),
                            proxy.connections(),
                            tally.foreign.get(),
                            tally.stale.get(),
                            tally.missing.get())
                    .report();
            proxy.heal();

            assertThat(tally.foreign).hasValue(0);
            if (words == Words.META) {
                // the answers of the classic commands are one word, the same for every key
                assertThat(tally.stale).hasValue(0);
                assertThat(tally.missing).hasValue(0);
            }
            assertThat(tally.reads).hasPositiveValue();
            assertThat(tally.failed).hasPositiveValue();
        }
    }

    private static SessionStore open(int port) {
        return new MemcachedSessionStore(
                new MemcachedStoreParameters(
                        ServerLists.of(List.of(new Server("127.0.0.1", port, 1))),
                        false,
                        Optional.empty(),
                        OPERATION_TIMEOUT,
                        OPERATION_TIMEOUT.multipliedBy(2),
                        1,
                        100_000,
                        50,
                        RETRY_INTERVAL,
                        1));
    }

    private static void fill(SessionStore store) {
        for (int number = 0; number < KEYS; number++) {
            boolean isThere = false;
            while (!isThere) {
                try {
                    store.create(key(number), value(number, 0), AN_HOUR);
                    isThere = store.load(key(number)).isPresent();
                } catch (SessionStoreException notYet) {
                    Thread.onSpinWait();
                }
            }
        }
    }

    private static void ask(SessionStore store, Tally tally, boolean interrupts, AtomicInteger done)
            throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Asking> asking =
                    IntStream.range(0, THREADS)
                            .mapToObj(i -> new Asking(store, tally, done, interrupts))
                            .toList();
            List<Future<?>> running = new ArrayList<>();
            asking.forEach(each -> running.add(threads.submit(each)));
            if (interrupts) {
                while (done.get() < FAULTS) {
                    Thread thread = asking.get(random(THREADS)).thread;
                    if (thread != null) {
                        thread.interrupt();
                    }
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
            for (Future<?> each : running) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static int random(int bound) {
        return ThreadLocalRandom.current().nextInt(bound);
    }

    private static ItemKey key(int number) {
        return new ItemKey("key-" + number);
    }

    private static byte[] value(int number, long times) {
        int length = random(LONGEST_FILLING);
        return (key(number).text() + ' ' + times + ' ' + length + ' ' + "x".repeat(length))
                .getBytes(US_ASCII);
    }

    private static boolean isWhole(int number, StoredItem item) {
        String[] words = text(item).split(" ", -1);
        return words.length == 4
                && words[0].equals(key(number).text())
                && words[3].equals("x".repeat(Integer.parseInt(words[2])));
    }

    private static long times(StoredItem item) {
        return Long.parseLong(text(item).split(" ", -1)[1]);
    }

    private static String text(StoredItem item) {
        return new String(item.value(), US_ASCII);
    }

    /** One thread's calls, until there were enough faults. */
    private static final class Asking implements Runnable {

        private final SessionStore store;
        private final Tally tally;
        private final AtomicInteger done;
        private final boolean interrupts;
        private final SplittableRandom random = new SplittableRandom();
        private volatile Thread thread;

        Asking(SessionStore store, Tally tally, AtomicInteger done, boolean interrupts) {
            this.store = store;
            this.tally = tally;
            this.done = done;
            this.interrupts = interrupts;
        }

        @Override
        public void run() {
            thread = Thread.currentThread();
            while (done.get() < FAULTS) {
                try {
                    ask();
                } catch (SessionStoreException noAnswer) {
                    tally.failed.incrementAndGet();
                    if (interrupts && noAnswer.getMessage().contains("interrupted")) {
                        done.incrementAndGet();
                    }
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
                Thread.interrupted();
            }
        }

        private void ask() {
            int number = random.nextInt(KEYS);
            switch (random.nextInt(10)) {
                case 0 -> {
                    if (!store.touch(key(number), AN_HOUR)) {
                        tally.missing.incrementAndGet();
                    }
                }
                case 1 -> {
                    if (store.load(NEVER_STORED).isPresent()) {
                        tally.foreign.incrementAndGet();
                    }
                }
                case 2, 3 -> write(number);
                default -> read(number);
            }
        }

        private void write(int number) {
            Optional<StoredItem> item = read(number);
            if (item.isEmpty()) {
                return;
            }
            long times = times(item.get()) + 1;
            switch (store.replace(key(number), value(number, times), item.get().version(), AN_HOUR)
                    .outcome()) {
                case STORED -> tally.acknowledged.accumulateAndGet(number, times, Math::max);
                case MISSING -> tally.missing.incrementAndGet();
                case CHANGED -> {
                    // by another thread
                }
            }
        }

        /** Empty also if it is not what was stored under the key. */
        private Optional<StoredItem> read(int number) {
            long before = tally.acknowledged.get(number);
            Optional<StoredItem> item = store.load(key(number));
            tally.reads.incrementAndGet();
            if (item.isEmpty()) {
                tally.missing.incrementAndGet();
                return item;
            }
            if (!isWhole(number, item.get())) {
                tally.foreign.incrementAndGet();
                return Optional.empty();
            }
            if (times(item.get()) < before) {
                tally.stale.incrementAndGet();
            }
            return item;
        }
    }
}
