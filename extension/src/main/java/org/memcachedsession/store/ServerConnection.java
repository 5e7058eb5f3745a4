package org.memcachedsession.store;

import com.google.code.yanf4j.buffer.IoBuffer;
import com.google.code.yanf4j.core.EventType;
import com.google.code.yanf4j.core.WriteMessage;
import com.google.code.yanf4j.nio.NioSessionConfig;
import com.google.code.yanf4j.nio.impl.Reactor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import net.rubyeye.xmemcached.CommandFactory;
import net.rubyeye.xmemcached.command.Command;
import net.rubyeye.xmemcached.exception.MemcachedException;
import net.rubyeye.xmemcached.impl.MemcachedTCPSession;

/** A socket to a server, with what xmemcached leaves open when one is lost. */
final class ServerConnection extends MemcachedTCPSession {

    /**
     * So many callers may wait for answers here at once; more are told at once that nothing was sent, since what waits
     * takes memory. No load that is answered comes near: of 10,000 calls a second that each take 10 ms, 100 wait at
     * once. Where 4,096 do, the server has not answered for 0.4 s even so, and the first are about to run into the
     * operation timeout.
     */
    static final int MOST_CALLERS = 4096;

    /**
     * Up to so many wait for answers, and whoever asks sends its request itself: that takes the least time. Where more
     * do, the reactor thread is about to wake anyway, and what it sends together costs server and client less.
     */
    private static final int FEW_CALLERS = 3;

    private final int failureLimit;
    private final Events events;
    private final ReadingCallers readingCallers;
    private final TimeoutsInARow timeouts = new TimeoutsInARow();
    private final SendBuffer sendBuffer = new SendBuffer(); // guarded by xmemcached's write lock
    private final AtomicBoolean isLeftToReactor = new AtomicBoolean();
    private volatile boolean handsOutAnswers;
    private boolean isHalfRead; // guarded by the lock of who reads
    private final AtomicBoolean lossTold = new AtomicBoolean();
    private final AtomicInteger callers = new AtomicInteger();
    private volatile Protocol protocol;
    private volatile boolean givenUp;
    private volatile boolean skipsUnchanged = true;

    ServerConnection(
            NioSessionConfig config,
            int readBufferSize,
            int readThreads,
            CommandFactory commands,
            int failureLimit,
            Events events) {
        super(config, 1, null, readThreads, commands); // no optimizer: nothing is merged
        this.failureLimit = failureLimit;
        this.events = events;
        readingCallers = new ReadingCallers(this);
        // outside the heap, where each thread that reads would keep a copy of it otherwise
        setReadBuffer(IoBuffer.wrap(ByteBuffer.allocateDirect(readBufferSize)));
    }

    /** What becomes of connections; on whatever thread it happens. None of them may wait for the connection. */
    interface Events {

        /** It was lost, and not closed on purpose. */
        void lost(ServerConnection connection);

        /**
         * Callers begin to read: {@link #watchInLull} is to be called from time to time.
         *
         * @return whether somebody does
         */
        boolean readByCallers();
    }

    /** Whether the server has answered here, so that it is known how to ask it. */
    boolean isReady() {
        return protocol != null;
    }

    void ready(Protocol understood) {
        protocol = understood;
    }

    /** Whether the server can leave out the bytes of an item that has not changed, as far as is known. */
    boolean skipsUnchanged() {
        return skipsUnchanged;
    }

    /** It does not. */
    void sendsUnchanged() {
        skipsUnchanged = false;
    }

    /** Of a connection that is ready. */
    Protocol protocol() {
        return protocol;
    }

    /**
     * As {@link #write}, for a caller.
     *
     * @param most how many may wait at once
     * @throws CrowdedException so many wait; nothing was sent
     */
    void ask(ServerCommand<?> request, int most) {
        if (callers.get() >= most) {
            throw new CrowdedException();
        }
        write(request);
    }

    /**
     * As {@link ReadingCallers#await}, for a caller. Whoever asks waits soon, or not at all: so it is the waits that are
     * counted.
     */
    <T> T await(ServerCommand<T> request, Duration time)
            throws InterruptedException, ExecutionException, TimeoutException {
        callers.incrementAndGet();
        try {
            return readingCallers.await(request, time);
        } finally {
            callers.decrementAndGet();
        }
    }

    /** Whether there are requests whose answers are not all there. */
    boolean isAwaited() {
        return getCurrentCommand() != null || !commandAlreadySent.isEmpty();
    }

