package org.memcachedsession.benchmarks.requests;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.memcachedsession.benchmarks.requests.Measurement.Turn;

/** Measures how the cost of a request grows with what there is more of. On Payara Micro. */
final class Growth {

    static final String STORED = "stored sessions";
    static final String SERVERS = "memcached servers";
    static final String BEANS = "beans in a session";
    static final String CONNECTIONS = "requests side by side";

    /** In the order of the page. */
    static final List<String> KINDS = List.of(STORED, SERVERS, BEANS, CONNECTIONS);

    private static final List<RequestPath> PATHS =
            List.of(RequestPath.BARE, RequestPath.READ, RequestPath.WRITE);
    private static final int SMALL = 1;
    private static final int MIDDLE = 43;
    private static final int USUAL_MEGABYTES = 256;
    private static final int MEGABYTES_OF_A_MILLION = 1536;
    private static final int SIXTEEN = 16;

    private final Plan plan;
    private final Machine machine;
    private final Consumer<List<Leg>> results;

    /**
     * @param results gets the legs of each step as soon as they are measured
     */
    Growth(Plan plan, Machine machine, Consumer<List<Leg>> results) {
        this.plan = plan;
        this.machine = machine;
        this.results = results;
    }

    /** Of a page: what there is more of, and how many. */
    static String variant(String kind, int count) {
        return kind + "=" + count;
    }

    void measure() {
        storedSessions();
        for (int servers : List.of(1, 3, SIXTEEN)) {
            memcachedServers(servers);
        }
        for (int beans : List.of(1, 10, 100)) {
            beans(beans);
        }
        for (Mode mode : List.of(Mode.OURS_JDK, Mode.FLOOR_JDK)) {
            connections(mode);
        }
    }

    private void storedSessions() {
        byte[] value = SessionSize.serialized(SMALL);
        try (Stand stand = stand(Mode.OURS_JDK, Map.of(), 1, MEGABYTES_OF_A_MILLION)) {
            int stored = 0;
            for (int wanted = 1000; wanted <= 1_000_000; wanted *= 10) {
                StoredSessions.fill(stand.memcached().get(0), stored, wanted, value);
                stored = wanted;
                measure(stand, Mode.OURS_JDK, variant(STORED, wanted), plan, SMALL);
            }
        }
    }

    private void memcachedServers(int count) {
        try (Stand stand = stand(Mode.OURS_JDK, Map.of(), count, USUAL_MEGABYTES)) {
            measure(stand, Mode.OURS_JDK, variant(SERVERS, count), plan, MIDDLE);
        }
    }

    private void beans(int count) {
        Map<String, String> beans = Map.of("many.beans", String.valueOf(count));
        try (Stand stand = stand(Mode.OURS_MANY, beans, 1, USUAL_MEGABYTES)) {
            measure(stand, Mode.OURS_MANY, variant(BEANS, count), plan, SMALL);
        }
    }

    private void connections(Mode mode) {
        try (Stand stand = stand(mode, Map.of(), 1, USUAL_MEGABYTES)) {
            for (int connections = 1; connections <= 256; connections *= 4) {
                String variant = variant(CONNECTIONS, connections);
                measure(stand, mode, variant, plan.withConnections(connections), MIDDLE);
            }
        }
    }

    private Stand stand(Mode mode, Map<String, String> settings, int servers, int megabytes) {
        Map<String, String> all = new TreeMap<>(plan.settings());
        all.putAll(settings);
        return Stand.start(ServerKind.PAYARA_MICRO, mode, all, machine, servers, megabytes);
    }

    private void measure(Stand stand, Mode mode, String variant, Plan steps, int items) {
        Measurement measurement =
                new Measurement(stand, ServerKind.PAYARA_MICRO, mode, variant, steps, PATHS, items);
        results.accept(
                Measurement.inTurns(
                        List.of(new Turn(measurement, 1)), plan.warmUp(), 0, plan.repetitions()));
    }
}
