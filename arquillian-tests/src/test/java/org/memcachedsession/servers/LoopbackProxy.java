package org.memcachedsession.servers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Stands between a client and a server on this machine. What it does there is the test's affair. */
public final class LoopbackProxy implements AutoCloseable {

    /** What happens on one connection. Two threads call it, one for each direction. */
    public interface Conversation {

        /** The client has sent this; it goes on to the server afterwards. */
        default void asked(byte[] bytes, int length) {}

        /** The server has sent this; nothing goes on to the client but what is written here. */
        void answered(byte[] bytes, int length, OutputStream client)
                throws IOException, InterruptedException;
    }

    private static final int BUFFER_SIZE = 64 * 1024;

    private final ServerSocket listening;
    private final int serverPort;
    private final Supplier<Conversation> conversations;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    public LoopbackProxy(int serverPort, Supplier<Conversation> conversations) {
        this.serverPort = serverPort;
        this.conversations = conversations;
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
                open.add(client);
                Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
                open.add(server);
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                Conversation conversation = conversations.get();
                daemon(() -> passOn(client, server, withQuestions(conversation)));
                daemon(() -> passOn(server, client, conversation::answered));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static Passage withQuestions(Conversation conversation) {
        return (bytes, length, server) -> {
            conversation.asked(bytes, length);
            server.write(bytes, 0, length);
        };
    }

    /** When one end is gone, so is the other. */
    private void passOn(Socket from, Socket to, Passage passage) {
        byte[] bytes = new byte[BUFFER_SIZE];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(bytes); length >= 0; length = in.read(bytes)) {
                passage.pass(bytes, length, out);
            }
        } catch (IOException | InterruptedException ended) {
            // by one of the ends or by close
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "loopback-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private interface Passage {
        void pass(byte[] bytes, int length, OutputStream to)
                throws IOException, InterruptedException;
    }
}
