package org.memcachedsession.store;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.memcachedsession.SessionStoreException;

/**
 * Waits for other threads and processes. It ends as soon as they are there; the deadline is so late
 * that only a test which fails sees it.
 */
final class Patience {

    private static final Duration LIMIT = Duration.ofSeconds(40);

    private Patience() {}

    static void until(String goal, BooleanSupplier reached) {
        long begin = System.nanoTime();
        while (!reached.getAsBoolean()) {
            if (System.nanoTime() - begin > LIMIT.toNanos()) {
                throw new AssertionError("waited in vain until " + goal);
            }
            Thread.onSpinWait();
        }
    }

    /** Asks a store until it answers: it has to notice that its server is there (again). */
    static <T> T untilAnswered(Supplier<T> question) {
        long begin = System.nanoTime();
        while (true) {
            try {
                return question.get();
            } catch (SessionStoreException notYet) {
                if (System.nanoTime() - begin > LIMIT.toNanos()) {
                    throw notYet;
                }
                Thread.onSpinWait();
            }
        }
    }
}
