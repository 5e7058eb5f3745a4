package org.memcachedsession.servers.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.memcachedsession.servers.ServerKind.PAYARA_MICRO;
import static org.memcachedsession.servers.ServerKind.WILDFLY;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.memcachedsession.history.HistoryProgram;
import org.memcachedsession.history.Plan;
import org.memcachedsession.history.Report;
import org.memcachedsession.nodes.Node;
import org.memcachedsession.nodes.NodeSettings;
import org.memcachedsession.servers.Memcached;
import org.memcachedsession.servers.ScenarioWar;
import org.memcachedsession.servers.ServerKind;

/**
 * Browsers with many requests at once, on two nodes: nothing foreign, stale, torn, revived or lost. How
 * long is a setting, {@code -Dhistory.duration=PT1H}, and what the browsers ask is decided by {@code
 * -Dhistory.seed}.
 */
class HistoryIT {

    /** Of the two Payara nodes; the mixed pair gets a third of it. */
    private static final Duration DURATION = Duration.parse(System.getProperty("history.duration"));

    private static final long SEED = Long.getLong("history.seed", System.nanoTime());

    /** So that no history outgrows the memory. */
    private static final Duration ROUND = Duration.ofMinutes(1);

    private static final int UNANSWERED_PERCENT = 1;

    private static final List<Node> NODES = new ArrayList<>();

    @BeforeAll
    static void startAll() {
        Path directory = Path.of("target", "nodes");
        Path war =
                ScenarioWar.export(
                        ScenarioWar.beside(HistoryIT.class), directory.resolve("history.war"));
        Stream.of(PAYARA_MICRO, PAYARA_MICRO, WILDFLY)
                .forEach(kind -> NODES.add(launch(kind, war, NODES.size() + 1)));
        NODES.forEach(Node::awaitReady);
    }

    private static Node launch(ServerKind kind, Path war, int number) {
        return kind.launch(
                Memcached.ofTheRun()
                        .usedBy(
                                NodeSettings.of(
                                                kind + "-" + number,
                                                war,
                                                war.resolveSibling("history"))
                                        .withReadyPath("api/idle")));
    }

    @AfterAll
    static void endAll() {
        NODES.forEach(Node::close);
    }

    @Test
    void twoPayaraNodesAnswerNothingThatCannotBe() throws Exception {
        check("two Payara Micro nodes", DURATION, NODES.get(0), NODES.get(1));
    }

    @Test
    void aPayaraAndAWildFlyNodeAnswerNothingThatCannotBe() throws Exception {
        check(
                "a Payara Micro and a WildFly node",
                DURATION.dividedBy(3),
                NODES.get(0),
                NODES.get(2));
    }

    private static void check(String what, Duration duration, Node... nodes) throws Exception {
        List<URI> urls = Stream.of(nodes).map(Node::url).toList();
        Duration left = duration;
        for (int round = 0; left.compareTo(Duration.ZERO) > 0; round++) {
            Duration now = left.compareTo(ROUND) < 0 ? left : ROUND;
            long seed = SEED + round;
            Path file =
                    Path.of("target", "history-of-" + what.replace(' ', '-') + "-" + seed + ".txt");
            Report report = HistoryProgram.checkRun(Plan.of(urls, seed), now, file);
            System.out.printf(
                    "==== History of %s, %s, seed %d: %s%n", what, now, seed, report.summary());

            assertThat(report.anomalies().size()).as("%s", report).isZero();
            assertThat(report.answered())
                    .allSatisfy((kind, count) -> assertThat(count).isPositive());
            assertThat(report.unanswered() * 100)
                    .as("requests without an answer show nothing")
                    .isLessThanOrEqualTo(report.operations() * UNANSWERED_PERCENT);
            left = left.minus(now);
        }
    }
}
