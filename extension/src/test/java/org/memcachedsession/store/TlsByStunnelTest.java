package org.memcachedsession.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.SessionStore;

/**
 * The network between two proxies is TLS, as docs/operating.md has it: the store speaks to the one on loopback. Needs
 * stunnel and openssl on the PATH.
 */
@Timeout(120)
class TlsByStunnelTest {

    private static final ItemKey KEY = new ItemKey("k");
    private static final byte[] VALUE = {1, 2, 3};
    private static final Duration A_MINUTE = Duration.ofMinutes(1);

    @TempDir private Path directory;
    private MemcachedProcess memcached;
    private Tunnel atServer;
    private Tunnel atNode;

    @BeforeEach
    void start() throws Exception {
        MemcachedProcess.installed("stunnel4", "stunnel4");
        MemcachedProcess.installed("openssl", "openssl");
        certify("memcached.internal", "server.pem");
        certify("node.internal", "node.pem");
        certify("memcached.internal", "stranger.pem");
        memcached = MemcachedProcess.start();
        atServer =
                new Tunnel(
                        "server",
                        memcached.port(),
                        "cert = server.pem",
                        "CAfile = node.pem",
                        "verifyPeer = yes");
        atServer.start();
        atNode =
                new Tunnel(
                        "node",
                        atServer.port(),
                        "client = yes",
                        "cert = node.pem",
                        "CAfile = server.pem",
                        "verifyPeer = yes",
                        "checkHost = memcached.internal");
    }

    @AfterEach
    void stop() {
        for (Tunnel tunnel : new Tunnel[] {atNode, atServer}) {
            if (tunnel != null) {
                tunnel.stop();
            }
        }
        if (memcached != null) {
            memcached.close();
        }
    }

    @Test
    void whatIsStoredThroughTheTunnelIsLoadedThroughItWhateverItsSize() throws Exception {
        atNode.start();
        try (SessionStore store = open(atNode.port())) {
            assertThat(createWhenBack(store)).isTrue();
            for (int size : new int[] {0, 1, 16_384, 16_385, StoreParameters.SIZE_LIMIT}) {
                byte[] value = new byte[size];
                new Random(size).nextBytes(value);
                store.overwrite(KEY, value, A_MINUTE);

                assertThat(store.load(KEY).orElseThrow().value()).isEqualTo(value);
            }
        }
    }

    @Test
    void eitherEndOfTheTunnelMayBeRestarted() throws Exception {
        atNode.start();
        try (SessionStore store = open(atNode.port())) {
            for (Tunnel restarted : List.of(atNode, atServer, atNode)) {
                assertThat(createWhenBack(store)).isTrue();
                restarted.stop();
                assertThatThrownBy(() -> store.load(KEY)).isInstanceOf(SessionStoreException.class);
                restarted.start();
            }
            assertThat(createWhenBack(store)).isTrue();
        }
    }

    @Test
    void aServerThatCannotProveItsNameGetsNothingToSee() throws Exception {
        Tunnel stranger =
                new Tunnel(
                        "stranger", memcached.port(), "cert = stranger.pem", "CAfile = node.pem");
        stranger.start();
        Tunnel careful =
                new Tunnel(
                        "careful",
                        stranger.port(),
                        "client = yes",
                        "CAfile = server.pem",
                        "verifyPeer = yes");
        careful.start();
        try (SessionStore store = open(careful.port())) {
            assertThatThrownBy(() -> store.create(KEY, VALUE, A_MINUTE))
                    .isInstanceOf(SessionStoreException.class)
                    .hasMessageContaining(
                            "nothing was sent"); // stunnel closes or resets, as it comes
        } finally {
            careful.stop();
            stranger.stop();
        }
    }

    private static boolean createWhenBack(SessionStore store) {
        return Patience.untilAnswered(
                () -> store.delete(KEY) | store.create(KEY, VALUE, A_MINUTE).isStored());
    }

    private static SessionStore open(int port) {
        return new MemcachedSessionStore(StoreParameters.of(port), Duration.ofMillis(20));
    }

    /** Key and certificate of a host, in one file. */
    private void certify(String host, String file) throws Exception {
        Process openssl =
                new ProcessBuilder(
                                "openssl",
                                "req",
                                "-x509",
                                "-nodes",
                                "-newkey",
                                "ec",
                                "-pkeyopt",
                                "ec_paramgen_curve:prime256v1",
                                "-days",
                                "2",
                                "-subj",
                                "/CN=" + host,
                                "-addext",
                                "subjectAltName=DNS:" + host,
                                "-keyout",
                                file,
                                "-out",
                                file + ".certificate")
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        assertThat(openssl.waitFor()).isZero();
        Path certificate = directory.resolve(file + ".certificate");
        Files.writeString(
                directory.resolve(file),
                Files.readString(directory.resolve(file)) + Files.readString(certificate));
    }

    /** A stunnel of its own on the loopback address. */
    private final class Tunnel {

        private final int port = MemcachedProcess.freePort();
        private final Path configuration;
        private Process process;

        private Tunnel(String name, int to, String... lines) throws IOException {
            configuration = directory.resolve(name + ".conf");
            List<String> all =
                    Stream.concat(
                                    Stream.of(
                                            "foreground = yes",
                                            "pid =",
                                            "[memcached]",
                                            "accept = 127.0.0.1:" + port,
                                            "connect = 127.0.0.1:" + to),
                                    Arrays.stream(lines))
                            .toList();
            Files.write(configuration, all);
        }

        private int port() {
            return port;
        }

        private void start() throws IOException {
            process =
                    new ProcessBuilder("stunnel4", configuration.toString())
                            .directory(directory.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(directory.resolve("stunnel.log").toFile())
                            .start();
            Patience.until("stunnel listens", () -> !process.isAlive() || isListening());
            assertThat(process.isAlive()).as("stunnel").isTrue();
        }

        private boolean isListening() {
            try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return probe.isConnected();
            } catch (IOException notYet) {
                return false;
            }
        }

        private void stop() {
            if (process != null) {
                process.destroyForcibly();
                process.onExit().join();
            }
        }
    }
}
