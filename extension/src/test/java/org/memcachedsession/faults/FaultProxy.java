package org.memcachedsession.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Stands between nodes and a memcached on the loopback address, and does to what passes what networks and sick servers
 * do, from one command of the test to the next. It passes everything on as it is until it is told otherwise.
 */
public final class FaultProxy implements AutoCloseable {

    private final int behind;
    private final InetAddress address;
    private final int port;
    private final Set<Passage> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong questions = new AtomicLong();
    private final AtomicLong connections = new AtomicLong();
    private final Flow flow = new Flow();

    private volatile Supplier<Meddler> meddlers = Meddler::honest;
    private volatile ServerSocket listening;
    private Thread acceptor;

    private FaultProxy(int behind, InetAddress address, int wanted) {
        this.behind = behind;
        this.address = address;
        listening = listen(wanted);
        port = listening.getLocalPort();
    }

    /**
     * On a free port, ready for use.
     *
     * @param port of the memcached
     */
    public static FaultProxy before(int port) {
        return before(port, InetAddress.getLoopbackAddress(), 0);
    }

    /**
     * As {@link #before(int)}, at this address.
     *
     * @param wanted its own port; 0 for a free one
     */
    static FaultProxy before(int port, InetAddress address, int wanted) {
        return new FaultProxy(port, address, wanted);
    }

    public int port() {
        return port;
    }

    /** Whole ones that have come for the server, the first one of each connection among them. */
    public long questions() {
        return questions.get();
    }

    /** That were accepted since the start. */
    public long connections() {
        return connections.get();
    }

    // ---- faults

    /** What passes takes longer, each way; it does not overtake. */
    public void delay(Duration least, Duration jitter) {
        flow.delay(least, jitter);
    }

    /** So much passes, on each connection and each way. */
    public void throttle(int bytesPerSecond) {
        flow.throttle(bytesPerSecond);
    }

    /**
     * Nothing passes, not even the end of a connection, until {@link #release()}: then all of it does. As at a link
     * that is taken down for a while.
     */
    public void hold() {
        flow.hold();
    }

    public void release() {
        flow.release();
    }

    /**
     * @param each one for each connection, also for those that are open
     */
    void meddle(Supplier<Meddler> each) {
        meddlers = each;
    }

    /** No fault any more. Connections stay as they are. */
    public void heal() {
        meddlers = Meddler::honest;
        flow.delay(Duration.ZERO, Duration.ZERO);
        flow.throttle(Integer.MAX_VALUE);
        flow.release();
    }

    /** Resets all connections that are open; new ones are accepted. */
    public void reset() {
        open.forEach(Passage::reset);
    }

    /** As {@link #reset()}, and new connections are refused until {@link #accept()}. */
    public void refuse() {
        close(listening);
        awaitAcceptor(); // the system listens on while a thread is in accept
        reset();
    }

    private void awaitAcceptor() {
        try {
            acceptor.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Listens again. */
    public void accept() {
        listening = listen(port);
    }

    @Override
    public void close() {
        refuse();
    }

    // ---- passing on

    private ServerSocket listen(int wanted) {
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, wanted), 200);
            acceptor = Flow.daemon("accept", () -> accept(socket));
            return socket;
        } catch (IOException noPort) {
            throw new UncheckedIOException(noPort);
        }
    }

    private void accept(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                Socket node = socket.accept();
                connections.incrementAndGet();
                pass(node);
            } catch (IOException refused) {
                // whoever closes it knows
            }
        }
    }

    private void pass(Socket node) throws IOException {
        Socket server = new Socket();
        try {
            server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), behind));
        } catch (IOException dead) {
            node.setSoLinger(true, 0);
            node.close();
            throw dead;
        }
        node.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        Passage passage = new Passage(node, server, flow, open::remove);
        open.add(passage);
        passage.begin(questions, () -> meddlers);
        if (listening.isClosed()) {
            passage.reset();
        }
    }

    private static void close(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
