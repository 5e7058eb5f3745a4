package org.memcachedsession;

/**
 * CDI event: a session was ended here and deleted from memcached, and its beans are destroyed. Not
 * fired for one that expires: memcached tells nobody. Fired synchronously; what an observer throws is
 * logged and changes nothing.
 *
 * @param fingerprint of the session; not its id, so that it may be logged
 * @param cause what ended it
 */
public record SessionEnded(String fingerprint, Cause cause) {

    /** What ended a session. */
    public enum Cause {
        /** {@link MemcachedSession#invalidate()}. */
        INVALIDATED
    }
}
