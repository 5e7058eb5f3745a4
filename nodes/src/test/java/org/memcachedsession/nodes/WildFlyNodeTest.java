package org.memcachedsession.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WildFlyNodeTest {

    @TempDir Path directory;

    @Test
    void theCommandBindsEverythingToLoopback() {
        NodeSettings settings = NodeSettings.of("one", Path.of("shop.war"), directory);

        List<String> command =
                WildFlyNode.command(
                        Path.of("wildfly"),
                        settings.withSystemProperty("a.key", "a value"),
                        8080,
                        List.of(8443, 9990));

        assertThat(command)
                .contains(
                        "-Djboss.bind.address=127.0.0.1",
                        "-Djboss.bind.address.management=127.0.0.1",
                        "-Djboss.http.port=8080",
                        "-Djboss.https.port=8443",
                        "-Djboss.management.http.port=9990",
                        "-Djboss.server.base.dir=" + directory.resolve("one/standalone"));
        assertThat(command.indexOf("-Da.key=a value"))
                .isPositive()
                .isLessThan(command.indexOf("-jar"));
    }

    @Test
    void aClusterOfItsOwnNeedsNoMulticast() {
        String configuration =
                """
                <channel name="ee" stack="udp" cluster="ejb"/>
                <socket-protocol type="MPING" socket-binding="jgroups-mping"/>
                <proxy name="default" advertise-socket="modcluster" listener="ajp">
                <socket-binding name="jgroups-tcp" interface="private" port="7600"/>
                """;

        assertThat(
                        WildFlyNode.clustered(
                                configuration, new ClusterMember(7702, List.of(7701, 7702))))
                .contains("stack=\"tcp\"", "127.0.0.1[7701],127.0.0.1[7702]", "port=\"7702\"")
                .doesNotContain("MPING", "advertise-socket", "7600");
    }

    @Test
    void aConfigurationThatIsNotAsExpectedIsRefused() {
        assertThatThrownBy(
                        () ->
                                WildFlyNode.clustered(
                                        "<server/>", new ClusterMember(7702, List.of(7702))))
                .isInstanceOf(NodeException.class)
                .hasMessageContaining("stack=\"udp\"");
    }

    @Test
    void theInstallationIsCopiedAndStaysAsItIs() throws IOException {
        Path home = directory.resolve("wildfly");
        Path original = home.resolve("standalone/configuration");
        Files.createDirectories(original);
        Files.writeString(original.resolve("standalone.xml"), "<server/>");
        Path war = Files.writeString(directory.resolve("shop.war"), "the WAR");
        NodeSettings settings =
                NodeSettings.of("one", war, directory.resolve("nodes")).withContextRoot("cart");

        try (Node node = WildFlyNode.launch(home, settings)) {
            Path base = directory.resolve("nodes/one/standalone");
            assertThat(base.resolve("configuration/standalone.xml")).hasContent("<server/>");
            assertThat(base.resolve("deployments/cart.war")).hasContent("the WAR");
            assertThat(home.resolve("standalone/deployments")).doesNotExist();

            // there is no jboss-modules.jar in this home
            assertThatThrownBy(node::awaitReady)
                    .isInstanceOf(NodeException.class)
                    .hasMessageContaining("node one ended by itself with exit code 1")
                    .hasMessageContaining("jboss-modules.jar");
        }
    }

    @Test
    void theFailureOfADeploymentIsWhatTheServerWroteBesideTheWar() throws IOException {
        Path home = directory.resolve("wildfly");
        Files.createDirectories(home.resolve("standalone/configuration"));
        Path war = Files.writeString(directory.resolve("shop.war"), "");

        try (Node node =
                WildFlyNode.launch(home, NodeSettings.of("one", war, directory.resolve("nodes")))) {
            Files.writeString(
                    directory.resolve("nodes/one/standalone/deployments/shop.war.failed"),
                    "WELD-001408");

            assertThatThrownBy(node::awaitReady)
                    .isInstanceOf(NodeException.class)
                    .hasMessageContaining("node one cannot deploy")
                    .hasMessageContaining("WELD-001408");
        }
    }
}
