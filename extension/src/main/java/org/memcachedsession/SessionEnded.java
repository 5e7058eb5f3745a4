package org.memcachedsession;

/**
 * CDI event: a session was ended here, nothing of it is left in memcached, and its beans are destroyed.
 * Not fired for one that nobody asks for any more: memcached tells nobody when it expires. Fired
 * synchronously; what an observer throws is logged and changes nothing.
 *
 * @param fingerprint of the session; not its id, so that it may be logged
 * @param cause what ended it
 */
public record SessionEnded(String fingerprint, Cause cause) {

    /** What ended a session. */
    public enum Cause {
        /** {@link MemcachedSession#invalidate()}. */
        INVALIDATED,
        /** {@link jakarta.servlet.http.HttpServletRequest#logout()}. */
        LOGGED_OUT,
        /** Another user has logged in than the one whose session it was. */
        OTHER_PRINCIPAL,
        /** A request came after its absolute end. */
        EXPIRED
    }
}
