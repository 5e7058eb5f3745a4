package org.memcachedsession.benchmarks.requests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.memcachedsession.benchmarks.requests.Legs.SMALL;
import static org.memcachedsession.benchmarks.requests.Legs.alone;
import static org.memcachedsession.benchmarks.requests.Legs.leg;
import static org.memcachedsession.benchmarks.requests.Mode.FLOOR_JDK;
import static org.memcachedsession.benchmarks.requests.Mode.OURS_JDK;
import static org.memcachedsession.benchmarks.requests.RequestPath.BARE;
import static org.memcachedsession.benchmarks.requests.RequestPath.MIX;
import static org.memcachedsession.benchmarks.requests.RequestPath.READ;
import static org.memcachedsession.benchmarks.requests.RequestPath.WRITE;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.memcachedsession.benchmarks.requests.Figures.Case;

class FiguresTest {

    private static final Case OURS = new Case(ServerKind.PAYARA_MICRO, OURS_JDK, SMALL);

    private final Figures figures =
            new Figures(
                    List.of(
                            leg(FLOOR_JDK, 1, 1, BARE, 50, 0),
                            leg(FLOOR_JDK, 1, 1, READ, 130, 20),
                            leg(OURS_JDK, 1, 1, BARE, 60, 0),
                            leg(OURS_JDK, 1, 1, READ, 160, 20),
                            leg(OURS_JDK, 1, 2, BARE, 70, 0),
                            leg(OURS_JDK, 1, 2, READ, 220, 30),
                            leg(OURS_JDK, 1, 3, BARE, 80, 0),
                            leg(OURS_JDK, 1, 3, READ, 170, 25),
                            leg(OURS_JDK, 1, 3, WRITE, 270, 30),
                            leg(FLOOR_JDK, 2, 1, BARE, 60, 0),
                            leg(FLOOR_JDK, 2, 1, READ, 180, 20),
                            alone(OURS_JDK, 1, BARE, 80),
                            alone(OURS_JDK, 1, READ, 290)));

    @Test
    void whatIsAddedCountsFromTheBareRequestsOfTheSameRepetition() {
        assertThat(figures.spread(OURS, READ)).containsExactly(115.0, 120.0, 180.0);
        assertThat(figures.added(OURS, READ)).hasValue(120);
        assertThat(figures.addedOnServer(OURS, READ)).hasValue(100);
        assertThat(figures.addedInStore(OURS, READ)).hasValue(25);
        assertThat(figures.bare(OURS)).hasValue(70);
    }

    @Test
    void theFloorIsTheMeanOfItsTwoRuns() {
        assertThat(figures.added(OURS.with(FLOOR_JDK), READ)).hasValue(120);
        assertThat(figures.timesFloor(OURS, READ)).hasValue(1.0);
    }

    @Test
    void commandsAndBytesArePerRequest() {
        assertThat(figures.commands(OURS, READ)).hasValue(1);
        assertThat(figures.commands(OURS, WRITE)).hasValue(2);
        assertThat(figures.bytesToStore(OURS, WRITE)).hasValue(0.007);
        assertThat(figures.requestsPerSecond(OURS, WRITE)).hasValue(1000);
    }

    @Test
    void latencyIsThatOfOneConnection() {
        assertThat(figures.latency(OURS, READ)).hasValue(290);
        assertThat(figures.addedLatency(OURS)).hasValue(210);
    }

    @Test
    void whatWasNotMeasuredHasNoFigure() {
        assertThat(figures.added(OURS, MIX)).isEmpty();
        assertThat(figures.timesFloor(OURS, WRITE)).isEmpty();
        assertThat(figures.added(OURS.with(381), READ)).isEmpty();
        assertThat(figures.spread(OURS, MIX)).isEmpty();
    }
}
