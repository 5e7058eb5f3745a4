package org.memcachedsession.benchmarks.requests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.memcachedsession.benchmarks.requests.Plan.Candidate;

class PlanTest {

    private final Properties properties = new Properties();

    @Test
    void withoutOptionsAllIsMeasured() {
        Plan plan = Plan.of(properties);

        assertThat(plan.repetitions()).isEqualTo(20);
        assertThat(plan.leg()).isEqualTo(Duration.ofSeconds(1));
        assertThat(plan.items()).containsExactly(1, 43, 381);
        assertThat(plan.candidates().stream().flatMap(List::stream))
                .filteredOn(candidate -> candidate.server() == ServerKind.PAYARA_MICRO)
                .extracting(Candidate::mode)
                .containsOnlyOnceElementsOf(
                        Mode.compared().stream().filter(mode -> mode != Mode.FLOOR_JDK).toList());
    }

    @Test
    void whatIsComparedIsMeasuredInTurnsWithTheFloorBeforeAndAfter() {
        properties.setProperty("measure.modes", "none, ours-jdk, floor-xm, floor-jdk");
        properties.setProperty("measure.servers", "wildfly");

        assertThat(Plan.of(properties).candidates())
                .containsExactly(
                        List.of(
                                new Candidate(ServerKind.WILDFLY, Mode.FLOOR_JDK, 1),
                                new Candidate(ServerKind.WILDFLY, Mode.OURS_JDK, 1),
                                new Candidate(ServerKind.WILDFLY, Mode.FLOOR_JDK, 2)),
                        List.of(new Candidate(ServerKind.WILDFLY, Mode.NONE, 1)),
                        List.of(new Candidate(ServerKind.WILDFLY, Mode.FLOOR_XM, 1)));
    }

    /** The goals speak of Payara Micro, and of what is measured in turns. */
    @Test
    void serversAreStartedAnewForWhatTheGoalsCompare() {
        Plan plan = Plan.of(properties);

        assertThat(plan.candidates())
                .filteredOn(candidates -> plan.forksOf(candidates) == 3)
                .singleElement()
                .satisfies(
                        candidates ->
                                assertThat(candidates)
                                        .hasSize(4)
                                        .allMatch(
                                                each -> each.server() == ServerKind.PAYARA_MICRO));
        assertThat(plan.candidates())
                .filteredOn(candidates -> plan.forksOf(candidates) != 3)
                .allMatch(candidates -> plan.forksOf(candidates) == 1);
    }

    @Test
    void optionsAreTaken() {
        properties.setProperty("measure.seconds", "0.5");
        properties.setProperty("measure.connections", "256");
        properties.setProperty("measure.items", "43");
        properties.setProperty("measure.settings", "a.b=c=d,e=");

        Plan plan = Plan.of(properties);

        assertThat(plan.leg()).isEqualTo(Duration.ofMillis(500));
        assertThat(plan.sessions()).isEqualTo(256);
        assertThat(plan.items()).isEqualTo(List.of(43));
        assertThat(plan.settings()).isEqualTo(Map.of("a.b", "c=d", "e", ""));
    }

    @Test
    void optionsWithoutSenseAreRefused() {
        for (String option :
                List.of(
                        "measure.modes=fastest",
                        "measure.servers=tomcat",
                        "measure.repetitions=0",
                        "measure.forks=0",
                        "measure.seconds=soon",
                        "measure.settings=a")) {
            String[] words = option.split("=");
            Properties wrong = new Properties();
            wrong.setProperty(words[0], words[1]);

            assertThatThrownBy(() -> Plan.of(wrong))
                    .as(option)
                    .isInstanceOf(MeasurementException.class)
                    .hasMessageContaining(words[1]);
        }
    }
}
