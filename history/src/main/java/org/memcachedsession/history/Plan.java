package org.memcachedsession.history;

import java.net.URI;
import java.util.List;

/**
 * What a driver does.
 *
 * @param nodes URLs of the WAR on each node, with a slash at the end
 * @param browsers how many at once
 * @param requests how many of one browser at once
 * @param seed decides what each of them asks and where; not when the answers come
 */
public record Plan(List<URI> nodes, int browsers, int requests, long seed) {

    private static final int BROWSERS = 6;
    private static final int REQUESTS = 4;

    public Plan {
        nodes = List.copyOf(nodes);
        if (nodes.isEmpty() || browsers < 1 || requests < 1) {
            throw new IllegalArgumentException(
                    "a plan needs a node, a browser and a request at least: "
                            + nodes
                            + ", "
                            + browsers
                            + " browsers, "
                            + requests
                            + " requests each");
        }
    }

    /** A few browsers with a few requests each: enough to keep two nodes on one machine busy. */
    public static Plan of(List<URI> nodes, long seed) {
        return new Plan(nodes, BROWSERS, REQUESTS, seed);
    }
}
