package org.memcachedsession.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** TCP keeps no boundaries: where a packet ends must make no difference. */
class SplitRequestsTest {

    private static final String REQUESTS =
            "set a 5 0 10\r\nline\r\nline\r\n"
                    + "get a nothing\r\n"
                    + "set b 0 0 3 noreply\r\nabcdef\r\n"
                    + "ms c 4 T100 c\r\n1234\r\n"
                    + "set d 0 0 1048577\r\n"
                    + "x".repeat(20)
                    + "\r\n"
                    + "ma c v\n"
                    + "mg c t v k Oq\r\n"
                    + "foo\r\n"
                    + "\r\n"
                    + "mn\r\n";

    /** The body of d is announced larger than it is; this many bytes complete it. */
    private static final int REST_OF_D = 1_048_577 - 20;

    private static byte[] requests() {
        return Client.bytes(
                REQUESTS.replace("xxxxx\r\n", "xxxxx" + "y".repeat(REST_OF_D) + "\r\n"));
    }

    private static final String ANSWERS =
            """
            STORED
            VALUE a 5 10
            line
            line
            END
            ERROR
            HD c2
            SERVER_ERROR object too large for cache
            VA 4
            1235
            VA 4 t100 kc Oq
            1235
            ERROR
            ERROR
            MN
            """
                    .replace("\n", "\r\n");

    @Test
    void commandsInOnePacketAreAnsweredInOrder() throws IOException {
        assertThat(answersTo(new ByteArrayInputStream(requests()))).isEqualTo(ANSWERS);
    }

    @Test
    void aCutAtAnyByteChangesNoAnswer() throws IOException {
        byte[] requests = requests();
        for (int cut = 0; cut <= requests.length; cut += step(cut, requests.length)) {
            InputStream first = new ByteArrayInputStream(requests, 0, cut);
            InputStream second = new ByteArrayInputStream(requests, cut, requests.length - cut);

            assertThat(answersTo(new SequenceInputStream(first, second)))
                    .as("cut at byte %d", cut)
                    .isEqualTo(ANSWERS);
        }
    }

    /** Every byte of the commands, and some within the megabyte between them. */
    private static int step(int cut, int length) {
        return cut < 200 || cut > length - 200 ? 1 : 10_007;
    }

    @Test
    void singleBytesAreAnsweredAsWell() throws IOException {
        byte[] requests = requests();
        List<InputStream> packets =
                IntStream.range(0, requests.length)
                        .<InputStream>mapToObj(at -> new ByteArrayInputStream(requests, at, 1))
                        .toList();

        assertThat(answersTo(new SequenceInputStream(Collections.enumeration(packets))))
                .isEqualTo(ANSWERS);
    }

    @Test
    void aRealConnectionAnswersSingleBytesAsAWhole() throws IOException {
        byte[] requests = Client.bytes("set a 0 0 3\r\nabc\r\nget a\r\nmg a v\r\nincr a 1\r\n");
        try (EmbeddedMemcached server = EmbeddedMemcached.start();
                Client client = new Client(server.address())) {
            for (byte each : requests) {
                client.send(new byte[] {each});
            }

            assertThat(client.ask(""))
                    .isEqualTo(
                            "STORED\r\nVALUE a 0 3\r\nabc\r\nEND\r\nVA 3\r\nabc\r\n"
                                    + Commands.NOT_A_NUMBER
                                    + "\r\n");
        }
    }

    @Test
    void aPipelineIsAnsweredByBothServersTheSame() throws IOException {
        StringBuilder pipeline = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            pipeline.append("set k").append(i).append(" 0 0 4\r\nabcd\r\n");
            pipeline.append("ms q").append(i).append(" 2 q\r\nxy\r\n");
            pipeline.append("get k").append(i).append(" q").append(i).append(" none\r\n");
            pipeline.append("mg none q\r\nmg k")
                    .append(i)
                    .append(" v s O")
                    .append(i)
                    .append("\r\n");
        }
        byte[] requests = Client.bytes(pipeline.toString());
        try (RealMemcached real = RealMemcached.start();
                EmbeddedMemcached embedded = EmbeddedMemcached.start();
                Client realClient = new Client(real.address());
                Client embeddedClient = new Client(embedded.address())) {
            byte[] expected = realClient.ask(requests);

            assertThat(expected).hasSizeGreaterThan(20_000);
            assertThat(Arrays.equals(embeddedClient.ask(requests), expected)).isTrue();
        }
    }

    private static String answersTo(InputStream requests) throws IOException {
        ByteArrayOutputStream replies = new ByteArrayOutputStream();
        TestServer.commands().converse(requests, replies);
        return replies.toString(StandardCharsets.ISO_8859_1);
    }
}
