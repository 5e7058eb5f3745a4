package org.memcachedsession;

/**
 * CDI event: a request has presented the id of a session that is there, and does not get it. Each of
 * these may be an attack; none shows anything of the session. Fired synchronously; what an observer
 * throws is logged and changes nothing.
 *
 * @param fingerprint of the session, or of the id presented; not the id itself, so that it may be logged
 * @param cause why it is refused
 */
public record SessionRefused(String fingerprint, Cause cause) {

    /** Why a session is refused. */
    public enum Cause {
        /** The bytes are not a session of this application under this id, or not to be read here. */
        UNREADABLE,
        /** The browser sent the ids of two living sessions: somebody has planted one of them. */
        TWO_SESSIONS,
        /**
         * The id was renewed longer ago than {@code memcached.session.rotation.grace}: the user's
         * browser has the new one, so somebody else may have the old one.
         */
        RENEWED_ID,
        /** It is the session of another user than the one who is logged in; it is ended. */
        OTHER_PRINCIPAL,
        /** All sessions of its user were ended: {@link MemcachedSessions#endAll}. */
        ENDED_EVERYWHERE,
        /**
         * What tells whether all sessions of its user were ended is not in memcached any more: it was
         * evicted or the server was restarted. The user has to log in again.
         */
        EPOCH_LOST
    }
}
