package org.memcachedsession.history;

/** What a request does to its session. */
public enum OperationKind {
    /** Writes one bean. */
    WRITE,
    /** Writes several beans, each the same tag. */
    WRITE_SEVERAL,
    /** Writes one bean and redirects. */
    WRITE_AND_REDIRECT,
    /** Follows a redirect, mostly to another node, and reads all beans. */
    READ_AFTER_REDIRECT,
    /** Reads all beans. */
    READ,
    /** Reads all beans under the cookie of a session that this browser has ended. */
    READ_AFTER_END,
    /** Ends the session. */
    INVALIDATE,
    /** Has a session cookie and uses no bean. */
    IDLE
}
