package org.memcachedsession.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunShopTest {

    @Test
    void portsAreSeparatedByCommas() {
        assertThat(RunShop.ports("8090, 8091")).containsExactly(8090, 8091);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "80a", "8080,", "0", "65536", "8080,8080", "-1"})
    void whatIsNotAListOfPortsIsRefusedWithAnExample(String text) {
        assertThatThrownBy(() -> RunShop.ports(text))
                .isInstanceOf(NodeException.class)
                .hasMessageStartingWith("shop.ports is \"" + text + "\"")
                .hasMessageEndingWith("-Dshop.ports=8090,8091.");
    }

    @Test
    void aTakenPortIsReportedBeforeAnythingStarts() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, LoopbackPorts.address())) {
            String taken = String.valueOf(other.getLocalPort());

            assertThatThrownBy(
                            () -> RunShop.main(new String[] {"none.jar", "none.war", ".", taken}))
                    .isInstanceOf(NodeException.class)
                    .hasMessageStartingWith("port " + taken + " is in use");
        }
    }

    @Test
    void freePortsAreNotRefused() {
        List<Integer> free = LoopbackPorts.free(1);

        RunShop.refuseTakenPorts(free);

        assertThat(LoopbackPorts.isTaken(free.get(0))).isFalse();
    }

    @Test
    void theShopNeedsItsWar() {
        String port = String.valueOf(LoopbackPorts.free(1).get(0));

        assertThatThrownBy(() -> RunShop.main(new String[] {"none.jar", "none.war", ".", port}))
                .isInstanceOf(NodeException.class)
                .hasMessageContaining("there is no WAR at " + Path.of("none.war").toAbsolutePath());
    }
}