    boolean hasCallers() {
        return callers.get() > 0;
    }

    /** More than one waits for an answer, or has just got it. */
    boolean hasManyCallers() {
        return callers.get() > 1;
    }

    /**
     * Has the reactor thread see when the server closes, if no caller has read lately.
     *
     * @return whether it does
     */
    boolean watchInLull() {
        if (givenUp && !isClosed()) {
            giveUp(); // once more: an error may have ended it half-way
        }
        return readingCallers.leaveToReactorInLull();
    }

    /** As {@link #watchInLull}, without a look at when a caller has read. */
    void watch() {
        readingCallers.leaveToReactorNow();
    }

    /** As {@link Events#readByCallers}. */
    boolean callersBeginToRead() {
        return events.readByCallers();
    }

    /** Has the reactor thread read when there is something to read. */
    void readOnReactor() {
        selectorManager.registerSession(this, EventType.ENABLE_READ);
        wakeReactor();
    }

    void answered() {
        timeouts.end();
    }

    /**
     * So many in a row, and the connection is given up with all requests that wait for the server: until
     * another one has answered there, calls fail at once.
     *
     * @param begun when its request began to wait, as {@link System#nanoTime} tells
     */
    void timedOut(long begun) {
        if (timeouts.add(begun, System.nanoTime()) >= failureLimit) {
            giveUp();
        }
    }

    /** Whether it was given up because no answer came, and not for another reason. */
    boolean hasHung() {
        return timeouts.count() >= failureLimit;
    }

    /** Whether it is to be closed, if it is not already, since nothing is expected of it any more. */
    boolean isGivenUp() {
        return givenUp;
    }

    /**
     * Lets the reactor thread close it. On the thread of a request, xmemcached would leave requests
     * in thread-locals, and the server keeps both for longer than it keeps the application.
     */
    void giveUp() {
        givenUp = true;
        if (readingCallers.isReadByThisThread()) {
            return; // and whoever reads gives up, or closes, when it does not read any more
        }
        try {
            SocketChannel socket = (SocketChannel) channel();
            socket.shutdownOutput();
            socket.shutdownInput();
        } catch (IOException alreadyLost) {
            // and the reactor will see it
        }
        if (reactor().isAlive()) {
            selectorManager.registerSession(this, EventType.READABLE);
            wakeReactor();
        } else {
            close();
        }
    }

    private Reactor reactor() {
        return selectorManager.getReactorByIndex(0);
    }

    /**
     * From the thread of the request where {@linkplain #FEW_CALLERS few} wait, which saves it one change of threads of
     * two. Where more wait it is the reactor thread that sends; while answers are handed out, whoever does that. A
     * request to a connection that is lost is told so, not left to its timeout.
     */
    @Override
    public void write(Object request) {
        Command command = (Command) request;
        command.encode();
        writeQueue.offer(command);
        if (!handsOutAnswers) {
            if (callers.get() <= FEW_CALLERS) {
                send();
            } else {
                leaveToReactor();
            }
        }
        failIfClosed();
    }

    /**
     * Wakes it once for all requests until it sends. It takes the mark back before it looks for what to send, so none is
     * left behind.
     */
    private void leaveToReactor() {
        if (isLeftToReactor.compareAndSet(false, true)) {
            try {
                selectorManager.registerSession(this, EventType.WRITEABLE);
                wakeReactor();
            } catch (RuntimeException | Error e) {
                isLeftToReactor.set(false); // no stack left here, for one: the next one does it
                throw e;
            }
        }
    }

    /** Called by the reactor thread when requests were left to it, and when the socket takes bytes again. */
    @Override
    protected void onWrite(SelectionKey key) {
        isLeftToReactor.set(false);
        try {
            send();
        } catch (RuntimeException e) { // would end the thread, and with it all connections
            close();
        }
    }

    /**
     * Sends what waits. Whoever finds another thread at it leaves its request to that one, which therefore looks
     * once more after letting go.
     */
    private void send() {
        try {
            boolean isAllSent;
            do {
                if (!writeLock.tryLock()) {
                    return;
                }
                try {
                    isAllSent =
                            sendBuffer.send(
                                    writeQueue, this::addCommand, (SocketChannel) channel());
                } finally {
                    writeLock.unlock();
                }
            } while (isAllSent && !writeQueue.isEmpty());
            if (!isAllSent) {
                // now: under the lock, the reactor thread might come to it before, and nobody sent
                selectorManager.registerSession(this, EventType.ENABLE_WRITE);
                wakeReactor();
            }
        } catch (IOException lost) {
            giveUp();
        } finally {
            failIfClosed();
        }
        readingCallers.sent();
    }

