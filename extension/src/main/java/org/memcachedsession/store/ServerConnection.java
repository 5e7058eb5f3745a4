package org.memcachedsession.store;

import com.google.code.yanf4j.core.EventType;
import com.google.code.yanf4j.core.WriteMessage;
import com.google.code.yanf4j.nio.NioSessionConfig;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicInteger;
import net.rubyeye.xmemcached.CommandFactory;
import net.rubyeye.xmemcached.MemcachedOptimizer;
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

    private final Runnable onLoss;
    private final AtomicInteger timeoutsInARow = new AtomicInteger();

    ServerConnection(
            NioSessionConfig config,
            int readBufferSize,
            MemcachedOptimizer optimizer,
            int readThreads,
            CommandFactory commands,
            Runnable onLoss) {
        super(config, readBufferSize, optimizer, readThreads, commands);
        this.onLoss = onLoss;
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
    private void giveUp() {
        try {
            SocketChannel socket = (SocketChannel) channel();
            socket.shutdownOutput();
            socket.shutdownInput();
        } catch (IOException alreadyLost) {
            // and the reactor will see it
        }
        if (selectorManager.getReactorByIndex(0).isAlive()) {
            selectorManager.registerSession(this, EventType.READABLE);
        } else {
            close();
        }
    }

    /** A request to a connection that is lost meanwhile is told so, not left to its timeout. */
    @Override
    public void write(Object request) {
        super.write(request);
        if (isClosed()) {
            fail((Command) request);
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
        if (isAllowReconnect()) {
            onLoss.run();
        }
        super.destroy();
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

    /** Without the wait of some seconds for a server that reads no more. */
    @Override
    public void close() {
        try {
            ((SocketChannel) channel()).shutdownOutput();
        } catch (IOException alreadyLost) {
            // what follows closes it all the same
        }
        clearWriteQueue(); // else this thread would prepare what is left for sending
        super.close();
    }
}
