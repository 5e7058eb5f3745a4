package org.memcachedsession.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * What browsers see while servers die, hang, forget and come back. Each test prints a row: docs/faults.md tells what it
 * means.
 */
@Tag("faults")
@Timeout(600)
class ServersUnderFaultTest {

    private static final Duration HANG =
            Form.current().of(Duration.ofSeconds(7), Duration.ofSeconds(30));

    private static final String[] SMALL_MEMORY = {"-m", String.valueOf(Bench.SMALL_MEGABYTES)};

    static boolean areThereCopies() {
        return Cluster.COPIES > 1;
    }

    @Test
    void whoseServerIsKilledHasNoSessionAndNobodyElseNoticesIt() throws Exception {
        try (Bench bench = Bench.underLoad("kill -9 one of three")) {
            bench.fault(bench::kill, 0);
            bench.goOn();

            bench.end().nothingIsLost().onlyThoseThatAreHitFail();
        }
    }

    @Test
    void aServerThatComesBackEmptyHasLostItsSessionsAndNoOthers() throws Exception {
        try (Bench bench = Bench.underLoad("kill -9 one of three; it comes back empty")) {
            bench.fault(bench::kill, 0);
            bench.goOn();
            bench.heal(bench::restart);
            bench.goOn();

            bench.end().lostIsWhatWasHit().onlyThoseThatAreHitFail();
        }
    }

    @Test
    void ofTwoThatComeBackEmptyThoseSessionsAreLostThatLivedNowhereElse() throws Exception {
        try (Bench bench = Bench.underLoad("kill -9 two of three; they come back empty")) {
            bench.fault(bench::kill, 0, 1);
            bench.goOn();
            bench.heal(bench::restart);
            bench.goOn();

            bench.end().lostIsWhatWasHit().onlyThoseThatAreHitFail();
        }
    }

    @Test
    void whenAllServersDiePagesWithoutTheScopeWorkAndSessionsBeginAnewAfterTheReturn()
            throws Exception {
        try (Bench bench = Bench.underLoad("kill -9 all three; they come back empty")) {
            bench.fault(bench::kill, 0, 1, 2);
            bench.goOn();
            bench.heal(bench::restart);
            bench.goOn();

            bench.end().lostIsWhatWasHit().onlyThoseThatAreHitFail();
        }
    }

    @Test
    void aServerThatHangsHoldsUpFewRequestsAndAllIsThereWhenItGoesOn() throws Exception {
        try (Bench bench = Bench.underLoad("SIGSTOP one of three; SIGCONT")) {
            FaultProxy link = bench.cluster().link(0);
            long questions = link.questions();
            long connections = link.connections();
            bench.fault(bench::stop, 0);
            bench.goOn(HANG);
            long probes = link.connections() - connections;
            long asked = link.questions() - questions - probes;
            bench.heal(bench::resume);
            bench.goOn();

            bench.end().nothingIsLost().onlyThoseThatAreHitFail();
            assertThat(asked)
                    .as("questions to a server that hangs")
                    .isBetween(1L, (long) Browsers.THREADS * Cluster.FAILURE_LIMIT);
        }
    }

    @Test
    void whenAllServersHangPagesWithoutTheScopeWorkAndAllIsThereWhenTheyGoOn() throws Exception {
        try (Bench bench = Bench.underLoad("SIGSTOP all three; SIGCONT")) {
            bench.fault(bench::stop, 0, 1, 2);
            bench.goOn(HANG);
            bench.heal(bench::resume);
            bench.goOn();

            bench.end().nothingIsLost().onlyThoseThatAreHitFail();
        }
    }

    @Test
    void whatWasHeldBackByTheNetworkUndoesNothingWhenItArrives() throws Exception {
        try (Bench bench = Bench.underLoad("link to one of three down; up again")) {
            bench.fault(bench::hold, 0);
            bench.goOn(HANG);
            bench.heal(bench::release);
            bench.goOn();

            bench.end().nothingIsLost().onlyThoseThatAreHitFail();
        }
    }

