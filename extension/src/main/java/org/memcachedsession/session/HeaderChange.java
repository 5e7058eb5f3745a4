package org.memcachedsession.session;

import java.time.Duration;
import java.util.Optional;

/**
 * What a request has changed of its session, beside the beans: put into whatever header the store holds
 * when it is saved.
 */
record HeaderChange(
        Optional<Duration> idleTimeout, Optional<Duration> absoluteTimeout, Optional<Long> epoch) {

    static final HeaderChange NONE =
            new HeaderChange(Optional.empty(), Optional.empty(), Optional.empty());

    HeaderChange withIdleTimeout(Duration timeout) {
        return new HeaderChange(Optional.of(timeout), absoluteTimeout, epoch);
    }

    HeaderChange withAbsoluteTimeout(Duration timeout) {
        return new HeaderChange(idleTimeout, Optional.of(timeout), epoch);
    }

    HeaderChange withEpoch(long number) {
        return new HeaderChange(idleTimeout, absoluteTimeout, Optional.of(number));
    }

    boolean isEmpty() {
        return equals(NONE);
    }

    SessionHeader in(SessionHeader header) {
        if (isEmpty()) {
            return header;
        }
        SessionHeader timed =
                header.withTimeouts(
                        idleTimeout.orElse(header.idleTimeout()),
                        absoluteTimeout.orElse(header.absoluteTimeout()));
        return epoch.map(timed::withEpoch).orElse(timed);
    }
}
