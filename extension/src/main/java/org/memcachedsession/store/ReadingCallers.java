package org.memcachedsession.store;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Who reads the answers of a connection. Where one caller after the other waits alone, each reads its own, which spares
 * two changes of threads. Where several wait at once the reactor thread of xmemcached reads for all of them, since it
 * finds several answers at a time; and in a lull, so that it sees at once when the server closes.
 *
 * <p>One thread at a time reads. A virtual thread does not: it would hold on to its carrier. Where calls come from one,
 * the reactor thread reads from then on.
 *
 * <p>Many threads use it at once.
 */
final class ReadingCallers {

    /** Long beside an answer, short beside the time that a lost server may go unnoticed. */
    static final Duration LULL = Duration.ofMillis(50);

    /**
     * So many answers in a row have to be for a caller that waits alone. Changing hands costs as much as reading once
     * does.
     */
    private static final int ENOUGH_ALONE = 16;

    private static final MethodHandle IS_VIRTUAL = isVirtual();

    private final ServerConnection connection;
    private final ReentrantLock reading = new ReentrantLock();
    private volatile Selector selector; // set under reading; null until callers read

    /**
     * Whether callers read; else the reactor thread does. Who takes it away, or finds that it is taken away, has the
     * reactor thread look for bytes: that may have come while another thread was reading, and gone.
     */
    private volatile boolean inCharge;

    /** For good: there are virtual threads, or no selector is to be had. */
    private volatile boolean impossible;

    private volatile boolean ended;
    private final AtomicLong reads = new AtomicLong();

    // of the thread that looks for lulls
    private long readsSeen;
    private long seen;

    // of the reactor thread
    private long lastRead = System.nanoTime() - LULL.toNanos();
    private int alone;

    ReadingCallers(ServerConnection connection) {
        this.connection = connection;
    }

