package org.memcachedsession.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.memcachedsession.history.Anomaly;
import org.memcachedsession.history.AnomalyKind;
import org.memcachedsession.history.Checker;
import org.memcachedsession.history.History;
import org.memcachedsession.history.HistoryFormat;
import org.memcachedsession.history.OperationKind;
import org.memcachedsession.history.Origin;
import org.memcachedsession.history.Report;

/**
 * A cluster under the load of browsers, and what they see while a test does something to servers. Counts are asserted;
 * times are for the row alone.
 */
final class Bench implements AutoCloseable {

    /** As little as leaves room for all sessions. */
    static final int SMALL_MEGABYTES = 16;

    private static final Set<Integer> NODES =
            IntStream.range(0, Cluster.NODES).boxed().collect(Collectors.toUnmodifiableSet());
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int SESSIONS = Form.current().of(200, 2_000);

    /** For a request, besides an operation timeout for each copy. */
    private static final Duration BUDGET = Duration.ofMillis(50);

    private final String name;
    private final Cluster cluster;
    private final Browsers browsers;
    private Set<Integer> victims = Set.of();
    private Set<Integer> victimNodes = NODES;
    private Set<String> hit = Set.of();
    private final List<Outage> outages = new ArrayList<>();
    private boolean isUnderLoad;
    private long firstFaultAt;
    private boolean cameBack;
    private long healedAt;

    private Bench(String name, Cluster cluster, Browsers browsers) {
        this.name = name;
        this.cluster = cluster;
        this.browsers = browsers;
    }

    /**
     * With sessions, and nobody does anything.
     *
     * @param name of the row, with the number of copies
     * @param options of each memcached
     */
    static Bench atRest(String name, int copies, String... options) throws Exception {
        return atRest(name, Cluster.start(copies, options));
    }

    private static Bench atRest(String name, Cluster cluster) throws Exception {
        Browsers browsers = new Browsers(cluster, SESSIONS);
        Bench bench = new Bench(name, cluster, browsers);
        try {
            browsers.begin();
            return bench;
        } catch (Exception | Error failed) {
            bench.close();
            throw failed;
        }
    }

    /** With sessions, and browsers that have been busy for a while. */
    static Bench underLoad(String name, int copies, String... options) throws Exception {
        return underLoad(atRest(name, copies, options));
    }

    /** As {@link #underLoad}; the first server is at the other end of a cable. */
    static Bench underLoadWithCable(String name, int copies) throws Exception {
        return underLoad(atRest(name, Cluster.startWithCable(copies)));
    }

    private static Bench underLoad(Bench bench) throws InterruptedException {
        bench.load();
        return bench;
    }

    /** Browsers begin to be busy, and have been so for a while when this returns. */
    void load() throws InterruptedException {
        isUnderLoad = true;
        browsers.start();
        goOn();
    }

    Cluster cluster() {
        return cluster;
    }

    Browsers browsers() {
        return browsers;
    }

