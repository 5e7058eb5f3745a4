package org.memcachedsession.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.memcachedsession.session.BeanKey;
import org.memcachedsession.session.Entry;
import org.memcachedsession.session.ItemContent;
import org.memcachedsession.session.SessionHeader;
import org.memcachedsession.session.SessionId;
import org.memcachedsession.session.SessionRecord;
import org.memcachedsession.session.Tombstone;
import org.memcachedsession.session.UnreadableException;

class OpenedItemsTest {

    private static final byte[] PLAIN = "content".getBytes(UTF_8);

    private static final ItemContent CONTENT =
            new Tombstone(Tombstone.Cause.END, Instant.EPOCH, 0, Optional.empty());

    private final SecureRandom random = new SecureRandom();
    private final SessionId id = SessionId.random(random);
    private final List<byte[]> parsed = new ArrayList<>();
    private final OpenedItems items = new OpenedItems(this::parse);

    private ItemContent parse(byte[] plain) throws UnreadableException {
        parsed.add(plain);
        if (plain.length == 0) {
            throw new UnreadableException("nothing in it");
        }
        return new Tombstone(Tombstone.Cause.END, Instant.EPOCH, parsed.size(), Optional.empty());
    }

    private static byte[] item(int... bytes) {
        byte[] item = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            item[i] = (byte) bytes[i];
        }
        return item;
    }

    @Test
    void whatWasOpenedIsFoundAsOneThing() throws Exception {
        ItemContent content = items.opened(id, item(1, 2, 3), PLAIN);

        assertThat(items.find(id, item(1, 2, 3))).isSameAs(content);
        assertThat(parsed).hasSize(1);
    }

    @Test
    void whatWasSealedIsFoundAsOthersReadIt() throws Exception {
        Instant fine = Instant.EPOCH.plusNanos(1_234_567);
        ItemContent content = new Tombstone(Tombstone.Cause.END, fine, 7, Optional.empty());
        items.sealed(id, item(1, 2, 3), 5, content);

        assertThat(items.find(id, item(1, 2, 3)))
                .isEqualTo(RecordFormat.read(RecordFormat.write(content)))
                .isNotEqualTo(content);
        assertThat(parsed).isEmpty();
    }

    @Test
    void anItemThatDiffersInOneByteIsAnother() throws Exception {
        byte[] item = new byte[100];
        random.nextBytes(item);
        items.opened(id, item, PLAIN);

        for (int i = 0; i < item.length; i++) {
            byte[] other = item.clone();
            other[i] ^= 1;
            assertThat(items.find(id, other)).as("byte %d", i).isNull();
        }
        assertThat(items.find(id, Arrays.copyOf(item, 99))).isNull();
        assertThat(items.find(id, Arrays.copyOf(item, 101))).isNull();
    }

    @Test
    void theItemOfOneSessionIsNeverFoundForAnother() throws Exception {
        SessionId other = SessionId.random(random);
        while (Remembered.place(other) != Remembered.place(id)) {
            other = SessionId.random(random);
        }
        items.opened(id, item(1, 2, 3), PLAIN);

        assertThat(items.find(other, item(1, 2, 3))).isNull();
    }

    @Test
    void whatCannotBeReadIsNotKept() throws Exception {
        assertThatThrownBy(() -> items.opened(id, item(1), new byte[0]))
                .isInstanceOf(UnreadableException.class);

        assertThat(items.find(id, item(1))).isNull();
        assertThat(items.size()).isZero();
    }

    @Test
    void howeverMuchComesTheBytesStayBounded() throws Exception {
        for (int i = 0; i < 5000; i++) {
            items.sealed(SessionId.random(random), new byte[20_000], 20_000, CONTENT);
            assertThat(items.size()).isLessThanOrEqualTo(OpenedItems.CAPACITY);
        }
        assertThat(items.size()).isGreaterThan(OpenedItems.CAPACITY - 50_000);

        byte[] last = item(9);
        items.sealed(id, last, PLAIN.length, CONTENT);
        assertThat(items.find(id, last)).as("the newest is there").isNotNull();
    }

    @Test
    void aSessionThatGoesOnTakesThePlaceOfWhatItWas() throws Exception {
        for (int i = 0; i < 100; i++) {
            items.sealed(id, new byte[1000 + i], PLAIN.length, CONTENT);
        }
        assertThat(items.size()).isEqualTo(1099 + PLAIN.length);
    }

    /** Each is in objects of its own, which may take more than its bytes. */
    @Test
    void manySmallBeansCountAsTheMemoryThatTheyTake() {
        TreeMap<BeanKey, Entry> entries = new TreeMap<>();
        for (int i = 0; i < 1000; i++) {
            entries.put(new BeanKey("bean " + i), new Entry("", new byte[0]));
        }
        SessionRecord session =
                new SessionRecord(
                        SessionHeader.begun(
                                Instant.EPOCH, Duration.ofMinutes(1), Duration.ofMinutes(1)),
                        List.of(),
                        entries);
        items.sealed(id, item(1), PLAIN.length, session);

        assertThat(items.size()).isGreaterThan(1000 * 200);
    }

    @Test
    void whatIsLargeIsNotKept() throws Exception {
        byte[] large = new byte[OpenedItems.LARGEST];
        assertThat(items.opened(id, large, PLAIN)).isNotNull();

        assertThat(items.find(id, large)).isNull();
    }
}
