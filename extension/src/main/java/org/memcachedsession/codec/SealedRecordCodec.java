package org.memcachedsession.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.memcachedsession.session.ItemContent;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.PrincipalHash;
import org.memcachedsession.session.RecordCodec;
import org.memcachedsession.session.SessionId;
import org.memcachedsession.session.UnreadableException;

/**
 * Seals what is stored with AES-256-GCM. Item key and sealing key are derived (RFC 5869) from the session
 * id and the name of the application: a dump of memcached shows neither ids nor content, an item opens
 * under its own id and application only, and whoever does not know an id cannot make an item for it. The
 * epoch of a principal has keys of its own, derived from the principal.
 *
 * <p>An item is: format version (1 byte), key id (1 byte, 0: derived from the id alone), nonce (12),
 * ciphertext and tag (16). What is not sealed is authenticated together with application and item
 * key. A failed tag ends it: the bytes inside are never parsed.
 */
public final class SealedRecordCodec implements RecordCodec {

    private static final byte FORMAT_VERSION = 1;
    private static final byte KEY_FROM_ID_ALONE = 0;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BYTES = 16;
    private static final int HEAD_BYTES = 2 + NONCE_BYTES;
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final byte[] SALT = "memcached session 1".getBytes(UTF_8);

    private final byte[] application;
    private final Purpose sessions;
    private final Purpose epochs;
    private final SecureRandom random;

    /**
     * @param application two applications on one pool never meet
     */
    public SealedRecordCodec(String application, SecureRandom random) {
        this.application = application.getBytes(UTF_8);
        this.sessions = new Purpose("", application);
        this.epochs = new Purpose("epoch ", application);
        this.random = random;
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
        return seal(sessions, id.bytes(), RecordFormat.write(content));
    }

    @Override
    public ItemContent open(SessionId id, byte[] item) throws UnreadableException {
        return RecordFormat.read(open(sessions, id.bytes(), item));
    }

    @Override
    public ItemKey epochKey(PrincipalHash principal) {
        return itemKey(epochs, secret(principal));
    }

    @Override
    public byte[] sealEpoch(PrincipalHash principal, long number) {
        byte[] plain = ByteBuffer.allocate(Long.BYTES).putLong(number).array();
        return seal(epochs, secret(principal), plain);
    }

    @Override
    public long openEpoch(PrincipalHash principal, byte[] item) throws UnreadableException {
        byte[] plain = open(epochs, secret(principal), item);
        if (plain.length != Long.BYTES) {
            throw new UnreadableException("an epoch of " + plain.length + " bytes");
        }
        return ByteBuffer.wrap(plain).getLong();
    }

    private static byte[] secret(PrincipalHash principal) {
        return principal.text().getBytes(UTF_8);
    }

    private static ItemKey itemKey(Purpose purpose, byte[] secret) {
        byte[] derived = Hkdf.expand(Hkdf.extract(SALT, secret), purpose.itemKeyInfo);
        return new ItemKey(Base64.getUrlEncoder().withoutPadding().encodeToString(derived));
    }

    private byte[] seal(Purpose purpose, byte[] secret, byte[] plain) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        ByteBuffer item = ByteBuffer.allocate(HEAD_BYTES + plain.length + TAG_BYTES);
        item.put(FORMAT_VERSION).put(KEY_FROM_ID_ALONE).put(nonce);
        try {
            cipher(Cipher.ENCRYPT_MODE, purpose, secret, nonce)
                    .doFinal(ByteBuffer.wrap(plain), item);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM does not encrypt", e);
        }
        return item.array();
    }

    private byte[] open(Purpose purpose, byte[] secret, byte[] item) throws UnreadableException {
        if (item.length < HEAD_BYTES + TAG_BYTES) {
            throw new UnreadableException("an item of " + item.length + " bytes is too short");
        }
        if (item[0] != FORMAT_VERSION || item[1] != KEY_FROM_ID_ALONE) {
            throw new UnreadableException(
                    "it has format version "
                            + item[0]
                            + " and key id "
                            + item[1]
                            + "; this version of the library reads format "
                            + FORMAT_VERSION
                            + " with key id "
                            + KEY_FROM_ID_ALONE);
        }
        byte[] nonce = Arrays.copyOfRange(item, 2, HEAD_BYTES);
        try {
            return cipher(Cipher.DECRYPT_MODE, purpose, secret, nonce)
                    .doFinal(item, HEAD_BYTES, item.length - HEAD_BYTES);
        } catch (AEADBadTagException e) {
            throw new UnreadableException(
                    "its seal is broken: it was not written by this application for this session",
                    e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM does not decrypt", e);
        }
    }

    private Cipher cipher(int mode, Purpose purpose, byte[] secret, byte[] nonce)
            throws GeneralSecurityException {
        byte[] pseudorandomKey = Hkdf.extract(SALT, secret);
        byte[] key = Hkdf.expand(pseudorandomKey, purpose.sealInfo);
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(
                mode,
                new SecretKeySpec(key, "AES"),
                new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
        cipher.updateAAD(new byte[] {FORMAT_VERSION, KEY_FROM_ID_ALONE});
        cipher.updateAAD(Hkdf.expand(pseudorandomKey, purpose.itemKeyInfo)); // 32 bytes
        cipher.updateAAD(application);
        return cipher;
    }
}
