package org.memcachedsession;

/**
 * CDI event: a request has changed its session, and when it was to be saved, the session was not there
 * any more. What the request changed is dropped, since storing it could bring a logged-out session back.
 * Fired synchronously; what an observer throws is logged and changes nothing.
 *
 * @param fingerprint of the session; not its id, so that it may be logged
 * @param cause what became of it, as far as memcached tells
 */
public record SessionLost(String fingerprint, Cause cause) {

    /** What became of a session during a request. */
    public enum Cause {
        /** memcached has nothing: it has expired or was evicted, or the server was restarted. */
        MISSING,
        /** Another request has ended it. */
        ENDED,
        /** In another request somebody has logged in, and this one was under the id given up then. */
        LOGGED_IN
    }
}