    /** Lets browsers go on for a while. */
    void goOn(Duration duration) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(duration.toNanos());
    }

    /** As {@link #goOn(Duration)}, for so long that there is something to see. */
    void goOn() throws InterruptedException {
        goOn(Form.current().of(Duration.ofSeconds(2), Duration.ofSeconds(10)));
    }

    // ---- what is done to a server

    void kill(int server) {
        cluster.server(server).kill();
    }

    void restart(int server) {
        cluster.server(server).restart();
    }

    void stop(int server) {
        cluster.server(server).stop();
    }

    void resume(int server) {
        cluster.server(server).goOn();
    }

    void hold(int server) {
        toLinks(FaultProxy::hold).to(server);
    }

    void release(int server) {
        toLinks(FaultProxy::release).to(server);
    }

    void unplug(int server) {
        cluster.network(server).unplug();
    }

    void plugIn(int server) {
        cluster.network(server).plugIn();
    }

    void reset(int server) {
        toLinks(FaultProxy::reset).to(server);
    }

    /** To what leads to a server, from all nodes. */
    Deed toLinks(Consumer<FaultProxy> deed) {
        return server -> cluster.links(server).forEach(deed);
    }

    void flush(int server) {
        assertThat(cluster.server(server).say("flush_all")).isEqualTo("OK");
    }

    /** With twice as much as {@link #SMALL_MEGABYTES}, in values that are as long as sessions. */
    void fill(int server) {
        cluster.server(server).fill(2 * SMALL_MEGABYTES, 300, 6000);
    }

    /** As {@link #fill}, in values that are as long as tombstones. */
    void flood(int server) {
        cluster.server(server).fill(2 * SMALL_MEGABYTES, 30, 300);
    }

    /** Ends a node that has a JVM of its own, as a crash would. */
    void killNode(int node) {
        outages.add(new Outage(node));
        if (firstFaultAt == 0) {
            firstFaultAt = outages.get(0).from;
        }
        cluster.killNode(node);
    }

    /** Another one takes its place. */
    void replaceNode(int node) throws Exception {
        cluster.restartNodeAsProcess(node);
        Outage last = outages.get(outages.size() - 1);
        last.to = System.nanoTime();
        healedAt = last.to;
        cameBack = true;
    }

    /** When a node was not there, by {@link System#nanoTime()}. */
    private static final class Outage {
        private final int node;
        private final long from = System.nanoTime();
        private volatile long to = Long.MAX_VALUE;

        Outage(int node) {
            this.node = node;
        }

        boolean concerns(Visit visit) {
            return visit.node() == node && visit.end() >= from && visit.begin() <= to;
        }
    }

    /**
     * Something is done to servers.
     *
     * @param servers those to which it is done; sessions that live on no other are {@linkplain #hit hit}
     */
    void fault(Deed deed, Integer... servers) {
        victims = Set.of(servers);
        cameBack = false;
        healedAt = System.nanoTime();
        if (firstFaultAt == 0) {
            firstFaultAt = healedAt;
        }
        victims.forEach(deed::to);
        // no session begins there any more while they are away
        hit =
                browsers.ids().stream()
                        .filter(id -> cluster.livesOnlyOn(victims, id))
                        .collect(Collectors.toSet());
    }

    /** As {@link #fault}; one node alone notices it. */
    void faultFor(int node, Deed deed, Integer... servers) {
        victimNodes = Set.of(node);
        fault(deed, servers);
    }

    /** All servers that come back are back after this. */
    void heal(Deed deed) {
        victims.forEach(deed::to);
        healedAt = System.nanoTime();
        cameBack = true;
    }

    /** Browsers go on until each node has served sessions that were hit, those of each set of servers. */
    void awaitServed() {
        await(
                "sessions are served again",
                () -> {
                    List<Visit> visits = browsers.visits();
                    return everyHit().allMatch(one -> servedAgain(one, visits).isPresent());
                });
    }

    /** Until each node is left without an answer when it wants to connect to a server. */
    void awaitSilence(int server) {
        await(
                "each node connects in vain",
                () -> cluster.network(server).connecting() >= Cluster.NODES);
    }

    /** Until all has come to a server that nodes have sent on connections that they gave up. */
    void awaitLateArrivals(int server) {
        await("nothing is on the way", () -> cluster.network(server).onTheWay() == 0);
    }

    /** Until no node asks a server any more, where sessions have copies. */
    void awaitLoss(int server) {
        await("each node knows that a server is away", () -> cluster.isAwayForAll(server));
    }

    /** Until each node would believe a server, where sessions have copies. */
    void awaitSteady(int server) {
        await("each node uses a server as before", () -> cluster.isSteadyForAll(server));
    }

    /** When nobody does anything any more: until servers that have something for one id have the same. */
    void awaitAgreement() throws Exception {
        browsers.stop();
        List<String> ids = browsers.idsAndEnded();
        await("the copies of each session agree", () -> cluster.differing(ids).isEmpty());
        assertThat(browsers.lookByEachNode()).as("what nodes say of one session").isEmpty();
    }

    private static void await(String goal, BooleanSupplier reached) {
        long begin = System.nanoTime();
        while (!reached.getAsBoolean()) {
            if (System.nanoTime() - begin > PATIENCE.toNanos()) {
                throw new AssertionError("waited in vain until " + goal);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** Sessions that nobody could serve meanwhile: those of a set of servers, at a node. */
    private record Hit(int node, Set<Integer> servers) {}

    private Stream<Hit> everyHit() {
        return hit.stream()
                .map(cluster::serversOf)
                .distinct()
                .flatMap(servers -> victimNodes.stream().map(node -> new Hit(node, servers)));
    }

    /** Nanoseconds from the end of the fault. */
    private OptionalLong servedAgain(Hit some, List<Visit> visits) {
        return visits.stream()
                .filter(visit -> visit.end() > healedAt && visit.node() == some.node())
                .filter(visit -> visit.usesScope() && !visit.failed())
                .filter(
                        visit ->
                                visit.id()
                                        .filter(id -> cluster.serversOf(id).equals(some.servers()))
                                        .isPresent())
                .mapToLong(visit -> visit.end() - healedAt)
                .min();
    }

    /** To one server. */
    interface Deed {
        void to(int server);
    }

    /** As {@link #end(Predicate)}; nothing but the loss of sessions may have happened. */
    Outcome end() throws Exception {
        return end(anomaly -> false);
    }

    /**
     * Ends the load, has each browser look at its session once more, and judges it all.
     *
     * @param mayBe what may have happened besides the loss of sessions
     */
    Outcome end(Predicate<Anomaly> mayBe) throws Exception {
        browsers.stop();
        browsers.look();
        List<Visit> visits = browsers.visits();
        History history = History.of(visits.stream().map(Visit::operation).toList());
        Report report = Checker.check(history);
        if (!report.anomalies().isEmpty()) {
            HistoryFormat.write(
                    Path.of(
                            "target",
                            "faults",
                            (name + " copies " + cluster.copies()).replaceAll("[^a-z0-9]+", "-")
                                    + ".txt"),
                    history,
                    report);
        }
        Outcome outcome = new Outcome(report, visits);
        row(outcome).report();
        assertThat(report.anomalies())
                .as("%s", report)
                .allMatch(anomaly -> anomaly.kind() == AnomalyKind.LOST || mayBe.test(anomaly));
        assertThat(visits.stream().anyMatch(visit -> !visit.usesScope())).isEqualTo(isUnderLoad);
        assertThat(
                        visits.stream()
                                .filter(visit -> !visit.usesScope() && visit.failed())
                                .filter(visit -> !isAtDeadNode(visit)))
                .as("pages that do not use the scope")
                .isEmpty();
        return outcome;
    }

    static Predicate<Anomaly> of(AnomalyKind... kinds) {
        return anomaly -> List.of(kinds).contains(anomaly.kind());
    }

    /** A session that was not found, and had not been ended, is found by another node, which knows more. */
    static boolean isFoundAgain(Anomaly anomaly) {
        return anomaly.kind() == AnomalyKind.REVIVED
                && anomaly.evidence().stream()
                        .allMatch(
                                gone ->
                                        gone.answer()
                                                .filter(told -> told.origin() == Origin.UNKNOWN)
                                                .isPresent());
    }

    private boolean isAtDeadNode(Visit visit) {
        return outages.stream().anyMatch(outage -> outage.concerns(visit));
    }

    /** What was seen. Sessions may have been lost; otherwise nothing was wrong. */
    final class Outcome {
        private final Report report;
        private final List<Visit> visits;
        private final Map<String, String> idsBySession = new HashMap<>();
        private final Set<String> ended = new HashSet<>();

        private Outcome(Report report, List<Visit> visits) {
            this.report = report;
            this.visits = visits;
            for (Visit visit : visits) {
                visit.id()
                        .ifPresent(
                                id -> {
                                    idsBySession.put(visit.operation().sent().orElseThrow(), id);
                                    if (visit.operation().kind() == OperationKind.INVALIDATE) {
                                        ended.add(id);
                                    }
                                });
            }
        }

        Outcome nothingIsLost() {
            assertThat(report.count(AnomalyKind.LOST)).as("%s", report).isZero();
            return this;
        }

        /** Some sessions are lost. */
        Outcome someAreLost() {
            assertThat(lost()).isNotEmpty();
            return this;
        }

        /** Lost are the sessions that were hit, each of them, and no others. */
        Outcome lostIsWhatWasHit() {
            Set<String> lost = lost();
            assertThat(lost.stream().filter(id -> !cluster.livesOnlyOn(victims, id)))
                    .as("lost by nobody")
                    .isEmpty();
            assertThat(hit.stream().filter(id -> !ended.contains(id) && !lost.contains(id)))
                    .as("on nothing but servers that have lost all")
                    .isEmpty();
            assertThat(lost.isEmpty()).isEqualTo(!isAnyHit());
            return this;
        }

        private boolean isAnyHit() {
            return cluster.copies() <= victims.size();
        }

        private Set<String> lost() {
            Set<String> ids = new HashSet<>();
            report.anomalies().stream()
                    .filter(anomaly -> anomaly.kind() == AnomalyKind.LOST)
                    .forEach(
                            anomaly -> {
                                Optional<String> session = anomaly.operation().sent();
                                assertThat(session).as("%s", anomaly).isPresent();
                                assertThat(anomaly.operation().answer().orElseThrow().session())
                                        .as("%s", anomaly)
                                        .isNotEqualTo(session);
                                ids.add(idsBySession.get(session.get()));
                            });
            return ids;
        }

        /** Requests fail, and all of them are of sessions that were hit, or begin one. */
        Outcome onlyThoseThatAreHitFail() {
            assertThat(visits.stream().anyMatch(Visit::failed)).isEqualTo(isAnyHit());
            return nobodyElseFails();
        }

        Outcome nobodyFails() {
            assertThat(visits.stream().filter(Visit::failed)).isEmpty();
            return this;
        }

        /** Requests to the node that is not there fail, and no others. */
        Outcome onlyThoseAtTheDeadNodeFail() {
            List<Visit> failed = visits.stream().filter(Visit::failed).toList();
            assertThat(failed).isNotEmpty();
            assertThat(failed.stream().filter(visit -> !isAtDeadNode(visit))).isEmpty();
            return this;
        }

        /** Nobody but those that are hit fails. */
        Outcome nobodyElseFails() {
            assertThat(visits.stream().filter(Visit::failed).filter(this::shouldWork)).isEmpty();
            return this;
        }

        /** From the end of the fault until all that was hit was served; empty where nothing was, or nobody came. */
        private OptionalLong foundAgain() {
            List<OptionalLong> each = everyHit().map(one -> servedAgain(one, visits)).toList();
            return cameBack && each.stream().allMatch(OptionalLong::isPresent)
                    ? each.stream().mapToLong(OptionalLong::getAsLong).max()
                    : OptionalLong.empty();
        }

        /** Where a session was ended meanwhile, a write begins another one, which may live anywhere. */
        private boolean shouldWork(Visit visit) {
            return !isAtDeadNode(visit)
                    && (!victimNodes.contains(visit.node())
                            || visit.id()
                                    .filter(
                                            id ->
                                                    !ended.contains(id)
                                                            && !cluster.livesOnlyOn(victims, id))
                                    .isPresent());
        }

        /**
         * Nanoseconds from the end of the fault until nobody failed or was slow any more, but those who are hit
         * where no server came back.
         */
        private long recovery() {
            return visits.stream()
                    .filter(visit -> visit.end() > healedAt)
                    .filter(visit -> cameBack || shouldWork(visit))
                    .filter(
                            visit ->
                                    visit.failed()
                                            || visit.nanos() > Cluster.OPERATION_TIMEOUT.toNanos())
                    .mapToLong(visit -> visit.end() - healedAt)
                    .max()
                    .orElse(0);
        }
    }

    private ServerRow row(Outcome outcome) {
        List<Visit> since =
                outcome.visits.stream().filter(each -> each.end() >= firstFaultAt).toList();
        long[] nanos = since.stream().mapToLong(Visit::nanos).sorted().toArray();
        Report report = outcome.report;
        return new ServerRow(
                name,
                cluster.copies(),
                browsers.count(),
                since.size(),
                report.count(AnomalyKind.FOREIGN),
                report.count(AnomalyKind.STALE),
                report.count(AnomalyKind.TORN),
                report.count(AnomalyKind.REVIVED),
                report.count(AnomalyKind.LOST),
                report.count(AnomalyKind.LOST_UPDATE),
                nanos[nanos.length / 2],
                nanos[nanos.length * 99 / 100],
                nanos[nanos.length - 1],
                since.stream().filter(Visit::failed).count(),
                outcome.recovery(),
                BUDGET.plus(Cluster.OPERATION_TIMEOUT.multipliedBy(cluster.copies())).toNanos(),
                outcome.foundAgain());
    }

    @Override
    public void close() throws Exception {
        browsers.close();
        cluster.close();
    }
}
