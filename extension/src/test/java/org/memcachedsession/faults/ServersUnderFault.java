package org.memcachedsession.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What browsers see while servers die, hang, forget and come back. Each test prints a row: docs/faults.md tells what it
 * means.
 */
@Tag("faults")
@Timeout(600)
abstract class ServersUnderFault {

    /** Long enough for many more questions than the limit allows. */
    static final Duration HANG = Form.current().of(Duration.ofSeconds(12), Duration.ofSeconds(30));

    /** Each node has to find out by itself, and each of its threads asks so often at most. */
    private static final long QUESTIONS_TO_A_SERVER_THAT_HANGS =
            (long) Cluster.NODES * Browsers.THREADS * Cluster.FAILURE_LIMIT;

    private static final String[] SMALL_MEMORY = {"-m", String.valueOf(Bench.SMALL_MEGABYTES)};

    private final int copies;

    ServersUnderFault(int copies) {
        this.copies = copies;
    }

    @Test
    void whoseServerIsKilledHasNoSessionAndNobodyElseNoticesIt() throws Exception {
        try (Bench bench = Bench.underLoad("kill -9 one of three", copies)) {
            bench.fault(bench::kill, 0);
            bench.goOn();

            bench.end().nothingIsLost().onlyThoseThatAreHitFail();
        }
    }

    @Test
    void aServerThatComesBackEmptyHasLostItsSessionsAndNoOthers() throws Exception {
        try (Bench bench = Bench.underLoad("kill -9 one of three; it comes back empty", copies)) {
            bench.fault(bench::kill, 0);
            bench.goOn();
            bench.heal(bench::restart);
            bench.goOn();

            bench.end().lostIsWhatWasHit().onlyThoseThatAreHitFail();
        }
    }

    @Test
    void aServerThatHangsHoldsUpFewRequestsAndAllIsThereWhenItGoesOn() throws Exception {
        try (Bench bench = Bench.underLoad("SIGSTOP one of three; SIGCONT", copies)) {
            FaultProxy link = bench.cluster().link(0);
            AtomicLong before = new AtomicLong();
            bench.fault(
                    server -> {
                        bench.stop(server);
                        before.set(withoutProbes(link));
                    },
                    0);
            bench.goOn(HANG);
            long asked = withoutProbes(link) - before.get();
            bench.heal(bench::resume);
            bench.goOn();

            bench.end().nothingIsLost().onlyThoseThatAreHitFail();
            assertThat(asked)
                    .as("questions to a server that hangs")
                    .isLessThanOrEqualTo(QUESTIONS_TO_A_SERVER_THAT_HANGS);
        }
    }

    /** Questions that have come for a server; each connection begins with one that is none of a request. */
    private static long withoutProbes(FaultProxy link) {
        return link.questions() - link.connections();
    }

    @Test
    void whatWasHeldBackByTheNetworkUndoesNothingWhenItArrives() throws Exception {
        try (Bench bench = Bench.underLoad("link to one of three down; up again", copies)) {
            bench.fault(bench::hold, 0);
            bench.goOn(HANG);
            bench.heal(bench::release);
            bench.goOn();

            bench.end().nothingIsLost().onlyThoseThatAreHitFail();
        }
    }

    @Test
    void aServerThatIsFlushedHasLostItsSessionsAndNoOthers() throws Exception {
        try (Bench bench = Bench.atRest("flush_all on one of three", copies)) {
            bench.fault(bench::flush, 0);

            bench.end().lostIsWhatWasHit().nobodyFails();
        }
    }

    @Test
    void whileServersAreFlushedUnderLoadNothingButSessionsIsLost() throws Exception {
        try (Bench bench =
                Bench.underLoad("flush_all on one after the other, under load", copies)) {
            for (int i = 0; i < 10; i++) {
                bench.fault(bench::flush, i % Cluster.SERVERS);
                bench.goOn(Duration.ofMillis(200));
            }

            Bench.Outcome outcome = bench.end().nobodyFails();
            if (copies == 1) {
                outcome.someAreLost(); // with more, who is asked in between gets all copies anew
            }
        }
    }

    @Test
    void whatIsEvictedIsLostAndNothingOldComesBack() throws Exception {
        try (Bench bench = Bench.underLoad("memory filled twice over", copies, SMALL_MEMORY)) {
            bench.fault(bench::fill, 0, 1, 2);
            bench.goOn();

            Bench.Outcome outcome = bench.end().nobodyFails();
            if (copies == 1) {
                outcome.someAreLost();
            }
        }
    }

    @Test
    void whereTombstonesAreFloodedOutDeadIdsStayDead() throws Exception {
        try (Bench bench =
                Bench.atRest("all log out; tombstones flooded out", copies, SMALL_MEMORY)) {
            List<String> ended = bench.browsers().ids();
            bench.browsers().end();
            assertThat(ended).allMatch(bench.cluster()::isStored);
            bench.fault(bench::flood, 0, 1, 2);
            assertThat(ended).noneMatch(bench.cluster()::isStored);
            bench.browsers().tryEnded();

            bench.end().nothingIsLost().nobodyFails();
        }
    }

    @Test
    void whereTombstonesDieWithTheirServersDeadIdsStayDead() throws Exception {
        try (Bench bench = Bench.atRest("all log out; all servers come back empty", copies)) {
            bench.browsers().end();
            bench.fault(bench::kill, 0, 1, 2);
            bench.heal(bench::restart);
            bench.goOn(); // until they are used again
            bench.browsers().tryEnded();

            bench.end().nothingIsLost();
        }
    }

    @Test
    void aSlowNetworkIsNothingButSlow() throws Exception {
        try (Bench bench = Bench.underLoad("20 to 60 ms more, each way", copies)) {
            bench.fault(
                    i ->
                            bench.cluster()
                                    .link(i)
                                    .delay(Duration.ofMillis(20), Duration.ofMillis(40)),
                    0,
                    1,
                    2);
            bench.goOn();
            bench.heal(i -> bench.cluster().link(i).heal());

            Bench.Outcome outcome = bench.end().nothingIsLost();
            if (Form.current() == Form.SHORT) { // else who loses two races may wait no longer
                outcome.nobodyFails();
            }
        }
    }

    @Test
    void aNarrowNetworkIsNothingButSlow() throws Exception {
        try (Bench bench = Bench.underLoad("1 Mbit/s", copies)) {
            bench.fault(i -> bench.cluster().link(i).throttle(125_000), 0, 1, 2);
            bench.goOn();
            bench.heal(i -> bench.cluster().link(i).heal());

            bench.end().nothingIsLost().nobodyFails();
        }
    }
}
