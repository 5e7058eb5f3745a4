package org.memcachedsession.faults;

import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * What browsers saw of one fault of servers: requests since it began, anomalies of the whole history.
 *
 * @param recovered nanoseconds
 * @param budget nanoseconds that a request may take
 * @param foundAgain nanoseconds; empty where nothing was out of reach, or it did not come back
 */
record ServerRow(
        String name,
        int copies,
        int sessions,
        int requests,
        long foreign,
        long stale,
        long torn,
        long revived,
        long lost,
        long lostUpdates,
        long medianNanos,
        long p99Nanos,
        long slowestNanos,
        long failed,
        long recovered,
        long budget,
        OptionalLong foundAgain) {

    static final List<String> COLUMNS =
            List.of(
                    "fault",
                    "copies",
                    "sessions",
                    "requests",
                    "foreign",
                    "stale",
                    "torn",
                    "revived",
                    "lost",
                    "lost updates",
                    "p50 ms",
                    "p99 ms",
                    "slowest ms",
                    "5xx",
                    "recovered s",
                    "budget ms",
                    "in budget",
                    "found again ms");

    void report() {
        FaultsPage.add(
                FaultsPage.Table.SERVERS,
                List.of(
                        name,
                        String.valueOf(copies),
                        String.valueOf(sessions),
                        String.valueOf(requests),
                        String.valueOf(foreign),
                        String.valueOf(stale),
                        String.valueOf(torn),
                        String.valueOf(revived),
                        String.valueOf(lost),
                        String.valueOf(lostUpdates),
                        millis(medianNanos),
                        millis(p99Nanos),
                        millis(slowestNanos),
                        String.valueOf(failed),
                        String.format(Locale.ROOT, "%.1f", recovered / 1e9),
                        String.valueOf(TimeUnit.NANOSECONDS.toMillis(budget)),
                        slowestNanos <= budget ? "yes" : "no",
                        foundAgain.isPresent() ? millis(foundAgain.getAsLong()) : "-"));
    }

    private static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.1f", nanos / 1e6);
    }
}