    private static MethodHandle isVirtual() {
        try {
            return MethodHandles.lookup()
                    .findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class));
        } catch (NoSuchMethodException before21) {
            return MethodHandles.dropArguments(
                    MethodHandles.constant(boolean.class, false), 0, Thread.class);
        } catch (IllegalAccessException e) {
            throw new AssertionError("it is public", e);
        }
    }

    private static boolean isVirtual(Thread thread) {
        try {
            return (boolean) IS_VIRTUAL.invokeExact(thread);
        } catch (Throwable e) {
            throw new AssertionError("it throws nothing", e);
        }
    }

    /**
     * The answer to what was written to the connection, if it is there or comes in that time.
     *
     * @param time may be zero, or less
     * @throws ExecutionException the connection ended, or the server refused; the cause tells
     */
    <T> T await(ServerCommand<T> command, Duration time)
            throws InterruptedException, ExecutionException, TimeoutException {
        long deadline = System.nanoTime() + time.toNanos();
        command.beginWait();
        try {
            while (!command.isDone()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                long left = deadline - System.nanoTime();
                // without time left too, since the answer may have come
                boolean hasRead = lead(command, deadline);
                if (!hasRead && left > 0) {
                    LockSupport.parkNanos(command, left);
                } else if (left <= 0 && !command.isDone()) {
                    throw new TimeoutException();
                }
            }
        } finally {
            command.endWait();
        }
        return command.outcome();
    }

    /**
     * Reads until the answer is there, unless another thread does.
     *
     * @return whether to look again; if not, to wait until woken
     */
    private boolean lead(ServerCommand<?> own, long deadline) {
        if (isVirtual(Thread.currentThread())) {
            impossible = true;
            leaveToReactorNow();
            return false;
        }
        if (!inCharge || connection.isGivenUp() || !reading.tryLock()) {
            return false;
        }
        boolean isOpen = false;
        try {
            isOpen = readUntilAnswered(own, deadline);
        } finally {
            reading.unlock();
            if (isOpen) {
                letGo();
            } else {
                connection.giveUp(); // without the lock: whoever closes it waits for that
            }
        }
        return true;
    }

    /**
     * @return whether there may be more to come
     */
    private boolean readUntilAnswered(ServerCommand<?> own, long deadline) {
        boolean isOpen = true;
        boolean hasTime = true;
        while (isOpen && hasTime && inCharge && !ended && !isNoLongerAwaited(own)) {
            long left = deadline - System.nanoTime();
            hasTime = left > 0;
            if (isReadable(left)) {
                isOpen = read();
            }
        }
        return isOpen;
    }

    private static boolean isNoLongerAwaited(ServerCommand<?> own) {
        return own.isDone() || Thread.currentThread().isInterrupted();
    }

    private boolean isReadable(long nanos) {
        try {
            return nanos <= 0
                    ? selector.selectNow(key -> {}) > 0
                    : selector.select(key -> {}, TimeUnit.NANOSECONDS.toMillis(nanos) + 1) > 0;
        } catch (IOException failed) {
            return true; // and reading will tell
        }
    }

    private boolean read() {
        reads.lazySet(reads.get() + 1); // one thread at a time
        return !ended && connection.read();
    }

    private void letGo() {
        if (!inCharge || connection.isAwaited()) {
            leaveToReactor();
        }
    }

    /** Requests were sent, of this thread or of others. Those may wait and not know that nobody reads any more. */
    void sent() {
        if (inCharge && !reading.isLocked() && connection.hasCallers()) {
            leaveToReactor();
        }
    }

    private void leaveToReactor() {
        inCharge = false;
        try {
            connection.readOnReactor();
        } catch (RuntimeException | Error e) {
            inCharge = true; // no stack left, for one: the next one does it
            throw e;
        }
    }

    /** If callers read. */
    void leaveToReactorNow() {
        if (inCharge) {
            leaveToReactor();
        }
    }

    /**
     * If nobody has read for as long as a lull lasts. For one thread, that calls about as often.
     *
     * @return whether the reactor thread reads
     */
    boolean leaveToReactorInLull() {
        long now = System.nanoTime();
        long readsNow = reads.get();
        if (readsNow != readsSeen || reading.isLocked()) {
            readsSeen = readsNow;
            seen = now;
        } else if (now - seen >= LULL.toNanos()) {
            leaveToReactorNow();
        }
        return !inCharge;
    }

    /**
     * For the reactor thread, when there is something to read.
     *
     * @return whether there may be more to come
     */
    boolean readInstead() {
        if (!reading.tryLock()) {
            return true; // to a caller, who tells the reactor thread if it is to go on
        }
        boolean isOpen;
        try {
            isOpen = read();
            inCharge = isOpen && isTurnOfCallers();
        } finally {
            reading.unlock();
        }
        if (isOpen) {
            if (inCharge && !connection.callersBeginToRead()) {
                leaveToReactor();
            } else {
                letGo();
            }
        }
        return isOpen;
    }

    private boolean isTurnOfCallers() {
        long now = System.nanoTime();
        boolean isAlone =
                now - lastRead < LULL.toNanos()
                        && !connection.isAwaited()
                        && !connection.hasManyCallers();
        lastRead = now;
        alone = isAlone ? alone + 1 : 0;
        if (alone < ENOUGH_ALONE
                || impossible
                || ended
                || !connection.isReady()
                || !hasSelector()) {
            return false;
        }
        alone = 0;
        return true;
    }

    private boolean hasSelector() {
        if (selector == null) {
            try {
                selector = Selector.open();
                connection.channel().register(selector, SelectionKey.OP_READ);
            } catch (IOException noMoreDescriptors) {
                impossible = true;
            }
        }
        return !impossible;
    }

    boolean isReadByThisThread() {
        return reading.isHeldByCurrentThread();
    }

    /** Nobody reads any more, once this returns. To be called before the connection is closed. */
    void end() {
        ended = true;
        Selector opened = selector;
        if (opened != null) {
            opened.wakeup();
        }
        reading.lock();
        try {
            if (selector != null) {
                selector.close();
            }
        } catch (IOException alreadyClosed) {
            // and that is all that was wanted
        } finally {
            reading.unlock();
        }
    }
}
