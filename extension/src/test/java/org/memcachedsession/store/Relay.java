package org.memcachedsession.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The way to a server, which can be cut and mended while the server goes on. */
final class Relay implements AutoCloseable {

    private final ServerSocket listening;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean isCut;

    Relay(int target) {
        this.target = target;
        try {
            listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException noPort) {
            throw new UncheckedIOException(noPort);
        }
        daemon(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    /** All connections are lost, and each new one at once. */
    void cut() {
        isCut = true;
        open.forEach(Relay::end);
    }

    void mend() {
        isCut = false;
    }

    private void accept() {
        while (true) {
            try {
                Socket near = listening.accept();
                open.add(near);
                lead(near);
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void lead(Socket near) {
        try {
            if (isCut) {
                near.close();
                return;
            }
            Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
            open.add(far);
            daemon(() -> copy(near, far));
            daemon(() -> copy(far, near));
        } catch (IOException nobodyListens) {
            end(near);
        }
    }

    private void copy(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] bytes = new byte[64 * 1024];
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                if (isCut) {
                    return;
                }
                out.write(bytes, 0, count);
            }
        } catch (IOException ended) {
            // by either side or by the test
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException alreadyLost) {
            // and that is all that was wanted
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        cut();
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "relay");
        thread.setDaemon(true);
        thread.start();
    }
}
