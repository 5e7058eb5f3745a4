package org.memcachedsession.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.memcachedsession.session.BeanKey;
import org.memcachedsession.session.Entry;
import org.memcachedsession.session.PrincipalHash;
import org.memcachedsession.session.SessionHeader;
import org.memcachedsession.session.SessionId;
import org.memcachedsession.session.SessionRecord;
import org.memcachedsession.session.UnreadableException;

/**
 * What somebody can put into memcached who may write to it: all of it is refused, in one way, and before
 * anything of it is parsed. Once without a secret, where nobody knows the id, and once with one.
 */
@ParameterizedClass
@ValueSource(booleans = {false, true})
class HostileItemTest {

    private static final int MANY = 10_000;
    private static final int MEGABYTE = 1024 * 1024;
    private static final long SEED = 20_261_125;
    private static final int HEAD = 14;
    private static final PrincipalHash ADA = PrincipalHash.of("Ada");

    @Parameter boolean withSecret;

    private final SecureRandom chance = new SecureRandom();
    private final Random random = new Random(SEED);
    private final SessionId id = SessionId.random(chance);
    private final SessionRecord session = session("cart");
    private int parsed;

    /** Counts what it parses. */
    private SealedRecordCodec codec(String application, byte[]... secret) {
        return new SealedRecordCodec(
                application,
                List.of(secret),
                chance,
                bytes -> {
                    parsed++;
                    return RecordFormat.read(bytes);
                });
    }

    private SealedRecordCodec codec(String application) {
        return withSecret ? codec(application, key(1)) : codec(application, new byte[0][]);
    }

