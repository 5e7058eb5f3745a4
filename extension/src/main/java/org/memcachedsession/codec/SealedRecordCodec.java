package org.memcachedsession.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.memcachedsession.session.ItemContent;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.PrincipalHash;
import org.memcachedsession.session.RecordCodec;
import org.memcachedsession.session.SessionId;
import org.memcachedsession.session.SessionRecord;
import org.memcachedsession.session.UnreadableException;

/**
 * Seals what is stored with AES-256-GCM: docs/format.md has it byte by byte. The item key is derived
 * from the session id and the name of the application, the sealing key from these and the secret: a dump of
 * memcached shows neither ids nor content, an item opens under its own id and application only, and
 * whoever does not know the secret cannot make one, not even for the session whose id is theirs. The epoch of
 * a principal has keys of its own, derived from the principal in place of the id.
 *
 * <p>What does not open ends there: the bytes inside are never parsed, and nothing else is tried with
 * them.
 */
public final class SealedRecordCodec implements RecordCodec {

    private static final byte FORMAT_VERSION = 1;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BYTES = 16;
    private static final int HEAD_BYTES = 2 + NONCE_BYTES;
    private static final String CIPHER = "AES/GCM/NoPadding";

    private final byte[] application;
    private final KeyRing ring;
    private final Purpose sessions;
    private final Purpose epochs;
    private final SecureRandom random;
    private final Compression compression;
    private final Parser parser;

    /**
     * @param application two applications on one pool never meet
     * @param secret keys of 32 bytes, the first seals, all open; none: whoever knows an id can make an
     *     item for it
     */
    public SealedRecordCodec(
            String application, List<byte[]> secret, SecureRandom random, Compression compression) {
        this(application, secret, random, compression, RecordFormat::read);
    }

    SealedRecordCodec(
            String application,
            List<byte[]> secret,
            SecureRandom random,
            Compression compression,
            Parser parser) {
        this.application = application.getBytes(UTF_8);
        this.ring = KeyRing.of(secret);
        this.sessions = new Purpose("", application);
        this.epochs = new Purpose("epoch ", application);
        this.random = random;
        this.compression = compression;
        this.parser = parser;
    }

    /** Makes something of the bytes that were sealed, no longer compressed. Sees no others. */
    interface Parser {
        ItemContent read(byte[] bytes) throws UnreadableException;
    }

    /** What keys are derived for, so that those of one purpose never open what is of another. */
    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    private record Purpose(byte[] itemKeyInfo, byte[] sealInfo) {
        Purpose(String prefix, String application) {
            this(
                    (prefix + "item key " + application).getBytes(UTF_8),
                    (prefix + "seal " + application).getBytes(UTF_8));
        }
    }

    @Override
    public ItemKey itemKey(SessionId id) {
        return itemKey(sessions, id.bytes());
    }

    @Override
    public byte[] seal(SessionId id, ItemContent content) {
        byte[] plain = RecordFormat.write(content);
        return seal(
                sessions,
                id.bytes(),
                content instanceof SessionRecord ? compression.compressed(plain) : plain);
    }

    @Override
    public ItemContent open(SessionId id, byte[] item) throws UnreadableException {
        return parser.read(compression.plain(open(sessions, id.bytes(), item)));
    }

    @Override
    public ItemKey epochKey(PrincipalHash principal) {
        return itemKey(epochs, owner(principal));
    }

    @Override
    public byte[] sealEpoch(PrincipalHash principal, long number) {
        byte[] plain = ByteBuffer.allocate(Long.BYTES).putLong(number).array();
        return seal(epochs, owner(principal), plain);
    }

    @Override
    public long openEpoch(PrincipalHash principal, byte[] item) throws UnreadableException {
        byte[] plain = open(epochs, owner(principal), item);
        if (plain.length != Long.BYTES) {
            throw new UnreadableException("an epoch of " + plain.length + " bytes");
        }
        return ByteBuffer.wrap(plain).getLong();
    }

    private static byte[] owner(PrincipalHash principal) {
        return principal.text().getBytes(UTF_8);
    }

    /** Without the secret, so that an item stays where it is when the secret changes. */
    private static ItemKey itemKey(Purpose purpose, byte[] owner) {
        return new ItemKey(
                Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(itemKeyBytes(purpose, owner)));
    }

    private static byte[] itemKeyBytes(Purpose purpose, byte[] owner) {
        return Hkdf.expand(Hkdf.extract(KeyRing.SALT, owner), purpose.itemKeyInfo);
    }

    private byte[] seal(Purpose purpose, byte[] owner, byte[] plain) {
        KeyRing.Key key = ring.sealing();
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        ByteBuffer item = ByteBuffer.allocate(HEAD_BYTES + plain.length + TAG_BYTES);
        item.put(FORMAT_VERSION).put(key.id()).put(nonce);
        try {
            cipher(Cipher.ENCRYPT_MODE, key, purpose, owner, nonce)
                    .doFinal(ByteBuffer.wrap(plain), item);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM does not encrypt", e);
        }
        return item.array();
    }

    private byte[] open(Purpose purpose, byte[] owner, byte[] item) throws UnreadableException {
        if (item.length < HEAD_BYTES + TAG_BYTES) {
            throw new UnreadableException("an item of " + item.length + " bytes is too short");
        }
        if (item[0] != FORMAT_VERSION) {
            throw new UnreadableException(
                    "it has format version "
                            + Byte.toUnsignedInt(item[0])
                            + "; this version of the library reads format "
                            + FORMAT_VERSION);
        }
        List<KeyRing.Key> keys = ring.withId(item[1]);
        if (keys.isEmpty()) {
            throw new UnreadableException(unknownKey(item[1]));
        }
        AEADBadTagException broken = null;
        for (KeyRing.Key key : keys) {
            try {
                return cipher(
                                Cipher.DECRYPT_MODE,
                                key,
                                purpose,
                                owner,
                                Arrays.copyOfRange(item, 2, HEAD_BYTES))
                        .doFinal(item, HEAD_BYTES, item.length - HEAD_BYTES);
            } catch (AEADBadTagException e) {
                broken = e;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("AES-GCM does not decrypt", e);
            }
        }
        throw new UnreadableException(
                "its seal is broken: it was not written by this application for this session",
                broken);
    }

    private String unknownKey(byte id) {
        if (id == KeyRing.Key.FROM_ID_ALONE.id()) {
            return "it was sealed without a secret, and there is one here (memcached.session.secret)";
        }
        String sealed =
                "it was sealed under a secret, by the key with the id " + Byte.toUnsignedInt(id);
        return ring.isSecret()
                ? sealed + ", which is not in memcached.session.secret here"
                : sealed + ", and there is none here (memcached.session.secret)";
    }

    private Cipher cipher(int mode, KeyRing.Key key, Purpose purpose, byte[] owner, byte[] nonce)
            throws GeneralSecurityException {
        byte[] sealingKey = Hkdf.expand(Hkdf.extract(key.salt(), owner), purpose.sealInfo);
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(
                mode,
                new SecretKeySpec(sealingKey, "AES"),
                new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
        cipher.updateAAD(new byte[] {FORMAT_VERSION, key.id()});
        cipher.updateAAD(itemKeyBytes(purpose, owner)); // 32 bytes
        cipher.updateAAD(application);
        return cipher;
    }
}
