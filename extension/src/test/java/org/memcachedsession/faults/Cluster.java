package org.memcachedsession.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.memcachedsession.SessionSettings.Server;
import org.memcachedsession.codec.TestCodec;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.RecordCodec;
import org.memcachedsession.session.SessionId;
import org.memcachedsession.store.MemcachedProcess;
import org.memcachedsession.store.TestStores;

/**
 * Three memcached servers, and two nodes that share them, each with a proxy of its own before each server. Or the first
 * server is in a network of its own; then there is no proxy before it.
 */
final class Cluster implements AutoCloseable {

    static final int SERVERS = 3;
    static final int NODES = 2;

    /** So that a server which hangs is given up before it goes on, in the short form too. */
    static final int FAILURE_LIMIT = Form.current().of(2, 5);

    /** The default, where the machine has nothing else to do. */
    static final Duration OPERATION_TIMEOUT =
            Form.current().of(Duration.ofSeconds(2), Duration.ofMillis(300));

    private static final String NOTHING = "EN\r\n";

    private final RecordCodec codec = TestCodec.of(NodeSettings.APPLICATION);
    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private final List<MemcachedProcess> servers = new ArrayList<>();
    private final List<Server> addresses = new ArrayList<>(); // of servers, as nodes know them
    private final List<List<FaultProxy>> links = new ArrayList<>(); // by server, then by node
    private final Map<Integer, NetworkNamespace> networks = new HashMap<>();
    private final List<Node> nodes = new CopyOnWriteArrayList<>();
    private final Map<Integer, NodeProcess> processes = new HashMap<>();
    private final Map<String, Set<Integer>> serversById = new ConcurrentHashMap<>();

    private final int copies;

    private Cluster(int copies) {
        this.copies = copies;
    }

    /**
     * @param copies how many servers hold each session
     * @param options of each memcached
     */
    static Cluster start(int copies, String... options) throws Exception {
        ServerStart each = cluster -> cluster.startServer(options);
        return started(copies, Collections.nCopies(SERVERS, each));
    }

    /** As {@link #start}; the first server is in a network of its own. */
    static Cluster startWithCable(int copies) throws Exception {
        ServerStart other = Cluster::startServer;
        return started(copies, List.of(Cluster::startServerWithCable, other, other));
    }

    private interface ServerStart {
        void of(Cluster cluster) throws IOException;
    }

    private static Cluster started(int copies, List<ServerStart> servers) throws Exception {
        Cluster cluster = new Cluster(copies);
        try {
            for (ServerStart server : servers) {
                server.of(cluster);
            }
            for (int i = 0; i < NODES; i++) {
                cluster.nodes.add(FaultNode.start(cluster.settings(i)));
            }
            return cluster;
        } catch (Exception | Error failed) {
            cluster.close();
            throw failed;
        }
    }

    private void startServer(String... options) throws IOException {
        MemcachedProcess server = opened(MemcachedProcess.start(options));
        servers.add(server);
        List<FaultProxy> before = new ArrayList<>();
        int port = 0; // then the one that the first has found
        for (int node = 0; node < NODES; node++) {
            FaultProxy link = opened(FaultProxy.before(server.port(), addressFor(node), port));
            port = link.port();
            before.add(link);
        }
        addresses.add(new Server(TestStores.LOCALHOST, port));
        links.add(before);
    }

    private void startServerWithCable() {
        NetworkNamespace network = opened(NetworkNamespace.open());
        MemcachedProcess server =
                opened(MemcachedProcess.startIn(network.command(), network.address()));
        networks.put(servers.size(), network);
        servers.add(server);
        addresses.add(new Server(network.address().getHostAddress(), server.port()));
        links.add(List.of());
    }

    private <T extends AutoCloseable> T opened(T one) {
        started.push(one);
        return one;
    }

    /** Where a node finds its servers. Not every system has all of the loopback network; then IPv6 has one more. */
    private static InetAddress addressFor(int node) throws UnknownHostException {
        InetAddress address = InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) (node + 1)});
        try (ServerSocket any = new ServerSocket(0, 1, address)) {
            return any.getInetAddress();
        } catch (IOException noSuchAddress) {
            return InetAddress.getByName("::1");
        }
    }

    private NodeSettings settings(int node) throws UnknownHostException {
        return new NodeSettings(addressFor(node), addresses, List.of(), copies);
    }

    MemcachedProcess server(int index) {
        return servers.get(index);
    }

    /** How many servers hold each session. */
    int copies() {
        return copies;
    }

    /** That of a server that has one of its own. */
    NetworkNamespace network(int server) {
        return networks.get(server);
    }

    /** What leads to a server, one for each node; nothing if it is in a network of its own. */
    List<FaultProxy> links(int server) {
        return links.get(server);
    }

    /** What leads from a node to a server. */
    FaultProxy link(int node, int server) {
        return links.get(server).get(node);
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
        restartNode(index, settings(index));
    }

    /**
     * As {@link #restartNode}, with some of the servers.
     *
     * @param now their indexes
     * @param before those of the list before; none: there was no other
     */
    void restartNode(int index, List<Integer> now, List<Integer> before) throws Exception {
        restartNode(
                index,
                new NodeSettings(
                        addressFor(index),
                        now.stream().map(addresses::get).toList(),
                        before.stream().map(addresses::get).toList(),
                        copies));
    }

    private void restartNode(int index, NodeSettings told) throws Exception {
        nodes.get(index).close();
        nodes.set(index, FaultNode.start(told));
    }

    /** As {@link #restartNode}, in a JVM of its own. Whatever was there may have been killed. */
    void restartNodeAsProcess(int index) throws Exception {
        nodes.get(index).close();
        NodeProcess process = NodeProcess.start(settings(index));
        processes.put(index, process);
        nodes.set(index, process);
    }

    /** Kills one that has a JVM of its own. */
    void killNode(int index) {
        processes.remove(index).kill();
    }

    /** Whether a server is away for each node, where sessions have copies. No node may be a process. */
    boolean isAwayForAll(int server) {
        return nodes.stream().allMatch(node -> ((FaultNode) node).isAway(addresses.get(server)));
    }

    /** As {@link #isAwayForAll}: whether it is there, and each node may believe it. */
    boolean isSteadyForAll(int server) {
        return nodes.stream().allMatch(node -> ((FaultNode) node).isSteady(addresses.get(server)));
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
        return serversOf(id).stream().anyMatch(server -> !item(server, id).equals(NOTHING));
    }

    /** Those of these sessions of which two servers have different items. Nobody asks a node. */
    List<String> differing(List<String> ids) {
        return ids.stream()
                .filter(
                        id ->
                                serversOf(id).stream()
                                                .map(server -> item(server, id))
                                                .filter(item -> !item.equals(NOTHING))
                                                .distinct()
                                                .count()
                                        > 1)
                .toList();
    }

    private String item(int server, String id) {
        return servers.get(server).answer("mg " + itemKey(id).text() + " v");
    }

    /** The indexes of those that hold a session, or would. */
    Set<Integer> serversOf(String id) {
        return serversById.computeIfAbsent(
                id, first -> TestStores.serversOf(itemKey(first), addresses, copies));
    }

    private ItemKey itemKey(String id) {
        return codec.itemKey(SessionId.parse(id).orElseThrow());
    }

    @Override
    public void close() throws Exception {
        for (Node node : nodes) {
            node.close();
        }
        for (AutoCloseable each : started) {
            each.close();
        }
    }
}
