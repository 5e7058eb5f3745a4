package org.memcachedsession.store;

import com.google.code.yanf4j.core.EventType;
import com.google.code.yanf4j.core.WriteMessage;
import com.google.code.yanf4j.nio.NioSessionConfig;
import com.google.code.yanf4j.nio.impl.Reactor;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import net.rubyeye.xmemcached.CommandFactory;
import net.rubyeye.xmemcached.MemcachedOptimizer;
import net.rubyeye.xmemcached.buffer.BufferAllocator;
import net.rubyeye.xmemcached.command.Command;
import net.rubyeye.xmemcached.exception.MemcachedException;
import net.rubyeye.xmemcached.impl.MemcachedTCPSession;

/** A socket to a server, with what xmemcached leaves open when one is lost. */
final class ServerConnection extends MemcachedTCPSession {

    /** For a write, the JDK keeps with each thread a buffer as long as its longest one. */
    private static final int LONGEST_FROM_REQUEST = 64 * 1024;

    private final int failureLimit;
    private final Consumer<ServerConnection> onLoss;
    private final AtomicInteger timeoutsInARow = new AtomicInteger();
    private boolean onThreadOfRequest; // guarded by xmemcached's write lock
    private final AtomicBoolean lossTold = new AtomicBoolean();
    private volatile Protocol protocol;
    private volatile boolean skipsUnchanged = true;

    ServerConnection(
            NioSessionConfig config,
            int readBufferSize,
            int readThreads,
            CommandFactory commands,
            int failureLimit,
            Consumer<ServerConnection> onLoss) {
        super(config, readBufferSize, new OneByOne(), readThreads, commands);
        this.failureLimit = failureLimit;
        this.onLoss = onLoss;
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

    void answered() {
        timeoutsInARow.set(0);
    }

    /**
     * So many in a row, and the connection is given up with all requests that wait for the server: until
     * another one has answered there, calls fail at once.
     */
    void timedOut() {
        if (timeoutsInARow.incrementAndGet() >= failureLimit) {
            giveUp();
        }
    }

    /**
     * Lets the reactor thread close it. On the thread of a request, xmemcached would leave requests
     * in thread-locals, and the server keeps both for longer than it keeps the application.
     */
    void giveUp() {
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

    /** A request to a connection that is lost meanwhile is told so, not left to its timeout. */
    @Override
    public void write(Object request) {
        super.write(request);
        if (isClosed()) {
            tellLoss();
            fail((Command) request);
        }
    }

    /**
     * From the thread of the request, which saves it one change of threads of two. What the socket does not
     * take, the reactor thread sends when it does.
     */
    @Override
    public void writeFromUserCode(WriteMessage request) {
        writeQueue.offer(request);
        write(null, true);
    }

    /**
     * One thread at a time: xmemcached looks for the next request before it takes its lock, and would remove
     * another one than it sends. Whoever finds the lock taken leaves its request to the one who has it, who
     * therefore looks once more after letting go.
     */
    @Override
    protected void onWrite(SelectionKey key) {
        write(key, false);
    }

    private void write(SelectionKey key, boolean byRequest) {
        do {
            if (!writeLock.tryLock()) {
                return;
            }
            try {
                onThreadOfRequest = byRequest;
                super.onWrite(key);
            } finally {
                writeLock.unlock();
            }
        } while (!writeQueue.isEmpty() && currentMessage.get() == null);
        if (currentMessage.get() != null) {
            // again: what was registered under the lock may have found it taken, and is gone
            selectorManager.registerSession(this, EventType.ENABLE_WRITE);
            wakeReactor();
        }
    }

    /** Large ones are left to the client's own threads, whoever comes to them. */
    @Override
    protected Object writeToChannel(WriteMessage request) throws IOException {
        boolean isLarge = request.getWriteBuffer().remaining() > LONGEST_FROM_REQUEST;
        return isLarge && onThreadOfRequest
                ? null // as if the socket had not taken it
                : super.writeToChannel(request);
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
            onLoss.accept(this);
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
     * would stop the reactor thread for good, since it is the one that sends requests.
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
        clearWriteQueue(); // else this thread would prepare what is left for sending
        super.close();
    }

    /** xmemcached would merge some commands into one, by means of thread-locals that it leaves behind. */
    private static final class OneByOne implements MemcachedOptimizer {

        @Override
        @SuppressWarnings("rawtypes") // xmemcached's own signature
        public Command optimize(
                Command command, Queue writeQueue, Queue<Command> sent, int sendBufferSize) {
            return command;
        }

        @Override
        @Deprecated
        public void setBufferAllocator(BufferAllocator allocator) {
            // has none
        }
    }
}
