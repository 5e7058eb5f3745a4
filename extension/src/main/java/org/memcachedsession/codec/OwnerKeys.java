package org.memcachedsession.codec;

import java.util.Base64;
import java.util.concurrent.atomic.AtomicReferenceArray;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.memcachedsession.session.ItemKey;

/**
 * The keys of one session, or of one epoch. A sealing key is derived when it is used first, since whoever asks for a
 * session that is not there needs none. Many threads use it at once.
 */
final class OwnerKeys {

    private final byte[] owner;
    private final byte[] sealInfo;
    private final KeyRing ring;
    private final byte[] itemKeyBytes;
    private final ItemKey itemKey;

    /** By the places of the ring's keys. */
    private final AtomicReferenceArray<SecretKey> sealingKeys;

    /**
     * @param owner what keys are derived from
     * @param itemKeyInfo what the item key is derived for
     * @param sealInfo what sealing keys are derived for
     */
    OwnerKeys(byte[] owner, byte[] itemKeyInfo, byte[] sealInfo, KeyRing ring) {
        this.owner = owner;
        this.sealInfo = sealInfo;
        this.ring = ring;
        // without the secret, so that an item stays where it is when the secret changes
        this.itemKeyBytes = Hkdf.expand(Hkdf.extract(KeyRing.SALT, owner), itemKeyInfo);
        this.itemKey =
                new ItemKey(Base64.getUrlEncoder().withoutPadding().encodeToString(itemKeyBytes));
        this.sealingKeys = new AtomicReferenceArray<>(ring.size());
    }

    ItemKey itemKey() {
        return itemKey;
    }

    /** 32 bytes, not to be changed. */
    byte[] itemKeyBytes() {
        return itemKeyBytes;
    }

    /**
     * @param place of a key in the ring
     */
    SecretKey sealingKey(int place) {
        SecretKey sealingKey = sealingKeys.get(place);
        if (sealingKey == null) {
            byte[] bytes = Hkdf.expand(Hkdf.extract(ring.key(place).salt(), owner), sealInfo);
            sealingKey = new SecretKeySpec(bytes, "AES");
            sealingKeys.set(place, sealingKey);
        }
        return sealingKey;
    }
}
