package org.memcachedsession.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The rules, one by one, in histories of a few lines. */
class CheckerTest {

    private static final String BEGIN = "0 b0 n1 WRITE - t0 0 -> 1 s CREATED 0=-";

    @Test
    void ofTwoWritersSideBySideEitherMayWin() {
        for (String winner : List.of("t2", "t3")) {
            assertThat(
                            kinds(
                                    BEGIN,
                                    "2 b0 n1 WRITE s t2 0 -> 4 s LOADED 0=t0/t0",
                                    "3 b0 n2 WRITE s t3 0 -> 5 s LOADED 0=t0/t0",
                                    "6 b0 n1 READ s - - -> 7 s LOADED 0=%s/%s"
                                            .formatted(winner, winner)))
                    .isEmpty();
        }
    }

    @Test
    void aWinnerStaysOnceItWasSeen() {
        assertThat(
                        kinds(
                                BEGIN,
                                "2 b0 n1 WRITE s t2 0 -> 4 s LOADED 0=t0/t0",
                                "3 b0 n2 WRITE s t3 0 -> 5 s LOADED 0=t0/t0",
                                "6 b0 n1 READ s - - -> 7 s LOADED 0=t2/t2",
                                "8 b0 n1 READ s - - -> 9 s LOADED 0=t3/t3",
                                "10 b0 n1 READ s - - -> 11 s LOADED 0=t2/t2"))
                .containsExactly(AnomalyKind.STALE);
    }

    @Test
    void ofTwoWritersOfDifferentBeansBothStay() {
        assertThat(
                        kinds(
                                BEGIN,
                                "2 b0 n1 WRITE s t2 0 -> 4 s LOADED 0=t0/t0",
                                "3 b0 n2 WRITE s t3 1 -> 5 s LOADED 1=-",
                                "6 b0 n1 READ s - - -> 7 s LOADED 0=t0/t0 1=t3/t3"))
                .containsExactly(AnomalyKind.LOST_UPDATE);
    }

    @Test
    void whatWasNotAnsweredMayHappenAtAnyLaterTimeOrNot() {
        assertThat(
                        kinds(
                                BEGIN,
                                "2 b0 n1 WRITE s t2 0 -> ?",
                                "3 b0 n1 READ s - - -> 4 s LOADED 0=t0/t0",
                                "5 b0 n2 WRITE s t5 0 -> 6 s LOADED 0=t0/t0",
                                "7 b0 n1 READ s - - -> 8 s LOADED 0=t5/t5",
                                "9 b0 n1 READ s - - -> 10 s LOADED 0=t2/t2"))
                .isEmpty();
    }

    @Test
    void whatWasNotAnsweredHappensOnceOnly() {
        assertThat(
                        kinds(
                                BEGIN,
                                "2 b0 n1 WRITE s t2 0 -> ?",
                                "3 b0 n1 READ s - - -> 4 s LOADED 0=t2/t2",
                                "5 b0 n2 WRITE s t5 0 -> 6 s LOADED 0=t2/t2",
                                "7 b0 n1 READ s - - -> 8 s LOADED 0=t2/t2"))
                .containsExactly(AnomalyKind.LOST_UPDATE);
    }

    @Test
    void anUnansweredEndMayBeOneOrNot() {
        for (String view : List.of("- UNKNOWN", "s LOADED 0=t0/t0")) {
            assertThat(
                            kinds(
                                    BEGIN,
                                    "2 b0 n1 INVALIDATE s - - -> ?",
                                    "3 b0 n1 READ s - - -> 4 " + view))
                    .isEmpty();
        }
    }

    @Test
    void onceSeenToBeGoneItStaysGone() {
        assertThat(
                        kinds(
                                BEGIN,
                                "2 b0 n1 INVALIDATE s - - -> ?",
                                "3 b0 n1 READ s - - -> 4 - UNKNOWN",
                                "5 b0 n1 READ s - - -> 6 s LOADED 0=t0/t0"))
                .containsExactly(AnomalyKind.REVIVED);
    }

    @Test
    void aSlowRequestMayStillSeeWhatAnotherEnds() {
        assertThat(
                        kinds(
                                BEGIN,
                                "2 b0 n1 WRITE s t2 0 -> 5 s LOADED 0=t0/t0",
                                "3 b0 n1 INVALIDATE s - - -> 4 s ENDED",
                                "6 b0 n1 READ s - - -> 7 - UNKNOWN"))
                .isEmpty();
    }

    @Test
    void twoCannotBeginOneSession() {
        assertThat(kinds(BEGIN, "2 b0 n1 WRITE - t2 0 -> 3 s CREATED 0=-"))
                .containsExactly(AnomalyKind.FOREIGN);
    }

    @Test
    void aWriteNeedsASession() {
        assertThat(kinds("0 b0 n1 WRITE - t0 0 -> 1 - NONE_SENT 0=-"))
                .containsExactly(AnomalyKind.LOST);
    }

    @Test
    void whatOneFaultLeavesBehindIsReportedOnce() {
        Report report =
                check(
                        BEGIN,
                        "2 b0 n1 WRITE s t2 0 -> 3 s LOADED 0=t0/t0",
                        "4 b0 n1 READ s - - -> 5 s LOADED 0=t0/t0",
                        "6 b0 n1 READ s - - -> 7 s LOADED 0=t0/t0",
                        "8 b0 n1 WRITE s t8 0 -> 9 s LOADED 0=t0/t0",
                        "10 b0 n1 READ s - - -> 11 s LOADED 0=t8/t8");

        assertThat(report.anomalies())
                .singleElement()
                .extracting(Anomaly::kind)
                .isEqualTo(AnomalyKind.LOST_UPDATE);
        assertThat(report.summary())
                .isEqualTo(
                        "6 requests (write 3, write several 0, write and redirect 0, read after"
                                + " redirect 0, read 3, read after end 0, invalidate 0, idle 0,"
                                + " unanswered 0) in 1 sessions: 1 anomalies (foreign 0, stale 0,"
                                + " torn 0, revived 0, lost 0, lost update 1)");
    }

    private static List<AnomalyKind> kinds(String... lines) {
        return check(lines).anomalies().stream().map(Anomaly::kind).toList();
    }

    private static Report check(String... lines) {
        return Checker.check(
                History.of(List.of(lines).stream().map(HistoryFormat::parse).toList()));
    }
}
