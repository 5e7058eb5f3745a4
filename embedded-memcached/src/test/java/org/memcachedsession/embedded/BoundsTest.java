package org.memcachedsession.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** No client may take more than its share of memory, threads or time. */
class BoundsTest {

    private static String answersTo(InputStream requests) throws IOException {
        ByteArrayOutputStream replies = new ByteArrayOutputStream();
        TestServer.commands().converse(requests, replies);
        return replies.toString(StandardCharsets.ISO_8859_1);
    }

    private static String answersTo(String requests) throws IOException {
        return answersTo(new ByteArrayInputStream(Client.bytes(requests)));
    }

    @Test
    void twoGigabytesAreRefusedBeforeTheyAreSentAndWithoutMemory() throws IOException {
        try (EmbeddedMemcached server = EmbeddedMemcached.start();
                Socket socket = new Socket()) {
            socket.connect(server.address());
            socket.getOutputStream().write(Client.bytes("set a 0 0 2147483645\r\n"));
            String refusal = "SERVER_ERROR object too large for cache\r\n";

            assertThat(socket.getInputStream().readNBytes(refusal.length()))
                    .isEqualTo(Client.bytes(refusal));
        }
    }

    @Test
    void anAnnouncedLengthTakesNoMemoryBeforeTheBytesCome() {
        RequestReader reader =
                new RequestReader(
                        new ByteArrayInputStream(new byte[10]),
                        new ReplyWriter(new ByteArrayOutputStream()));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();

        assertThatThrownBy(() -> reader.block(1_000_000_000)).isInstanceOf(EOFException.class);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(50_000_000);
    }

    @Test
    void aLongLineWithoutAnEndClosesTheConnection() throws IOException {
        assertThat(answersTo("version\r\nset " + "x".repeat(3000))).startsWith("VERSION ");
        InputStream tenMegabytes = new ByteArrayInputStream(new byte[10_000_000]);

        assertThat(answersTo(tenMegabytes)).isEmpty();
        assertThat(tenMegabytes.available()).isGreaterThan(9_900_000);
    }

    @Test
    void aGetMayBeLongAndNotEndless() throws IOException {
        String keys = "k".repeat(250).concat(" ").repeat(2000);
        assertThat(answersTo("get " + keys + "\r\n")).isEqualTo("END\r\n");
        assertThat(answersTo("get " + "k ".repeat(600_000) + "\r\n")).isEmpty();
    }

    @Test
    void theBinaryProtocolIsTurnedAwayAtOnce() throws IOException {
        try (EmbeddedMemcached server = EmbeddedMemcached.start();
                Socket socket = new Socket()) {
            socket.connect(server.address());
            byte[] noop = new byte[24];
            noop[0] = (byte) 0x80;
            noop[1] = 0x0a;
            socket.getOutputStream().write(noop);

            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void oneConnectionTooManyIsToldSo() throws IOException {
        List<Socket> sockets = new ArrayList<>();
        try (EmbeddedMemcached server = EmbeddedMemcached.start()) {
            try {
                for (int i = 0; i < Acceptor.MOST_CONNECTIONS; i++) {
                    sockets.add(new Socket(server.address().getAddress(), server.port()));
                }
                try (Socket last = new Socket(server.address().getAddress(), server.port())) {
                    assertThat(last.getInputStream().readAllBytes())
                            .isEqualTo(Client.bytes("ERROR Too many open connections\r\n"));
                }
                assertThat(server.stats())
                        .containsEntry("rejected_connections", "1")
                        .containsEntry("curr_connections", "1024");
            } finally {
                for (Socket socket : sockets) {
                    socket.close();
                }
            }
        }
    }

    @Test
    void aClientThatDoesNotReadHoldsUpNobody() throws IOException {
        try (EmbeddedMemcached server = EmbeddedMemcached.start();
                Client other = new Client(server.address());
                Socket deaf = new Socket()) {
            other.ask("set a 0 0 1000000\r\n" + "x".repeat(1_000_000) + "\r\n");
            deaf.connect(server.address());
            deaf.getOutputStream().write(Client.bytes("get " + "a ".repeat(100) + "\r\n"));

            assertThat(other.ask("set a 0 0 1\r\ny\r\nget a\r\n"))
                    .isEqualTo("STORED\r\nVALUE a 0 1\r\ny\r\nEND\r\n");
        }
    }
}
