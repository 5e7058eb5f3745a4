package org.memcachedsession.embedded;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Takes connections in and keeps track of them until they end or the server is closed. */
final class Acceptor implements Closeable {

    /** memcached's own default. */
    static final int MOST_CONNECTIONS = 1024;

    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(20);
    private static final long STACK_SIZE = 256 * 1024;

    private final ServerSocket listening;
    private final Commands commands;
    private final Statistics statistics;
    private final ConnectionCounter counter;
    private final String name;

    /** Guarded by itself, as is {@link #closed}. */
    private final Map<Connection, Thread> open = new HashMap<>();

    private boolean closed;
    private long accepted;
    private final Thread thread;

    /** Known to {@link AdminCommands} before there is an acceptor. */
    static final class ConnectionCounter implements AdminCommands.ConnectionCount {

        private volatile int count;

        @Override
        public int now() {
            return count;
        }
    }

    Acceptor(
            ServerSocket listening,
            Commands commands,
            Statistics statistics,
            ConnectionCounter counter) {
        this.listening = listening;
        this.commands = commands;
        this.statistics = statistics;
        this.counter = counter;
        this.name = "embedded-memcached-" + listening.getLocalPort();
        this.thread = thread(this::acceptAll, name + "-accept");
    }

    void start() {
        thread.start();
    }

    private void acceptAll() {
        while (!listening.isClosed()) {
            try {
                take(listening.accept());
            } catch (IOException e) {
                // closed, or out of file descriptors: others may be given back, so no end and no
                // spin
                LockSupport.parkNanos(PAUSE_AFTER_FAILURE.toNanos());
            }
        }
    }

    private void take(Socket socket) throws IOException {
        synchronized (open) {
            if (closed) {
                socket.close();
            } else if (open.size() >= MOST_CONNECTIONS) {
                statistics.count(Stat.REJECTED_CONNECTIONS);
                reject(socket);
            } else {
                statistics.count(Stat.TOTAL_CONNECTIONS);
                Connection connection = new Connection(socket, commands, statistics);
                Thread conversation =
                        thread(() -> converse(connection), name + "-client-" + ++accepted);
                open.put(connection, conversation);
                counter.count = open.size();
                conversation.start();
            }
        }
    }

    private static void reject(Socket socket) {
        try (socket;
                OutputStream out = socket.getOutputStream()) {
            out.write("ERROR Too many open connections\r\n".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            // it has gone by itself
        }
    }

    private void converse(Connection connection) {
        try {
            connection.run();
        } finally {
            synchronized (open) {
                open.remove(connection);
                counter.count = open.size();
            }
        }
    }

    /**
     * A daemon that holds on to nothing of whoever starts the server, which may be a web
     * application: neither its class loader nor its inheritable thread-locals.
     */
    private static Thread thread(Runnable task, String name) {
        Thread thread = new Thread(null, task, name, STACK_SIZE, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
        return thread;
    }

    /** Returns when all threads have ended. A second call does nothing. */
    @Override
    public void close() throws IOException {
        List<Thread> threads;
        synchronized (open) {
            closed = true;
            listening.close();
            for (Connection connection : open.keySet()) {
                connection.close();
            }
            threads = new ArrayList<>(open.values());
        }
        threads.add(thread);
        joinAll(threads);
    }

    private static void joinAll(List<Thread> threads) {
        boolean interrupted = false;
        for (Thread each : threads) {
            while (each.isAlive() && each != Thread.currentThread()) {
                try {
                    each.join();
                } catch (InterruptedException e) {
                    // the sockets are closed, so this ends at once: finish, then pass it on
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
