package org.memcachedsession.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;

/**
 * A memcached inside this JVM, for development and tests, never for production: nothing survives the
 * JVM and no other machine can share it.
 *
 * <p>It listens on the loopback address only, and no setting changes that. It speaks the text protocol
 * with the meta commands as memcached 1.6.18 does, over TCP; not the binary protocol, and no UDP,
 * authentication or TLS.
 *
 * <pre>{@code
 * try (EmbeddedMemcached memcached = EmbeddedMemcached.start()) {
 *     connect(memcached.address());
 * }
 * }</pre>
 *
 * <p>Many threads may use one server. Its own threads are daemons.
 */
public final class EmbeddedMemcached implements AutoCloseable {

    /** As many may wait as may be connected. */
    private static final int BACKLOG = Acceptor.MOST_CONNECTIONS;

    private final InetSocketAddress address;
    private final Acceptor acceptor;
    private final AdminCommands admin;

    private EmbeddedMemcached(Builder settings) throws IOException {
        Statistics statistics = new Statistics();
        ServerClock clock = new ServerClock(settings.clock);
        ItemTable table =
                new ItemTable(clock, statistics, settings.memoryLimit, settings.itemSizeLimit);
        ItemStore store = new ItemStore(table, statistics);
        Acceptor.ConnectionCounter connections = new Acceptor.ConnectionCounter();
        this.admin = new AdminCommands(table, clock, statistics, connections);
        Commands commands =
                new Commands(
                        new TextCommands(store, table, clock, statistics),
                        new MetaCommands(store, table, clock, statistics, settings.skipUnchanged),
                        admin);
        InetAddress loopback = InetAddress.getLoopbackAddress();
        ServerSocket listening = new ServerSocket(settings.port, BACKLOG, loopback);
        this.address = new InetSocketAddress(loopback, listening.getLocalPort());
        this.acceptor = new Acceptor(listening, commands, statistics, connections);
    }

    /**
     * Starts a server on a free port, with memcached's own limits of 64 MiB in all and 1 MiB for one
     * item.
     *
     * @throws UncheckedIOException there is no free port
     */
    public static EmbeddedMemcached start() {
        return builder().start();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** The loopback address and the port on which clients are accepted. */
    public InetSocketAddress address() {
        return address;
    }

    public int port() {
        return address.getPort();
    }

    /**
     * What the command {@code stats} answers, by the names memcached uses, at this moment: for example
     * {@code curr_items}, {@code bytes}, {@code get_hits}, {@code evictions}.
     */
    public Map<String, String> stats() {
        return admin.general();
    }

    /**
     * Ends all conversations and forgets all items. Sockets are closed and threads have ended when it
     * returns. A second call does nothing.
     *
     * @throws UncheckedIOException a socket could not be closed
     */
    @Override
    public void close() {
        try {
            acceptor.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the embedded memcached on " + address, e);
        }
    }

    @Override
    public String toString() {
        return "EmbeddedMemcached on " + address;
    }

    /** Settings of a server that is not started yet. For one thread. */
    public static final class Builder {

        private static final int LARGEST_PORT = 65_535;
        private static final int SMALLEST_ITEM_LIMIT = 1 << 10;
        private static final int LARGEST_ITEM_LIMIT = 1 << 30;

        private int port;
        private long memoryLimit = 64L << 20;
        private int itemSizeLimit = 1 << 20;
        private Clock clock = Clock.systemUTC();
        private boolean skipUnchanged;

        private Builder() {}

        /**
         * On which port of the loopback address to listen.
         *
         * @param port 1 to 65535, or 0, the default, for any free one
         */
        public Builder port(int port) {
            if (port < 0 || port > LARGEST_PORT) {
                throw new IllegalArgumentException(
                        "port is " + port + ": give 1 to 65535, or 0 for any free port");
            }
            this.port = port;
            return this;
        }

        /**
         * How much items may take before the least recently used ones are dropped. Default 64 MiB.
         *
         * @param bytes keys, values and about 60 bytes for each item; at least the item limit
         */
        public Builder memoryLimit(long bytes) {
            if (bytes < SMALLEST_ITEM_LIMIT) {
                throw new IllegalArgumentException(
                        "memory limit is " + bytes + " bytes: give 1024 bytes or more");
            }
            this.memoryLimit = bytes;
            return this;
        }

        /**
         * How large one item may be. Default 1 MiB.
         *
         * @param bytes key, value and about 60 bytes; 1 KiB to 1 GiB
         */
        public Builder itemSizeLimit(int bytes) {
            if (bytes < SMALLEST_ITEM_LIMIT || bytes > LARGEST_ITEM_LIMIT) {
                throw new IllegalArgumentException(
                        "item limit is "
                                + bytes
                                + " bytes: give 1024 (1 KiB) to 1073741824 (1 GiB)");
            }
            this.itemSizeLimit = bytes;
            return this;
        }

        /** What decides about expiry, so that a test need not wait. Default: the system's clock. */
        public Builder clock(Clock clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Whether {@code mg} with the flag {@code C} leaves out the value of an item that has that CAS number, as
         * memcached 1.6.40 and later do. Default: no, as 1.6.18, which passes over the flag.
         */
        public Builder skipUnchanged(boolean skip) {
            this.skipUnchanged = skip;
            return this;
        }

        /**
         * Starts a server with these settings; one builder may start several.
         *
         * @throws IllegalArgumentException the memory limit is below the item limit
         * @throws UncheckedIOException the port is taken, or there is no free one
         */
        public EmbeddedMemcached start() {
            if (memoryLimit < itemSizeLimit) {
                throw new IllegalArgumentException(
                        "memory limit is "
                                + memoryLimit
                                + " bytes and item limit "
                                + itemSizeLimit
                                + ": raise the first or lower the second, one item must fit");
            }
            try {
                EmbeddedMemcached server = new EmbeddedMemcached(this);
                server.acceptor.start();
                return server;
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "the embedded memcached cannot listen on port "
                                + port
                                + " of the loopback address ("
                                + e.getMessage()
                                + "): choose another port, or 0 for any free one",
                        e);
            }
        }
    }
}
