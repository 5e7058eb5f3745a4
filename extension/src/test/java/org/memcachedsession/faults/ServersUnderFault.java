package org.memcachedsession.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memcachedsession.history.AnomalyKind;

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

    private static final int NODES_KILLED = Form.current().of(2, 4);

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
            bench.awaitServed();
            bench.goOn();

            bench.end().lostIsWhatWasHit().onlyThoseThatAreHitFail();
        }
    }

    @Test
    void ofTwoThatComeBackEmptyThoseSessionsAreLostThatLivedNowhereElse() throws Exception {
        try (Bench bench = Bench.underLoad("kill -9 two of three; they come back empty", copies)) {
            bench.fault(bench::kill, 0, 1);
            bench.goOn();
            bench.heal(bench::restart);
            bench.awaitServed();
            bench.goOn();

            bench.end().lostIsWhatWasHit().onlyThoseThatAreHitFail();
        }
    }

    @Test
    void whenAllServersDiePagesWithoutTheScopeWorkAndSessionsBeginAnewAfterTheReturn()
            throws Exception {
        try (Bench bench = Bench.underLoad("kill -9 all three; they come back empty", copies)) {
            bench.fault(bench::kill, 0, 1, 2);
            bench.goOn();
            bench.heal(bench::restart);
            bench.awaitServed();
            bench.goOn();

            bench.end().lostIsWhatWasHit().onlyThoseThatAreHitFail();
        }
    }

    @Test
    void aServerThatHangsHoldsUpFewRequestsAndAllIsThereWhenItGoesOn() throws Exception {
        try (Bench bench = Bench.underLoad("SIGSTOP one of three; SIGCONT", copies)) {
            List<FaultProxy> links = bench.cluster().links(0);
            AtomicLong before = new AtomicLong();
            bench.fault(
                    server -> {
                        bench.stop(server);
                        before.set(withoutProbes(links));
                    },
                    0);
            bench.goOn(HANG);
            long asked = withoutProbes(links) - before.get();
            bench.heal(bench::resume);
            bench.awaitServed();
            bench.goOn();

            bench.end().nothingIsLost().onlyThoseThatAreHitFail();
            assertThat(asked)
                    .as("questions to a server that hangs")
                    .isLessThanOrEqualTo(QUESTIONS_TO_A_SERVER_THAT_HANGS);
        }
    }

    /** Questions that have come for a server; each connection begins with one that is none of a request. */
    private static long withoutProbes(List<FaultProxy> links) {
        return links.stream().mapToLong(link -> link.questions() - link.connections()).sum();
    }

    @Test
    void whenAllServersHangPagesWithoutTheScopeWorkAndAllIsThereWhenTheyGoOn() throws Exception {
        try (Bench bench = Bench.underLoad("SIGSTOP all three; SIGCONT", copies)) {
            bench.fault(bench::stop, 0, 1, 2);
            bench.goOn(HANG);
            bench.heal(bench::resume);
            bench.awaitServed();
            bench.goOn();

            bench.end().nothingIsLost().onlyThoseThatAreHitFail();
        }
    }

    @Test
    void whatWasHeldBackByTheNetworkUndoesNothingWhenItArrives() throws Exception {
        try (Bench bench = Bench.underLoad("link to one of three down; up again", copies)) {
            bench.fault(bench::hold, 0);
            bench.goOn(HANG);
            bench.heal(bench::release);
            bench.awaitServed();
            bench.goOn();

            bench.end().nothingIsLost().onlyThoseThatAreHitFail();
        }
    }

    /** Nobody even accepts a connection, as a proxy does that holds everything back. */
    @Test
    void whileAServerIsUnpluggedOnlyItsSessionsFailAndWhatComesLateUndoesNothing()
            throws Exception {
        try (Bench bench =
                Bench.underLoadWithCable("one of three unplugged; plugged in again", copies)) {
            bench.fault(bench::unplug, 0);
            bench.awaitSilence(0);
            bench.goOn();
            bench.heal(bench::plugIn);
            bench.awaitServed();
            bench.awaitLateArrivals(0);
            bench.goOn();

            bench.end().nothingIsLost().onlyThoseThatAreHitFail();
        }
    }

    /** With copies, sessions of the other node may look older until the first one has brought there what it wrote. */
    @Test
    void ofANodeThatIsCutOffFromOneServerNothingIsForeignAndAfterTheRepairNodesAgree()
            throws Exception {
        try (Bench bench = Bench.underLoad("one of three cut off from one of two nodes", copies)) {
            bench.faultFor(0, server -> bench.cluster().link(0, server).hold(), 0);
            bench.goOn(HANG);
            bench.heal(server -> bench.cluster().link(0, server).release());
            bench.awaitServed();
            bench.goOn();
            bench.awaitAgreement();

            if (copies == 1) {
                bench.end().nothingIsLost().onlyThoseThatAreHitFail();
            } else {
                bench.end(
                                Bench.of(
                                        AnomalyKind.STALE,
                                        AnomalyKind.TORN,
                                        AnomalyKind.REVIVED,
                                        AnomalyKind.LOST_UPDATE))
                        .nobodyElseFails();
            }
        }
    }

    @Test
    void whenANodeIsKilledTheOtherOneGoesOnWithAllThatItHadAnswered() throws Exception {
        try (Bench bench = Bench.atRest("kill -9 of a node; another one in its place", copies)) {
            bench.cluster().restartNodeAsProcess(0);
            bench.load();
            for (int i = 0; i < NODES_KILLED; i++) {
                bench.killNode(0);
                bench.replaceNode(0);
                bench.goOn();
            }

            bench.end().nothingIsLost().onlyThoseAtTheDeadNodeFail();
        }
    }

    /** With copies, a node that loses them all again and again stores now here, now there. */
    @Test
    void whoseConnectionIsResetAgainAndAgainSeesNothingOld() throws Exception {
        try (Bench bench = Bench.underLoad("connections reset, ten times a second", copies)) {
            for (int i = 0; i < Form.current().of(20, 200); i++) {
                bench.fault(bench::reset, 0, 1, 2);
                bench.goOn(Duration.ofMillis(100));
            }

            if (copies == 1) {
                bench.end().nothingIsLost();
            } else {
                bench.end(Bench.of(AnomalyKind.LOST_UPDATE));
            }
        }
    }

    @Test
    void whateverFailsAndWhenNothingIsWrongButWhatIsLost() throws Exception {
        int seed = Integer.getInteger("faults.seed", ThreadLocalRandom.current().nextInt());
        SplittableRandom random = new SplittableRandom(seed);
        System.out.printf("faults by chance: -Dfaults.seed=%d%n", seed);
        try (Bench bench = Bench.underLoad("faults of all kinds, by chance", copies)) {
            List<Chance> chances =
                    List.of(
                            new Chance(bench::kill, bench::restart, false),
                            new Chance(bench::stop, bench::resume, true),
                            new Chance(bench::hold, bench::release, true),
                            new Chance(bench::reset, server -> {}, false),
                            new Chance(bench::flush, server -> {}, false));
            for (int i = 0; i < Form.current().of(8, 150); i++) {
                Chance chance = chances.get(random.nextInt(chances.size()));
                int server = random.nextInt(Cluster.SERVERS);
                bench.fault(chance.deed(), server);
                bench.goOn(Duration.ofMillis(random.nextInt(1_500)));
                if (copies > 1 && chance.isQuiet()) {
                    // else a node that missed nothing goes on with what is old: docs/copies.md,
                    // "Not promised"
                    bench.awaitLoss(server);
                }
                bench.heal(chance.remedy());
                bench.goOn(Duration.ofMillis(random.nextInt(500)));
            }
            bench.awaitServed();
            bench.goOn(); // until all servers are used again

            if (copies == 1) {
                bench.end();
            } else {
                bench.end(Bench::isFoundAgain);
            }
        }
    }

    /**
     * What may happen to a server.
     *
     * @param isQuiet whether a node notices it only where it asks in vain
     */
    private record Chance(Bench.Deed deed, Bench.Deed remedy, boolean isQuiet) {}

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
                    bench.toLinks(link -> link.delay(Duration.ofMillis(20), Duration.ofMillis(40))),
                    0,
                    1,
                    2);
            bench.goOn();
            bench.heal(bench.toLinks(FaultProxy::heal));

            Bench.Outcome outcome = bench.end().nothingIsLost();
            if (Form.current() == Form.SHORT) { // else who loses two races may wait no longer
                outcome.nobodyFails();
            }
        }
    }

    @Test
    void aNarrowNetworkIsNothingButSlow() throws Exception {
        try (Bench bench = Bench.underLoad("1 Mbit/s", copies)) {
            bench.fault(bench.toLinks(link -> link.throttle(125_000)), 0, 1, 2);
            bench.goOn();
            bench.heal(bench.toLinks(FaultProxy::heal));

            bench.end().nothingIsLost().nobodyFails();
        }
    }
}
