package org.memcachedsession.history;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Steps are counted, not seconds. */
class LinearTimeTest {

    private static final int STEPS_PER_REQUEST = 60;

    @Test
    void aHistoryOfDoubleLengthTakesDoubleTheSteps() {
        long before = steps(1_000);
        for (int operations = 2_000; operations <= 128_000; operations *= 2) {
            long steps = steps(operations);
            assertThat((double) steps / before).isBetween(1.8, 2.2);
            assertThat(steps).isLessThan((long) operations * STEPS_PER_REQUEST);
            before = steps;
        }
    }

    /** One session that never ends, and many requests that see the same write. */
    @Test
    void aLongSessionTakesNoMoreThanManyShortOnes() {
        StringBuilder lines = new StringBuilder("0 b0 n0 WRITE - t 0 -> 1 s CREATED 0=-\n");
        int operations = 50_000;
        for (int i = 1; i < operations; i++) {
            lines.append("%d b0 n0 READ s - - -> %d s LOADED 0=t/t%n".formatted(2 * i, 2 * i + 1));
        }
        Report report =
                Checker.check(
                        History.of(lines.toString().lines().map(HistoryFormat::parse).toList()));

        assertThat(report.anomalies()).isEmpty();
        assertThat(report.steps()).isLessThan((long) operations * STEPS_PER_REQUEST);
    }

    private static long steps(int operations) {
        return Checker.check(Simulation.good(operations, operations)).steps();
    }
}
