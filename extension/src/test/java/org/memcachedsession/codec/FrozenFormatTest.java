package org.memcachedsession.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.memcachedsession.session.BeanKey;
import org.memcachedsession.session.Entry;
import org.memcachedsession.session.ItemContent;
import org.memcachedsession.session.PrincipalHash;
import org.memcachedsession.session.SessionHeader;
import org.memcachedsession.session.SessionId;
import org.memcachedsession.session.SessionRecord;
import org.memcachedsession.session.Tombstone;
import org.memcachedsession.session.UnreadableException;

/**
 * Holds format 1 to {@code sealed-format-1.txt}, which is never changed: what a version of the library has
 * sealed, every later one of the same format opens. What is sealed now goes to {@code
 * target/sealed-format-1.txt}.
 *
 * <p>Compressed items, in a file of their own, are to be opened for ever, and need not be made: how small something is
 * made is the affair of the JDK.
 */
class FrozenFormatTest {

    private static final Compression COMPRESSION =
            new Compression(OptionalInt.of(2048), TestCodec.SIZE_LIMIT);

    private static final Map<String, ItemContent> CONTENTS =
            Map.of(
                    "session",
                    session(),
                    "empty session",
                    emptySession(),
                    "login",
                    new Tombstone(
                            Tombstone.Cause.LOGIN,
                            Instant.ofEpochMilli(1_767_225_600_001L),
                            -2,
                            Optional.empty()),
                    "renewal",
                    new Tombstone(
                            Tombstone.Cause.RENEWAL,
                            Instant.ofEpochMilli(1_767_225_600_002L),
                            Long.MIN_VALUE,
                            SessionId.parse("_-cdefghijklmnopqrstuvwxyz012345")),
                    "end",
                    new Tombstone(
                            Tombstone.Cause.END, Instant.ofEpochMilli(-1), 3, Optional.empty()));

    private static final String COMPRESSED = "compressed session";

    private static final long EPOCH = -8_613_303_245_920_329_199L;

    private static SessionRecord session() {
        TreeMap<BeanKey, Entry> entries = new TreeMap<>();
        entries.put(new BeanKey("class org.example.Cart"), new Entry("", new byte[] {1, 2, -1}));
        entries.put(new BeanKey("class org.example.Größe"), new Entry("0123456789abcdef", bytes()));
        entries.put(new BeanKey("class org.example.Nothing"), new Entry("", new byte[0]));
        return new SessionRecord(
                new SessionHeader(
                        Instant.ofEpochMilli(1_767_225_600_123L),
                        Optional.of(Instant.ofEpochMilli(1_767_229_200_456L)),
                        Instant.ofEpochMilli(1_767_232_800_789L),
                        Instant.ofEpochMilli(1_767_236_400_000L),
                        Duration.ofMinutes(30),
                        Duration.ofDays(365),
                        Optional.of(PrincipalHash.of("Ada")),
                        List.of(EPOCH, 7L)),
                List.of(Long.MIN_VALUE, 0L, Long.MAX_VALUE),
                entries);
    }

    private static SessionRecord compressedSession() {
        String lines =
                IntStream.range(0, 300)
                        .mapToObj(i -> "line " + i + " of what is in the cart\n")
                        .collect(Collectors.joining());
        TreeMap<BeanKey, Entry> entries = new TreeMap<>();
        entries.put(new BeanKey("class org.example.Cart"), new Entry("", lines.getBytes(UTF_8)));
        entries.put(new BeanKey("class org.example.Nothing"), new Entry("", new byte[0]));
        entries.put(
                new BeanKey("class org.example.Zeros"),
                new Entry("0123456789abcdef", new byte[20_000]));
        return new SessionRecord(session().header(), session().recentSaves(), entries);
    }

