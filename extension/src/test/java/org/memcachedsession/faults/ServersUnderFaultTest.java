package org.memcachedsession.faults;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/** Where each session is on one server; also more than one fault at a time, of which docs/copies.md tells. */
class ServersUnderFaultTest extends ServersUnderFault {

    ServersUnderFaultTest() {
        super(1);
    }

    @Test
    void ofTwoThatComeBackEmptyThoseSessionsAreLostThatLivedNowhereElse() throws Exception {
        try (Bench bench = Bench.underLoad("kill -9 two of three; they come back empty", 1)) {
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
        try (Bench bench = Bench.underLoad("kill -9 all three; they come back empty", 1)) {
            bench.fault(bench::kill, 0, 1, 2);
            bench.goOn();
            bench.heal(bench::restart);
            bench.goOn();

            bench.end().lostIsWhatWasHit().onlyThoseThatAreHitFail();
        }
    }

    @Test
    void whenAllServersHangPagesWithoutTheScopeWorkAndAllIsThereWhenTheyGoOn() throws Exception {
        try (Bench bench = Bench.underLoad("SIGSTOP all three; SIGCONT", 1)) {
            bench.fault(bench::stop, 0, 1, 2);
            bench.goOn(HANG);
            bench.heal(bench::resume);
            bench.goOn();

            bench.end().nothingIsLost().onlyThoseThatAreHitFail();
        }
    }

    @Test
    void whoseConnectionIsResetAgainAndAgainLosesNothing() throws Exception {
        try (Bench bench = Bench.underLoad("connections reset, ten times a second", 1)) {
            for (int i = 0; i < Form.current().of(20, 200); i++) {
                bench.fault(bench::reset, 0, 1, 2);
                bench.goOn(Duration.ofMillis(100));
            }

            bench.end().nothingIsLost();
        }
    }

    @Test
    void whateverFailsAndWhenNothingIsWrongButWhatIsLost() throws Exception {
        int seed = Integer.getInteger("faults.seed", ThreadLocalRandom.current().nextInt());
        SplittableRandom random = new SplittableRandom(seed);
        System.out.printf("faults by chance: -Dfaults.seed=%d%n", seed);
        try (Bench bench = Bench.underLoad("faults of all kinds, by chance", 1)) {
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
