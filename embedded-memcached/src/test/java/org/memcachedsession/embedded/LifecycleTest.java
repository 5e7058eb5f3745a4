package org.memcachedsession.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class LifecycleTest {

    private static List<Thread> threadsOf(EmbeddedMemcached server) {
        String name = "embedded-memcached-" + server.port() + "-";
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(name))
                .toList();
    }

    @Test
    void itListensOnTheLoopbackAddressOnly() {
        try (EmbeddedMemcached server = EmbeddedMemcached.start()) {
            assertThat(server.address().getAddress().isLoopbackAddress()).isTrue();
            assertThat(server.port()).isPositive();
        }
    }

    @Test
    void twoServersShareNothing() throws IOException {
        try (EmbeddedMemcached one = EmbeddedMemcached.start();
                EmbeddedMemcached other = EmbeddedMemcached.start();
                Client ofOne = new Client(one.address());
                Client ofOther = new Client(other.address())) {
            ofOne.ask("set a 0 0 1\r\nx\r\n");

            assertThat(ofOther.ask("get a\r\n")).isEqualTo("END\r\n");
        }
    }

    @Test
    void closeLeavesNoThread() throws IOException {
        EmbeddedMemcached server = EmbeddedMemcached.start();
        try (Client idle = new Client(server.address());
                Client inABody = new Client(server.address());
                Socket deaf = new Socket()) {
            idle.ask("set a 0 0 1000000\r\n" + "x".repeat(1_000_000) + "\r\n");
            inABody.ask("version\r\n");
            inABody.send(Client.bytes("set a 0 0 10\r\nabc"));
            deaf.connect(server.address());
            deaf.getOutputStream().write(Client.bytes("get " + "a ".repeat(100) + "\r\n"));
            deaf.getInputStream().read();
            assertThat(threadsOf(server)).hasSize(4);

            server.close();
            assertThat(threadsOf(server)).isEmpty();
            assertThat(idle.ask("version\r\n")).isEmpty();
            assertThat(idle.isClosedByServer()).isTrue();
        }
    }

    @Test
    void afterCloseThePortIsFreeAndNothingIsKept() throws IOException {
        EmbeddedMemcached first = EmbeddedMemcached.start();
        try (Client client = new Client(first.address())) {
            client.ask("set a 0 0 1\r\nx\r\n");
        }
        first.close();
        assertThatThrownBy(() -> new Client(first.address())).isInstanceOf(ConnectException.class);

        try (EmbeddedMemcached second = EmbeddedMemcached.builder().port(first.port()).start();
                Client client = new Client(second.address())) {
            assertThat(second.port()).isEqualTo(first.port());
            assertThat(client.ask("get a\r\n")).isEqualTo("END\r\n");
        }
    }

    @Test
    void aSecondCloseDoesNothing() {
        EmbeddedMemcached server = EmbeddedMemcached.start();
        server.close();

        assertThatCode(server::close).doesNotThrowAnyException();
    }

    @Test
    void aConnectionThatEndsLeavesNoThread() throws IOException, InterruptedException {
        try (EmbeddedMemcached server = EmbeddedMemcached.start();
                Client client = new Client(server.address())) {
            client.ask("version\r\n");
            Thread conversation =
                    threadsOf(server).stream()
                            .filter(thread -> thread.getName().endsWith("-client-1"))
                            .findFirst()
                            .orElseThrow();
            client.ask("quit\r\n");
            conversation.join();

            assertThat(threadsOf(server)).hasSize(1);
            assertThat(server.stats())
                    .containsEntry("curr_connections", "0")
                    .containsEntry("total_connections", "1");
        }
    }

    @Test
    void itsThreadsAreDaemonsAndDoNotHoldTheClassLoaderOfTheirStarter() throws Exception {
        Thread starter = Thread.currentThread();
        ClassLoader before = starter.getContextClassLoader();
        try (URLClassLoader application = new URLClassLoader(new URL[0], before)) {
            starter.setContextClassLoader(application);
            try (EmbeddedMemcached server = EmbeddedMemcached.start();
                    Client client = new Client(server.address())) {
                client.ask("version\r\n");

                assertThat(threadsOf(server))
                        .hasSize(2)
                        .allMatch(Thread::isDaemon)
                        .allMatch(thread -> thread.getContextClassLoader() != application);
            }
        } finally {
            starter.setContextClassLoader(before);
        }
    }

    @Test
    void itIsClosedFromSeveralThreadsAtOnce() throws InterruptedException {
        EmbeddedMemcached server = EmbeddedMemcached.start();
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> closers =
                List.of(
                        new Thread(() -> close(server, start)),
                        new Thread(() -> close(server, start)));
        closers.forEach(Thread::start);
        start.countDown();
        for (Thread closer : closers) {
            closer.join();
        }

        assertThat(threadsOf(server)).isEmpty();
    }

    private static void close(EmbeddedMemcached server, CountDownLatch start) {
        try {
            start.await();
            server.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aTakenPortIsNamedWithTheRemedy() {
        try (EmbeddedMemcached first = EmbeddedMemcached.start()) {
            EmbeddedMemcached.Builder second = EmbeddedMemcached.builder().port(first.port());

            assertThatThrownBy(second::start)
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("port " + first.port())
                    .hasMessageContaining("choose another port, or 0");
        }
    }

    @Test
    void wrongSettingsAreRefusedWithTheRange() {
        EmbeddedMemcached.Builder builder = EmbeddedMemcached.builder();

        assertThatThrownBy(() -> builder.port(65_536))
                .hasMessage("port is 65536: give 1 to 65535, or 0 for any free port");
        assertThatThrownBy(() -> builder.port(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.itemSizeLimit(1023)).hasMessageContaining("1023 bytes");
        assertThatThrownBy(() -> builder.memoryLimit(0)).hasMessageContaining("0 bytes");
        assertThatThrownBy(() -> builder.memoryLimit(1 << 19).start())
                .hasMessageContaining("524288")
                .hasMessageContaining("one item must fit");
    }
}
