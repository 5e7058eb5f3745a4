package org.memcachedsession.embedded;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whatever a client sends: it is answered in the words of the protocol, or the conversation ends. */
class ConversationFuzzTest {

    private static final Pattern ANSWER =
            Pattern.compile(
                    "(STORED|NOT_STORED|EXISTS|NOT_FOUND|DELETED|TOUCHED|END|OK|RESET|ERROR|MN"
                            + "|HD|EN|NS|EX|NF|[0-9]{1,20})( .*)?"
                            + "|(CLIENT_ERROR|SERVER_ERROR|STAT|VERSION) .+",
                    Pattern.DOTALL);
    private static final Pattern BLOCK =
            Pattern.compile(
                    "VALUE [^ ]+ [0-9]+ ([0-9]+)( [0-9]+)?|VA ([0-9]+)( .*)?", Pattern.DOTALL);

    /** As in memcached, it ends the conversation where its end has not come with its beginning. */
    private static final Pattern LONG_LINE = Pattern.compile("[^\n]{2048}");

    private static final int ALLOCATED_PER_BYTE = 4_000;

    /** While new inputs are looked for, Jazzer's hooks in the code allocate too. */
    private static final int ALLOCATED_BESIDE =
            "false".equals(System.getProperty("jazzer.hooks")) ? 500_000 : 20_000_000;

    @FuzzTest(maxDuration = "2m")
    void anyBytesAreAnsweredInTheWordsOfTheProtocol(byte[] requests) throws IOException {
        String answers = whole(TestServer.commands(), requests);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        // the second time, since the first may have loaded classes
        whole(TestServer.commands(), requests);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before)
                .as("bytes allocated")
                .isLessThan(ALLOCATED_BESIDE + (long) ALLOCATED_PER_BYTE * requests.length);

        if (!LONG_LINE.matcher(new String(requests, ISO_8859_1)).find()) {
            assertThat(converse(TestServer.commands(), inPieces(requests))).isEqualTo(answers);
        }
        // a key that came in base64 may have line ends in it, and memcached too writes it as it is
        if (!new String(requests, ISO_8859_1).contains(" b")) {
            assertWellFormed(answers);
        }
    }

    private static String whole(Commands commands, byte[] requests) throws IOException {
        return converse(commands, new ByteArrayInputStream(requests));
    }

    private static String converse(Commands commands, InputStream requests) throws IOException {
        ByteArrayOutputStream replies = new ByteArrayOutputStream();
        try {
            commands.converse(requests, replies);
        } catch (EOFException e) {
            // the client has gone within a block, and all before was flushed
        }
        return replies.toString(ISO_8859_1);
    }

    /** Cut where the bytes themselves say, so that the same bytes are cut in the same way. */
    private static InputStream inPieces(byte[] requests) {
        List<InputStream> pieces = new ArrayList<>();
        int start = 0;
        while (start < requests.length) {
            int length = Math.min(1 + requests[start] % 7 + 7, requests.length - start);
            pieces.add(new ByteArrayInputStream(requests, start, length));
            start += length;
        }
        return new SequenceInputStream(Collections.enumeration(pieces));
    }

    private static void assertWellFormed(String answers) {
        int at = 0;
        while (at < answers.length()) {
            int end = answers.indexOf("\r\n", at);
            assertThat(end).as("end of the line at %s of: %s", at, answers).isNotNegative();
            String line = answers.substring(at, end);
            at = end + 2;
            Matcher block = BLOCK.matcher(line);
            if (block.matches()) {
                String length = block.group(1) != null ? block.group(1) : block.group(3);
                at += Integer.parseInt(length);
                assertThat(answers.startsWith("\r\n", at))
                        .as("end of the block: " + answers)
                        .isTrue();
                at += 2;
            } else {
                assertThat(line).matches(ANSWER);
            }
        }
    }

    @FuzzTest(maxDuration = "2m")
    void whateverIsStoredAndDroppedTheTableKnowsHowMuchItHolds(byte[] requests) throws IOException {
        Statistics statistics = new Statistics();
        ServerClock clock = new ServerClock(new SetClock());
        ItemTable table = new ItemTable(clock, statistics, 2_000, 1_000);
        ItemStore store = new ItemStore(table, statistics);
        Commands commands =
                new Commands(
                        new TextCommands(store, table, clock, statistics),
                        new MetaCommands(store, table, clock, statistics, false),
                        new AdminCommands(table, clock, statistics, () -> 0));

        whole(commands, requests);

        assertThat(table.bytes()).isBetween(60L * table.count(), 2_000L);
        assertThat(table.bytes()).isLessThanOrEqualTo(1_000L * table.count());
    }
}
