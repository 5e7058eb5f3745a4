package org.memcachedsession.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.HttpCookie;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What browsers see while nodes are replaced. */
@Tag("faults")
@Timeout(600)
class NodesUnderFaultTest {

    private static final int HOPS = Form.current().of(2_000, 10_000);
    private static final int RESTARTS = Form.current().of(4, 20);
    private static final int BROWSERS = 4;

    /** Held by requests to read, and to write while a node is out of service. */
    private final List<ReentrantReadWriteLock> nodes =
            IntStream.range(0, Cluster.NODES).mapToObj(i -> new ReentrantReadWriteLock()).toList();

    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicInteger hops = new AtomicInteger();
    private final AtomicInteger wrong = new AtomicInteger();

    @Test
    void aCounterGoesUpByExactlyOneWithEachHopWhileNodesAreRestartedInTurn() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(BROWSERS);
        try (Cluster cluster = Cluster.start(1)) {
            List<Future<?>> browsers = new ArrayList<>();
            for (int i = 0; i < BROWSERS; i++) {
                browsers.add(threads.submit(() -> hop(cluster)));
            }
            for (int restart = 1; restart <= RESTARTS; restart++) {
                while (hops.get() < (long) HOPS * restart / (RESTARTS + 1)
                        && !browsers.stream().anyMatch(Future::isDone)) {
                    LockSupport.parkNanos(1_000_000);
                }
                ReentrantReadWriteLock.WriteLock node =
                        nodes.get(restart % Cluster.NODES).writeLock();
                node.lock();
                try {
                    cluster.restartNode(restart % Cluster.NODES);
                } finally {
                    node.unlock();
                }
            }
            for (Future<?> each : browsers) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
        FaultsPage.add(
                FaultsPage.Table.OTHERS,
                List.of(
                        "rolling restart of nodes, %d times: hops of counters".formatted(RESTARTS),
                        String.valueOf(hops.get()),
                        String.valueOf(wrong.get())));
        assertThat(wrong).hasValue(0);
        assertThat(hops).hasValueGreaterThanOrEqualTo(HOPS);
    }

    /** One browser, whose requests go to the nodes in turn. */
    private Void hop(Cluster cluster) throws Exception {
        Optional<String> cookie = Optional.empty();
        for (int expected = 1; hops.get() < HOPS; expected++) {
            HttpResponse<String> answer = answer(cluster, expected, cookie);
            if (answer.statusCode() != 200 || !answer.body().equals(String.valueOf(expected))) {
                wrong.incrementAndGet();
            }
            Optional<String> given =
                    answer.headers().firstValue("Set-Cookie").map(NodesUnderFaultTest::value);
            cookie = given.isPresent() ? given : cookie;
            hops.incrementAndGet();
        }
        return null;
    }

    private HttpResponse<String> answer(Cluster cluster, int turn, Optional<String> cookie)
            throws Exception {
        for (int node = turn % Cluster.NODES; ; node = (node + 1) % Cluster.NODES) {
            ReentrantReadWriteLock.ReadLock inService = nodes.get(node).readLock();
            if (inService.tryLock()) {
                try {
                    URI uri = cluster.node(node).resolve("/hop");
                    HttpRequest.Builder request = HttpRequest.newBuilder(uri);
                    cookie.ifPresent(id -> request.header("Cookie", "sid=" + id));
                    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
                } finally {
                    inService.unlock();
                }
            }
        }
    }

    private static String value(String setCookie) {
        return HttpCookie.parse(setCookie).get(0).getValue();
    }
}
