package org.memcachedsession.servers.broken;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.memcachedsession.nodes.Node;
import org.memcachedsession.nodes.NodeException;
import org.memcachedsession.nodes.NodeSettings;
import org.memcachedsession.servers.Memcached;
import org.memcachedsession.servers.ScenarioWar;
import org.memcachedsession.servers.ServerKind;

/** What cannot work is refused at deployment, with everything that is wrong about it. */
class BrokenDeploymentIT {

    private static final Path DIRECTORY = Path.of("target", "nodes");

    @ParameterizedTest
    @EnumSource
    void wrongSettingsAreToldAllAtOnce(ServerKind kind) throws Exception {
        WebArchive war =
                ScenarioWar.beside(BrokenDeploymentIT.class)
                        .addAsResource(
                                new StringAsset(
                                        """
                                        memcached.session.idle-timeout = 30
                                        memcached.session.cookie.same-site = Sometimes
                                        memcached.session.coookie.path = /shop
                                        """),
                                "META-INF/memcached-session.properties");

        assertThat(logOfFailedDeployment(kind, "settings", war))
                .contains("memcached.session.idle-timeout", "\"30\"", "PT30M")
                .contains("memcached.session.cookie.same-site", "\"Sometimes\"", "Lax")
                .contains("memcached.session.coookie.path")
                .contains("META-INF/memcached-session.properties");
    }

    @ParameterizedTest
    @EnumSource
    void aBeanThatCannotBeSerializedIsNamed(ServerKind kind) throws Exception {
        WebArchive war =
                ScenarioWar.beside(BrokenDeploymentIT.class)
                        .addClass(org.memcachedsession.servers.broken.unserializable.Draft.class);

        assertThat(logOfFailedDeployment(kind, "bean", war))
                .contains("org.memcachedsession.servers.broken.unserializable.Draft")
                .containsIgnoringCase("serializable");
    }

    private static String logOfFailedDeployment(ServerKind kind, String name, WebArchive war)
            throws IOException {
        Path file = ScenarioWar.export(war, DIRECTORY.resolve("broken-" + name + ".war"));
        NodeSettings settings =
                NodeSettings.of(kind + "-broken-" + name, file, DIRECTORY)
                        .withReadyPath("api/no-bean")
                        .withSystemProperty(
                                "memcached.session.servers", Memcached.ofTheRun().address());
        try (Node node = kind.launch(settings)) {
            assertThatThrownBy(node::awaitReady)
                    .isInstanceOf(NodeException.class)
                    .hasMessageContaining("cannot deploy");
            return Files.readString(node.log());
        }
    }
}
