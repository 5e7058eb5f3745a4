package org.memcachedsession.example;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ShopNodeTest {

    private final ShopNode node = new ShopNode();

    @AfterEach
    void forget() {
        System.clearProperty("shop.ports");
    }

    @Test
    void aNodeThatWasToldNothingKnowsNoPorts() {
        assertThat(node.ports()).isEmpty();
    }

    @Test
    void thePortsAreThoseOfTheProperty() {
        System.setProperty("shop.ports", "8080, 8081");

        assertThat(node.ports()).containsExactly(8080, 8081);
    }

    @Test
    void whatIsNotAPortIsLeftOut() {
        System.setProperty("shop.ports", "8080,,x,javascript:1,123456");

        assertThat(node.ports()).containsExactly(8080);
    }
}
