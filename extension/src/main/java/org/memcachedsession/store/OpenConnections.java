package org.memcachedsession.store;

import com.google.code.yanf4j.core.Session;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import net.rubyeye.xmemcached.MemcachedSessionLocator;

/** The connections to one server, used in turn as soon as they are ready. */
final class OpenConnections implements MemcachedSessionLocator {

    private final AtomicInteger turns = new AtomicInteger();
    private volatile List<ServerConnection> connections = List.of();

    /** Null if there is none: the server cannot be reached just now. */
    ServerConnection next() {
        List<ServerConnection> all = connections;
        int turn = turns.getAndIncrement();
        for (int i = 0; i < all.size(); i++) {
            ServerConnection candidate = all.get(Math.floorMod(turn + i, all.size()));
            if (!candidate.isClosed() && !candidate.isGivenUp() && candidate.isReady()) {
                return candidate;
            }
        }
        return null;
    }

    /** Those that have not answered yet. */
    List<ServerConnection> notReady() {
        return connections.stream()
                .filter(connection -> !connection.isClosed() && !connection.isReady())
                .toList();
    }

    /** Where they lead, all to the same address; null if there is none. */
    InetSocketAddress address() {
        ServerConnection open = next();
        return open == null ? null : open.getRemoteSocketAddress();
    }

    /**
     * As {@link ServerConnection#watchInLull}, for each.
     *
     * @return whether all are watched
     */
    boolean watchInLull() {
        boolean all = true;
        for (ServerConnection connection : connections) {
            all &= connection.watchInLull();
        }
        return all;
    }

    /** As {@link ServerConnection#watch}, for each; gives true. */
    boolean watch() {
        connections.forEach(ServerConnection::watch);
        return true;
    }

    /** Ready or not. */
    int count() {
        return (int) connections.stream().filter(connection -> !connection.isClosed()).count();
    }

    @Override
    public Session getSessionByKey(String key) {
        return next();
    }

    @Override
    public void updateSessions(Collection<Session> sessions) {
        connections = sessions.stream().map(ServerConnection.class::cast).toList();
    }

    @Override
    public void setFailureMode(boolean failureMode) {
        // there is no other server that a key could go to
    }
}
