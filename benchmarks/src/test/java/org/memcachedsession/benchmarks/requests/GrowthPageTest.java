package org.memcachedsession.benchmarks.requests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.memcachedsession.benchmarks.requests.Legs.variant;
import static org.memcachedsession.benchmarks.requests.RequestPath.BARE;
import static org.memcachedsession.benchmarks.requests.RequestPath.READ;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrowthPageTest {

    @TempDir Path directory;

    private final List<Leg> legs =
            List.of(
                    variant(Growth.STORED, 1000, BARE, 50, 0),
                    variant(Growth.STORED, 1000, READ, 150, 20),
                    variant(Growth.STORED, 1_000_000, BARE, 50, 0),
                    variant(Growth.STORED, 1_000_000, READ, 160, 30));
    private final List<Placement> placements = List.of(new Placement(3, 3000, 900, 1200, 750));

    @Test
    void eachStepIsALine() {
        String page = GrowthPage.page(Map.of("date", "2026-11-26"), legs, placements);

        assertThat(page)
                .contains("## Stored sessions", "* date: 2026-11-26")
                .contains("| `ours-jdk` | 1,000 | 4,098 | 50 | 100 + 20 |")
                .contains(
                        "| `ours-jdk` | 1,000,000 | 4,098 | 50 | 110 + 30 | – | 1.000 | – | 1000 | – | 0 |")
                .contains("| 3 | 3,000 | 1.20 | 0.90 | 25.0 % | 25.0 % |")
                .doesNotContain("{{");
    }

    @Test
    void placementsAreReadBack() {
        Path file = directory.resolve("placement.csv");

        Placement.write(placements, file);

        assertThat(Placement.read(file)).isEqualTo(placements);
    }
}
