package org.memcachedsession.session.interleaving;

import java.security.SecureRandom;

/** Ids and other numbers that count, so that a run goes the same way each time. */
final class CountedIds extends SecureRandom {

    private static final long serialVersionUID = 1;

    private long last;

    CountedIds() {
        super(null, null); // no provider: nothing is random here
    }

    @Override
    public void nextBytes(byte[] bytes) {
        last++;
        for (int i = 0; i < Math.min(bytes.length, Long.BYTES); i++) {
            bytes[i] = (byte) (last >>> i * Byte.SIZE);
        }
    }
}
