package org.memcachedsession.session;

import java.time.Instant;
import java.util.Optional;

/**
 * A session as the store held it when it was last asked.
 *
 * @param version for replacing it if nobody else has; empty if that is not known any more
 * @param end when the item ends by itself unless its time begins anew; empty where the store does not tell
 */
record Known(SessionRecord record, Optional<ItemVersion> version, Optional<Instant> end) {

    /** As it may be by now: the store has to be asked. */
    static Known perhaps(SessionRecord record) {
        return new Known(record, Optional.empty(), Optional.empty());
    }
}
