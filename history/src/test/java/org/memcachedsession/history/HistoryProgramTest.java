package org.memcachedsession.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program by hand, up to its exit status. */
class HistoryProgramTest {

    @TempDir Path directory;

    @Test
    void aRunWithoutAnomalyEndsWithZero() throws Exception {
        try (StubSite site = new StubSite(0, 0)) {
            assertThat(
                            HistoryProgram.run(
                                    "run",
                                    "PT0.3S",
                                    site.nodes().get(0).toString(),
                                    site.nodes().get(1).toString()))
                    .isZero();
        }
    }

    @Test
    void aBadHistoryIsWrittenAndFoundBadAgain() throws Exception {
        Path file = directory.resolve("history.txt");
        try (StubSite site = new StubSite(20, 0)) {
            Report report =
                    HistoryProgram.checkRun(Plan.of(site.nodes(), 1), Duration.ofSeconds(1), file);
            assertThat(report.anomalies()).isNotEmpty();
        }
        assertThat(HistoryProgram.run("check", file.toString())).isEqualTo(1);
    }

    @Test
    void wrongUseIsTold() throws Exception {
        assertThat(HistoryProgram.run()).isEqualTo(2);
        assertThat(HistoryProgram.run("run", "PT1S")).isEqualTo(2);
        assertThat(HistoryProgram.run("look", "there")).isEqualTo(2);
    }
}
