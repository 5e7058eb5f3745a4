package org.memcachedsession.faults;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.memcachedsession.SessionSettings;
import org.memcachedsession.SessionSettings.Server;
import org.memcachedsession.codec.TestCodec;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.RecordCodec;
import org.memcachedsession.session.SessionId;
import org.memcachedsession.store.MemcachedProcess;
import org.memcachedsession.store.TestStores;

/** Three memcached servers, each behind a proxy, and two nodes that share them. */
final class Cluster implements AutoCloseable {

    static final int SERVERS = 3;
    static final int NODES = 2;

    /** So that a server which hangs is given up before it goes on, in the short form too. */
    static final int FAILURE_LIMIT = Form.current().of(2, 5);

    /** The default, where the machine has nothing else to do. */
    static final Duration OPERATION_TIMEOUT =
            Form.current().of(Duration.ofSeconds(2), Duration.ofMillis(300));

    private static final String APPLICATION = "faults";

    private final RecordCodec codec = TestCodec.of(APPLICATION);
    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private final List<MemcachedProcess> servers = new ArrayList<>();
    private final List<FaultProxy> links = new ArrayList<>();
    private final List<FaultNode> nodes = new ArrayList<>();

    private final int copies;

    private Cluster(int copies) {
        this.copies = copies;
    }

    /**
     * @param copies how many servers hold each session
     * @param options of each memcached
     */
    static Cluster start(int copies, String... options) throws Exception {
        Cluster cluster = new Cluster(copies);
        try {
            for (int i = 0; i < SERVERS; i++) {
                cluster.servers.add(cluster.opened(MemcachedProcess.start(options)));
                cluster.links.add(cluster.opened(FaultProxy.before(cluster.servers.get(i).port())));
            }
            for (int i = 0; i < NODES; i++) {
                cluster.nodes.add(FaultNode.start(cluster.settings()));
            }
            return cluster;
        } catch (Exception | Error failed) {
            cluster.close();
            throw failed;
        }
    }

    private <T extends AutoCloseable> T opened(T one) {
        started.push(one);
        return one;
    }

    private Consumer<SessionSettings.Builder> settings() {
        return builder ->
                builder.application(APPLICATION)
                        .servers(addresses())
                        .copies(copies)
                        .operationTimeout(OPERATION_TIMEOUT)
                        .failureLimit(FAILURE_LIMIT);
    }

    private List<Server> addresses() {
        return links.stream().map(link -> new Server("127.0.0.1", link.port(), 1)).toList();
    }

    MemcachedProcess server(int index) {
        return servers.get(index);
    }

    /** How many servers hold each session. */
    int copies() {
        return copies;
    }

    /** What leads to a server. */
    FaultProxy link(int index) {
        return links.get(index);
    }

    /** All there are. */
    static IntStream all() {
        return IntStream.range(0, SERVERS);
    }

    URI node(int index) {
        return nodes.get(index).uri();
    }

    /** Ends a node and starts it anew, on another port. */
    void restartNode(int index) throws Exception {
        nodes.get(index).close();
        nodes.set(index, FaultNode.start(settings()));
    }

    /**
     * Whether all servers that hold a session are among these.
     *
     * @param id what the cookie holds
     */
    boolean livesOnlyOn(Set<Integer> some, String id) {
        return some.containsAll(serversOf(id));
    }

    /** Whether any server has something in the place of a session, be it a tombstone. */
    boolean isStored(String id) {
        return serversOf(id).stream()
                .anyMatch(
                        index -> !servers.get(index).say("mg " + itemKey(id).text()).equals("EN"));
    }

    private Set<Integer> serversOf(String id) {
        return TestStores.serversOf(itemKey(id), addresses(), copies);
    }

    private ItemKey itemKey(String id) {
        return codec.itemKey(SessionId.parse(id).orElseThrow());
    }

    @Override
    public void close() throws Exception {
        for (FaultNode node : nodes) {
            node.close();
        }
        for (AutoCloseable each : started) {
            each.close();
        }
    }
}
