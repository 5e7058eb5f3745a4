package org.memcachedsession.codec;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UTFDataFormatException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.memcachedsession.SessionException;
import org.memcachedsession.session.BeanKey;
import org.memcachedsession.session.Entry;
import org.memcachedsession.session.PrincipalHash;
import org.memcachedsession.session.SessionHeader;
import org.memcachedsession.session.SessionRecord;
import org.memcachedsession.session.UnreadableException;

class RecordFormatTest {

    private static byte[] bytes() {
        TreeMap<BeanKey, Entry> entries = new TreeMap<>();
        entries.put(new BeanKey("class Cart"), new Entry("", new byte[] {1, 2, 3}));
        return RecordFormat.write(
                new SessionRecord(
                        SessionHeader.begun(
                                Instant.EPOCH, Duration.ofSeconds(30), Duration.ofSeconds(60)),
                        List.of(1L, -2L),
                        entries));
    }

    @Test
    void aCutRecordIsRefusedAtEveryLength() {
        byte[] bytes = bytes();
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> RecordFormat.read(cut))
                    .isInstanceOf(UnreadableException.class);
        }
    }

    @Test
    void bytesTooManyAreRefused() {
        byte[] longer = Arrays.copyOf(bytes(), bytes().length + 1);
        assertThatThrownBy(() -> RecordFormat.read(longer)).isInstanceOf(UnreadableException.class);
    }

    /** Where the fields of {@link #bytes} are. */
    private static final int EPOCHS = 1 + 4 * 8 + 2 * 4 + 1;

    private static final int SAVES = EPOCHS + 1;
    private static final int ENTRIES = SAVES + 1 + 2 * 8;
    private static final int KEY = ENTRIES + 4;
    private static final int BOUND_TO = KEY + 2 + "class Cart".length();
    private static final int BEAN = BOUND_TO + 2;

    private static byte[] with(int position, byte... field) {
        return ByteBuffer.wrap(bytes()).put(position, field).array();
    }

    private static byte[] number(int number) {
        return ByteBuffer.allocate(4).putInt(number).array();
    }

    @Test
    void noLengthOrCountThatLiesAllocatesWhatItSays() {
        List<byte[]> lies = new ArrayList<>();
        for (int lie : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 1 << 30, 10_001, 2}) {
            lies.add(with(ENTRIES, number(lie)));
        }
        for (int lie : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 4}) {
            lies.add(with(BEAN, number(lie)));
        }
        byte most = (byte) 255;
        for (int position : new int[] {EPOCHS, SAVES}) {
            lies.add(with(position, most));
            lies.add(with(position, (byte) 17));
        }
        lies.add(with(KEY, most, most));
        lies.add(with(BOUND_TO, most, most));
        lies.forEach(RecordFormatTest::refuse); // loads what classes it takes

        long before = allocated();
        lies.forEach(RecordFormatTest::refuse);
        assertThat(allocated() - before).isLessThan(lies.size() * 10_000L);
    }

    private static void refuse(byte[] bytes) {
        try {
            RecordFormat.read(bytes);
        } catch (UnreadableException e) {
            return;
        }
        throw new AssertionError("was read");
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getCurrentThreadAllocatedBytes();
    }

    @Test
    void moreEpochsOrSavesThanThereCanBeAreRefusedThoughTheyAreAllThere() throws Exception {
        for (int position : new int[] {EPOCHS, SAVES}) {
            int present = position == SAVES ? 2 : 0;
            assertThat(RecordFormat.read(withNumbers(position, present, 16))).isNotNull();
            byte[] more = withNumbers(position, present, 17);
            assertThatThrownBy(() -> RecordFormat.read(more))
                    .isInstanceOf(UnreadableException.class)
                    .hasMessage("it says that it has 17 epochs or saves");
        }
    }

    private static byte[] withNumbers(int position, int present, int count) {
        byte[] bytes = bytes();
        return ByteBuffer.allocate(bytes.length + (count - present) * Long.BYTES)
                .put(bytes, 0, position)
                .put((byte) count)
                .put(new byte[(count - present) * Long.BYTES])
                .put(bytes, position + 1, bytes.length - position - 1)
                .array();
    }

    @Test
    void aPrincipalThatIsNoHashIsRefused() throws UnreadableException {
        byte[] hash = PrincipalHash.of("Ada").text().getBytes(US_ASCII);
        assertThat(RecordFormat.read(withPrincipal(hash))).isNotNull();
        byte[] longer = Arrays.copyOf(hash, hash.length + 1);
        longer[hash.length] = 'A';
        byte[] noAscii = hash.clone();
        noAscii[0] = -1;
        for (byte[] wrong : List.of(longer, Arrays.copyOf(hash, hash.length - 1), noAscii)) {
            assertThatThrownBy(() -> RecordFormat.read(withPrincipal(wrong)))
                    .isInstanceOf(UnreadableException.class);
        }
    }

    private static byte[] withPrincipal(byte[] text) {
        byte[] bytes = bytes();
        return ByteBuffer.allocate(bytes.length + text.length)
                .put(bytes, 0, EPOCHS - 1)
                .put((byte) text.length)
                .put(text)
                .put(bytes, EPOCHS, bytes.length - EPOCHS)
                .array();
    }

    @Test
    void entriesThatAreNotInTheOrderOfTheirKeysAreRefused() {
        byte[] two = RecordFormat.write(record("class A", "class B"));
        assertThatCode(() -> RecordFormat.read(two)).doesNotThrowAnyException();
        int firstLetter = KEY + 2 + "class ".length();
        for (byte letter : new byte[] {'B', 'C'}) {
            two[firstLetter - 2 * 8] = letter;
            assertThatThrownBy(() -> RecordFormat.read(two))
                    .isInstanceOf(UnreadableException.class)
                    .hasMessageContaining("order");
        }
    }

    @Test
    void asManyEntriesAreReadAsAreWrittenAndNoMore() throws UnreadableException {
        String[] keys =
                IntStream.range(0, RecordFormat.MOST_ENTRIES)
                        .mapToObj(String::valueOf)
                        .toArray(String[]::new);
        SessionRecord most = record(keys);
        assertThat(RecordFormat.read(RecordFormat.write(most))).isEqualTo(most);

        String[] more = Arrays.copyOf(keys, keys.length + 1);
        more[keys.length] = "one more";
        assertThatThrownBy(() -> RecordFormat.write(record(more)))
                .isInstanceOf(SessionException.class)
                .hasMessageContainingAll("10001 beans", "10000 are the most");
        byte[] saysMore = RecordFormat.write(most);
        ByteBuffer.wrap(saysMore).putInt(ENTRIES - 2 * 8, keys.length + 1);
        byte[] longer = Arrays.copyOf(saysMore, saysMore.length + 100);
        assertThatThrownBy(() -> RecordFormat.read(longer))
                .hasMessageContaining("it says that it has 10001 entries");
    }

    private static SessionRecord record(String... keys) {
        TreeMap<BeanKey, Entry> entries = new TreeMap<>();
        for (String key : keys) {
            entries.put(new BeanKey(key), new Entry("", new byte[0]));
        }
        return new SessionRecord(
                SessionHeader.begun(Instant.EPOCH, Duration.ofSeconds(30), Duration.ofSeconds(60)),
                List.of(),
                entries);
    }

    /** As {@code DataOutput} writes them, and bytes that it does not write, as {@code DataInput} reads them. */
    @Test
    void textsAreThoseOfTheJdk() throws IOException, UnreadableException {
        String all =
                IntStream.rangeClosed(0, Character.MAX_VALUE)
                        .filter(c -> c < 0x900 || c % 97 == 0 || c > 0xD700 && c < 0xE000)
                        .mapToObj(Character::toString)
                        .collect(Collectors.joining());
        var jdk = new ByteArrayOutputStream();
        new DataOutputStream(jdk).writeUTF(all);
        ByteBuffer own = ByteBuffer.allocate(ModifiedUtf8.size(all));
        ModifiedUtf8.write(all, own);
        assertThat(own.array()).isEqualTo(jdk.toByteArray());
        assertThat(ModifiedUtf8.read(own.flip())).isEqualTo(all);

        assertThat(RecordFormat.read(with(KEY, number(0x000A_0061))))
                .as("a NUL of one byte")
                .isNotNull();
        for (int garbled : new int[] {0x000A_FF61, 0x000A_C0C0, 0x000A_E080, 0x000A_8061}) {
            byte[] bytes = with(KEY, ByteBuffer.allocate(4).putInt(garbled).array());
            assertThatThrownBy(() -> RecordFormat.read(bytes))
                    .hasMessage("it is cut or garbled")
                    .hasCauseInstanceOf(UTFDataFormatException.class);
        }
    }

    @Test
    void aKeyThatIsLongerThanItsLengthCanSayIsNotWritten() throws UnreadableException {
        SessionRecord longest = record("ü".repeat(32_767) + "u");
        assertThat(RecordFormat.read(RecordFormat.write(longest))).isEqualTo(longest);
        assertThatThrownBy(() -> RecordFormat.write(record("ü".repeat(32_768))))
                .hasMessage("a bean key is longer than 65535 bytes");
    }

    @Test
    void anyBytesGiveARecordOrARefusal() {
        Random random = new Random(42);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] garbled = bytes();
            garbled[random.nextInt(garbled.length)] = (byte) random.nextInt(256);
            try {
                assertThat(RecordFormat.read(garbled)).isNotNull();
            } catch (UnreadableException e) {
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }
}
