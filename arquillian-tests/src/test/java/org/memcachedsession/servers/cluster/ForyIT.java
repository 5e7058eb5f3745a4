package org.memcachedsession.servers.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.memcachedsession.servers.ServerKind.PAYARA_MICRO;
import static org.memcachedsession.servers.ServerKind.WILDFLY;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.memcachedsession.nodes.Node;
import org.memcachedsession.nodes.NodeSettings;
import org.memcachedsession.servers.Browser;
import org.memcachedsession.servers.Memcached;
import org.memcachedsession.servers.ScenarioWar;
import org.memcachedsession.servers.ServerKind;
import org.memcachedsession.servers.numbered.Numbered;

/** A Payara and a WildFly node whose application brings Apache Fory, and a node whose application does not. */
class ForyIT {

    private static final int HOPS = 50;

    private static final List<Node> NODES = new ArrayList<>();
    private static Node payara;
    private static Node wildFly;
    private static Node without;

    private Browser browser;

    @BeforeAll
    static void startAll() {
        Path directory = Path.of("target", "nodes", "fory");
        Path plain = ScenarioWar.export(war(), directory.resolve("without/fory.war"));
        Path withFory =
                ScenarioWar.export(
                        war().addAsLibraries(ScenarioWar.library("fory-core")),
                        directory.resolve("with/fory.war"));
        // with this setting, an application in which it does not work is not deployed
        payara = launch(PAYARA_MICRO, "payara", withFory, "fory");
        wildFly = launch(WILDFLY, "wildfly", withFory, "fory");
        without = launch(WILDFLY, "without", plain, "auto");
        NODES.forEach(Node::awaitReady);
    }

    private static WebArchive war() {
        return ScenarioWar.beside(ForyIT.class).addPackage(Numbered.class.getPackage());
    }

    private static Node launch(ServerKind kind, String name, Path war, String serializer) {
        Node node =
                kind.launch(
                        Memcached.ofTheRun()
                                .usedBy(
                                        NodeSettings.of(
                                                        "fory-" + name,
                                                        war,
                                                        war.resolveSibling("nodes"))
                                                .withReadyPath("api/ready")
                                                .withSystemProperty(
                                                        "memcached.session.serializer",
                                                        serializer)));
        NODES.add(node);
        return node;
    }

    @AfterAll
    static void endAll() {
        NODES.forEach(Node::close);
    }

    @BeforeEach
    void newBrowser() {
        browser = Browser.at(payara.url());
    }

    private String post(Node node, String path) {
        return browser.on(node.url()).post("api/" + path).body();
    }

    @Test
    void aPlainBeanWandersBetweenTheServers() {
        for (int i = 1; i <= HOPS; i++) {
            assertThat(post(i % 2 == 0 ? payara : wildFly, "visits")).isEqualTo("" + i);
        }
    }

    @Test
    void aBoundBeanStaysWithTheJdk() {
        for (int i = 1; i <= 3; i++) {
            assertThat(post(wildFly, "visits")).isEqualTo("" + i);
            assertThat(post(payara, "greet"))
                    .isEqualTo("%d: greeting %d at visit %d".formatted(i, i, i));
        }
    }

    @Test
    void aNodeWithoutItLeavesAloneWhatItDoesNotUseAndBeginsAnewWhatItDoes() {
        post(payara, "visits");
        post(wildFly, "visits");

        assertThat(browser.on(without.url()).get("api/origin").body()).isEqualTo("LOADED");
        assertThat(post(payara, "visits")).isEqualTo("3");

        assertThat(post(without, "visits")).isEqualTo("1");
        assertThat(post(payara, "visits")).as("by the JDK, which all read").isEqualTo("2");
        assertThat(post(without, "visits")).isEqualTo("3");
    }
}
