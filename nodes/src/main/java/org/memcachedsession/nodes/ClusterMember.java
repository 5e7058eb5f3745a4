package org.memcachedsession.nodes;

import static java.util.stream.Collectors.joining;

import java.util.List;

/**
 * One node of a cluster of the server's own kind on 127.0.0.1.
 *
 * @param port of this node, for the other nodes
 * @param ports of all nodes, in the same order on each
 */
public record ClusterMember(int port, List<Integer> ports) {

    public ClusterMember {
        ports = List.copyOf(ports);
    }

    /** So many nodes of one cluster, on free ports. */
    public static List<ClusterMember> onFreePorts(int count) {
        List<Integer> ports = LoopbackPorts.free(count);
        return ports.stream().map(port -> new ClusterMember(port, ports)).toList();
    }

    /**
     * All nodes, with commas between them.
     *
     * @param format of one, of its port, such as {@code 127.0.0.1:%d}
     */
    String members(String format) {
        return ports.stream().map(format::formatted).collect(joining(","));
    }
}
