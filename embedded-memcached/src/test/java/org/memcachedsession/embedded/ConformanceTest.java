package org.memcachedsession.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same scenarios against both servers, and against what memcached 1.6.18 answered once. */
class ConformanceTest {

    private static EmbeddedMemcached embedded;

    @BeforeAll
    static void start() {
        embedded = EmbeddedMemcached.start();
    }

    @AfterAll
    static void stop() {
        embedded.close();
    }

    static Stream<String> files() {
        return Scenario.FILES.stream();
    }

    static Stream<Scenario> scenarios() {
        return files().flatMap(file -> Scenario.in(file).stream());
    }

    @ParameterizedTest
    @MethodSource("files")
    void theEmbeddedServerAnswersAsWasRecorded(String file) {
        String answers =
                Scenario.in(file).stream()
                        .map(scenario -> scenario.playAgainst(embedded.address()))
                        .collect(Collectors.joining());

        assertThat(answers).isEqualTo(Scenario.resource("recorded/" + file));
    }

    @Test
    void thereAreScenariosForEveryCommand() {
        Stream<String> commands =
                scenarios()
                        .flatMap(scenario -> scenario.steps().stream())
                        .map(step -> new CommandLine(step).name());

        assertThat(commands)
                .contains("get", "gets", "gat", "gats", "set", "add", "replace", "append")
                .contains("prepend", "cas", "touch", "delete", "incr", "decr", "flush_all")
                .contains("version", "verbosity", "quit", "mg", "ms", "md", "ma", "mn");
        assertThat(scenarios().count()).isGreaterThan(90);
    }

    @Nested
    class BesideTheRealMemcached {

        private static RealMemcached real;

        @BeforeAll
        static void start() {
            real = RealMemcached.start();
        }

        @AfterAll
        static void stop() {
            if (real != null) {
                real.close();
            }
        }

        @ParameterizedTest
        @MethodSource("org.memcachedsession.embedded.ConformanceTest#scenarios")
        void theEmbeddedServerAnswersTheSame(Scenario scenario) {
            assertThat(scenario.playAgainst(embedded.address()))
                    .isEqualTo(scenario.playAgainst(real.address()));
        }

        @ParameterizedTest
        @MethodSource("org.memcachedsession.embedded.ConformanceTest#files")
        void theRecordedAnswersAreThoseOfTheRealOne(String file) throws IOException {
            String answers =
                    Scenario.in(file).stream()
                            .map(scenario -> scenario.playAgainst(real.address()))
                            .collect(Collectors.joining());

            Files.createDirectories(Path.of("target", "recorded"));
            Files.writeString(Path.of("target", "recorded", file), answers);
            assertThat(answers).isEqualTo(Scenario.resource("recorded/" + file));
        }
    }
}
