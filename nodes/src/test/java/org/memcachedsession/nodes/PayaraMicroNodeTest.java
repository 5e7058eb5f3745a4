package org.memcachedsession.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PayaraMicroNodeTest {

    @TempDir Path directory;

    private Path jar;
    private NodeSettings settings;

    @BeforeEach
    void writeJarAndWar() throws IOException {
        jar = FakeServer.jar(directory);
        Path war = Files.writeString(directory.resolve("shop.war"), "");
        settings = NodeSettings.of("one", war, directory.resolve("nodes"));
    }

    @Test
    void theCommandHasSettingsAsPropertiesBeforeTheJar() {
        List<String> command =
                PayaraMicroNode.command(jar, settings.withSystemProperty("a.key", "a value"), 8080);

        assertThat(command.indexOf("-Da.key=a value"))
                .isPositive()
                .isLessThan(command.indexOf("-jar"));
        assertThat(command)
                .containsSequence("-jar", jar.toString(), "--noHazelcast", "--port", "8080")
                .containsSequence("--contextroot", "shop");
    }

    @Test
    void aClusterOfItsOwnIsBoundToLoopback() {
        List<String> command =
                PayaraMicroNode.command(
                        jar,
                        settings.withCluster(new ClusterMember(5702, List.of(5701, 5702))),
                        8080);

        assertThat(command)
                .doesNotContain("--noHazelcast")
                .contains("-Dhazelcast.socket.bind.any=false")
                .containsSequence("--clustermode", "tcpip:127.0.0.1:5701,127.0.0.1:5702")
                .containsSequence("--startport", "5702", "--interfaces", "127.0.0.1");
    }

    @Test
    void optionsOfTheJvmOverruleThoseOfEveryNode() {
        List<String> command =
                PayaraMicroNode.command(jar, settings.withJvmOption("-Xmx768m"), 8080);

        assertThat(command.indexOf("-Xmx768m"))
                .isGreaterThan(command.indexOf("-Xmx512m"))
                .isLessThan(command.indexOf("-jar"));
    }

    @Test
    void anEmptyContextRootIsTheRootOfTheServer() {
        assertThat(PayaraMicroNode.command(jar, settings.withContextRoot(""), 8080))
                .containsSequence("--contextroot", "/");
        try (Node node = launch("ready", settings.withContextRoot(""))) {
            assertThat(node.url().getPath()).isEqualTo("/");
        }
    }

    @Test
    void httpIsBoundToLoopback() throws IOException {
        try (Node node = launch("ready", settings)) {
            assertThat(node.log().resolveSibling("preboot.txt"))
                    .content()
                    .contains("http-listener.address=127.0.0.1");
        }
    }

    @Test
    void aNodeIsReadyWhenTheWarAnswers() {
        try (Node node = launch("ready", settings)) {
            node.awaitReady();

            assertThat(node.isAlive()).isTrue();
            assertThat(node.url().getPath()).isEqualTo("/shop/");
        }
    }

    @Test
    void aClosedNodeIsNotAlive() {
        Node node = launch("ready", settings);
        node.close();

        assertThat(node.isAlive()).isFalse();
    }

    @Test
    void aRestartedNodeHasItsOldUrlAndItsLogGoesOn() {
        try (Node node = launch("ready", settings)) {
            node.awaitReady();
            URI before = node.url();

            node.restart();

            assertThat(node.isAlive()).isTrue();
            assertThat(node.url()).isEqualTo(before);
            assertThat(node.log())
                    .content()
                    .isEqualToNormalizingNewlines("fake server starts\nfake server starts\n");
        }
    }

    @Test
    void aNodeThatEndsByItselfIsReportedWithItsLog() {
        try (Node node = launch("exits", settings)) {
            assertThatThrownBy(node::awaitReady)
                    .isInstanceOf(NodeException.class)
                    .hasMessageContaining("node one ended by itself with exit code 3")
                    .hasMessageContaining("fake server starts");
        }
    }

    @Test
    void aFailedDeploymentIsReportedLongBeforeTheDeadline() {
        try (Node node = launch("fails to deploy", settings)) {
            assertThatThrownBy(node::awaitReady)
                    .isInstanceOf(NodeException.class)
                    .hasMessageContaining("node one cannot deploy")
                    .hasMessageContaining("no such bean");
        }
    }

    @Test
    void aNodeThatNeverAnswersIsGivenUpAtTheDeadline() {
        NodeSettings impatient = settings.withStartTimeout(Duration.ofSeconds(3));
        try (Node node = launch("never ready", impatient)) {
            assertThatThrownBy(node::awaitReady)
                    .isInstanceOf(NodeException.class)
                    .hasMessageContaining("was not ready after PT3S")
                    .hasMessageContaining("GET " + node.url());
        }
    }

    @Test
    void aMissingWarIsReportedBeforeAnythingStarts() {
        NodeSettings missing =
                NodeSettings.of("one", directory.resolve("none.war"), directory.resolve("nodes"));

        assertThatThrownBy(() -> PayaraMicroNode.launch(jar, missing))
                .isInstanceOf(NodeException.class)
                .hasMessageContaining("there is no WAR at");
        assertThat(directory.resolve("nodes")).doesNotExist();
    }

    private Node launch(String behaviour, NodeSettings settings) {
        return PayaraMicroNode.launch(jar, settings.withSystemProperty("fake", behaviour));
    }
}
