package org.memcachedsession.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LoopbackPortsTest {

    @Test
    void freePortsDiffer() {
        assertThat(LoopbackPorts.free(5)).hasSize(5).doesNotHaveDuplicates();
    }

    /** A server that starts gets its ports one after another, and binds to them seconds later. */
    @Test
    void aPortIsGivenOnce() {
        List<Integer> ports =
                Stream.generate(() -> LoopbackPorts.free(1).get(0)).limit(2000).toList();

        assertThat(ports).doesNotHaveDuplicates();
    }

    @Test
    void aPortIsTakenWhileSomebodyListens() throws IOException {
        int port;
        try (ServerSocket listener = new ServerSocket(0, 1, LoopbackPorts.address())) {
            port = listener.getLocalPort();
            assertThat(LoopbackPorts.isTaken(port)).isTrue();
        }
        assertThat(LoopbackPorts.isTaken(port)).isFalse();
    }

    @Test
    void aPortIsTakenWhenSomebodyListensOnAllAddresses() throws IOException {
        try (ServerSocket listener = new ServerSocket(0)) {
            assertThat(LoopbackPorts.isTaken(listener.getLocalPort())).isTrue();
        }
    }
}
