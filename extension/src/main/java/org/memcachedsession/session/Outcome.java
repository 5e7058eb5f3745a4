package org.memcachedsession.session;

import org.memcachedsession.SessionLost;

/** What became of a save. */
sealed interface Outcome {

    /**
     * All is stored.
     *
     * @param id the session's own, also if another request has renewed it
     */
    record Stored(SessionId id, Known session) implements Outcome {}

    /** All is stored, under an id that this save has given. */
    record Rotated(SessionId id, Known session) implements Outcome {}

    /** The session is not there any more, and nothing was stored. */
    record Gone(SessionLost.Cause cause) implements Outcome {}

    /** What a tombstone says to a request that wanted to store something there. */
    static Gone endedBy(Tombstone tombstone) {
        return new Gone(
                tombstone.cause() == Tombstone.Cause.LOGIN
                        ? SessionLost.Cause.LOGGED_IN
                        : SessionLost.Cause.ENDED);
    }
}
