package org.memcachedsession.benchmarks.requests;

/** Legs with figures that are easy to reckon with: 1000 requests in a second, so micros are 1000 of them. */
final class Legs {

    static final int SMALL = 43;

    private static final int REQUESTS = 1000;
    private static final int CONNECTIONS = 16;

    private Legs() {}

    /** Of Payara Micro, with so many microseconds per request in server and store. */
    static Leg leg(Mode mode, int pass, int repetition, RequestPath path, int server, int store) {
        return leg(mode, pass, SMALL, path.id(), CONNECTIONS, repetition, server, store, 0);
    }

    /** As the other, with one connection and a latency. */
    static Leg alone(Mode mode, int repetition, RequestPath path, double latency) {
        return leg(mode, 1, SMALL, path.id(), 1, repetition, 0, 0, latency);
    }

    /** The same, where there is more of something. */
    static Leg variant(String kind, int count, Leg leg) {
        return new Leg(
                leg.server(),
                leg.mode(),
                Growth.variant(kind, count),
                leg.pass(),
                leg.items(),
                leg.bytes(),
                leg.path(),
                leg.connections(),
                leg.repetition(),
                leg.requests(),
                leg.errors(),
                leg.millis(),
                leg.serverMicros(),
                leg.storeMicros(),
                leg.store(),
                leg.latencyMicros());
    }

    private static Leg leg(
            Mode mode,
            int pass,
            int items,
            String path,
            int connections,
            int repetition,
            int server,
            int store,
            double latency) {
        return new Leg(
                "payara",
                mode.id(),
                "",
                pass,
                items,
                4098,
                path,
                connections,
                repetition,
                REQUESTS,
                0,
                1000,
                (long) server * REQUESTS,
                (long) store * REQUESTS,
                new StoreStatistics(REQUESTS, path.equals("write") ? REQUESTS : 0, 0, 0, 7, 8),
                latency);
    }
}
