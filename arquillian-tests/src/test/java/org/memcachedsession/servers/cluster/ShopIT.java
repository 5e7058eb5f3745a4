package org.memcachedsession.servers.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.memcachedsession.servers.ServerKind.PAYARA_MICRO;
import static org.memcachedsession.servers.ServerKind.WILDFLY;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.memcachedsession.nodes.Node;
import org.memcachedsession.nodes.NodeSettings;
import org.memcachedsession.servers.Browser;
import org.memcachedsession.servers.Memcached;
import org.memcachedsession.servers.ServerKind;

/** The example as it is built, on a Payara and a WildFly node that share one memcached. */
class ShopIT {

    private static Node payara;
    private static Node wildFly;

    @BeforeAll
    static void openTheShop() {
        payara = launch(PAYARA_MICRO);
        wildFly = launch(WILDFLY);
        payara.awaitReady();
        wildFly.awaitReady();
    }

    private static Node launch(ServerKind kind) {
        return kind.launch(
                Memcached.ofTheRun()
                        .usedBy(
                                NodeSettings.of(
                                                kind + "-shop",
                                                Path.of("target", "shop.war"),
                                                Path.of("target", "nodes"))
                                        .withReadyPath("api/node")
                                        .withSystemProperty("shop.node", kind.name())));
    }

    @AfterAll
    static void closeTheShop() {
        for (Node node : new Node[] {payara, wildFly}) {
            if (node != null) {
                node.close();
            }
        }
    }

    @Test
    void aVisitWandersBetweenPayaraAndWildFly() {
        Browser onPayara = Browser.at(payara.url());
        Browser onWildFly = onPayara.on(wildFly.url());

        assertThat(onPayara.get("").body()).contains("<html");
        assertThat(onWildFly.get("api/node").body()).contains("WILDFLY");
        assertThat(onPayara.cookie("sid")).isEmpty();

        onPayara.post("api/cart/sencha");
        assertThat(onWildFly.post("api/cart/sencha").body()).contains("\"quantity\":2");
        String before = onPayara.cookie("sid").orElseThrow();
        onWildFly.putJson("api/session/visitor", "{\"name\": \"Ada\"}");
        assertThat(onPayara.cookie("sid")).isPresent().get().isNotEqualTo(before);
        assertThat(onPayara.get("api/session").body())
                .contains("\"visitor\":\"Ada\"", "\"quantity\":2", "\"origin\":\"LOADED\"");

        assertThat(onWildFly.delete("api/session").body()).contains("\"origin\":\"ENDED\"");
        assertThat(onPayara.cookie("sid")).isEmpty();
        assertThat(onPayara.get("api/session").body())
                .contains("\"count\":0", "\"origin\":\"NONE_SENT\"");
    }
}
