package org.memcachedsession;

/** Why this request has, or has not, a session. */
public enum SessionOrigin {
    /** The browser sent no session cookie, or nothing that could be one. */
    NONE_SENT,
    /** The session of the cookie was found. */
    LOADED,
    /**
     * The cookie's session is not in memcached: expired, evicted, ended long ago or never ours. Also when
     * it vanished while the request worked, and when the browser sent the ids of two living sessions, of
     * which neither is used.
     */
    UNKNOWN,
    /** The cookie's session is past its absolute end. */
    EXPIRED,
    /** Bytes were found, but they are not a session of this application under this id. */
    UNREADABLE,
    /** The memcached server did not answer. */
    UNAVAILABLE,
    /** This request made the session. */
    CREATED,
    /**
     * The session was ended: by this request or another, since its user or an administrator has ended all
     * of them, or since it is of another user; or its id was given up at a login or renewal. memcached may
     * have forgotten that, and then it is {@link #UNKNOWN}.
     */
    ENDED
}
