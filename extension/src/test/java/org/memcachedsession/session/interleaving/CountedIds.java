package org.memcachedsession.session.interleaving;

import java.nio.ByteBuffer;
import java.security.SecureRandom;

/** Ids that count, so that a run goes the same way each time. */
final class CountedIds extends SecureRandom {

    private static final long serialVersionUID = 1;

    private long last;

    CountedIds() {
        super(null, null); // no provider: nothing is random here
    }

    @Override
    public void nextBytes(byte[] bytes) {
        ByteBuffer.wrap(bytes).putLong(++last);
    }
}
