package org.memcachedsession.benchmarks.requests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class GoalTest {

    @Test
    void aGoalIsReachedUpToItsEnd() {
        assertThat(atMost(1.0)).isEqualTo("reached in full");
        assertThat(atMost(1.01)).isEqualTo("reached");
        assertThat(atMost(1.25)).isEqualTo("reached");
        assertThat(atMost(1.26)).isEqualTo("**not reached**");
    }

    @Test
    void aCountHasToBeTheOneThatIsWanted() {
        assertThat(exactly(2.001)).isEqualTo("reached");
        assertThat(exactly(2.1)).isEqualTo("**not reached**");
        assertThat(exactly(1)).isEqualTo("**not reached**");
    }

    @Test
    void whatWasNotMeasuredIsNotReached() {
        Goal goal = Goal.atMost("goal", OptionalDouble.empty(), 1.25, 1.0);

        assertThat(goal.verdict()).isEqualTo("not measured");
        assertThat(goal.measured()).isEqualTo("–");
    }

    private static String atMost(double figure) {
        return Goal.atMost("goal", OptionalDouble.of(figure), 1.25, 1.0).verdict();
    }

    private static String exactly(double figure) {
        return Goal.exactly("goal", OptionalDouble.of(figure), 2).verdict();
    }
}
