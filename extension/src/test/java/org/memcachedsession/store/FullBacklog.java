package org.memcachedsession.store;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** A port on which the operating system answers no connection request any more. */
final class FullBacklog implements AutoCloseable {

    private final ServerSocket neverAccepts =
            new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final List<Socket> waiting = new ArrayList<>();

    FullBacklog() throws Exception {
        for (int i = 0; i < 8; i++) {
            Socket socket = new Socket();
            waiting.add(socket);
            try {
                socket.connect(
                        new InetSocketAddress(
                                InetAddress.getLoopbackAddress(), neverAccepts.getLocalPort()),
                        100);
            } catch (SocketTimeoutException full) {
                return;
            }
        }
    }

    int port() {
        return neverAccepts.getLocalPort();
    }

    @Override
    public void close() throws Exception {
        for (Socket socket : waiting) {
            socket.close();
        }
        neverAccepts.close();
    }
}
