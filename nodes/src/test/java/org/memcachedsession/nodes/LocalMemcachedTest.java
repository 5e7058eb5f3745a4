package org.memcachedsession.nodes;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LocalMemcachedTest {

    @Test
    void theRealOneIsReadyWhenStartedAndGoneWhenClosed() throws IOException {
        requireRealOne();
        LocalMemcached server = LocalMemcached.startReal();
        try (server) {
            assertThat(version(server)).startsWith("VERSION ");
        }
        assertThat(LoopbackPorts.isTaken(server.port())).isFalse();
    }

    @Test
    void theRealOneIsAProcessOfItsOwn() {
        requireRealOne();
        try (LocalMemcached real = LocalMemcached.startReal();
                LocalMemcached embedded = LocalMemcached.startEmbedded()) {
            assertThat(ProcessHandle.of(real.pid().orElseThrow())).isPresent();
            assertThat(embedded.pid()).isEmpty();
        }
    }

    @Test
    void theEmbeddedOneIsReadyWhenStartedAndGoneWhenClosed() throws IOException {
        LocalMemcached server = LocalMemcached.startEmbedded();
        try (server) {
            assertThat(version(server)).startsWith("VERSION ");
        }
        assertThat(LoopbackPorts.isTaken(server.port())).isFalse();
    }

    @Test
    void theRealOneIsPreferredWhereItIsInstalled() {
        try (LocalMemcached server = LocalMemcached.start()) {
            assertThat(server.toString().contains("inside this JVM"))
                    .isNotEqualTo(LocalMemcached.isRealOnPath());
        }
    }

    @Test
    void aTakenPortIsReportedWithWhatMemcachedSays() throws IOException {
        requireRealOne();
        try (ServerSocket other = new ServerSocket(0, 1, LoopbackPorts.address())) {
            assertThatThrownBy(() -> LocalMemcached.startReal(other.getLocalPort()))
                    .isInstanceOf(NodeException.class)
                    .hasMessageContaining("memcached ended at once with exit code")
                    .hasMessageContaining("in use");
        }
    }

    @Test
    void aSuperuserHandsTheProcessToAnotherUser() {
        assertThat(LocalMemcached.command(Path.of("memcached"), 1234, 64, true))
                .containsSequence("-u", "nobody");
        assertThat(LocalMemcached.command(Path.of("memcached"), 1234, 64, false))
                .doesNotContain("-u")
                .containsSequence("-l", "127.0.0.1", "-p", "1234", "-U", "0")
                .containsSequence("-m", "64");
    }

    private static void requireRealOne() {
        if (System.getenv("CI") == null) {
            assumeThat(LocalMemcached.isRealOnPath())
                    .as("memcached is on the PATH (without it this test is skipped)")
                    .isTrue();
        }
    }

    private static String version(LocalMemcached server) throws IOException {
        try (Socket socket = new Socket(LoopbackPorts.address(), server.port())) {
            socket.getOutputStream().write("version\r\n".getBytes(US_ASCII));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII))
                    .readLine();
        }
    }
}
