package org.memcachedsession.nodes;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Payara Micro, with its own cluster (Hazelcast) only where the settings have one. */
public final class PayaraMicroNode extends ServerNode {

    // without it HTTP listens on all addresses
    private static final String BIND_TO_LOOPBACK =
            "set configs.config.server-config.network-config.network-listeners"
                    + ".network-listener.http-listener.address=127.0.0.1\n";

    private static final List<String> NO_HAZELCAST = List.of("--noHazelcast");

    // the first may be of something else that the server met at its start
    private static final int CAUSES = 3;

    private PayaraMicroNode(NodeSettings settings) {
        super(settings);
    }

    /** Starts the process and returns at once. */
    public static PayaraMicroNode launch(Path payaraMicroJar, NodeSettings settings) {
        PayaraMicroNode node = new PayaraMicroNode(settings);
        emptyDirectory(settings);
        node.launch(command(payaraMicroJar, settings, node.port()));
        return node;
    }

    static List<String> command(Path payaraMicroJar, NodeSettings settings, int port) {
        List<String> command = new ArrayList<>();
        command.add(javaCommand().toString());
        command.add("-Xmx512m");
        command.addAll(settings.jvmOptions());
        settings.systemProperties().forEach((key, value) -> command.add("-D" + key + "=" + value));
        // without it Hazelcast listens on all addresses
        settings.cluster().ifPresent(member -> command.add("-Dhazelcast.socket.bind.any=false"));
        command.add("-jar");
        command.add(payaraMicroJar.toAbsolutePath().toString());
        command.addAll(settings.cluster().map(PayaraMicroNode::hazelcast).orElse(NO_HAZELCAST));
        command.add("--port");
        command.add(String.valueOf(port));
        command.add("--prebootcommandfile");
        command.add(prebootFile(settings).toString());
        command.add("--rootDir");
        command.add(rootDirectory(settings).toString());
        command.add("--deploy");
        command.add(settings.war().toAbsolutePath().toString());
        command.add("--contextroot");
        command.add(settings.contextRoot().isEmpty() ? "/" : settings.contextRoot());
        return command;
    }

    private static List<String> hazelcast(ClusterMember member) {
        return List.of(
                "--clustermode",
                "tcpip:" + member.members("127.0.0.1:%d"),
                "--startport",
                String.valueOf(member.port()),
                "--interfaces",
                "127.0.0.1");
    }

    private static Path rootDirectory(NodeSettings settings) {
        return settings.nodeDirectory().resolve("root");
    }

    private static Path prebootFile(NodeSettings settings) {
        return settings.nodeDirectory().resolve("preboot.txt");
    }

    /**
     * A server that finds its last application in its root directory loads that, answers, and then
     * deploys the one of the command line in its place: for a moment it is ready and then it is not.
     */
    @Override
    void prepareStart() {
        try {
            delete(rootDirectory(settings()));
            Files.writeString(prebootFile(settings()), BIND_TO_LOOPBACK);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The server stays up then, answers 404 and even logs that it is ready. What it says about the
     * failure is the message of the cause at times, and nothing at others: the exceptions tell more.
     */
    @Override
    Optional<String> deploymentFailure() {
        return logged("Exception while loading the app")
                .map(
                        said ->
                                loggedExceptions().isEmpty()
                                        ? said
                                        : loggedExceptions().stream()
                                                .limit(CAUSES)
                                                .collect(joining("\n")));
    }
}
