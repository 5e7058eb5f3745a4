package org.memcachedsession.benchmarks.requests;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;

/**
 * What the legs of a file come to: medians of the repetitions, and of a mode that was measured twice the mean of both
 * medians. Empty where nothing was measured. Times are microseconds of processor time per request.
 */
final class Figures {

    private final List<Leg> legs;
    private final int connections;

    /**
     * @param legs without variants
     */
    Figures(List<Leg> legs) {
        this.legs = List.copyOf(legs);
        this.connections = legs.stream().mapToInt(Leg::connections).max().orElse(0);
    }

    /** A mode on a server, with sessions of one size. */
    record Case(ServerKind server, Mode mode, int items) {

        Case with(Mode other) {
            return new Case(server, other, items);
        }

        Case with(int otherItems) {
            return new Case(server, mode, otherItems);
        }
    }

    /** The sizes that were measured, the smallest first. */
    List<SessionSize> sizes() {
        TreeMap<Integer, Integer> sizes = new TreeMap<>();
        legs.forEach(leg -> sizes.put(leg.items(), leg.bytes()));
        return sizes.entrySet().stream()
                .map(entry -> new SessionSize(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** Wrong answers. */
    long errors() {
        return legs.stream().mapToLong(Leg::errors).sum();
    }

    /** Of server and store, of a request that has no cookie. */
    OptionalDouble bare(Case of) {
        return median(of, RequestPath.BARE, Leg::microsPerRequest);
    }

    /** Requests per second, with all connections. */
    OptionalDouble requestsPerSecond(Case of, RequestPath path) {
        return median(of, path, Leg::requestsPerSecond);
    }

    /** Commands to memcached per request. */
    OptionalDouble commands(Case of, RequestPath path) {
        return median(of, path, leg -> leg.store().commands() / (double) leg.requests());
    }

    /** Bytes to memcached per request. */
    OptionalDouble bytesToStore(Case of, RequestPath path) {
        return median(of, path, leg -> leg.store().bytesIn() / (double) leg.requests());
    }

    /** What a request costs more than a bare one, server and store together. */
    OptionalDouble added(Case of, RequestPath path) {
        return added(of, path, connections, Leg::microsPerRequest);
    }

    /** As {@link #added(Case, RequestPath)}, of the server alone. */
    OptionalDouble addedOnServer(Case of, RequestPath path) {
        return added(of, path, connections, Leg::serverMicrosPerRequest);
    }

    /** As {@link #added(Case, RequestPath)}, of the store alone. */
    OptionalDouble addedInStore(Case of, RequestPath path) {
        return added(of, path, connections, Leg::storeMicrosPerRequest);
    }

    /** {@link #added(Case, RequestPath)}, as a multiple of that of the floor on the same server. */
    OptionalDouble timesFloor(Case of, RequestPath path) {
        return quotient(added(of, path), added(of.with(Mode.FLOOR_JDK), path));
    }

    /** {@link #added(Case, RequestPath)} in each repetition, the least first. */
    List<Double> spread(Case of, RequestPath path) {
        return pairs(of, path, connections).stream()
                .map(pair -> pair.leg.microsPerRequest() - pair.bare.microsPerRequest())
                .sorted()
                .toList();
    }

    /** Microseconds from a request to its answer, median with one connection. */
    OptionalDouble latency(Case of, RequestPath path) {
        return meanOfMedians(select(of, path, 1), Leg::pass, Leg::latencyMicros);
    }

    /** What a read takes longer than a bare request, median with one connection. */
    OptionalDouble addedLatency(Case of) {
        return added(of, RequestPath.READ, 1, Leg::latencyMicros);
    }

    /** Of one operation of {@link SealingCost}. */
    OptionalDouble sealing(String operation, int items) {
        return meanOfMedians(
                legs.stream()
                        .filter(leg -> leg.mode().equals(SealingCost.MODE))
                        .filter(leg -> leg.path().equals(operation) && leg.items() == items)
                        .toList(),
                Leg::pass,
                Leg::serverMicrosPerRequest);
    }

    static OptionalDouble quotient(OptionalDouble dividend, OptionalDouble divisor) {
        return dividend.isPresent() && divisor.isPresent()
                ? OptionalDouble.of(dividend.getAsDouble() / divisor.getAsDouble())
                : OptionalDouble.empty();
    }

    private OptionalDouble median(Case of, RequestPath path, ToDoubleFunction<Leg> figure) {
        return meanOfMedians(select(of, path, connections), Leg::pass, figure);
    }

    private OptionalDouble added(
            Case of, RequestPath path, int connections, ToDoubleFunction<Leg> figure) {
        return meanOfMedians(
                pairs(of, path, connections),
                pair -> pair.leg.pass(),
                pair -> figure.applyAsDouble(pair.leg) - figure.applyAsDouble(pair.bare));
    }

    /** A leg and the bare one of its repetition. */
    private record Pair(Leg leg, Leg bare) {}

    private List<Pair> pairs(Case of, RequestPath path, int connections) {
        List<Leg> bare = select(of, RequestPath.BARE, connections);
        List<Pair> pairs = new ArrayList<>();
        for (Leg leg : select(of, path, connections)) {
            bare.stream()
                    .filter(other -> other.pass() == leg.pass())
                    .filter(other -> other.repetition() == leg.repetition())
                    .forEach(other -> pairs.add(new Pair(leg, other)));
        }
        return pairs;
    }

    private List<Leg> select(Case of, RequestPath path, int connections) {
        return legs.stream()
                .filter(leg -> leg.server().equals(of.server.id()))
                .filter(leg -> leg.mode().equals(of.mode.id()))
                .filter(leg -> leg.items() == of.items && leg.path().equals(path.id()))
                .filter(leg -> leg.connections() == connections)
                .toList();
    }

    private static <T> OptionalDouble meanOfMedians(
            List<T> all, ToIntFunction<T> pass, ToDoubleFunction<T> figure) {
        TreeMap<Integer, List<Double>> byPass = new TreeMap<>();
        for (T one : all) {
            byPass.computeIfAbsent(pass.applyAsInt(one), key -> new ArrayList<>())
                    .add(figure.applyAsDouble(one));
        }
        return byPass.values().stream().mapToDouble(Statistics::median).average();
    }
}
