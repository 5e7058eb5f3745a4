package org.memcachedsession.nodes;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * WildFly, standalone, on a base directory of its own, so that many share one installation, which
 * stays as it is. The WAR gets the file name of its context root.
 */
public final class WildFlyNode extends ServerNode {

    // those of standalone.conf
    private static final List<String> OPENED_PACKAGES =
            List.of(
                    "java.base/java.lang",
                    "java.base/java.lang.invoke",
                    "java.base/java.lang.reflect",
                    "java.base/java.io",
                    "java.base/java.net",
                    "java.base/java.security",
                    "java.base/java.util",
                    "java.base/java.util.concurrent",
                    "java.management/javax.management",
                    "java.naming/javax.naming");

    private static final String CLUSTERED = "standalone-cluster.xml";

    private final Path deployedWar;

    private WildFlyNode(NodeSettings settings) {
        super(settings);
        this.deployedWar =
                base(settings)
                        .resolve("deployments")
                        .resolve(
                                settings.contextRoot().isEmpty()
                                        ? "ROOT.war"
                                        : settings.contextRoot() + ".war");
    }

    /**
     * Starts the process and returns at once.
     *
     * @param home the unpacked distribution
     */
    public static WildFlyNode launch(Path home, NodeSettings settings) {
        WildFlyNode node = new WildFlyNode(settings);
        emptyDirectory(settings);
        Path configuration = base(settings).resolve("configuration");
        try {
            copy(home.resolve("standalone").resolve("configuration"), configuration);
            Files.createDirectories(node.deployedWar.getParent());
            if (settings.cluster().isPresent()) {
                Files.writeString(
                        configuration.resolve(CLUSTERED),
                        clustered(
                                Files.readString(configuration.resolve("standalone-ha.xml")),
                                settings.cluster().get()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        node.launch(command(home, settings, node.port(), LoopbackPorts.free(3)));
        return node;
    }

    /**
     * @param otherPorts for HTTPS, for management, and for AJP, which a cluster has
     */
    static List<String> command(
            Path home, NodeSettings settings, int port, List<Integer> otherPorts) {
        Path base = base(settings);
        Path absoluteHome = home.toAbsolutePath();
        List<String> command = new ArrayList<>();
        command.add(javaCommand().toString());
        command.add("-Xmx512m");
        command.add("-Djava.util.logging.manager=org.jboss.logmanager.LogManager");
        command.add(
                "-Dlogging.configuration="
                        + base.resolve("configuration").resolve("logging.properties").toUri());
        OPENED_PACKAGES.forEach(opened -> command.add("--add-opens=" + opened + "=ALL-UNNAMED"));
        command.addAll(settings.jvmOptions());
        settings.systemProperties().forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.add("-jar");
        command.add(absoluteHome.resolve("jboss-modules.jar").toString());
        command.add("-mp");
        command.add(absoluteHome.resolve("modules").toString());
        command.add("org.jboss.as.standalone");
        command.add("-Djboss.home.dir=" + absoluteHome);
        command.add("-Djboss.server.base.dir=" + base);
        command.add("-c");
        command.add(settings.cluster().isPresent() ? CLUSTERED : "standalone.xml");
        command.add("-Djboss.bind.address=127.0.0.1");
        command.add("-Djboss.bind.address.management=127.0.0.1");
        command.add("-Djboss.http.port=" + port);
        command.add("-Djboss.https.port=" + otherPorts.get(0));
        command.add("-Djboss.management.http.port=" + otherPorts.get(1));
        settings.cluster()
                .ifPresent(
                        member -> {
                            command.add("-Djboss.node.name=" + settings.name());
                            command.add("-Djboss.ajp.port=" + otherPorts.get(2));
                        });
        return command;
    }

    /**
     * The configuration of a cluster, with members that know each other's address in place of
     * multicast, which loopback does not have.
     */
    static String clustered(String configuration, ClusterMember member) {
        String result =
                replaced(
                        configuration,
                        "<channel name=\"ee\" stack=\"udp\"",
                        "<channel name=\"ee\" stack=\"tcp\"");
        result =
                replaced(
                        result,
                        "<socket-protocol type=\"MPING\" socket-binding=\"jgroups-mping\"/>",
                        """
                        <protocol type="TCPPING">
                            <property name="initial_hosts">%s</property>
                            <property name="port_range">0</property>
                        </protocol>"""
                                .formatted(member.members("127.0.0.1[%d]")));
        result =
                replaced(
                        result,
                        "name=\"jgroups-tcp\" interface=\"private\" port=\"7600\"",
                        "name=\"jgroups-tcp\" interface=\"private\" port=\""
                                + member.port()
                                + "\"");
        return replaced(result, "advertise-socket=\"modcluster\"", "advertise=\"false\"");
    }

    private static String replaced(String text, String from, String to) {
        if (!text.contains(from)) {
            throw new NodeException(
                    "standalone-ha.xml of this WildFly has no %s. Adapt WildFlyNode to its version."
                            .formatted(from));
        }
        return text.replace(from, to);
    }

    /**
     * Deploys the WAR of the settings again, as it is now, into the running server, and waits until
     * it answers.
     *
     * @throws NodeException as {@link #awaitReady()}
     */
    public void redeploy() {
        try {
            Files.copy(settings().war(), deployedWar, REPLACE_EXISTING);
            Files.deleteIfExists(marker("failed"));
            Files.writeString(marker("dodeploy"), "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        long deadline = System.nanoTime() + settings().startTimeout().toNanos();
        awaitScanner(deadline);
        awaitAnswer(deadline);
    }

    /** A WAR without markers is deployed at start; a failure of before would be taken for one of now. */
    @Override
    void prepareStart() {
        try {
            for (String kind : List.of("deployed", "failed", "dodeploy", "isdeploying")) {
                Files.deleteIfExists(marker(kind));
            }
            Files.copy(settings().war(), deployedWar, REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The scanner takes the request away when it has deployed, or has failed to. */
    private void awaitScanner(long deadline) {
        while (Files.exists(marker("dodeploy")) || Files.exists(marker("isdeploying"))) {
            if (System.nanoTime() >= deadline) {
                throw problem("did not redeploy within " + settings().startTimeout());
            }
            pause();
        }
    }

    @Override
    Optional<String> deploymentFailure() {
        Path failed = marker("failed");
        if (!Files.exists(failed)) {
            return Optional.empty();
        }
        return Optional.of(new LogFile(failed).tail(EXCERPT_LINES));
    }

    private Path marker(String kind) {
        return deployedWar.resolveSibling(deployedWar.getFileName() + "." + kind);
    }

    private static Path base(NodeSettings settings) {
        return settings.nodeDirectory().resolve("standalone");
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }
}
