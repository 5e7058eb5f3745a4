package org.memcachedsession.store;

import java.util.List;
import org.memcachedsession.SessionSettings.Server;

/**
 * Which servers there are. Placement hashes a host's text, so it has to be the one that the other clients of the pool
 * use; the order decides nothing but ties between two points of the ring.
 *
 * @param now at least one, none twice
 * @param before those that were the list until now, and are given up when all sessions have moved; none: there is no
 *     change
 */
public record ServerLists(List<Server> now, List<Server> before) {

    public ServerLists {
        now = List.copyOf(now);
        before = List.copyOf(before);
    }

    /** Without a change. */
    public static ServerLists of(List<Server> servers) {
        return new ServerLists(servers, List.of());
    }
}
