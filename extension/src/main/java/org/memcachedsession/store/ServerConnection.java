package org.memcachedsession.store;

import com.google.code.yanf4j.core.EventType;
import com.google.code.yanf4j.core.WriteMessage;
import com.google.code.yanf4j.nio.NioSessionConfig;
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

    /**
     * Each timeout leaves a request in the queue of a server that hangs. So many in a row, and the
     * connection is given up with all of them.
     */
    private static final int TIMEOUTS_UNTIL_CLOSED = 20;

    /** For a write, the JDK keeps with each thread a buffer as long as its longest one. */
    private static final int LONGEST_FROM_REQUEST = 64 * 1024;

    private final Consumer<ServerConnection> onLoss;
    private final AtomicInteger timeoutsInARow = new AtomicInteger();
    private final AtomicBoolean lossTold = new AtomicBoolean();
    private volatile Protocol protocol;
    private volatile boolean skipsUnchanged = true;

    ServerConnection(
            NioSessionConfig config,
            int readBufferSize,
            int readThreads,
            CommandFactory commands,
            Consumer<ServerConnection> onLoss) {
        super(config, readBufferSize, new OneByOne(), readThreads, commands);
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

    void timedOut() {
        if (timeoutsInARow.incrementAndGet() >= TIMEOUTS_UNTIL_CLOSED) {
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
        } else {
            close();
        }
    }

    private Thread reactor() {
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
        if (request.getWriteBuffer().remaining() > LONGEST_FROM_REQUEST) {
            super.writeFromUserCode(request);
        } else {
            writeQueue.offer(request);
            onWrite(null);
        }
    }

    /**
     * xmemcached's own is made for one thread: where two meet, one may leave with an empty hand while the other
     * has just looked for the last time. So whoever has sent looks once more after letting go.
     */
    @Override
    protected void onWrite(SelectionKey key) {
        do {
            super.onWrite(key);
        } while (!writeQueue.isEmpty() && currentMessage.get() == null && !writeLock.isLocked());
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
