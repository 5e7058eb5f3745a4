package org.memcachedsession.benchmarks.requests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class StoreStatisticsTest {

    private static final List<String> LINES =
            List.of(
                    "STAT pid 1",
                    "STAT cmd_get 10",
                    "STAT cmd_set 20",
                    "STAT cmd_touch 30",
                    "STAT delete_misses 1",
                    "STAT delete_hits 3",
                    "STAT bytes_read 500",
                    "STAT bytes_written 600");

    @Test
    void countsAreThoseOfTheLines() {
        assertThat(StoreStatistics.parse(LINES))
                .isEqualTo(new StoreStatistics(10, 20, 30, 4, 500, 600));
    }

    @Test
    void whatHappenedSinceIsTheDifference() {
        StoreStatistics before = new StoreStatistics(9, 18, 27, 0, 400, 400);

        StoreStatistics since = StoreStatistics.parse(LINES).since(before);

        assertThat(since).isEqualTo(new StoreStatistics(1, 2, 3, 4, 100, 200));
        assertThat(since.commands()).isEqualTo(10);
        assertThat(before.plus(since)).isEqualTo(StoreStatistics.parse(LINES));
    }

    @Test
    void aCountThatIsMissingIsNotTakenForNone() {
        assertThatThrownBy(() -> StoreStatistics.parse(LINES.subList(0, 3)))
                .isInstanceOf(MeasurementException.class)
                .hasMessageContaining("cmd_touch");
    }
}
