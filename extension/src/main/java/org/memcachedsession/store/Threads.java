package org.memcachedsession.store;

import java.util.concurrent.TimeUnit;

/** Waiting for threads of ours to end. An interrupt is kept for later, lest it leaves half of them running. */
final class Threads {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private Threads() {}

    /**
     * Until when threads that were told to end are waited for, all of them: a name service that hangs keeps a thread
     * longer than an application should take to stop.
     *
     * @return some seconds from now, as {@link System#nanoTime} tells
     */
    static long deadline() {
        return System.nanoTime() + PATIENCE_NANOS;
    }

    /** Waits for one alone. */
    static void join(Thread ending) {
        join(ending, deadline());
    }

    static void join(Thread ending, long deadline) {
        boolean interrupted = false;
        long left = deadline - System.nanoTime();
        while (ending.isAlive() && left > 0) {
            try {
                TimeUnit.NANOSECONDS.timedJoin(ending, left);
            } catch (InterruptedException later) {
                interrupted = true;
            }
            left = deadline - System.nanoTime();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
