package org.memcachedsession.faults;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memcachedsession.store.MemcachedProcess;

/** An unplugged cable is what a test of faults believes that it is. */
@Timeout(120)
class NetworkNamespaceTest {

    private static final int A_MOMENT_MILLIS = 100;
    private static final int PATIENCE_MILLIS = 40_000;
    private static final String VERSION = "VERSION";

    @Test
    void aConnectionThatIsAskedForWhileItIsUnpluggedIsNeitherMadeNorRefused() throws Exception {
        try (NetworkNamespace network = NetworkNamespace.open();
                MemcachedProcess memcached = start(network)) {
            network.unplug();

            assertThatThrownBy(() -> connect(network, memcached, A_MOMENT_MILLIS))
                    .isInstanceOf(SocketTimeoutException.class);

            network.plugIn();
            try (Socket client = connect(network, memcached, PATIENCE_MILLIS)) {
                ask(client);
                assertThat(answer(client)).isEqualTo(VERSION);
            }
        }
    }

    @Test
    void whatIsAskedWhileItIsUnpluggedIsAnsweredWhenItIsPluggedInAgain() throws Exception {
        try (NetworkNamespace network = NetworkNamespace.open();
                MemcachedProcess memcached = start(network);
                Socket client = connect(network, memcached, PATIENCE_MILLIS)) {
            network.unplug();
            ask(client);
            client.setSoTimeout(A_MOMENT_MILLIS);
            assertThatThrownBy(() -> answer(client)).isInstanceOf(SocketTimeoutException.class);

            network.plugIn();

            client.setSoTimeout(PATIENCE_MILLIS);
            assertThat(answer(client)).isEqualTo(VERSION);
        }
    }

    private static MemcachedProcess start(NetworkNamespace network) {
        return MemcachedProcess.startIn(network.command(), network.address());
    }

    private static Socket connect(NetworkNamespace network, MemcachedProcess memcached, int millis)
            throws IOException {
        Socket client = new Socket();
        try {
            client.connect(new InetSocketAddress(network.address(), memcached.port()), millis);
            client.setSoTimeout(PATIENCE_MILLIS);
            return client;
        } catch (IOException failed) {
            client.close();
            throw failed;
        }
    }

    private static void ask(Socket client) throws IOException {
        client.getOutputStream().write("version\r\n".getBytes(US_ASCII));
    }

    /** Its first word. */
    private static String answer(Socket client) throws IOException {
        return new String(client.getInputStream().readNBytes(VERSION.length()), US_ASCII);
    }
}
