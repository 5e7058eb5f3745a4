package org.memcachedsession.nodes;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a node serves and where, for every kind of server.
 *
 * @param name of the node, and of its directory
 * @param war what is deployed
 * @param directory the node's log and working files go into a directory of its name in here
 * @param contextRoot without slashes; empty for the root of the server
 * @param port for HTTP; 0 is a free one
 * @param systemProperties of the process
 * @param jvmOptions of the process, such as {@code -Xmx768m}; they overrule those that every node has
 * @param cluster where the server's own session replication listens; empty: it has none
 * @param readyPath relative to the URL of the WAR; the node is ready when a GET of it is answered with 2xx
 * @param startTimeout from launch until ready
 */
public record NodeSettings(
        String name,
        Path war,
        Path directory,
        String contextRoot,
        int port,
        Map<String, String> systemProperties,
        List<String> jvmOptions,
        Optional<ClusterMember> cluster,
        String readyPath,
        Duration startTimeout) {

    // two servers that start at once on a busy build machine were seen to need 260 seconds
    private static final Duration START_TIMEOUT = Duration.ofSeconds(400);

    public NodeSettings {
        systemProperties = Map.copyOf(systemProperties);
        jvmOptions = List.copyOf(jvmOptions);
    }

    /** With the context root that servers give to the WAR by its file name, on a free port, ready when {@code /} answers. */
    public static NodeSettings of(String name, Path war, Path directory) {
        String contextRoot = war.getFileName().toString().replaceFirst("\\.war$", "");
        return new NodeSettings(
                name,
                war,
                directory,
                contextRoot,
                0,
                Map.of(),
                List.of(),
                Optional.empty(),
                "",
                START_TIMEOUT);
    }

    public NodeSettings withContextRoot(String contextRoot) {
        return new NodeSettings(
                name,
                war,
                directory,
                contextRoot,
                port,
                systemProperties,
                jvmOptions,
                cluster,
                readyPath,
                startTimeout);
    }

    public NodeSettings withPort(int port) {
        return new NodeSettings(
                name,
                war,
                directory,
                contextRoot,
                port,
                systemProperties,
                jvmOptions,
                cluster,
                readyPath,
                startTimeout);
    }

    /** With this property beside those that are there. */
    public NodeSettings withSystemProperty(String key, String value) {
        Map<String, String> all = new LinkedHashMap<>(systemProperties);
        all.put(key, value);
        return new NodeSettings(
                name,
                war,
                directory,
                contextRoot,
                port,
                all,
                jvmOptions,
                cluster,
                readyPath,
                startTimeout);
    }

    /** With this option beside those that are there. */
    public NodeSettings withJvmOption(String option) {
        List<String> all = new ArrayList<>(jvmOptions);
        all.add(option);
        return new NodeSettings(
                name,
                war,
                directory,
                contextRoot,
                port,
                systemProperties,
                all,
                cluster,
                readyPath,
                startTimeout);
    }

    /** One of several nodes that replicate the sessions of the container among themselves. */
    public NodeSettings withCluster(ClusterMember member) {
        return new NodeSettings(
                name,
                war,
                directory,
                contextRoot,
                port,
                systemProperties,
                jvmOptions,
                Optional.of(member),
                readyPath,
                startTimeout);
    }

    public NodeSettings withReadyPath(String readyPath) {
        return new NodeSettings(
                name,
                war,
                directory,
                contextRoot,
                port,
                systemProperties,
                jvmOptions,
                cluster,
                readyPath,
                startTimeout);
    }

    public NodeSettings withStartTimeout(Duration startTimeout) {
        return new NodeSettings(
                name,
                war,
                directory,
                contextRoot,
                port,
                systemProperties,
                jvmOptions,
                cluster,
                readyPath,
                startTimeout);
    }

    Path nodeDirectory() {
        return directory.resolve(name).toAbsolutePath();
    }
}
