package org.memcachedsession.benchmarks.requests;

/** Legs with figures that are easy to reckon with: 1000 requests in a second, so micros are 1000 of them. */
final class Legs {

    static final int SMALL = 43;

    private static final int REQUESTS = 1000;
    private static final int CONNECTIONS = 16;
    private static final String USUAL = "";

    private Legs() {}

    /** Of Payara Micro, with so many microseconds per request in server and store. */
    static Leg leg(Mode mode, int pass, int repetition, RequestPath path, int server, int store) {
        return leg(mode, USUAL, pass, path, CONNECTIONS, repetition, server, store, 0);
    }

    /** As the other, with one connection and a latency. */
    static Leg alone(Mode mode, int repetition, RequestPath path, double latency) {
        return leg(mode, USUAL, 1, path, 1, repetition, 0, 0, latency);
    }

    /** Of this library, where there is more of something. */
    static Leg variant(String kind, int count, RequestPath path, int server, int store) {
        String variant = Growth.variant(kind, count);
        return leg(Mode.OURS_JDK, variant, 1, path, CONNECTIONS, 1, server, store, 0);
    }

    private static Leg leg(
            Mode mode,
            String variant,
            int pass,
            RequestPath path,
            int connections,
            int repetition,
            int server,
            int store,
            double latency) {
        return new Leg(
                "payara",
                mode.id(),
                variant,
                pass,
                SMALL,
                4098,
                path.id(),
                connections,
                repetition,
                REQUESTS,
                0,
                1000,
                (long) server * REQUESTS,
                (long) store * REQUESTS,
                new StoreStatistics(REQUESTS, path == RequestPath.WRITE ? REQUESTS : 0, 0, 0, 7, 8),
                latency);
    }
}
