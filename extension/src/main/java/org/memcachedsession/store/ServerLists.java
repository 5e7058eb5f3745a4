package org.memcachedsession.store;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.Set;
import org.memcachedsession.SessionSettings.Server;

/**
 * Which servers there are. Placement hashes a host's text, so it has to be the one that the other clients of the pool
 * use; the order decides nothing but ties between two points of the ring.
 *
 * @param now at least one, none twice
 * @param before those that were the list until now, and are given up when all sessions have moved; none: there is no
 *     change
 * @param gone those of the list before that have died: what they had is given up
 */
public record ServerLists(List<Server> now, List<Server> before, Set<Server> gone) {

    public ServerLists {
        now = List.copyOf(now);
        before = List.copyOf(before);
        gone = Set.copyOf(gone);
    }

    public ServerLists(List<Server> now, List<Server> before) {
        this(now, before, Set.of());
    }

    /** Without a change. */
    public static ServerLists of(List<Server> servers) {
        return new ServerLists(servers, List.of());
    }

    /** The same for these two lists on every node, whichever of them is in force, and for hardly any others. */
    int number() {
        return text(now).hashCode() + text(before).hashCode();
    }

    private static String text(List<Server> servers) {
        return servers.stream().map(Server::toString).collect(joining(","));
    }
}