    /** What came too late for the one who closed the connection. */
    private void failIfClosed() {
        if (isClosed()) {
            clearWriteQueue();
            destroy();
        }
    }

    @Override
    protected void readFromBuffer() {
        if (!isClosed() && (givenUp || !readingCallers.readInstead())) {
            close();
        }
    }

    /**
     * Takes what has come, without a second look at the socket for what may have come meanwhile. For one thread at a
     * time.
     *
     * @return whether there may be more to come; if not, the connection is to be closed
     */
    boolean read() {
        if (isHalfRead) {
            return false;
        }
        isHalfRead = true; // and stays so, whatever is thrown
        try {
            if (((SocketChannel) channel()).read(readBuffer.buf()) < 0) {
                return false;
            }
            updateTimeStamp();
            readBuffer.flip();
            decode();
            readBuffer.compact();
            isHalfRead = false;
            return !givenUp;
        } catch (IOException lost) {
            return false;
        } catch (RuntimeException alien) {
            onException(alien);
            return false;
        }
    }

    @Override
    public void decode() {
        handsOutAnswers = true;
        try {
            while (readBuffer.hasRemaining()) {
                if (decoder.decode(readBuffer, this) == null) {
                    break;
                }
            }
        } finally {
            handsOutAnswers = false;
        }
        if (!writeQueue.isEmpty()) {
            send();
        }
    }

    /** xmemcached does it too, but not while the reactor is about to sleep. */
    private void wakeReactor() {
        if (Thread.currentThread() != reactor()) {
            reactor().getSelector().wakeup();
        }
    }

    /** Called when the connection is lost: what was not sent yet is told so, too. */
    @Override
    public void clearWriteQueue() {
        for (WriteMessage left = writeQueue.poll(); left != null; left = writeQueue.poll()) {
            fail((Command) left);
        }
    }

    /**
     * Called when the connection is lost, at last: its requests learn of it. The server learns of it
     * before them, so that whoever asks again at once waits for the next connection.
     */
    @Override
    public void destroy() {
        tellLoss();
        super.destroy();
    }

    private void tellLoss() {
        if (isAllowReconnect() && lossTold.compareAndSet(false, true)) {
            events.lost(this);
        }
    }

    private static void fail(Command request) {
        request.setException(new MemcachedException("the connection was lost"));
        if (request.getLatch() != null) {
            request.countDownLatch();
        }
    }

    /**
     * Bytes that nobody asked for end the connection. Waiting for a request that they might answer
     * would stop the thread that reads for good, and it may be the one that sends requests.
     */
    @Override
    public void takeCurrentCommand() {
        Command oldest = commandAlreadySent.poll();
        if (oldest == null) {
            throw new ServerCommand.AlienAnswerException("an answer to nothing that was asked");
        }
        setCurrentCommand(oldest);
    }

    /**
     * Without the wait of some seconds for a server that reads no more. A request whose bytes cannot be written
     * leaves it to the reactor thread.
     */
    @Override
    public void close() {
        boolean byRequest = isAllowReconnect() && Thread.currentThread() != reactor();
        if (byRequest && reactor().isAlive()) {
            giveUp();
            return;
        }
        try {
            ((SocketChannel) channel()).shutdownOutput();
        } catch (IOException alreadyLost) {
            // what follows closes it all the same
        }
        readingCallers.end();
        clearWriteQueue(); // else this thread would prepare what is left for sending
        super.close();
    }

    /** Too many wait here. That says nothing of the server. */
    static final class CrowdedException extends RuntimeException {
        private CrowdedException() {
            super(null, null, false, false);
        }
    }

    /**
     * Requests that wait at the same time count as one: one pause of the server, or of this JVM, is enough for
     * all of them.
     */
    private static final class TimeoutsInARow {

        private volatile int count;
        private long lastCounted;

        synchronized int add(long begun, long now) {
            if (count == 0 || begun - lastCounted > 0) {
                count++;
                lastCounted = now;
            }
            return count;
        }

        int count() {
            return count;
        }

        void end() {
            if (count > 0) {
                reset();
            }
        }

        private synchronized void reset() {
            count = 0;
        }
    }
}
