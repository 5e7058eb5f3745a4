package org.memcachedsession.faults;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.memcachedsession.SessionSettings;
import org.memcachedsession.SessionSettings.Server;

/**
 * What a node is told of its servers. All nodes know them by the same names, since these say where a session lives; each
 * finds those on {@code localhost} at an address of its own, so that what stands between it and a server concerns no other
 * node.
 *
 * @param servers in their order
 * @param previous those before, while the list changes
 * @param copies how many servers hold each session
 */
record NodeSettings(InetAddress address, List<Server> servers, List<Server> previous, int copies) {

    static final String APPLICATION = "faults";

    NodeSettings {
        servers = List.copyOf(servers);
        previous = List.copyOf(previous);
    }

    static NodeSettings parse(String... words) throws UnknownHostException {
        return new NodeSettings(
                InetAddress.getByName(words[0]),
                Arrays.stream(words).skip(2).map(NodeSettings::server).toList(),
                List.of(),
                Integer.parseInt(words[1]));
    }

    private static Server server(String word) {
        String[] parts = word.split(":", -1);
        return new Server(parts[0], Integer.parseInt(parts[1]));
    }

    /** For {@link #parse}. While the list changes there are none. */
    List<String> words() {
        if (!previous.isEmpty()) {
            throw new IllegalStateException("a process is not told of " + previous);
        }
        return Stream.concat(
                        Stream.of(address.getHostAddress(), String.valueOf(copies)),
                        servers.stream().map(Server::toString))
                .toList();
    }

    void give(SessionSettings.Builder builder) {
        builder.application(APPLICATION)
                .servers(servers)
                .previousServers(previous)
                .noSecret()
                .copies(copies)
                .operationTimeout(Cluster.OPERATION_TIMEOUT)
                .failureLimit(Cluster.FAILURE_LIMIT);
    }
}
