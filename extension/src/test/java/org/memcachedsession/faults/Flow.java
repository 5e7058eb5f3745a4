package org.memcachedsession.faults;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** How fast bytes pass a {@link FaultProxy}. Many threads use it. */
final class Flow {

    private static final int SLICE = 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean held; // guarded by lock
    private volatile long leastNanos;
    private volatile long jitterNanos;
    private volatile int bytesPerSecond = Integer.MAX_VALUE; // set under lock

    void delay(Duration least, Duration jitter) {
        leastNanos = least.toNanos();
        jitterNanos = jitter.toNanos();
    }

    void throttle(int bytes) {
        lock.lock();
        try {
            bytesPerSecond = bytes;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void hold() {
        lock.lock();
        try {
            held = true;
        } finally {
            lock.unlock();
        }
    }

    void release() {
        lock.lock();
        try {
            held = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** When what comes now may pass, by {@link System#nanoTime()}. */
    long due() {
        long jitter = jitterNanos;
        return System.nanoTime()
                + leastNanos
                + (jitter == 0 ? 0 : ThreadLocalRandom.current().nextLong(jitter));
    }

    /** Waits until it is due and nothing is held. */
    void await(long due) throws InterruptedException {
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            TimeUnit.NANOSECONDS.sleep(left);
        }
        lock.lock();
        try {
            while (held) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /** How many bytes may pass at once. */
    int slice() {
        return bytesPerSecond == Integer.MAX_VALUE ? Integer.MAX_VALUE : SLICE;
    }

    /** Waits as long as these bytes take, or until another speed is set. */
    void awaitPassage(int bytes) throws InterruptedException {
        lock.lock();
        try {
            int speed = bytesPerSecond;
            if (speed != Integer.MAX_VALUE) {
                long left = TimeUnit.SECONDS.toNanos(bytes) / speed;
                while (left > 0 && bytesPerSecond == speed) {
                    left = changed.awaitNanos(left);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    static Thread daemon(String what, Runnable task) {
        Thread thread = new Thread(task, "fault-proxy-" + what);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
