package org.memcachedsession.codec;

import java.security.GeneralSecurityException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import javax.crypto.Cipher;

/**
 * Ciphers for AES-GCM, which take longer to make than to encrypt some kilobytes: {@value #PLACES} at most are kept for
 * the next use, with the key of the last. Each thread looks in one place, so they seldom meet. Many threads use it at
 * once, without locks.
 */
final class Ciphers {

    private static final int PLACES = 16;

    private final AtomicReferenceArray<Cipher> places = new AtomicReferenceArray<>(PLACES);

    /** One that nobody else has. It is to be initialized, whatever it was used for before. */
    Cipher take() throws GeneralSecurityException {
        Cipher cipher = places.getAndSet(place(), null);
        return cipher == null ? Cipher.getInstance("AES/GCM/NoPadding") : cipher;
    }

    /** Only what has done its work: one that has failed is not used again. */
    void giveBack(Cipher cipher) {
        places.set(place(), cipher);
    }

    private static int place() {
        return Thread.currentThread().hashCode() & (PLACES - 1);
    }
}
