package org.memcachedsession.benchmarks.requests;

import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.memcachedsession.nodes.ClusterMember;
import org.memcachedsession.nodes.LocalMemcached;
import org.memcachedsession.nodes.Node;
import org.memcachedsession.nodes.NodeException;
import org.memcachedsession.nodes.NodeSettings;
import org.memcachedsession.nodes.PayaraMicroNode;
import org.memcachedsession.nodes.WildFlyNode;

/** The processes of one mode, all bound to 127.0.0.1: the server, and what keeps its sessions. */
final class Stand implements AutoCloseable {

    private static final int KEY_BYTES = 32;
    private static final int MEMORY_MEGABYTES = 256;

    private final List<LocalMemcached> memcached = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();

    private Stand() {}

    /** With one memcached where the mode wants it. */
    static Stand start(
            ServerKind server, Mode mode, Map<String, String> settings, Machine machine) {
        return start(server, mode, settings, machine, 1, MEMORY_MEGABYTES);
    }

    /**
     * Starts all, and waits until the application answers. What was started is ended if that fails.
     *
     * @param settings further system properties of the server
     * @param memcachedServers how many, where the mode wants them
     * @param megabytes of memory of each
     */
    static Stand start(
            ServerKind server,
            Mode mode,
            Map<String, String> settings,
            Machine machine,
            int memcachedServers,
            int megabytes) {
        Stand stand = new Stand();
        try {
            if (mode.keeper() == Mode.Keeper.MEMCACHED) {
                for (int i = 0; i < memcachedServers; i++) {
                    stand.memcached.add(LocalMemcached.startRealWithMemory(megabytes));
                }
            }
            stand.launch(server, mode, settings, machine);
            stand.nodes.forEach(Node::awaitReady);
            return stand;
        } catch (NodeException e) {
            stand.close();
            throw e;
        }
    }

    private void launch(
            ServerKind server, Mode mode, Map<String, String> settings, Machine machine) {
        Path war = WarFile.write(mode, machine.directory().resolve("wars").resolve(mode.id()));
        List<ClusterMember> members =
                mode.keeper() == Mode.Keeper.CLUSTER ? ClusterMember.onFreePorts(2) : List.of();
        for (int i = 0; i < Math.max(1, members.size()); i++) {
            NodeSettings node =
                    NodeSettings.of(
                                    server.id() + "-" + mode.id() + "-" + (i + 1),
                                    war,
                                    machine.directory().resolve("nodes"))
                            .withReadyPath("plain")
                            .withJvmOption("-Xms768m")
                            .withJvmOption("-Xmx768m")
                            // the time of those that end is not told any more
                            .withJvmOption("-XX:-UseDynamicNumberOfCompilerThreads");
            for (Map.Entry<String, String> property : properties(mode, settings).entrySet()) {
                node = node.withSystemProperty(property.getKey(), property.getValue());
            }
            if (!members.isEmpty()) {
                node = node.withCluster(members.get(i));
            }
            nodes.add(
                    server == ServerKind.PAYARA_MICRO
                            ? PayaraMicroNode.launch(machine.payaraMicro(), node)
                            : WildFlyNode.launch(machine.wildFly(), node));
        }
    }

    private Map<String, String> properties(Mode mode, Map<String, String> settings) {
        Map<String, String> all = new TreeMap<>(mode.systemProperties());
        if (!memcached.isEmpty()) {
            all.put(
                    mode.serversKey(),
                    memcached.stream()
                            .map(LocalMemcached::address)
                            .collect(Collectors.joining(",")));
        }
        if (mode.isOurs()) {
            byte[] key = new byte[KEY_BYTES];
            new SecureRandom().nextBytes(key);
            all.put("memcached.session.secret", Base64.getEncoder().encodeToString(key));
            all.putAll(settings);
        }
        return all;
    }

    /** Of the application, with a slash at the end. */
    URI url() {
        return nodes.get(0).url();
    }

    /** Of the application on the second node, where there is one. */
    Optional<URI> otherUrl() {
        return nodes.stream().skip(1).map(Node::url).findFirst();
    }

    List<LocalMemcached> memcached() {
        return memcached;
    }

    /** Processor time that the server has spent so far, but for its compilers. */
    long serverMicros() {
        return ProcessorTime.microsWithoutCompilers(nodes.get(0).pid());
    }

    /** Processor time that the keeper of the sessions has spent so far, if that is another process. */
    long storeMicros() {
        long ofMemcached =
                memcached.stream()
                        .mapToLong(server -> ProcessorTime.micros(server.pid().orElseThrow()))
                        .sum();
        return ofMemcached
                + nodes.stream()
                        .skip(1)
                        .mapToLong(node -> ProcessorTime.microsWithoutCompilers(node.pid()))
                        .sum();
    }

    @Override
    public void close() {
        nodes.forEach(Node::close);
        memcached.forEach(LocalMemcached::close);
    }
}
