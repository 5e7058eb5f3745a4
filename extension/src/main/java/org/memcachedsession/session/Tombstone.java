package org.memcachedsession.session;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Stands where a session was, so that requests under its id learn what became of it. Nothing of the
 * session is in it. That the session does not come back depends on a tombstone nowhere: it may be
 * evicted like every item, and what is missing is never made again.
 *
 * @param cause what became of the session
 * @param since when, by the clock of the node that ended it
 * @param number by chance: by its own a request that got no answer knows that it was carried out
 * @param successor the id that the session has now; after a {@link Cause#RENEWAL} alone
 */
public record Tombstone(Cause cause, Instant since, long number, Optional<SessionId> successor)
        implements ItemContent {

    /** What became of a session. */
    public enum Cause {
        /** It goes on under another id, since somebody has logged in; this id never leads there. */
        LOGIN,
        /** It goes on under another id, with the same rights; for a while this id leads there. */
        RENEWAL,
        /** It was ended. */
        END
    }

    public Tombstone {
        if (successor.isPresent() != (cause == Cause.RENEWAL)) {
            throw new IllegalArgumentException(
                    "only a renewal leads to a successor, and each does");
        }
    }

    static Tombstone of(Cause cause, Instant since, long number) {
        return new Tombstone(cause, since, number, Optional.empty());
    }

    static Tombstone leadingTo(SessionId successor, Instant since, long number) {
        return new Tombstone(Cause.RENEWAL, since, number, Optional.of(successor));
    }

    /** Of two on different servers: one that leads nowhere, or else whatever is the same one on all nodes. */
    boolean isStrongerThan(Tombstone other) {
        return successor.isPresent() == other.successor().isPresent()
                ? Long.compareUnsigned(number, other.number()) > 0
                : successor.isEmpty();
    }

    /**
     * Whether requests that were on their way when it was made may still arrive. Another node's clock may
     * be ahead or behind by as much.
     */
    boolean isYoungerThan(Duration grace, Instant now) {
        return Duration.between(since, now).abs().compareTo(grace) <= 0;
    }
}