    /** The one that was out of reach has what was true before. */
    @Test
    @EnabledIf("areThereCopies")
    void aServerThatWasOutOfReachShowsNothingOldWhenTheOneThatKnewBetterDies() throws Exception {
        try (Bench bench = Bench.atRest("link down while all change; up; the survivors die")) {
            bench.fault(bench::hold, 0);
            bench.browsers().change();
            bench.heal(bench::release);
            bench.fault(bench::kill, 1, 2);

            bench.end().nobodyElseFails();
        }
    }

    @Test
    void aServerThatIsFlushedHasLostItsSessionsAndNoOthers() throws Exception {
        try (Bench bench = Bench.atRest("flush_all on one of three")) {
            bench.fault(bench::flush, 0);

            bench.end().lostIsWhatWasHit().nobodyFails();
        }
    }

    @Test
    void whileServersAreFlushedUnderLoadNothingButSessionsIsLost() throws Exception {
        try (Bench bench = Bench.underLoad("flush_all on one after the other, under load")) {
            for (int i = 0; i < 10; i++) {
                bench.fault(bench::flush, i % Cluster.SERVERS);
                bench.goOn(Duration.ofMillis(200));
            }

            bench.end().someAreLost().nobodyFails();
        }
    }

    @Test
    void whatIsEvictedIsLostAndNothingOldComesBack() throws Exception {
        try (Bench bench = Bench.underLoad("memory filled twice over", SMALL_MEMORY)) {
            bench.fault(bench::fill, 0, 1, 2);
            bench.goOn();

            bench.end().someAreLost().nobodyFails();
        }
    }

    @Test
    void whereTombstonesAreFloodedOutDeadIdsStayDead() throws Exception {
        try (Bench bench = Bench.atRest("all log out; tombstones flooded out", SMALL_MEMORY)) {
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
        try (Bench bench = Bench.atRest("all log out; all servers come back empty")) {
            bench.browsers().end();
            bench.fault(bench::kill, 0, 1, 2);
            bench.heal(bench::restart);
            bench.goOn(); // until they are used again
            bench.browsers().tryEnded();

            bench.end().nothingIsLost();
        }
    }

    @Test
    void whoseConnectionIsResetAgainAndAgainLosesNothing() throws Exception {
        try (Bench bench = Bench.underLoad("connections reset, ten times a second")) {
            for (int i = 0; i < Form.current().of(20, 200); i++) {
                bench.fault(bench::reset, 0, 1, 2);
                bench.goOn(Duration.ofMillis(100));
            }

            bench.end().nothingIsLost();
        }
    }

    @Test
    void aSlowNetworkIsNothingButSlow() throws Exception {
        try (Bench bench = Bench.underLoad("20 to 60 ms more, each way")) {
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

            bench.end().nothingIsLost().nobodyFails();
        }
    }

    @Test
    void aNarrowNetworkIsNothingButSlow() throws Exception {
        try (Bench bench = Bench.underLoad("1 Mbit/s")) {
            bench.fault(i -> bench.cluster().link(i).throttle(125_000), 0, 1, 2);
            bench.goOn();
            bench.heal(i -> bench.cluster().link(i).heal());

            bench.end().nothingIsLost().nobodyFails();
        }
    }

    @Test
    void whateverFailsAndWhenNothingIsWrongButWhatIsLost() throws Exception {
        int seed = Integer.getInteger("faults.seed", ThreadLocalRandom.current().nextInt());
        SplittableRandom random = new SplittableRandom(seed);
        System.out.printf("faults by chance: -Dfaults.seed=%d%n", seed);
        try (Bench bench = Bench.underLoad("faults of all kinds, by chance")) {
            List<Bench.Deed> deeds =
                    List.of(bench::kill, bench::stop, bench::hold, bench::reset, bench::flush);
            List<Bench.Deed> remedies =
                    List.of(bench::restart, bench::resume, bench::release, i -> {}, i -> {});
            for (int i = 0; i < Form.current().of(8, 150); i++) {
                int kind = random.nextInt(deeds.size());
                bench.fault(deeds.get(kind), random.nextInt(Cluster.SERVERS));
                bench.goOn(Duration.ofMillis(random.nextInt(1_500)));
                bench.heal(remedies.get(kind));
                bench.goOn(Duration.ofMillis(random.nextInt(500)));
            }
            bench.goOn(); // until all servers are used again

            bench.end();
        }
    }
}
