package org.memcachedsession.history;

/** Whether a request had a session, as the node said. */
public enum Origin {
    /** The session of the cookie was found. */
    LOADED,
    /** This request began the session. */
    CREATED,
    /** This request found the session and ended it. */
    ENDED,
    /** No session: the browser sent no cookie. */
    NONE_SENT,
    /** No session: that of the cookie is not there. */
    UNKNOWN,
    /** No session: that of the cookie is past its absolute end. */
    EXPIRED,
    /** No session: that of the cookie is there and cannot be opened. */
    UNREADABLE,
    /** Nobody asked. */
    UNASKED
}
