package org.memcachedsession.nodes;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** TCP ports of 127.0.0.1. Another process may take a free one before its user does. */
final class LoopbackPorts {

    private static final int CONNECT_MILLIS = 1000;

    // below those that systems give to whoever connects, or binds to port 0, in the meantime
    private static final int LOWEST = 10_000;
    private static final int BOUND = 32_768;

    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    private LoopbackPorts() {}

    /** None of which this process has been given before: who was may not listen yet. */
    static List<Integer> free(int count) {
        return ThreadLocalRandom.current()
                .ints(LOWEST, BOUND)
                .boxed()
                .filter(port -> !isTaken(port) && GIVEN.add(port))
                .limit(count)
                .toList();
    }

    /** Whether somebody listens there, or the port cannot be had for another reason. */
    static boolean isTaken(int port) {
        // some systems let one bind to loopback beside somebody who listens on all addresses
        return answers(port) || !canBind(port);
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address(), port), CONNECT_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean canBind(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, address())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    /** Not {@link InetAddress#getLoopbackAddress()}, which may be the one of IPv6. */
    static InetAddress address() {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        } catch (UnknownHostException e) {
            throw new AssertionError("four bytes are an address", e);
        }
    }
}
