package org.memcachedsession.servers.socket;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** The beans of the session, by name. */
@ApplicationScoped
class Counters {

    @Inject Bids bids;
    @Inject Watches watches;
    @Inject Visits visits;

    int add(String name) {
        return named(name).add();
    }

    private Counted named(String name) {
        return switch (name) {
            case "bids" -> bids;
            case "watches" -> watches;
            case "visits" -> visits;
            default -> throw new IllegalArgumentException(name);
        };
    }

    /** Of all of them, in the order above. */
    String counts() {
        return bids.count() + " " + watches.count() + " " + visits.count();
    }
}
