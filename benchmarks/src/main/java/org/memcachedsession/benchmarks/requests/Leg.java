package org.memcachedsession.benchmarks.requests;

/**
 * What was seen while requests of one kind were sent for some seconds.
 *
 * @param server by its id
 * @param mode by its id
 * @param variant what was other than usual, such as {@code connections=64}; empty: nothing
 * @param pass 1, or 2 where a mode was measured once more after the others
 * @param items in each session
 * @param bytes of each session, as the JDK serializes it
 * @param path by its id
 * @param connections that sent requests side by side
 * @param repetition from 1
 * @param requests that were answered
 * @param errors wrong answers among them
 * @param millis that it took
 * @param serverMicros processor time of the server
 * @param storeMicros processor time of memcached, or of the second node
 * @param store what memcached was asked
 * @param latencyMicros median; 0 unless there was one connection
 */
record Leg(
        String server,
        String mode,
        String variant,
        int pass,
        int items,
        int bytes,
        String path,
        int connections,
        int repetition,
        long requests,
        long errors,
        long millis,
        long serverMicros,
        long storeMicros,
        StoreStatistics store,
        double latencyMicros) {

    /** Microseconds of each request. */
    double serverMicrosPerRequest() {
        return serverMicros / (double) requests;
    }

    /** Microseconds of each request. */
    double storeMicrosPerRequest() {
        return storeMicros / (double) requests;
    }

    /** Microseconds of each request, server and store together. */
    double microsPerRequest() {
        return serverMicrosPerRequest() + storeMicrosPerRequest();
    }

    double requestsPerSecond() {
        return requests * 1000.0 / millis;
    }
}
