package org.memcachedsession.codec;

import java.security.GeneralSecurityException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import javax.crypto.Cipher;

/**
 * Ciphers for AES-GCM, which take longer to make than to encrypt some kilobytes. One that knows the key already spares
 * making its schedule, so each user looks in one place for the one that it has given back there; whoever else comes to
 * that place takes it for another key. {@value #PLACES} at most are kept, of one kilobyte each. Many threads use it at
 * once, without locks.
 */
final class Ciphers {

    static final int PLACES = 1024;

    private final AtomicReferenceArray<Cipher> places = new AtomicReferenceArray<>(PLACES);

    /**
     * One that nobody else has. It is to be initialized, whatever it was used for before.
     *
     * @param user of the same key each time, mostly
     */
    Cipher take(Object user) throws GeneralSecurityException {
        Cipher cipher = places.getAndSet(place(user), null);
        return cipher == null ? Cipher.getInstance("AES/GCM/NoPadding") : cipher;
    }

    /** Only what has done its work: one that has failed is not used again. */
    void giveBack(Object user, Cipher cipher) {
        places.set(place(user), cipher);
    }

    private static int place(Object user) {
        return user.hashCode() & (PLACES - 1);
    }
}
