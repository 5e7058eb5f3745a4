package org.memcachedsession.benchmarks.requests;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Measures one mode with sessions of one size, on a server that runs. */
final class Measurement {

    private static final int NANOS_PER_MILLI = 1_000_000;
    private static final double NANOS_PER_MICRO = 1000;

    /** Compilers begin anew with what is used in another way than before, as it is from leg to leg. */
    private static final int ROUNDS_OF_WARM_UP = 5;

    /** Where latencies are measured as well: the 4 KB that the goals speak of. */
    private static final int ITEMS_OF_LATENCY = 43;

    private final Stand stand;
    private final ServerKind server;
    private final Mode mode;
    private final String variant;
    private final Plan plan;
    private final List<RequestPath> paths;
    private final SessionSize size;
    private final LoadGenerator load;

    /**
     * Begins the sessions.
     *
     * @param variant what is other than usual; empty: nothing
     * @param paths kinds of requests, bare ones among them
     */
    Measurement(
            Stand stand,
            ServerKind server,
            Mode mode,
            String variant,
            Plan plan,
            List<RequestPath> paths,
            int items) {
        this.stand = stand;
        this.server = server;
        this.mode = mode;
        this.variant = variant;
        this.plan = plan;
        this.paths = List.copyOf(paths);
        this.size = SessionSize.of(items);
        this.load =
                LoadGenerator.begin(
                        stand.url(), mode.keeper() != Mode.Keeper.NOBODY, plan.sessions(), items);
    }

    /**
     * A mode has its turn in each repetition.
     *
     * @param pass other than that of another turn of the same mode
     */
    record Turn(Measurement measurement, int pass) {}

    /**
     * Warms all of them up, and measures in turns: so what slows this machine down for a while comes to all that are to
     * be compared, and not to one.
     *
     * @param warmUp requests of each kind before
     * @param before repetitions that there have been on other servers
     */
    static List<Leg> inTurns(List<Turn> turns, int warmUp, int before, int repetitions) {
        List<Measurement> all = turns.stream().map(Turn::measurement).distinct().toList();
        all.forEach(each -> each.warmUp(warmUp));
        List<Leg> legs = new ArrayList<>();
        for (int repetition = 1; repetition <= repetitions; repetition++) {
            for (Turn turn : turns) {
                legs.addAll(turn.measurement.legs(turn.pass, before + repetition));
            }
        }
        all.forEach(Measurement::requireAtOther);
        return legs;
    }

    private void warmUp(int requests) {
        for (int round = 0; round < ROUNDS_OF_WARM_UP; round++) {
            for (RequestPath path : paths) {
                load.warmUp(path, plan.connections(), Math.max(1, requests / ROUNDS_OF_WARM_UP));
            }
        }
        requireAtOther();
    }

    private void requireAtOther() {
        stand.otherUrl().ifPresent(load::requireAt);
    }

    /** Of all kinds of requests, one after the other. */
    private List<Leg> legs(int pass, int repetition) {
        List<Leg> legs = new ArrayList<>();
        for (RequestPath path : paths) {
            legs.add(leg(path, plan.connections(), pass, repetition));
        }
        if (size.items() == ITEMS_OF_LATENCY && variant.isEmpty()) {
            legs.add(leg(RequestPath.BARE, 1, pass, repetition));
            legs.add(leg(RequestPath.READ, 1, pass, repetition));
        }
        return legs;
    }

    private Leg leg(RequestPath path, int connections, int pass, int repetition) {
        Duration duration = plan.leg();
        StoreStatistics storeBefore = StoreStatistics.of(stand.memcached());
        long serverMicros = stand.serverMicros();
        long storeMicros = stand.storeMicros();
        Load done = load.run(path, connections, duration);
        serverMicros = stand.serverMicros() - serverMicros;
        storeMicros = stand.storeMicros() - storeMicros;
        StoreStatistics store = StoreStatistics.of(stand.memcached()).since(storeBefore);
        return new Leg(
                server.id(),
                mode.id(),
                variant,
                pass,
                size.items(),
                size.bytes(),
                path.id(),
                connections,
                repetition,
                done.requests(),
                done.errors(),
                done.nanos() / NANOS_PER_MILLI,
                serverMicros,
                storeMicros,
                store,
                connections == 1 ? Statistics.median(done.latencies()) / NANOS_PER_MICRO : 0);
    }
}
