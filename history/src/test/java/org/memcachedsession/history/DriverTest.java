package org.memcachedsession.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** The driver and a site in this JVM. */
class DriverTest {

    private static final int REQUESTS = 3000;

    @Test
    void aRightSiteGivesAHistoryOfAllKindsWithoutAnomaly() throws Exception {
        try (StubSite site = new StubSite(0, 50)) {
            Report report = Checker.check(drive(site.nodes()));

            assertThat(report.anomalies()).isEmpty();
            assertThat(report.answered().values()).allMatch(count -> count > 10);
            assertThat(report.unanswered()).isPositive();
            assertThat(report.operations()).isGreaterThan(REQUESTS / 2);
        }
    }

    @Test
    void aForgetfulSiteIsFound() throws Exception {
        try (StubSite site = new StubSite(100, 0)) {
            Report report = Checker.check(drive(site.nodes()));

            assertThat(report.anomalies())
                    .isNotEmpty()
                    .allMatch(anomaly -> anomaly.kind() == AnomalyKind.LOST);
        }
    }

    @Test
    void bothNodesAreAskedByAllBrowsers() throws Exception {
        try (StubSite site = new StubSite(0, 0)) {
            List<Operation> operations = drive(site.nodes()).operations();

            assertThat(operations).extracting(Operation::node).contains("n1", "n2");
            assertThat(operations).extracting(Operation::browser).contains(0, 1, 2);
        }
    }

    @Test
    void anotherApplicationIsRefused() throws Exception {
        try (StubSite site = new StubSite(0, 0)) {
            List<URI> elsewhere = site.nodes().stream().map(node -> node.resolve("..")).toList();

            assertThatThrownBy(() -> drive(elsewhere))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("404")
                    .hasMessageContaining("the WAR of the history checker");
        }
    }

    private static History drive(List<URI> nodes) throws InterruptedException {
        AtomicInteger asked = new AtomicInteger();
        BooleanSupplier untilEnough = () -> asked.incrementAndGet() <= REQUESTS;
        return new Driver(new Plan(nodes, 3, 2, 1)).run(untilEnough);
    }
}
