package org.memcachedsession.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written is what is read. */
class HistoryFormatTest {

    @TempDir Path directory;

    @Test
    void aHistoryReadAgainIsTheSameAndGivesTheSameReport() {
        History history = Simulation.bad(Fault.PLAIN_OVERWRITE, 1, 500);
        Report report = Checker.check(history);
        Path file = directory.resolve("new").resolve("history.txt");

        HistoryFormat.write(file, history, report);
        History again = HistoryFormat.read(file);

        assertThat(again).isEqualTo(history);
        assertThat(Checker.check(again)).isEqualTo(report);
        assertThat(file).content().startsWith("# " + report.summary());
    }

    @Test
    void aPartOfAHistoryCanBeChecked() throws Exception {
        Path file = directory.resolve("part.txt");
        Files.write(
                file,
                List.of(
                        "# the middle of something",
                        "",
                        "100 b3 n1 WRITE 5f3a x.100 1 -> 117 5f3a LOADED 1=-",
                        "118 b3 n2 READ 5f3a - - -> 130 5f3a LOADED 0=- 1=-",
                        "131 b3 n2 IDLE - - - -> ?"));

        assertThat(Checker.check(HistoryFormat.read(file)).anomalies())
                .singleElement()
                .hasToString(
                        """
                        LOST: bean 1 shows nothing, though x.100 was stored before, and is not seen later
                            118 b3 n2 READ 5f3a - - -> 130 5f3a LOADED 0=- 1=-
                            100 b3 n1 WRITE 5f3a x.100 1 -> 117 5f3a LOADED 1=-"""
                                .replace("        LOST", "LOST"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1 b0 n1 READ - - -",
                "1 b0 n1 READ - - - ->",
                "1 b0 n1 SING - - - -> ?",
                "x b0 n1 READ - - - -> ?",
                "1 b0 n1 READ - - - -> 2",
                "1 b0 n1 READ - - - -> 1 - UNKNOWN",
                "1 b0 n1 WRITE - t - -> ?",
                "1 b0 n1 WRITE - - 0 -> ?",
                "1 b0 n1 WRITE - t 1000000 -> ?",
                "1 b0 n1 READ s - - -> 2 s LOADED 0=t",
                "1 b0 n1 READ s - - -> 2 s LOADED -1=t/t"
            })
    void aLineThatIsNoneIsNamedByItsNumber(String line) throws Exception {
        Path file = Files.write(directory.resolve("bad.txt"), List.of("# bad", line));

        assertThatThrownBy(() -> HistoryFormat.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bad.txt, line 2: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1 b0 n1 READ - - - -> ?\n1 b0 n1 READ - - - -> ?",
                "1 b0 n1 READ - - - -> 2 - NONE_SENT\n2 b0 n1 READ - - - -> ?",
                "1 b0 n1 WRITE - t 0 -> ?\n2 b0 n1 WRITE - t 0 -> ?"
            })
    void noTwoRequestsShareAPositionOrATag(String lines) {
        List<Operation> operations = lines.lines().map(HistoryFormat::parse).toList();

        assertThatThrownBy(() -> History.of(operations))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("two ");
    }
}
