package org.memcachedsession.history;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server with one fault shows it in any history that is long enough. */
class BrokenServersTest {

    private static final int HISTORIES = 20;
    private static final int OPERATIONS = 1000;

    @ParameterizedTest
    @EnumSource
    void aFaultIsSeenAndCalledByItsName(Fault fault) {
        for (int seed = 0; seed < HISTORIES; seed++) {
            Report report = Checker.check(Simulation.bad(fault, seed, OPERATIONS));

            assertThat(report.count(fault.typical())).as("%s, seed %d", fault, seed).isPositive();
            assertThat(report.anomalies())
                    .as("%s, seed %d", fault, seed)
                    .allMatch(anomaly -> fault.possible().contains(anomaly.kind()));
        }
    }
}
