package org.memcachedsession.benchmarks.requests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.memcachedsession.benchmarks.requests.Legs.leg;
import static org.memcachedsession.benchmarks.requests.Mode.FLOOR_JDK;
import static org.memcachedsession.benchmarks.requests.Mode.OURS_JDK;
import static org.memcachedsession.benchmarks.requests.RequestPath.BARE;
import static org.memcachedsession.benchmarks.requests.RequestPath.PLAIN;
import static org.memcachedsession.benchmarks.requests.RequestPath.READ;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

class PerformancePageTest {

    @TempDir Path directory;

    private final List<Leg> legs =
            List.of(
                    leg(FLOOR_JDK, 1, 1, BARE, 50, 0),
                    leg(FLOOR_JDK, 1, 1, READ, 130, 20),
                    leg(OURS_JDK, 1, 1, BARE, 60, 0),
                    leg(OURS_JDK, 1, 1, PLAIN, 59, 0),
                    leg(OURS_JDK, 1, 1, READ, 240, 20));

    @Test
    void thePageHasFiguresVerdictsAndWhatTheyHoldFor() {
        String page = PerformancePage.page(Map.of("command", "mvn -Pmeasure"), new Figures(legs));

        assertThat(page)
                .contains("* command: mvn -Pmeasure\n")
                .contains("### Payara Micro, sessions of 4,098 bytes")
                .contains("| `ours-jdk` | 60 | -1 + 0 | 180 + 20 | – | – | 2.00 | – | – | – |")
                .contains(
                        "| `ours-jdk`, read: times the floor | ≤ 1.25 | ≤ 1 | 2.00 | **not reached** |")
                .doesNotContain("{{", "### WildFly");
    }

    @Test
    void thePageIsMadeOfTheFileAlone() {
        new LegFile(Map.of("date", "2026-11-26"), legs).write(directory.resolve("performance.csv"));

        PerformancePage.write(directory);

        assertThat(directory.resolve("performance.md"))
                .content()
                .isEqualTo(PerformancePage.page(Map.of("date", "2026-11-26"), new Figures(legs)));
        assertThat(directory.resolve("performance.svg")).isNotEmptyFile();
    }

    @Test
    void thePlotIsSvgWithABarForServerAndStoreOfEachPath() throws Exception {
        String plot = PerformancePlot.of(new Figures(legs), new SessionSize(43, 4098));

        Document svg =
                DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new ByteArrayInputStream(plot.getBytes(StandardCharsets.UTF_8)));
        // background, four of the legend, and two modes with four bars of two parts
        assertThat(svg.getElementsByTagName("rect").getLength()).isEqualTo(1 + 4 + 2 * 4 * 2);
        assertThat(plot).contains(">ours-jdk<", ">floor-jdk<", ">200<", ">100<");
    }

    @Test
    void aTextWithoutPlaceIsRefused() {
        assertThat(PerformancePage.filled("a {{b}} c", Map.of("b", "x\n"))).isEqualTo("a x c");
        assertThatThrownBy(() -> PerformancePage.filled("a", Map.of("b", "x")))
                .isInstanceOf(MeasurementException.class)
                .hasMessageContaining("b");
    }
}
