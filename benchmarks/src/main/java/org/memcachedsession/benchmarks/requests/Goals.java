package org.memcachedsession.benchmarks.requests;

import static org.memcachedsession.benchmarks.requests.Mode.FLOOR_JDK;
import static org.memcachedsession.benchmarks.requests.Mode.OURS_FORY;
import static org.memcachedsession.benchmarks.requests.Mode.OURS_JDK;
import static org.memcachedsession.benchmarks.requests.RequestPath.MIX;
import static org.memcachedsession.benchmarks.requests.RequestPath.PLAIN;
import static org.memcachedsession.benchmarks.requests.RequestPath.READ;
import static org.memcachedsession.benchmarks.requests.RequestPath.WRITE;

import java.util.List;
import java.util.OptionalDouble;
import org.memcachedsession.benchmarks.requests.Figures.Case;

/** What this library's sessions may cost, at 4 KB on Payara Micro. */
final class Goals {

    private static final int SMALL = 43;
    private static final int LARGE = 381;
    private static final double WRITES_OF_MIX = 0.1;

    private Goals() {}

    static List<Goal> of(Figures figures) {
        Case jdk = new Case(ServerKind.PAYARA_MICRO, OURS_JDK, SMALL);
        Case fory = jdk.with(OURS_FORY);
        return List.of(
                timesFloor(figures, jdk, READ, 1.25, 1.0),
                timesFloor(figures, jdk, MIX, 1.25, 1.0),
                timesFloor(figures, jdk, WRITE, 1.15, 1.05),
                timesFloor(figures, fory, READ, 0.70, 0.55),
                timesFloor(figures, fory, MIX, 0.70, 0.55),
                timesFloor(figures, fory, WRITE, 0.75, 0.60),
                Goal.atMost(
                        "session not used, cookie there: added µs",
                        figures.added(jdk, PLAIN),
                        10,
                        10),
                Goal.exactly(
                        "session not used, cookie there: commands to memcached",
                        figures.commands(jdk, PLAIN),
                        0),
                Goal.exactly("read: commands to memcached", figures.commands(jdk, READ), 1),
                Goal.exactly("write: commands to memcached", figures.commands(jdk, WRITE), 2),
                Goal.atMost(
                        "`ours-jdk`, read: 32 KB over 4 KB",
                        Figures.quotient(
                                figures.added(jdk.with(LARGE), READ), figures.added(jdk, READ)),
                        3.5,
                        3.0),
                Goal.atMost(
                        "`ours-jdk`, read, one connection: added latency, times the floor's",
                        Figures.quotient(
                                figures.addedLatency(jdk),
                                figures.addedLatency(jdk.with(FLOOR_JDK))),
                        1.5,
                        1.0),
                Goal.atMost(
                        "`ours-jdk`, mix: with seal, times without (computed)",
                        withSealOverWithout(figures, jdk),
                        1.15,
                        1.06));
    }

    private static Goal timesFloor(
            Figures figures, Case ours, RequestPath path, double must, double aim) {
        return Goal.atMost(
                "`%s`, %s: times the floor".formatted(ours.mode().id(), path.id()),
                figures.timesFloor(ours, path),
                must,
                aim);
    }

    private static OptionalDouble withSealOverWithout(Figures figures, Case jdk) {
        OptionalDouble with = figures.added(jdk, MIX);
        OptionalDouble open = figures.sealing(SealingCost.OPEN, SMALL);
        OptionalDouble seal = figures.sealing(SealingCost.SEAL, SMALL);
        if (with.isEmpty() || open.isEmpty() || seal.isEmpty()) {
            return OptionalDouble.empty();
        }
        double sealing = open.getAsDouble() + WRITES_OF_MIX * seal.getAsDouble();
        return OptionalDouble.of(with.getAsDouble() / (with.getAsDouble() - sealing));
    }
}
