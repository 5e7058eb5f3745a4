package org.memcachedsession.store;

import java.util.concurrent.TimeUnit;

/** Waiting for threads of ours to end. */
final class Threads {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private Threads() {}

    /**
     * Waits, some seconds at most: a name service that hangs keeps a thread longer than an application
     * should take to stop. An interrupt is kept for later, lest it leaves half of it running.
     */
    static void join(Thread ending) {
        boolean interrupted = false;
        long begin = System.nanoTime();
        long left = PATIENCE_NANOS;
        while (ending.isAlive() && left > 0) {
            try {
                TimeUnit.NANOSECONDS.timedJoin(ending, left);
            } catch (InterruptedException later) {
                interrupted = true;
            }
            left = PATIENCE_NANOS - (System.nanoTime() - begin);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
