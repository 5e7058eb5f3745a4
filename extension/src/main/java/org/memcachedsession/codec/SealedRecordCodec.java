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
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.RecordCodec;
import org.memcachedsession.session.SessionId;
import org.memcachedsession.session.SessionRecord;
import org.memcachedsession.session.UnreadableException;

/**
 * Seals records with AES-256-GCM. Item key and sealing key are derived (RFC 5869) from the session id
 * and the name of the application: a dump of memcached shows neither ids nor content, an item opens
 * under its own id and application only, and whoever does not know an id cannot make an item for it.
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
    private final byte[] itemKeyInfo;
    private final byte[] sealInfo;
    private final SecureRandom random;

    /**
     * @param application two applications on one pool never meet
     */
    public SealedRecordCodec(String application, SecureRandom random) {
        this.application = application.getBytes(UTF_8);
        this.itemKeyInfo = ("item key " + application).getBytes(UTF_8);
        this.sealInfo = ("seal " + application).getBytes(UTF_8);
        this.random = random;
    }

    @Override
    public ItemKey itemKey(SessionId id) {
        byte[] derived = Hkdf.expand(Hkdf.extract(SALT, id.bytes()), itemKeyInfo);
        return new ItemKey(Base64.getUrlEncoder().withoutPadding().encodeToString(derived));
    }

    @Override
    public byte[] seal(SessionId id, SessionRecord record) {
        byte[] plain = RecordFormat.write(record);
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        ByteBuffer item = ByteBuffer.allocate(HEAD_BYTES + plain.length + TAG_BYTES);
        item.put(FORMAT_VERSION).put(KEY_FROM_ID_ALONE).put(nonce);
        try {
            cipher(Cipher.ENCRYPT_MODE, id, nonce).doFinal(ByteBuffer.wrap(plain), item);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM does not encrypt", e);
        }
        return item.array();
    }

    @Override
    public SessionRecord open(SessionId id, byte[] item) throws UnreadableException {
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
        byte[] plain;
        try {
            plain =
                    cipher(Cipher.DECRYPT_MODE, id, nonce)
                            .doFinal(item, HEAD_BYTES, item.length - HEAD_BYTES);
        } catch (AEADBadTagException e) {
            throw new UnreadableException(
                    "its seal is broken: it was not written by this application for this session",
                    e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM does not decrypt", e);
        }
        return RecordFormat.read(plain);
    }

    private Cipher cipher(int mode, SessionId id, byte[] nonce) throws GeneralSecurityException {
        byte[] pseudorandomKey = Hkdf.extract(SALT, id.bytes());
        byte[] key = Hkdf.expand(pseudorandomKey, sealInfo);
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(
                mode,
                new SecretKeySpec(key, "AES"),
                new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
        cipher.updateAAD(new byte[] {FORMAT_VERSION, KEY_FROM_ID_ALONE});
        cipher.updateAAD(Hkdf.expand(pseudorandomKey, itemKeyInfo)); // the item key, 32 bytes
        cipher.updateAAD(application);
        return cipher;
    }
}
