package org.memcachedsession.benchmarks.requests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LegFileTest {

    @TempDir Path directory;

    @Test
    void whatIsWrittenIsReadBack() {
        LegFile written =
                new LegFile(
                        Map.of("command", "mvn -Pmeasure: all", "date", "2026-11-26"),
                        List.of(
                                Legs.leg(Mode.OURS_JDK, 1, 1, RequestPath.WRITE, 120, 30),
                                Legs.alone(Mode.OURS_JDK, 1, RequestPath.READ, 210.5)));
        Path file = directory.resolve("new/performance.csv");

        written.write(file);

        assertThat(LegFile.read(file)).isEqualTo(written);
    }

    @Test
    void aLineThatIsNoLegIsNamed() throws IOException {
        Path file = Files.writeString(directory.resolve("performance.csv"), "payara,ours-jdk,x\n");

        assertThatThrownBy(() -> LegFile.read(file))
                .isInstanceOf(MeasurementException.class)
                .hasMessageContaining("payara,ours-jdk,x");
    }

    @Test
    void aFileThatIsMissingIsNamed() {
        Path file = directory.resolve("none.csv");

        assertThatThrownBy(() -> LegFile.read(file))
                .isInstanceOf(MeasurementException.class)
                .hasMessageContaining("none.csv");
    }
}
