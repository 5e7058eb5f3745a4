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
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What browsers see while nodes are replaced. */
@Tag("faults")
@Timeout(600)
class NodesUnderFaultTest {

    private static final int HOPS = Form.current().of(2_000, 10_000);
    private static final int RESTARTS = Form.current().of(4, 20);
    private static final int ROUNDS = Form.current().of(2, 8);
    private static final int BROWSERS = 4;

    /** Held by requests to read, and to write while a node is out of service. */
    private final List<ReentrantReadWriteLock> nodes =
            IntStream.range(0, Cluster.NODES).mapToObj(i -> new ReentrantReadWriteLock()).toList();

    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicInteger hops = new AtomicInteger();
    private final List<AtomicInteger> each =
            Stream.generate(AtomicInteger::new).limit(BROWSERS).toList();
    private final AtomicInteger wrong = new AtomicInteger();
    private volatile boolean over;

    @Test
    void aCounterGoesUpByExactlyOneWithEachHopWhileNodesAreRestartedInTurn() throws Exception {
        try (Cluster cluster = Cluster.start(1)) {
            List<Step> restarts = new ArrayList<>();
            for (int restart = 1; restart <= RESTARTS; restart++) {
                int node = restart % Cluster.NODES;
                restarts.add(new Step(node, () -> cluster.restartNode(node)));
            }

            hopDuring(cluster, "rolling restart of nodes, %d times".formatted(RESTARTS), restarts);
        }
    }

    /** There, back again, and there: each time with the nodes that know one list alone beside those that know both. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void itDoesSoWhileTheListOfServersChangesOnOneNodeAfterTheOther(int copies) throws Exception {
        try (Cluster cluster = Cluster.start(copies)) {
            List<Integer> one = List.of(0, 1);
            List<Integer> other = List.of(1, 2);
            List<Step> changes = new ArrayList<>(onEachNode(cluster, one, List.of()));
            for (int round = 0; round < ROUNDS; round++) {
                List<Integer> before = round % 2 == 0 ? one : other;
                List<Integer> now = round % 2 == 0 ? other : one;
                changes.addAll(onEachNode(cluster, now, before));
                changes.addAll(onEachNode(cluster, now, List.of()));
            }

            // the first two nodes know all servers, and no session is to begin there
            changes.get(0).change().call();
            changes.get(1).change().call();
            hopDuring(
                    cluster,
                    "list of servers changed, %d times, copies: %d".formatted(ROUNDS, copies),
                    changes.subList(2, changes.size()));
        }
    }

    private static List<Step> onEachNode(Cluster cluster, List<Integer> now, List<Integer> before) {
        return IntStream.range(0, Cluster.NODES)
                .mapToObj(node -> new Step(node, () -> cluster.restartNode(node, now, before)))
                .toList();
    }

    /** Something that is done to a node while it is out of service. */
    private record Step(int node, Change change) {}

    private interface Change {
        void call() throws Exception;
    }

    private void hopDuring(Cluster cluster, String what, List<Step> steps) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(BROWSERS);
        try {
            List<Future<?>> browsers = new ArrayList<>();
            for (int i = 0; i < BROWSERS; i++) {
                int browser = i;
                browsers.add(threads.submit(() -> hop(cluster, browser)));
            }
            for (int i = 0; i < steps.size(); i++) {
                long wanted = (long) HOPS * (i + 1) / (steps.size() + 1);
                int[] since = each.stream().mapToInt(AtomicInteger::get).toArray();
                while ((hops.get() < wanted || !haveAllHopped(since))
                        && browsers.stream().noneMatch(Future::isDone)) {
                    LockSupport.parkNanos(1_000_000);
                }
                ReentrantReadWriteLock.WriteLock node = nodes.get(steps.get(i).node()).writeLock();
                node.lock();
                try {
                    steps.get(i).change().call();
                } finally {
                    node.unlock();
                }
            }
            over = true;
            for (Future<?> browser : browsers) {
                browser.get();
            }
        } finally {
            over = true;
            threads.shutdownNow();
        }
        FaultsPage.add(
                FaultsPage.Table.OTHERS,
                List.of(
                        what + ": hops of counters",
                        String.valueOf(hops.get()),
                        String.valueOf(wrong.get())));
        assertThat(wrong).hasValue(0);
        assertThat(hops).hasValueGreaterThanOrEqualTo(HOPS);
    }

    /** On each node, since a node is only changed when the one before is back in service. */
    private boolean haveAllHopped(int[] since) {
        return IntStream.range(0, BROWSERS)
                .allMatch(browser -> each.get(browser).get() >= since[browser] + 2 * Cluster.NODES);
    }

    /** One browser, whose requests go to the nodes in turn. */
    private Void hop(Cluster cluster, int browser) throws Exception {
        Optional<String> cookie = Optional.empty();
        for (int expected = 1; hops.get() < HOPS || !over; expected++) {
            HttpResponse<String> answer = answer(cluster, expected, cookie);
            if (answer.statusCode() != 200 || !answer.body().equals(String.valueOf(expected))) {
                wrong.incrementAndGet();
            }
            Optional<String> given =
                    answer.headers().firstValue("Set-Cookie").map(NodesUnderFaultTest::value);
            cookie = given.isPresent() ? given : cookie;
            hops.incrementAndGet();
            each.get(browser).incrementAndGet();
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
