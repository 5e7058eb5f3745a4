package org.memcachedsession.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A memcached that does not know the meta commands: stands before one that does, refuses the first line of
 * each connection, and lets all else through.
 */
public final class OldMemcached implements AutoCloseable {

    private final ServerSocket listening;
    private final int behind;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /**
     * @param behind the port of the one that does
     */
    public OldMemcached(int behind) {
        this.behind = behind;
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
                                skipLine(client.getInputStream());
                                client.getOutputStream().write("ERROR\r\n".getBytes(US_ASCII));
                            } catch (IOException gone) {
                                return;
                            }
                            daemon(() -> pass(server, client));
                            pass(client, server);
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

    private static void pass(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
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
        Thread thread = new Thread(task, "old-memcached");
        thread.setDaemon(true);
        thread.start();
    }
}