    private static byte[] bytes() {
        byte[] bytes = new byte[300];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    private static SessionRecord emptySession() {
        return new SessionRecord(
                SessionHeader.begun(Instant.EPOCH, Duration.ofSeconds(1), Duration.ofSeconds(2)),
                List.of(),
                new TreeMap<>());
    }

    /**
     * One block of the file.
     *
     * @param content a name in {@link #CONTENTS}, or "epoch"
     * @param fields as they stand in the file
     */
    record Vector(String content, Map<String, String> fields) {

        byte[] hex(String field) {
            return HexFormat.of().parseHex(fields.get(field));
        }

        String application() {
            return fields.get("application");
        }

        boolean isEpoch() {
            return content.equals("epoch");
        }

        SessionId id() {
            return SessionId.parse(fields.get("id")).orElseThrow();
        }

        PrincipalHash principal() {
            return PrincipalHash.of(fields.get("principal"));
        }

        List<byte[]> secret() {
            return fields.get("secret").equals("none") ? List.of() : List.of(hex("secret"));
        }

        /** Gives the nonce in place of chance. */
        SealedRecordCodec codec() {
            return new SealedRecordCodec(
                    application(), secret(), new FixedNonce(hex("nonce")), COMPRESSION);
        }

        byte[] sealed() {
            return isEpoch()
                    ? codec().sealEpoch(principal(), EPOCH)
                    : codec().seal(id(), CONTENTS.get(content));
        }

        String itemKey() {
            return (isEpoch() ? codec().epochKey(principal()) : codec().itemKey(id())).text();
        }

        @Override
        public String toString() {
            return content + " of " + application() + ", secret " + fields.get("secret");
        }
    }

    private static final class FixedNonce extends SecureRandom {

        private static final long serialVersionUID = 1L;

        private final byte[] nonce;

        FixedNonce(byte[] nonce) {
            this.nonce = nonce;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            assertThat(bytes).hasSameSizeAs(nonce);
            System.arraycopy(nonce, 0, bytes, 0, bytes.length);
        }
    }

    static List<Vector> vectors() throws IOException {
        return vectors("sealed-format-1.txt");
    }

    static List<Vector> compressedVectors() throws IOException {
        return vectors("sealed-format-1-compressed.txt");
    }

    static List<Vector> allVectors() throws IOException {
        return Stream.concat(vectors().stream(), compressedVectors().stream()).toList();
    }

    private static List<Vector> vectors(String name) throws IOException {
        String file;
        try (var in = FrozenFormatTest.class.getResourceAsStream(name)) {
            file = new String(in.readAllBytes(), UTF_8);
        }
        return Stream.of(file.split("(?m)^--- ", -1))
                .skip(1)
                .map(FrozenFormatTest::vector)
                .toList();
    }

    private static Vector vector(String block) {
        Map<String, String> fields = new LinkedHashMap<>();
        block.lines()
                .skip(1)
                .filter(line -> !line.isEmpty())
                .forEach(
                        line -> {
                            int equals = line.indexOf(" = ");
                            fields.put(line.substring(0, equals), line.substring(equals + 3));
                        });
        return new Vector(block.lines().findFirst().orElseThrow(), fields);
    }

    @Test
    void everyKindOfContentIsFrozenWithAndWithoutSecret() throws IOException {
        StringBuilder now = new StringBuilder();
        for (Vector vector : vectors()) {
            now.append(vector).append('\n').append(vector.itemKey()).append('\n');
            now.append(HexFormat.of().formatHex(vector.sealed())).append("\n\n");
        }
        Files.writeString(Path.of("target", "sealed-format-1.txt"), now);

        assertThat(vectors().stream().filter(v -> v.secret().isEmpty()).map(Vector::content))
                .containsAll(CONTENTS.keySet())
                .contains("epoch");
        assertThat(vectors().stream().filter(v -> !v.secret().isEmpty()).map(Vector::content))
                .containsAll(CONTENTS.keySet())
                .contains("epoch");
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void sealingWithTheNonceOfThenGivesTheBytesOfThen(Vector vector) {
        assertThat(vector.itemKey()).isEqualTo(vector.fields().get("item key"));
        assertThat(vector.sealed()).isEqualTo(vector.hex("item"));
    }

    @ParameterizedTest
    @MethodSource("allVectors")
    void whatWasSealedThenOpensNow(Vector vector) throws UnreadableException {
        SealedRecordCodec codec =
                new SealedRecordCodec(
                        vector.application(), vector.secret(), new SecureRandom(), COMPRESSION);
        if (vector.isEpoch()) {
            assertThat(codec.openEpoch(vector.principal(), vector.hex("item"))).isEqualTo(EPOCH);
        } else {
            assertThat(codec.open(vector.id(), vector.hex("item")))
                    .isEqualTo(
                            vector.content().equals(COMPRESSED)
                                    ? compressedSession()
                                    : CONTENTS.get(vector.content()));
        }
    }

    @Test
    void compressedSessionsAreFrozenWithAndWithoutSecret() throws IOException {
        assertThat(compressedVectors()).extracting(Vector::content).containsOnly(COMPRESSED);
        assertThat(compressedVectors().stream().map(vector -> vector.secret().isEmpty()))
                .contains(true, false);
    }

    /** After docs/format.md, with nothing of the library but the content that is not compressed. */
    @ParameterizedTest
    @MethodSource("compressedVectors")
    void whatIsCompressedIsAsTheDocumentSays(Vector vector) throws DataFormatException {
        byte[] plain = RecordFormat.write(compressedSession());
        ByteBuffer content = ByteBuffer.wrap(vector.hex("content"));
        assertThat(content.get()).isEqualTo((byte) 4);
        assertThat(content.get()).isEqualTo((byte) 1);
        assertThat(content.getInt()).isEqualTo(plain.length);
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(content);
            byte[] inflated = new byte[plain.length];
            assertThat(inflater.inflate(inflated)).isEqualTo(plain.length);
            assertThat(inflated).isEqualTo(plain);
            assertThat(inflater.inflate(new byte[1])).isZero();
            assertThat(inflater.finished()).isTrue();
            assertThat(inflater.getRemaining()).isZero();
        } finally {
            inflater.end();
        }
    }

    /** After docs/format.md, with nothing of the library. */
    @ParameterizedTest
    @MethodSource("allVectors")
    void keysAndItemAreAsTheDocumentSays(Vector vector) throws GeneralSecurityException {
        byte[] owner =
                vector.isEpoch()
                        ? vector.principal().text().getBytes(UTF_8)
                        : Base64.getUrlDecoder().decode(vector.fields().get("id"));
        String purpose = vector.isEpoch() ? "epoch " : "";
        byte[] salt = "memcached session 1".getBytes(UTF_8);
        byte[] itemKey = expand(hmac(salt, owner), purpose + "item key " + vector.application());
        int keyId = 0;
        byte[] sealSalt = salt;
        if (!vector.secret().isEmpty()) {
            byte[] fromSecret = hmac(salt, vector.secret().get(0));
            keyId = Math.max(1, expand(fromSecret, "key id")[0] & 0xff);
            sealSalt = expand(fromSecret, "seal salt");
        }
        byte[] sealingKey = expand(hmac(sealSalt, owner), purpose + "seal " + vector.application());

        byte[] item = vector.hex("item");
        assertThat(Base64.getUrlEncoder().withoutPadding().encodeToString(itemKey))
                .isEqualTo(vector.fields().get("item key"));
        assertThat(sealingKey).isEqualTo(vector.hex("sealing key"));
        assertThat(item[0]).isEqualTo((byte) 1);
        assertThat(item[1]).isEqualTo((byte) keyId);
        assertThat(Arrays.copyOfRange(item, 2, 14)).isEqualTo(vector.hex("nonce"));
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
                Cipher.DECRYPT_MODE,
                new SecretKeySpec(sealingKey, "AES"),
                new GCMParameterSpec(128, vector.hex("nonce")));
        byte[] application = vector.application().getBytes(UTF_8);
        cipher.updateAAD(
                ByteBuffer.allocate(34 + application.length)
                        .put((byte) 1)
                        .put((byte) keyId)
                        .put(itemKey)
                        .put(application)
                        .array());
        assertThat(cipher.doFinal(item, 14, item.length - 14)).isEqualTo(vector.hex("content"));
    }

    private static byte[] expand(byte[] key, String info) throws GeneralSecurityException {
        return hmac(key, (info + "\u0001").getBytes(UTF_8));
    }

    private static byte[] hmac(byte[] key, byte[] data) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(data);
    }
}
