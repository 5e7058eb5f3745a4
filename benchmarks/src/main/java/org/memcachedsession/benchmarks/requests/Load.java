package org.memcachedsession.benchmarks.requests;

import java.util.Arrays;

/**
 * What a load has brought.
 *
 * @param requests that were answered, right or wrong
 * @param errors wrong answers, and requests without one
 * @param nanos from its first request to its last answer
 * @param latencies of each request in nanoseconds, in no order; empty unless they were wanted
 */
@SuppressWarnings("ArrayRecordComponent") // compared nowhere
record Load(long requests, long errors, long nanos, long[] latencies) {

    Load plus(Load other) {
        long[] all = Arrays.copyOf(latencies, latencies.length + other.latencies.length);
        System.arraycopy(other.latencies, 0, all, latencies.length, other.latencies.length);
        return new Load(
                requests + other.requests,
                errors + other.errors,
                Math.max(nanos, other.nanos),
                all);
    }
}
