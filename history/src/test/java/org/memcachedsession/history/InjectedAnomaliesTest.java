package org.memcachedsession.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One wrong thing in a good history is found, called by its name and explained. */
class InjectedAnomaliesTest {

    private static final int OF_EACH = 5;
    private static final int OPERATIONS = 400;
    private static final int LAST_SEED = 2000;

    static Stream<Arguments> injections() {
        return Stream.of(Injection.values())
                .flatMap(
                        injection ->
                                IntStream.range(0, OF_EACH)
                                        .mapToObj(number -> Arguments.of(injection, number)));
    }

    @ParameterizedTest
    @MethodSource("injections")
    void isCaughtWithTheRightKind(Injection injection, int number) {
        Injection.Injected bad = inject(injection, number);

        Report report = Checker.check(bad.history());

        assertThat(report.anomalies())
                .isNotEmpty()
                .allMatch(anomaly -> anomaly.kind() == injection.kind());
        Anomaly first = report.anomalies().get(0);
        bad.wrong().ifPresent(wrong -> assertThat(first.operation()).isEqualTo(wrong));
        assertThat(first.toString())
                .startsWith(injection.kind() + ": ")
                .contains(first.operation().toString());
        first.evidence().forEach(other -> assertThat(first.toString()).contains(other.toString()));
    }

    @Test
    void everyKindIsInjected() {
        assertThat(Injection.values()).extracting(Injection::kind).contains(AnomalyKind.values());
    }

    /** The n-th history, by seed, that has a place for it. */
    private static Injection.Injected inject(Injection injection, int number) {
        int found = 0;
        for (int seed = 0; seed < LAST_SEED; seed++) {
            History good = Simulation.good(seed, OPERATIONS);
            Optional<Injection.Injected> bad = injection.into(new Injection.Material(good, seed));
            if (bad.isPresent() && found++ == number) {
                return bad.get();
            }
        }
        throw new AssertionError("no history has a place for " + injection);
    }
}
