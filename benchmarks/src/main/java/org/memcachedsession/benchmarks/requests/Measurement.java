package org.memcachedsession.benchmarks.requests;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Measures the legs of one mode on a server that runs. */
final class Measurement {

    private static final int NANOS_PER_MILLI = 1_000_000;
    private static final double NANOS_PER_MICRO = 1000;
    private static final int REST_OF_WARM_UP = 10;

    /** Compilers begin anew with what is used in another way than before, as it is from leg to leg. */
    private static final int ROUNDS_OF_WARM_UP = 5;

    /** Where latencies are measured as well: the 4 KB that the goals speak of. */
    private static final int ITEMS_OF_LATENCY = 43;

    private final Stand stand;
    private final ServerKind server;
    private final Mode mode;
    private final String variant;
    private final int pass;
    private final Plan plan;

    /**
     * @param variant what is other than usual; empty: nothing
     */
    Measurement(Stand stand, ServerKind server, Mode mode, String variant, int pass, Plan plan) {
        this.stand = stand;
        this.server = server;
        this.mode = mode;
        this.variant = variant;
        this.pass = pass;
        this.plan = plan;
    }

    /** All legs of all sizes of sessions. */
    List<Leg> legs() {
        List<Leg> legs = new ArrayList<>();
        int warmUp = plan.warmUp();
        for (int items : plan.items()) {
            legs.addAll(legs(items, List.of(RequestPath.values()), warmUp));
            warmUp = Math.max(1, plan.warmUp() / REST_OF_WARM_UP);
        }
        return legs;
    }

    /**
     * The legs of one size, interleaved: all kinds of requests, and then again.
     *
     * @param warmUp requests of each kind before
     */
    List<Leg> legs(int items, List<RequestPath> paths, int warmUp) {
        LoadGenerator load =
                LoadGenerator.begin(
                        stand.url(), mode.keeper() != Mode.Keeper.NOBODY, plan.sessions(), items);
        for (int round = 0; round < ROUNDS_OF_WARM_UP; round++) {
            for (RequestPath path : paths) {
                load.warmUp(path, plan.connections(), Math.max(1, warmUp / ROUNDS_OF_WARM_UP));
            }
        }
        stand.otherUrl().ifPresent(load::requireAt);
        SessionSize size = SessionSize.of(items);
        List<Leg> legs = new ArrayList<>();
        for (int repetition = 1; repetition <= plan.repetitions(); repetition++) {
            for (RequestPath path : paths) {
                legs.add(leg(load, size, path, plan.connections(), repetition));
            }
            if (items == ITEMS_OF_LATENCY && variant.isEmpty()) {
                legs.add(leg(load, size, RequestPath.BARE, 1, repetition));
                legs.add(leg(load, size, RequestPath.READ, 1, repetition));
            }
        }
        stand.otherUrl().ifPresent(load::requireAt);
        return legs;
    }

    private Leg leg(
            LoadGenerator load,
            SessionSize size,
            RequestPath path,
            int connections,
            int repetition) {
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
