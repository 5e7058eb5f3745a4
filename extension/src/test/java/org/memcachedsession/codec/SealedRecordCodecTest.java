package org.memcachedsession.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.memcachedsession.session.BeanKey;
import org.memcachedsession.session.Entry;
import org.memcachedsession.session.PrincipalHash;
import org.memcachedsession.session.RecordCodec;
import org.memcachedsession.session.SessionHeader;
import org.memcachedsession.session.SessionId;
import org.memcachedsession.session.SessionRecord;
import org.memcachedsession.session.UnreadableException;

class SealedRecordCodecTest {

    private final SecureRandom random = new SecureRandom();
    private final RecordCodec codec = TestCodec.of("/shop");
    private final SessionId id = SessionId.random(random);
    private final SessionRecord session = session();

    private static SessionRecord session() {
        TreeMap<BeanKey, Entry> entries = new TreeMap<>();
        entries.put(new BeanKey("class Cart"), new Entry("", "secret of the cart".getBytes(UTF_8)));
        entries.put(new BeanKey("class Größe"), new Entry("0123456789abcdef", new byte[3000]));
        entries.put(new BeanKey("class Nothing"), new Entry("", new byte[0]));
        return new SessionRecord(
                new SessionHeader(
                        Instant.parse("2026-01-01T00:00:00.123Z"),
                        Optional.of(Instant.parse("2026-01-01T01:00:00.456Z")),
                        Instant.parse("2026-01-01T02:00:00.789Z"),
                        Instant.parse("2026-01-01T03:00:00Z"),
                        Duration.ofMinutes(30),
                        Duration.ofHours(12),
                        Optional.of(PrincipalHash.of("Ada")),
                        List.of(-1L, Long.MIN_VALUE)),
                List.of(Long.MIN_VALUE, 0L, Long.MAX_VALUE),
                entries);
    }

    @Test
    void whatIsOpenedIsWhatWasSealed() throws UnreadableException {
        assertThat(codec.open(id, codec.seal(id, session))).isEqualTo(session);
    }

    @Test
    void anEmptySessionIsASession() throws UnreadableException {
        SessionRecord empty =
                new SessionRecord(
                        SessionHeader.begun(
                                Instant.EPOCH, Duration.ofSeconds(1), Duration.ofDays(365)),
                        List.of(),
                        new TreeMap<>());
        assertThat(codec.open(id, codec.seal(id, empty))).isEqualTo(empty);
    }

    @Test
    void neitherIdNorContentCanBeReadOffKeyAndItem() {
        byte[] item = codec.seal(id, session);
        assertThat(new String(item, UTF_8)).doesNotContain("secret", "Cart", id.cookieValue());
        assertThat(codec.itemKey(id).text()).doesNotContain(id.cookieValue()).hasSize(43);
    }

    @Test
    void noTwoSealsAreAlike() {
        assertThat(codec.seal(id, session)).isNotEqualTo(codec.seal(id, session));
    }

    @Test
    void everyFlippedBitBreaksTheSeal() {
        byte[] item = codec.seal(id, session);
        for (int bit = 0; bit < item.length * Byte.SIZE; bit++) {
            byte[] flipped = item.clone();
            flipped[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
            assertThatThrownBy(() -> codec.open(id, flipped))
                    .isInstanceOf(UnreadableException.class);
        }
    }

    @Test
    void aCutItemIsRefusedAtEveryLength() {
        byte[] item = codec.seal(id, session);
        for (int length = 0; length < item.length; length++) {
            byte[] cut = Arrays.copyOf(item, length);
            assertThatThrownBy(() -> codec.open(id, cut)).isInstanceOf(UnreadableException.class);
        }
    }

    @Test
    void anItemOpensUnderItsOwnIdOnly() {
        byte[] item = codec.seal(id, session);
        assertThatThrownBy(() -> codec.open(SessionId.random(random), item))
                .isInstanceOf(UnreadableException.class);
    }

    @Test
    void twoApplicationsOnOnePoolNeverMeet() {
        RecordCodec other = TestCodec.of("/admin");
        assertThat(other.itemKey(id)).isNotEqualTo(codec.itemKey(id));
        assertThatThrownBy(() -> other.open(id, codec.seal(id, session)))
                .isInstanceOf(UnreadableException.class);
    }

    @Test
    void theSameIdHasTheSameItemKeyOnEveryNode() {
        RecordCodec otherNode = TestCodec.of("/shop");
        assertThat(otherNode.itemKey(id)).isEqualTo(codec.itemKey(id));
    }
}
