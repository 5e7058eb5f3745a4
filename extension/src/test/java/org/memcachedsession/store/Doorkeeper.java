package org.memcachedsession.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stands before a memcached, and either answers itself what is said first on each connection and lets all else through,
 * or lets some requests through and no others.
 */
public final class Doorkeeper implements AutoCloseable {

    /** What is said at the door. */
    private interface Greeting {
        void hold(DataInputStream in, OutputStream out) throws IOException;
    }

    /** How requests go on from a client to the one behind. */
    interface Requests {

        /** Until the client has no more. When it ends, however it does, so does the connection. */
        void pass(InputStream client, OutputStream server) throws IOException;
    }

    /** So that the one behind is asked what somebody lets through. */
    static Doorkeeper letting(Requests through, int behind) {
        return new Doorkeeper(behind, (in, out) -> {}, through);
    }

    /** So that the one behind seems not to know the meta commands, as one from before 1.6. */
    public static Doorkeeper ofOldMemcached(int behind) {
        return new Doorkeeper(
                behind,
                (in, out) -> {
                    skipLine(in);
                    out.write("ERROR\r\n".getBytes(US_ASCII));
                });
    }

    /** So that the one behind seems to have SASL, and speaks the binary protocol to whoever it may be. */
    public static Doorkeeper ofSasl(int behind) {
        return new Doorkeeper(
                behind,
                (in, out) -> {
                    ByteBuffer header = ByteBuffer.wrap(in.readNBytes(24));
                    in.skipNBytes(header.getInt(8));
                    header.put(0, (byte) 0x81).putShort(2, (short) 0).putInt(8, 0);
                    out.write(header.array());
                });
    }

    private final ServerSocket listening;
    private final int behind;
    private final Greeting greeting;
    private final Requests requests;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private Doorkeeper(int behind, Greeting greeting) {
        this(behind, greeting, InputStream::transferTo);
    }

    private Doorkeeper(int behind, Greeting greeting, Requests requests) {
        this.behind = behind;
        this.greeting = greeting;
        this.requests = requests;
        try {
            listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException noPort) {
            throw new UncheckedIOException(noPort);
        }
        daemon(this::accept);
    }

    public int port() {
        return listening.getLocalPort();
    }

    private void accept() {
        while (true) {
            try {
                Socket client = listening.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), behind);
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                open.add(client);
                open.add(server);
                daemon(
                        () -> {
                            try {
                                greeting.hold(
                                        new DataInputStream(client.getInputStream()),
                                        client.getOutputStream());
                            } catch (IOException gone) {
                                return;
                            }
                            daemon(() -> pass(server, client, InputStream::transferTo));
                            pass(client, server, requests);
                        });
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static void skipLine(InputStream in) throws IOException {
        while (in.read() != '\n') {
            // not the end yet
        }
    }

    private static void pass(Socket from, Socket to, Requests how) {
        try (from;
                to) {
            how.pass(from.getInputStream(), to.getOutputStream());
        } catch (IOException ended) {
            // by either side
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "doorkeeper");
        thread.setDaemon(true);
        thread.start();
    }
}