    private static byte[] key(int number) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) number);
        return key;
    }

    private static SessionRecord session(String text) {
        TreeMap<BeanKey, Entry> entries = new TreeMap<>();
        entries.put(new BeanKey("class Cart"), new Entry("", text.getBytes(UTF_8)));
        return new SessionRecord(
                SessionHeader.begun(Instant.EPOCH, Duration.ofMinutes(30), Duration.ofHours(12)),
                List.of(1L),
                entries);
    }

    private void assertRefused(SealedRecordCodec codec, SessionId of, byte[] item) {
        int before = parsed;
        assertThatThrownBy(() -> codec.open(of, item)).isInstanceOf(UnreadableException.class);
        assertThat(parsed).isEqualTo(before);
    }

    private static void assertRefused(SealedRecordCodec codec, PrincipalHash of, byte[] item) {
        assertThatThrownBy(() -> codec.openEpoch(of, item)).isInstanceOf(UnreadableException.class);
    }

    /** So it is not the counting that is blind. */
    @AfterEach
    void whatIsRightIsParsedOnce() throws UnreadableException {
        parsed = 0;
        SealedRecordCodec codec = codec("/shop");
        assertThat(codec.open(id, codec.seal(id, session))).isEqualTo(session);
        assertThat(parsed).isEqualTo(1);
    }

    // ---- garbled

    @Test
    void anyBitsThatAreFlippedBreakTheSeal() {
        SealedRecordCodec codec = codec("/shop");
        byte[] item = codec.seal(id, session);
        for (int i = 0; i < MANY; i++) {
            byte[] flipped = item.clone();
            // each bit in turn, so that head, nonce, body and tag are all met; and up to two more
            Set<Integer> bits = new HashSet<>(Set.of(i % (item.length * Byte.SIZE)));
            for (int more = random.nextInt(3); more > 0; more--) {
                bits.add(random.nextInt(item.length * Byte.SIZE));
            }
            bits.forEach(bit -> flipped[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE)));
            assertRefused(codec, id, flipped);
        }
    }

    @Test
    void anyBitOfAnEpochThatIsFlippedBreaksItsSeal() {
        SealedRecordCodec codec = codec("/shop");
        byte[] item = codec.sealEpoch(ADA, 7);
        for (int bit = 0; bit < item.length * Byte.SIZE; bit++) {
            byte[] flipped = item.clone();
            flipped[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
            assertRefused(codec, ADA, flipped);
        }
    }

    @Test
    void whatIsCutOrLongerIsRefusedAtEveryLength() {
        SealedRecordCodec codec = codec("/shop");
        byte[] item = codec.seal(id, session);
        byte[] epoch = codec.sealEpoch(ADA, 7);
        for (int length = 0; length < item.length + 100; length++) {
            if (length != item.length) {
                assertRefused(codec, id, Arrays.copyOf(item, length));
            }
            if (length != epoch.length) {
                assertRefused(codec, ADA, Arrays.copyOf(epoch, length));
            }
        }
    }

    @Test
    void everyOtherVersionAndKeyIdIsRefused() {
        SealedRecordCodec codec = codec("/shop");
        byte[] item = codec.seal(id, session);
        byte[] epoch = codec.sealEpoch(ADA, 7);
        for (int other = 1; other < 256; other++) {
            for (int position = 0; position < 2; position++) {
                assertRefused(codec, id, changed(item, position, other));
                assertRefused(codec, ADA, changed(epoch, position, other));
            }
        }
    }

    private static byte[] changed(byte[] item, int position, int by) {
        byte[] changed = item.clone();
        changed[position] += (byte) by;
        return changed;
    }

    @Test
    void randomBytesAreRefusedWithOurHeadBeforeThemToo() {
        SealedRecordCodec codec = codec("/shop");
        byte[] item = codec.seal(id, session);
        for (int i = 0; i < 20; i++) {
            byte[] noise = new byte[MEGABYTE - i];
            random.nextBytes(noise);
            assertRefused(codec, id, noise);
            assertRefused(codec, ADA, noise);
            System.arraycopy(item, 0, noise, 0, HEAD);
            assertRefused(codec, id, noise);
        }
    }

    @Test
    void theContentWithoutASealIsRefused() {
        SealedRecordCodec codec = codec("/shop");
        byte[] plain = RecordFormat.write(session);
        byte[] item = codec.seal(id, session);
        byte[] withHead =
                ByteBuffer.allocate(HEAD + plain.length).put(item, 0, HEAD).put(plain).array();
        assertRefused(codec, id, plain);
        assertRefused(codec, id, withHead);
        assertRefused(codec, id, Arrays.copyOf(withHead, withHead.length + 16));
    }

    // ---- sealed, and put elsewhere

    @Test
    void theItemsOfTwoSessionsCannotBeSwapped() {
        SealedRecordCodec codec = codec("/shop");
        for (int i = 0; i < MANY / 2; i++) {
            SessionId one = SessionId.random(chance);
            SessionId other = SessionId.random(chance);
            assertRefused(codec, one, codec.seal(other, session));
            assertRefused(codec, other, codec.seal(one, session));
        }
    }

    /** As a login leaves them: who puts back what was there before gains nothing. */
    @Test
    void whatWasStoredBeforeALoginDoesNotOpenUnderTheIdAfterIt() throws UnreadableException {
        SealedRecordCodec codec = codec("/shop");
        byte[] before = codec.seal(id, session("before"));
        SessionId next = SessionId.random(chance);
        byte[] after = codec.seal(next, session("after"));

        assertRefused(codec, next, before);
        assertRefused(codec, id, after);
        assertThat(codec.open(id, before)).as("the same id, as documented").isNotNull();
    }

    @Test
    void theItemsOfTwoApplicationsCannotBeSwapped() {
        SealedRecordCodec shop = codec("/shop");
        SealedRecordCodec admin = codec("/admin");
        assertThat(admin.itemKey(id)).isNotEqualTo(shop.itemKey(id));
        assertThat(admin.epochKey(ADA)).isNotEqualTo(shop.epochKey(ADA));
        assertRefused(admin, id, shop.seal(id, session));
        assertRefused(shop, id, admin.seal(id, session));
        assertRefused(admin, ADA, shop.sealEpoch(ADA, 7));
    }

    @Test
    void theEpochsOfTwoPrincipalsCannotBeSwappedNorTakenForSessions() {
        SealedRecordCodec codec = codec("/shop");
        PrincipalHash bob = PrincipalHash.of("Bob");
        assertRefused(codec, bob, codec.sealEpoch(ADA, 7));
        assertRefused(codec, ADA, codec.sealEpoch(bob, 7));
        assertRefused(codec, id, codec.sealEpoch(ADA, 7));
        assertRefused(codec, ADA, codec.seal(id, session));
    }

    // ---- another secret

    @Test
    void whatAnotherSecretHasSealedIsRefused() {
        SealedRecordCodec here = codec("/shop");
        for (int i = 10; i < 20; i++) {
            SealedRecordCodec there = codec("/shop", key(i));
            assertThat(there.itemKey(id)).isEqualTo(here.itemKey(id));
            assertRefused(here, id, there.seal(id, session));
            assertRefused(there, id, here.seal(id, session));
            assertRefused(here, ADA, there.sealEpoch(ADA, 7));
        }
    }

    /** Whoever knows the id of their own session could seal it, were there no secret. */
    @Test
    void whoKnowsTheIdAndNotTheSecretCannotSeal() {
        SealedRecordCodec forger = codec("/shop", new byte[0][]);
        SealedRecordCodec node = codec("/shop", key(1));
        byte[] forged = forger.seal(id, session);
        byte[] forgedEpoch = forger.sealEpoch(ADA, 7);
        assertRefused(node, id, forged);
        assertRefused(node, ADA, forgedEpoch);

        byte keyId = node.seal(id, session)[1];
        forged[1] = keyId;
        forgedEpoch[1] = keyId;
        assertRefused(node, id, forged);
        assertRefused(node, ADA, forgedEpoch);
        assertThatThrownBy(() -> node.open(id, forger.seal(id, session)))
                .hasMessageContaining("sealed without a secret");
    }

    @Test
    void aNodeWithoutASecretOpensNothingThatWasSealedUnderOne() {
        SealedRecordCodec node = codec("/shop", new byte[0][]);
        byte[] item = codec("/shop", key(1)).seal(id, session);
        assertThatThrownBy(() -> node.open(id, item)).hasMessageContaining("there is none here");
        item[1] = 0;
        assertRefused(node, id, item);
    }

    @Test
    void everyKeyOfTheSecretOpensAndTheFirstSeals() throws UnreadableException {
        SealedRecordCodec before = codec("/shop", key(1));
        SealedRecordCodec appended = codec("/shop", key(1), key(2));
        SealedRecordCodec swapped = codec("/shop", key(2), key(1));
        SealedRecordCodec after = codec("/shop", key(2));

        assertThat(appended.open(id, before.seal(id, session))).isEqualTo(session);
        assertThat(before.open(id, appended.seal(id, session))).isEqualTo(session);
        assertThat(appended.open(id, swapped.seal(id, session))).isEqualTo(session);
        assertThat(swapped.open(id, appended.seal(id, session))).isEqualTo(session);
        assertThat(swapped.open(id, after.seal(id, session))).isEqualTo(session);
        assertThat(after.open(id, swapped.seal(id, session))).isEqualTo(session);
        assertThat(swapped.openEpoch(ADA, before.sealEpoch(ADA, 7))).isEqualTo(7);
        assertThat(List.of(before.epochKey(ADA), before.itemKey(id)))
                .isEqualTo(List.of(swapped.epochKey(ADA), swapped.itemKey(id)));

        assertThatThrownBy(() -> after.open(id, before.seal(id, session)))
                .isInstanceOf(UnreadableException.class)
                .hasMessageContaining("not in memcached.session.secret here");
        assertRefused(after, ADA, before.sealEpoch(ADA, 7));
    }

    @Test
    void twoKeysWithOneKeyIdBothOpen() throws UnreadableException {
        byte[] first = key(1);
        byte wanted = KeyRing.Key.of(first).id();
        byte[] second =
                IntStream.range(0, Integer.MAX_VALUE)
                        .mapToObj(i -> ByteBuffer.allocate(32).putInt(i).array())
                        .filter(key -> KeyRing.Key.of(key).id() == wanted)
                        .findFirst()
                        .orElseThrow();
        SealedRecordCodec ring = codec("/shop", first, second);

        assertThat(ring.open(id, codec("/shop", first).seal(id, session))).isEqualTo(session);
        assertThat(ring.open(id, codec("/shop", second).seal(id, session))).isEqualTo(session);
        assertRefused(codec("/shop", first), id, codec("/shop", second).seal(id, session));
        assertRefused(ring, id, changed(ring.seal(id, session), HEAD, 1));
    }

    @Test
    void noKeyOfASecretHasTheIdOfNone() {
        assertThat(
                        IntStream.range(0, MANY)
                                .mapToObj(i -> ByteBuffer.allocate(32).putInt(i).array())
                                .map(key -> KeyRing.Key.of(key).id()))
                .doesNotContain((byte) 0)
                .contains((byte) 1, (byte) -1);
    }

    // ---- nonces

    @Test
    void aHundredThousandSealsOfOneSessionHaveAHundredThousandNonces() {
        SealedRecordCodec codec = codec("/shop");
        Set<ByteBuffer> nonces = new HashSet<>();
        for (int i = 0; i < 100_000; i++) {
            nonces.add(ByteBuffer.wrap(codec.seal(id, session), 2, 12).slice());
        }
        assertThat(nonces).hasSize(100_000);
    }
}
