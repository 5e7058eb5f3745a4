package org.memcachedsession.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.ProviderException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.memcachedsession.session.BeanKey;
import org.memcachedsession.session.Entry;
import org.memcachedsession.session.ItemContent;
import org.memcachedsession.session.PrincipalHash;
import org.memcachedsession.session.RecordCodec;
import org.memcachedsession.session.SessionHeader;
import org.memcachedsession.session.SessionId;
import org.memcachedsession.session.SessionRecord;
import org.memcachedsession.session.UnreadableException;

class SealedRecordCodecTest {

    private final SecureRandom random = new SecureRandom();
    private final RecordCodec codec = TestCodec.of("/shop");

    /** Of another node, which has sealed nothing and so has to open all. */
    private final RecordCodec elsewhere = TestCodec.of("/shop");

    private final SessionId id = SessionId.random(random);
    private final SessionRecord session = session();
    private final SessionRecord empty =
            new SessionRecord(
                    SessionHeader.begun(Instant.EPOCH, Duration.ofSeconds(1), Duration.ofDays(365)),
                    List.of(),
                    new TreeMap<>());

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
        assertThat(elsewhere.open(id, codec.seal(id, session))).isEqualTo(session);
        assertThat(codec.open(id, codec.seal(id, session))).isEqualTo(session);
    }

    @Test
    void anEmptySessionIsASession() throws UnreadableException {
        assertThat(elsewhere.open(id, codec.seal(id, empty))).isEqualTo(empty);
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
    void theMarkOfTwoListsIsNoPartOfTheItem() throws Exception {
        byte[] item = codec.seal(id, session);
        byte[] marked = Arrays.copyOf(item, item.length + 4);
        marked[0] |= (byte) 0x80;
        marked[item.length] = 7;

        assertThat(elsewhere.open(id, marked)).isEqualTo(session);
        assertThat(codec.open(id, marked)).isEqualTo(session);
    }

    /** Only as long as it is the same: one that somebody has changed since is opened, and refused. */
    @Test
    void anItemThatWasOpenedIsOpenedAgainWhenItHasChanged() throws Exception {
        byte[] item = codec.seal(id, session);
        ItemContent content = elsewhere.open(id, item);
        assertThat(elsewhere.open(id, item.clone())).as("not opened again").isSameAs(content);

        byte[] later = codec.seal(id, empty);
        assertThat(elsewhere.open(id, later)).isEqualTo(empty);
        assertThat(elsewhere.open(id, item)).as("put back").isEqualTo(session);

        byte[] changed = item.clone();
        changed[item.length - 1] ^= 1;
        assertThatThrownBy(() -> elsewhere.open(id, changed))
                .isInstanceOf(UnreadableException.class);
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

    /** The hash codes of these ids are the same, so the codec remembers keys of one of them at most. */
    @Test
    void sessionsThatShareAPlaceInMemoryDoNotShareKeys() throws UnreadableException {
        byte[] bytes = new byte[SessionId.BYTES];
        bytes[22] = 1;
        SessionId one = idOf(bytes);
        bytes[22] = 0;
        bytes[23] = 31;
        SessionId other = idOf(bytes);
        assertThat(one).hasSameHashCodeAs(other).isNotEqualTo(other);

        for (RecordCodec node : List.of(codec, TestCodec.of("/shop", new byte[32]))) {
            byte[] itemOfOne = node.seal(one, session);
            byte[] itemOfOther = node.seal(other, session);
            assertThat(node.itemKey(one)).isNotEqualTo(node.itemKey(other));
            assertThat(node.itemKey(one)).isEqualTo(TestCodec.of("/shop").itemKey(one));
            assertThat(node.open(other, itemOfOther)).isEqualTo(session);
            assertThat(node.open(one, itemOfOne)).isEqualTo(session);
            assertThat(node.open(other, itemOfOther)).isEqualTo(session);
            assertThatThrownBy(() -> node.open(one, itemOfOther))
                    .isInstanceOf(UnreadableException.class);
            assertThatThrownBy(() -> node.open(other, itemOfOne))
                    .isInstanceOf(UnreadableException.class);
        }
    }

    private static SessionId idOf(byte[] bytes) {
        return SessionId.parse(Base64.getUrlEncoder().encodeToString(bytes)).orElseThrow();
    }

    /** What the JDK refuses here it can only where a cipher is used again. */
    @Test
    void aSealThatFailsLeavesNothingToTheNextNotItsNonceEither() throws UnreadableException {
        Deque<Integer> nonces = new ArrayDeque<>(List.of(1, 1, -1, 2, 3));
        SealedRecordCodec codec =
                new SealedRecordCodec(
                        "/shop",
                        List.of(),
                        new ScriptedChance(nonces),
                        new Compression(OptionalInt.empty(), TestCodec.SIZE_LIMIT));
        byte[] first = codec.seal(id, session);
        assertThatThrownBy(() -> codec.seal(id, session))
                .as("the nonce of before")
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> codec.seal(id, session))
                .as("no nonce")
                .isInstanceOf(ProviderException.class);
        byte[] second = codec.seal(id, session);
        byte[] third = codec.seal(id, session);

        assertThat(nonces).isEmpty();
        assertThat(List.of(first[13], second[13], third[13]))
                .containsExactly((byte) 1, (byte) 2, (byte) 3);
        for (byte[] item : List.of(first, second, third)) {
            assertThat(elsewhere.open(id, item)).isEqualTo(session);
        }
    }

    /** Gives nonces that end as it is told; fails at a negative one. */
    private static final class ScriptedChance extends SecureRandom {

        private static final long serialVersionUID = 1L;

        private final transient Deque<Integer> nonces;

        ScriptedChance(Deque<Integer> nonces) {
            this.nonces = nonces;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            int next = nonces.remove();
            if (next < 0) {
                throw new ProviderException("no entropy");
            }
            bytes[bytes.length - 1] = (byte) next;
        }
    }

    @Test
    void manyThreadsSealAndOpenAtOnce() {
        List<SessionId> ids = Stream.generate(() -> SessionId.random(random)).limit(3000).toList();
        assertThat(ids.parallelStream().map(one -> opened(one, codec.seal(one, session))))
                .containsOnly(session);
    }

    @Test
    void manyThreadsSealAndOpenOneSessionAtOnce() {
        assertThat(
                        IntStream.range(0, 3000)
                                .parallel()
                                .mapToObj(i -> opened(id, codec.seal(id, session))))
                .containsOnly(session);
    }

    private ItemContent opened(SessionId of, byte[] item) {
        try {
            ItemContent content = elsewhere.open(of, item);
            assertThat(codec.open(of, item)).isEqualTo(content);
            return content;
        } catch (UnreadableException e) {
            throw new AssertionError(e);
        }
    }
}
