package org.memcachedsession.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a correct server answers is never called wrong. */
class GoodHistoriesTest {

    private static final int HISTORIES = 1000;
    private static final int OPERATIONS = 300;

    @Test
    void aThousandHistoriesOfACorrectServerGiveNoAlarm() {
        Map<OperationKind, Integer> answered = new EnumMap<>(OperationKind.class);
        int unanswered = 0;
        for (int seed = 0; seed < HISTORIES; seed++) {
            Report report = Checker.check(Simulation.good(seed, OPERATIONS));
            assertThat(report.anomalies()).as("seed %d", seed).isEmpty();
            report.answered().forEach((kind, count) -> answered.merge(kind, count, Integer::sum));
            unanswered += report.unanswered();
        }
        // they are histories in which something happens
        assertThat(answered).hasSize(OperationKind.values().length);
        assertThat(answered.values()).allMatch(count -> count > HISTORIES);
        assertThat(unanswered).isGreaterThan(HISTORIES);
    }

    @Test
    void inThemManyRequestsSideBySideWriteTheSameBean() {
        int merges = 0;
        for (int seed = 0; seed < 100; seed++) {
            merges += Simulation.mergesOfOneBean(seed, OPERATIONS);
        }
        assertThat(merges).isGreaterThan(100);
    }
}
