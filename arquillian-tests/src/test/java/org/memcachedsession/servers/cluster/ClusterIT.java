package org.memcachedsession.servers.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.memcachedsession.servers.ServerKind.PAYARA_MICRO;
import static org.memcachedsession.servers.ServerKind.WILDFLY;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.memcachedsession.nodes.Node;
import org.memcachedsession.nodes.NodeSettings;
import org.memcachedsession.nodes.WildFlyNode;
import org.memcachedsession.servers.Browser;
import org.memcachedsession.servers.Browser.Answer;
import org.memcachedsession.servers.Memcached;
import org.memcachedsession.servers.ScenarioWar;
import org.memcachedsession.servers.ServerKind;
import org.memcachedsession.servers.numbered.Numbered;

/**
 * A session that wanders between nodes: two of each kind, one memcached, the same WAR. No two requests
 * in a row go to the same node, unless said otherwise.
 */
class ClusterIT {

    private static final int HOPS = 100;
    private static final int REDIRECTS = 200;

    private static final Map<ServerKind, List<Node>> NODES = new EnumMap<>(ServerKind.class);

    private Browser browser;

    @BeforeAll
    static void startAll() {
        Path directory = Path.of("target", "nodes");
        Path war =
                ScenarioWar.export(
                        ScenarioWar.beside(ClusterIT.class).addPackage(Numbered.class.getPackage()),
                        directory.resolve("cluster.war"));
        for (ServerKind kind : ServerKind.values()) {
            NODES.put(
                    kind,
                    Stream.of("1", "2")
                            .map(number -> kind.launch(settings(kind + "-" + number, war)))
                            .toList());
        }
        all().forEach(Node::awaitReady);
    }

    private static NodeSettings settings(String name, Path war) {
        return Memcached.ofTheRun()
                .usedBy(
                        NodeSettings.of(name, war, war.resolveSibling("cluster"))
                                .withReadyPath("api/ready"));
    }

    @AfterAll
    static void endAll() {
        all().forEach(Node::close);
    }

    private static Stream<Node> all() {
        return NODES.values().stream().flatMap(List::stream);
    }

    @BeforeEach
    void newBrowser() {
        browser = Browser.at(all().findFirst().orElseThrow().url());
    }

    @ParameterizedTest
    @EnumSource
    void aCounterHasNoGapOverAHundredHops(ServerKind kind) {
        for (int i = 1; i <= HOPS; i++) {
            assertThat(visit(node(kind, i))).isEqualTo(i);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRedirectToTheOtherNodeAlwaysSeesThePost(ServerKind kind) {
        for (int i = 1; i <= REDIRECTS; i++) {
            Answer redirect = browser.on(node(kind, i).url()).post("api/visit-and-see");

            assertThat(redirect.status()).isEqualTo(303);
            assertThat(browser.on(node(kind, i + 1).url()).get("api/visits").body())
                    .isEqualTo("" + i);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBoundBeanWandersBetweenNodesOfOneKind(ServerKind kind) {
        visit(node(kind, 0));
        for (int i = 1; i <= 10; i++) {
            assertThat(browser.on(node(kind, i).url()).post("api/greet").body())
                    .isEqualTo("%d: greeting %d at visit 1".formatted(i, i));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSessionThatEndsOnOneNodeHasEndedOnTheOther(ServerKind kind) {
        visit(node(kind, 1));
        String id = browser.cookie("sid").orElseThrow();
        assertThat(browser.on(node(kind, 2).url()).get("api/origin").body()).isEqualTo("LOADED");

        browser.on(node(kind, 1).url()).post("api/end");
        browser.setCookie("sid", id);

        assertThat(browser.on(node(kind, 2).url()).get("api/origin").body()).isEqualTo("ENDED");
    }

    @ParameterizedTest
    @EnumSource
    void aSessionOutlivesTheRestartOfANode(ServerKind kind) {
        int count = 0;
        for (int i = 0; i < 10; i++) {
            assertThat(visit(node(kind, i))).isEqualTo(++count);
        }
        browser.on(node(kind, 0).url()).post("api/greet");

        CompletableFuture<Void> restart = CompletableFuture.runAsync(node(kind, 1)::restart);
        do {
            // the other node goes on meanwhile
            assertThat(visit(node(kind, 0))).isEqualTo(++count);
        } while (!restart.isDone());
        restart.join();

        for (int i = 1; i <= 10; i++) {
            assertThat(visit(node(kind, i))).isEqualTo(++count);
        }
        assertThat(browser.on(node(kind, 1).url()).post("api/greet").body())
                .startsWith("2: greeting 2");
    }

    @Test
    void aSessionOutlivesARedeployment() {
        WildFlyNode node = (WildFlyNode) node(WILDFLY, 1);
        visit(node);
        browser.on(node.url()).post("api/greet");

        node.redeploy();

        assertThat(visit(node)).isEqualTo(2);
        assertThat(browser.on(node.url()).post("api/greet").body()).startsWith("2: greeting 2");
    }

    @Test
    void aPlainBeanWandersBetweenKindsOfServers() {
        List<Node> nodes = all().toList();
        for (int i = 0; i < 5 * nodes.size(); i++) {
            // one of each kind in turn
            Node node = node(i % 2 == 0 ? PAYARA_MICRO : WILDFLY, i / 2);
            assertThat(visit(node)).isEqualTo(i + 1);
        }
    }

    @Test
    void aBoundBeanBeginsAnewOnAnotherKindOfServerAndThePlainOneGoesOn() {
        visit(node(PAYARA_MICRO, 1));
        browser.on(node(PAYARA_MICRO, 1).url()).post("api/greet");
        browser.on(node(PAYARA_MICRO, 1).url()).post("api/greet");

        Answer answer = browser.on(node(WILDFLY, 1).url()).post("api/greet");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("1: greeting 1 at visit 1");
        assertThat(visit(node(WILDFLY, 1))).isEqualTo(2);
    }

    private static Node node(ServerKind kind, int number) {
        List<Node> nodes = NODES.get(kind);
        return nodes.get(number % nodes.size());
    }

    private int visit(Node node) {
        return Integer.parseInt(browser.on(node.url()).post("api/visits").body());
    }
}
