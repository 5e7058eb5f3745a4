package org.memcachedsession.session;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * How long one request may wait for memcached in all, however much it asks. Waits count, and not what is done between
 * them: of several answers that are awaited in turn, one that has come meanwhile costs nothing.
 *
 * <p>It is bound to a thread as long as that asks on behalf of the request; {@link #await} holds to it. What asks for
 * nobody in particular (a repair, a probe) has none, and waits for each answer as long as that may take.
 *
 * <p>For one thread at a time.
 */
public final class Budget {

    private static final ThreadLocal<Budget> OF_THREAD = new ThreadLocal<>();

    private final long limit; // nanoseconds
    private final LongSupplier ticker;
    private long waited; // nanoseconds

    /**
     * @param limit nanoseconds
     * @param ticker as {@link System#nanoTime}
     */
    Budget(long limit, LongSupplier ticker) {
        this.limit = limit;
        this.ticker = ticker;
    }

    /** Does something on whose waits this is spent. */
    void run(Runnable task) {
        Budget before = OF_THREAD.get();
        OF_THREAD.set(this);
        try {
            task.run();
        } finally {
            // null, and not removed: the thread's entry would be made anew each time
            OF_THREAD.set(before);
        }
    }

    /** As {@link #run}. */
    <T> T call(Supplier<T> task) {
        Budget before = OF_THREAD.get();
        OF_THREAD.set(this);
        try {
            return task.get();
        } finally {
            OF_THREAD.set(before);
        }
    }

    /** All of it is there again. */
    void renew() {
        waited = 0;
    }

    /**
     * An answer that may be to come.
     *
     * @param <T> what is answered
     */
    public interface Awaited<T> {

        /**
         * The answer, if it is there or comes in that time.
         *
         * @param time may be zero, or less
         */
        T within(Duration time) throws InterruptedException, ExecutionException, TimeoutException;
    }

    /**
     * Waits, unless the answer is there: for the given time, and for what is left to the request that the thread
     * asks for.
     *
     * @param longest for this answer
     * @throws SpentException nothing is left, and the answer would have had more time; this says nothing of whoever
     *     was to answer
     * @throws TimeoutException no answer in the given time
     */
    public static <T> T await(Duration longest, Awaited<T> answer)
            throws InterruptedException, ExecutionException, TimeoutException {
        Budget budget = OF_THREAD.get();
        return budget == null ? answer.within(longest) : budget.spendOn(answer, longest);
    }

    private <T> T spendOn(Awaited<T> answer, Duration longest)
            throws InterruptedException, ExecutionException, TimeoutException {
        long left = Math.max(0, limit - waited);
        boolean isCut = left < longest.toNanos();
        long begin = ticker.getAsLong();
        try {
            return answer.within(isCut ? Duration.ofNanos(left) : longest);
        } catch (TimeoutException none) {
            throw isCut ? new SpentException() : none;
        } finally {
            waited += ticker.getAsLong() - begin;
        }
    }

    /** The request may not wait any longer. */
    public static final class SpentException extends TimeoutException {

        private static final long serialVersionUID = 1L;

        private SpentException() {
            super("the time that a request may wait is over");
        }
    }
}
