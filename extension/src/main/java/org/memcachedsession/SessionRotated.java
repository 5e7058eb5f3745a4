package org.memcachedsession;

/**
 * CDI event: a session has got a new id, and the answer carries its cookie. Fired synchronously once it is
 * stored; what an observer throws is logged and changes nothing.
 *
 * @param fingerprint of the session under its new id; not the id, so that it may be logged
 * @param previousFingerprint of the session under its old id
 * @param cause why
 */
public record SessionRotated(String fingerprint, String previousFingerprint, Cause cause) {

    /** Why a session got a new id. */
    public enum Cause {
        /**
         * Somebody has logged in, or the application asked for it. The old id is dead at once: whoever
         * knows it gets nothing of the session.
         */
        LOGIN,
        /**
         * The id was old enough ({@code memcached.session.rotation.interval}). For {@code
         * memcached.session.rotation.grace} the old one leads to the session.
         */
        RENEWAL
    }
}
