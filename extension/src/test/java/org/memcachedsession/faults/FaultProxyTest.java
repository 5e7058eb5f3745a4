package org.memcachedsession.faults;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memcachedsession.embedded.EmbeddedMemcached;

/** The proxy does what a test of faults believes that it does. */
@Timeout(60)
class FaultProxyTest {

    private static final int A_MOMENT_MILLIS = 100;
    private static final int PATIENCE_MILLIS = 40_000;
    private static final String ITEMS =
            "set a 0 0 4\r\nA\r\nA\r\nset b 0 0 1\r\nB\r\nset c 0 0 1\r\nC\r\n";
    private static final String STORED = "STORED\r\nSTORED\r\nSTORED\r\n";

    private EmbeddedMemcached memcached;
    private FaultProxy proxy;
    private final List<Socket> clients = new ArrayList<>();

    @BeforeEach
    void start() {
        memcached = EmbeddedMemcached.start();
        proxy = FaultProxy.before(memcached.port());
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
        proxy.close();
        memcached.close();
    }

    private Socket connect() throws IOException {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        client.setSoTimeout(PATIENCE_MILLIS);
        clients.add(client);
        return client;
    }

    private static void send(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(US_ASCII));
    }

    private static String read(Socket client, int length) throws IOException {
        return new String(client.getInputStream().readNBytes(length), US_ASCII);
    }

    private static void assertNextIs(Socket client, String text) throws IOException {
        assertThat(read(client, text.length())).isEqualTo(text);
    }

    private static void assertNothingComes(Socket client) throws IOException {
        client.setSoTimeout(A_MOMENT_MILLIS);
        assertThatThrownBy(() -> client.getInputStream().read())
                .isInstanceOf(SocketTimeoutException.class);
        client.setSoTimeout(PATIENCE_MILLIS);
    }

    private static void assertIsLost(Socket client) {
        assertThatThrownBy(
                        () -> {
                            if (client.getInputStream().read() < 0) {
                                throw new SocketException("the end");
                            }
                        })
                .isInstanceOf(SocketException.class);
    }

    private Socket connectWithItems() throws IOException {
        Socket client = connect();
        send(client, ITEMS);
        assertNextIs(client, STORED);
        return client;
    }

    /** The first answer that it is asked for. */
    private static BooleanSupplier first() {
        AtomicInteger asked = new AtomicInteger();
        return () -> asked.incrementAndGet() == 1;
    }

    @Test
    void withoutAFaultAllPassesAsItIsAndQuestionsAreCounted() throws Exception {
        Socket client = connectWithItems();

        send(client, "mg a v\r\nget a b\r\nms d 2\r\n\r\n\r\n");

        assertNextIs(
                client,
                "VA 4\r\nA\r\nA\r\nVALUE a 0 4\r\nA\r\nA\r\nVALUE b 0 1\r\nB\r\nEND\r\nHD\r\n");
        assertThat(proxy.questions()).isEqualTo(6);
        assertThat(proxy.connections()).isEqualTo(1);
    }

    @Test
    void aQuestionInPiecesIsOne() throws Exception {
        Socket client = connect();

        for (char piece : "set a 0 0 3\r\na\r\n\r\nmg a v\r\n".toCharArray()) {
            send(client, String.valueOf(piece));
        }

        assertNextIs(client, "STORED\r\nVA 3\r\na\r\n\r\n");
        assertThat(proxy.questions()).isEqualTo(2);
    }

    @Test
    void whatIsHeldPassesAfterTheRelease() throws Exception {
        Socket client = connectWithItems();
        proxy.hold();
        send(client, "mg b v\r\n");
        assertNothingComes(client);
        Socket later = connect();
        send(later, "mg c v\r\n");
        assertNothingComes(later);

        proxy.release();

        assertNextIs(client, "VA 1\r\nB\r\n");
        assertNextIs(later, "VA 1\r\nC\r\n");
    }

    @Test
    void aWriteThatWasHeldIsCarriedOutThoughItsSenderIsGone() throws Exception {
        Socket client = connectWithItems();
        proxy.hold();
        send(client, "delete b\r\n");
        client.close();

        proxy.release();

        Socket other = connect();
        String seen;
        do {
            send(other, "mg b\r\n");
            seen = read(other, 4);
        } while (seen.equals("HD\r\n"));
        assertThat(seen).isEqualTo("EN\r\n");
    }

    @Test
    void whatIsDelayedComesLaterAndDoesNotOvertake() throws Exception {
        Socket client = connectWithItems();
        proxy.meddle(() -> Meddler.delaying(Duration.ofHours(1), first()));
        send(client, "mg b v\r\nmg c v\r\n");
        assertNothingComes(client);

        proxy.heal();
        proxy.delay(Duration.ofMillis(1), Duration.ofMillis(20));

        Socket other = connect();
        for (int i = 0; i < 20; i++) {
            send(other, "mg b v\r\nmg c v\r\n");
            assertNextIs(other, "VA 1\r\nB\r\nVA 1\r\nC\r\n");
        }
    }

    @Test
    void whatIsThrottledComesByAndBy() throws Exception {
        Socket client = connect();
        send(client, "set a 0 0 3000\r\n" + "x".repeat(3000) + "\r\n");
        assertNextIs(client, "STORED\r\n");

        proxy.throttle(1);
        send(client, "mg a v\r\n");

        assertNothingComes(client); // the question is on its way for eight seconds
        proxy.throttle(Integer.MAX_VALUE);
        assertNextIs(client, "VA 3000\r\nxxx");
    }

    @Test
    void anAnswerIsSwappedWithTheNextOne() throws Exception {
        Socket client = connectWithItems();
        proxy.meddle(() -> Meddler.swapping(first()));

        send(client, "mg a v\r\nmg b v\r\nmg c v\r\n");

        assertNextIs(client, "VA 1\r\nB\r\nVA 4\r\nA\r\nA\r\nVA 1\r\nC\r\n");
    }

    @Test
    void anAnswerIsRepeated() throws Exception {
        Socket client = connectWithItems();
        proxy.meddle(() -> Meddler.repeating(first()));

        send(client, "mg b v\r\nmg c v\r\n");

        assertNextIs(client, "VA 1\r\nB\r\nVA 1\r\nB\r\nVA 1\r\nC\r\n");
    }

    @Test
    void anAnswerIsDropped() throws Exception {
        Socket client = connectWithItems();
        proxy.meddle(() -> Meddler.dropping(first()));

        send(client, "mg b v\r\nmg c v\r\n");

        assertNextIs(client, "VA 1\r\nC\r\n");
    }

    @Test
    void anAnswerIsCutAndTheConnectionWithIt() throws Exception {
        Socket client = connectWithItems();
        proxy.meddle(() -> Meddler.truncating(length -> 1, first()));

        send(client, "mg b v\r\nmg c v\r\n");

        assertThat(client.getInputStream().read()).isEqualTo('V');
        assertIsLost(client);
    }

    @Test
    void aResetEndsWhatIsOpenAndNothingElse() throws Exception {
        Socket client = connectWithItems();

        proxy.reset();

        assertIsLost(client);
        Socket other = connect();
        send(other, "mg b v\r\n");
        assertNextIs(other, "VA 1\r\nB\r\n");
    }

    @Test
    void whatIsRefusedIsAcceptedAgainOnTheSamePort() throws Exception {
        Socket client = connectWithItems();

        proxy.refuse();

        assertIsLost(client);
        assertThatThrownBy(this::connect).isInstanceOf(IOException.class);
        proxy.accept();
        Socket other = connect();
        send(other, "mg b v\r\n");
        assertNextIs(other, "VA 1\r\nB\r\n");
    }

    @Test
    void whoConnectsWhileTheServerIsDeadIsReset() throws Exception {
        memcached.close();

        assertIsLost(connect());
    }
}
