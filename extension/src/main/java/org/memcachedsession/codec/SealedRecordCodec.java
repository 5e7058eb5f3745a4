package org.memcachedsession.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.List;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import org.memcachedsession.session.InBothLists;
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
 *
 * <p>The keys of the sessions and epochs that were used last are remembered, each with what it is derived from:
 * {@value Remembered#PLACES} of either, half a kilobyte each for every key of the secret.
 */
public final class SealedRecordCodec implements RecordCodec {

    private static final byte FORMAT_VERSION = 1;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BYTES = 16;
    private static final int HEAD_BYTES = 2 + NONCE_BYTES;

    private final byte[] application;
    private final KeyRing ring;
    private final Remembered<SessionId, OwnerKeys> sessions;
    private final Remembered<PrincipalHash, OwnerKeys> epochs;
    private final Ciphers ciphers = new Ciphers();
    private final SecureRandom random;
    private final Compression compression;
    private final OpenedItems openedItems;

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
        Purpose sealedSession = new Purpose("", application);
        Purpose sealedEpoch = new Purpose("epoch ", application);
        this.sessions = new Remembered<>(id -> sealedSession.keys(id.bytes(), ring));
        this.epochs =
                new Remembered<>(
                        principal -> sealedEpoch.keys(principal.text().getBytes(UTF_8), ring));
        this.random = random;
        this.compression = compression;
        this.openedItems = new OpenedItems(parser);
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

        OwnerKeys keys(byte[] owner, KeyRing ring) {
            return new OwnerKeys(owner, itemKeyInfo, sealInfo, ring);
        }
    }

    @Override
    public ItemKey itemKey(SessionId id) {
        return sessions.of(id).itemKey();
    }

    @Override
    public byte[] seal(SessionId id, ItemContent content) {
        byte[] plain = RecordFormat.write(content);
        byte[] item =
                seal(
                        sessions.of(id),
                        content instanceof SessionRecord ? compression.compressed(plain) : plain);
        openedItems.sealed(id, item, plain.length, content);
        return item;
    }

    @Override
    public ItemContent open(SessionId id, byte[] stored) throws UnreadableException {
        byte[] item = InBothLists.sealed(stored);
        ItemContent content = openedItems.find(id, item);
        return content != null
                ? content
                : openedItems.opened(id, item, compression.plain(open(sessions.of(id), item)));
    }

    @Override
    public ItemKey epochKey(PrincipalHash principal) {
        return epochs.of(principal).itemKey();
    }

    @Override
    public byte[] sealEpoch(PrincipalHash principal, long number) {
        byte[] plain = ByteBuffer.allocate(Long.BYTES).putLong(number).array();
        return seal(epochs.of(principal), plain);
    }

    @Override
    public long openEpoch(PrincipalHash principal, byte[] item) throws UnreadableException {
        byte[] plain = open(epochs.of(principal), InBothLists.sealed(item));
        if (plain.length != Long.BYTES) {
            throw new UnreadableException("an epoch of " + plain.length + " bytes");
        }
        return ByteBuffer.wrap(plain).getLong();
    }

    private byte[] seal(OwnerKeys keys, byte[] plain) {
        byte keyId = ring.sealing().id();
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] item = new byte[HEAD_BYTES + plain.length + TAG_BYTES];
        ByteBuffer.wrap(item).put(FORMAT_VERSION).put(keyId).put(nonce);
        try {
            Cipher cipher = ciphers.take(keys);
            begin(cipher, Cipher.ENCRYPT_MODE, keys, 0, item);
            cipher.doFinal(plain, 0, plain.length, item, HEAD_BYTES);
            ciphers.giveBack(keys, cipher);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM does not encrypt", e);
        }
        return item;
    }

    private byte[] open(OwnerKeys keys, byte[] item) throws UnreadableException {
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
        AEADBadTagException broken = null;
        for (int place = 0; place < ring.size(); place++) {
            if (ring.key(place).id() == item[1]) { // mostly one, often none
                try {
                    return decrypted(keys, place, item);
                } catch (AEADBadTagException e) {
                    broken = e;
                } catch (GeneralSecurityException e) {
                    throw new IllegalStateException("AES-GCM does not decrypt", e);
                }
            }
        }
        if (broken == null) {
            throw new UnreadableException(unknownKey(item[1]));
        }
        throw new UnreadableException(
                "its seal is broken: it was not written by this application for this session",
                broken);
    }

    private byte[] decrypted(OwnerKeys keys, int place, byte[] item)
            throws GeneralSecurityException {
        Cipher cipher = ciphers.take(keys);
        begin(cipher, Cipher.DECRYPT_MODE, keys, place, item);
        byte[] plain = cipher.doFinal(item, HEAD_BYTES, item.length - HEAD_BYTES);
        ciphers.giveBack(keys, cipher);
        return plain;
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

    /** With the nonce in the head of the item; all of that is authenticated. */
    private void begin(Cipher cipher, int mode, OwnerKeys keys, int place, byte[] item)
            throws GeneralSecurityException {
        cipher.init(
                mode,
                keys.sealingKey(place),
                new GCMParameterSpec(TAG_BYTES * Byte.SIZE, item, 2, NONCE_BYTES));
        cipher.updateAAD(item, 0, 2);
        cipher.updateAAD(keys.itemKeyBytes());
        cipher.updateAAD(application);
    }
}
