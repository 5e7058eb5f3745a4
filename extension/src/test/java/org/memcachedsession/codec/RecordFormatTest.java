package org.memcachedsession.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.memcachedsession.session.BeanKey;
import org.memcachedsession.session.Entry;
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

    @Test
    void lengthsThatLieAllocateNothing() {
        byte[] bytes = bytes();
        int lengthOfEntry = bytes.length - 3 - 4;
        for (int lie : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 4}) {
            byte[] lying = bytes.clone();
            ByteBuffer.wrap(lying).putInt(lengthOfEntry, lie);
            assertThatThrownBy(() -> RecordFormat.read(lying))
                    .isInstanceOf(UnreadableException.class);
        }
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
