package org.memcachedsession.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.zip.Deflater;
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
import org.memcachedsession.session.Tombstone;
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
                new Compression(OptionalInt.of(2048), TestCodec.SIZE_LIMIT),
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
        assertThat(codec("/shop").open(id, codec("/shop").seal(id, session))).isEqualTo(session);
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

    // ---- bombs, and what else can be sealed as it should be and compressed as it should not

    private static final int MOST = 10 * TestCodec.SIZE_LIMIT;

    private void assertRefusedThoughSealed(byte[] content, String reason) {
        byte[] item =
                withSecret
                        ? TestCodec.seal(id, content, "/shop", key(1))
                        : TestCodec.seal(id, content, "/shop");
        SealedRecordCodec codec = codec("/shop");
        int before = parsed;
        assertThatThrownBy(() -> codec.open(id, item))
                .isInstanceOf(UnreadableException.class)
                .hasMessageContaining(reason);
        assertThat(parsed).isEqualTo(before);
    }

    private static byte[] deflated(byte[] plain) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        try {
            deflater.setInput(plain);
            deflater.finish();
            byte[] room = new byte[plain.length + 1000];
            return Arrays.copyOf(room, deflater.deflate(room));
        } finally {
            deflater.end();
        }
    }

    private static byte[] compressed(int kind, int method, int length, byte... stream) {
        return ByteBuffer.allocate(6 + stream.length)
                .put((byte) kind)
                .put((byte) method)
                .putInt(length)
                .put(stream)
                .array();
    }

    @Test
    void aBombThatSaysHowLongItIsIsNotUnfolded() {
        byte[] stream = deflated(new byte[64 * MEGABYTE]);
        assertThat(stream).hasSizeLessThan(MEGABYTE / 10);
        long before = allocated();
        assertRefusedThoughSealed(compressed(4, 1, 64 * MEGABYTE, stream), "and 1 to " + MOST);
        assertRefusedThoughSealed(compressed(4, 1, MOST + 1, stream), "and 1 to " + MOST);
        assertRefusedThoughSealed(compressed(4, 1, Integer.MAX_VALUE, stream), "and 1 to " + MOST);
        assertRefusedThoughSealed(compressed(4, 1, -1, stream), "and 1 to " + MOST);
        assertRefusedThoughSealed(compressed(4, 1, Integer.MIN_VALUE, stream), "1 to " + MOST);
        assertThat(allocated() - before).isLessThan(4 * MEGABYTE);
    }

    @Test
    void aBombThatLiesAboutItsLengthUnfoldsNoFurtherThanItSays() {
        byte[] stream = deflated(new byte[64 * MEGABYTE]);
        long before = allocated();
        for (int lie : new int[] {1, 100, 8191, 8192, 8193, MEGABYTE}) {
            assertRefusedThoughSealed(compressed(4, 1, lie, stream), "more than the " + lie);
        }
        assertThat(allocated() - before).isLessThan(8 * MEGABYTE);
        assertRefusedThoughSealed(compressed(4, 1, MOST, stream), "more than the " + MOST);
        byte[] oneMore = deflated(new byte[8193]);
        assertRefusedThoughSealed(compressed(4, 1, 8192, oneMore), "more than the 8192");
    }

    @Test
    void aLengthThatIsClaimedAndNotThereIsNotAllocated() {
        byte[] stream = deflated(new byte[100]);
        long before = allocated();
        assertRefusedThoughSealed(compressed(4, 1, MOST, stream), "does not end where it says");
        assertRefusedThoughSealed(compressed(4, 1, 101, stream), "does not end where it says");
        assertThat(allocated() - before).isLessThan(MEGABYTE);
    }

    @Test
    void aCompressedSessionIsRefusedAtEveryLengthButItsOwn() throws UnreadableException {
        byte[] plain = RecordFormat.write(session("cart ".repeat(1000)));
        byte[] content = compressed(4, 1, plain.length, deflated(plain));
        for (int length = 1; length < content.length; length++) {
            assertRefusedThoughSealed(Arrays.copyOf(content, length), "it is cut");
        }
        byte[] longer = Arrays.copyOf(content, content.length + 1);
        assertRefusedThoughSealed(longer, "does not end where it says");
        byte[] twice = Arrays.copyOf(content, 2 * content.length - 6);
        System.arraycopy(content, 6, twice, content.length, content.length - 6);
        assertRefusedThoughSealed(twice, "does not end where it says");
        assertThat(codec("/shop", new byte[0][]).open(id, TestCodec.seal(id, content, "/shop")))
                .as("as it is")
                .isEqualTo(session("cart ".repeat(1000)));
    }

    @Test
    void whatIsCompressedInAnyOtherWayIsRefused() {
        byte[] plain = RecordFormat.write(session);
        byte[] stream = deflated(plain);
        for (int method = 0; method < 256; method++) {
            if (method != 1) {
                assertRefusedThoughSealed(
                        compressed(4, method, plain.length, stream),
                        "in a way that this version does not know, " + method);
            }
        }
        Deflater withHead = new Deflater(); // zlib, not raw
        withHead.setInput(plain);
        withHead.finish();
        byte[] room = new byte[1000];
        byte[] zlib = Arrays.copyOf(room, withHead.deflate(room));
        withHead.end();
        assertRefusedThoughSealed(compressed(4, 1, plain.length, zlib), "it is ");
        byte[] wrongBlock = {7};
        assertRefusedThoughSealed(compressed(4, 1, 1, wrongBlock), "garbled where it is");
    }

    @Test
    void onlyASessionIsReadCompressedAndOnlyOnce() {
        byte[] plain = RecordFormat.write(session);
        byte[] once = compressed(4, 1, plain.length, deflated(plain));
        byte[] twice = compressed(4, 1, once.length, deflated(once));
        assertRefusedThoughSealed(twice, "no session but of kind 4");
        byte[] tombstone =
                RecordFormat.write(
                        new Tombstone(Tombstone.Cause.END, Instant.EPOCH, 1, Optional.empty()));
        assertRefusedThoughSealed(
                compressed(4, 1, tombstone.length, deflated(tombstone)),
                "no session but of kind 3");
        assertRefusedThoughSealed(compressed(4, 1, 0, deflated(new byte[0])), "1 to " + MOST);
    }

    @Test
    void garbledStreamsAreRefusedOrSomethingElseButNothingWorse() {
        byte[] plain = RecordFormat.write(session("cart ".repeat(1000)));
        byte[] stream = deflated(plain);
        SealedRecordCodec codec = codec("/shop", new byte[0][]);
        int refused = 0;
        for (int i = 0; i < MANY; i++) {
            byte[] garbled = stream.clone();
            garbled[random.nextInt(garbled.length)] ^= (byte) (1 + random.nextInt(255));
            byte[] item = TestCodec.seal(id, compressed(4, 1, plain.length, garbled), "/shop");
            try {
                assertThat(codec.open(id, item)).isInstanceOf(SessionRecord.class);
            } catch (UnreadableException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(MANY / 2);
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getCurrentThreadAllocatedBytes();
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
        assertThat(codec("/shop").open(id, before)).as("the same id, as documented").isNotNull();
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
