package org.memcachedsession.store;

import com.google.code.yanf4j.config.Configuration;
import com.google.code.yanf4j.core.Session;
import com.google.code.yanf4j.nio.NioSession;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Queue;
import java.util.concurrent.Future;
import net.rubyeye.xmemcached.CommandFactory;
import net.rubyeye.xmemcached.MemcachedSessionComparator;
import net.rubyeye.xmemcached.MemcachedSessionLocator;
import net.rubyeye.xmemcached.buffer.BufferAllocator;
import net.rubyeye.xmemcached.impl.ConnectFuture;
import net.rubyeye.xmemcached.impl.MemcachedConnector;
import net.rubyeye.xmemcached.impl.ReconnectRequest;
import net.rubyeye.xmemcached.utils.InetSocketAddressWrapper;

/**
 * xmemcached's connector with our connections, and with our way of healing: its own waits up to a
 * minute for one attempt and longer from try to try, and leaves the socket of an attempt that it gave
 * up to the operating system.
 */
final class ServerConnector extends MemcachedConnector {

    private final CommandFactory commands;
    private volatile int failureLimit = 1;
    private volatile ServerConnection.Events events;

    @SuppressWarnings("deprecation") // the allocator: xmemcached's own signature
    ServerConnector(
            Configuration configuration,
            MemcachedSessionLocator locator,
            MemcachedSessionComparator comparator,
            BufferAllocator allocator,
            CommandFactory commands,
            int poolSize,
            int queuedNoReply) {
        super(configuration, locator, comparator, allocator, commands, poolSize, queuedNoReply);
        this.commands = commands;
        setEnableHealSession(false);
        setSelectorPoolSize(1);
    }

    /**
     * Says what becomes of connections, before the first is made.
     *
     * @param failures calls in a row without an answer until one is given up
     * @param toldOfThem must not wait for this connector
     */
    void begin(int failures, ServerConnection.Events toldOfThem) {
        failureLimit = failures;
        events = toldOfThem;
    }

    /** Not xmemcached's way of healing. */
    @Override
    public void addToWatingQueue(ReconnectRequest request) {
        // the connection has told of its loss
    }

    /**
     * Begins to connect; does not wait. Cancelling the attempt gives its socket back. Must not be
     * called once the connector is stopped: it would wait for ever for a reactor.
     */
    @Override
    public Future<Boolean> connect(InetSocketAddressWrapper address) {
        ConnectAttempt attempt = new ConnectAttempt(address);
        try {
            SocketChannel channel = SocketChannel.open();
            attempt.channel = channel;
            configureSocketChannel(channel);
            if (channel.connect(address.getInetSocketAddress())) {
                addSession(createSession(channel, address));
                attempt.setResult(true);
            } else {
                selectorManager.registerChannel(channel, SelectionKey.OP_CONNECT, attempt);
            }
        } catch (IOException | RuntimeException failed) {
            attempt.failure(failed);
            attempt.close();
        }
        return attempt;
    }

    /**
     * xmemcached rethrows what the attempt already knows, which would be logged as an error; and it
     * keeps the connection of an attempt that was given up while it was made, without a socket.
     */
    @Override
    public void onConnect(SelectionKey key) {
        Object attempt = key.attachment();
        try {
            super.onConnect(key);
        } catch (IOException known) {
            // whoever began the attempt tells about it
        }
        if (attempt instanceof ConnectAttempt given && given.isCancelled()) {
            getSessionSet().stream()
                    .map(ServerConnection.class::cast)
                    .filter(connection -> connection.channel() == key.channel())
                    .forEach(ServerConnection::close);
        }
    }

    @Override
    protected NioSession buildSession(SocketChannel channel) {
        ServerConnection connection =
                new ServerConnection(
                        buildSessionConfig(channel, buildQueue()),
                        configuration.getSessionReadBufferSize(),
                        getReadThreadCount(),
                        commands,
                        failureLimit,
                        events);
        connection.setBufferAllocator(getBufferAllocator());
        return connection;
    }

    /** At once: xmemcached says goodbye to each server first and waits seconds for one that hangs. */
    @Override
    public synchronized void quitAllSessions() {
        for (Queue<Session> sessions : sessionMap.values()) {
            for (Session connection : sessions) {
                ((ServerConnection) connection).setAllowReconnect(false);
                connection.close();
            }
        }
    }

    private static final class ConnectAttempt extends ConnectFuture {

        private volatile SocketChannel channel;

        private ConnectAttempt(InetSocketAddressWrapper address) {
            super(address);
        }

        /** Unless it is done: then the socket is that of a connection. */
        @Override
        public synchronized boolean cancel(boolean mayInterrupt) {
            if (isDone()) {
                return false;
            }
            boolean cancelled = super.cancel(mayInterrupt);
            close();
            return cancelled;
        }

        @Override
        public synchronized void setResult(Boolean connected) {
            super.setResult(connected);
        }

        private void close() {
            SocketChannel opened = channel;
            if (opened == null) {
                return;
            }
            try {
                opened.close();
            } catch (IOException alreadyClosed) {
                // and that is all that was wanted
            }
        }
    }
}
