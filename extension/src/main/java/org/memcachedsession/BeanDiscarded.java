package org.memcachedsession;

/**
 * CDI event: a stored bean cannot be read here and begins anew if it is used; the session and its other
 * beans go on. Once per request and bean. Fired synchronously; what an observer throws is logged and
 * changes nothing. The stored bean is written over only when the new one is saved.
 *
 * @param fingerprint of the session; not its id, so that it may be logged
 * @param bean its key, such as {@code class org.example.Cart}
 * @param cause why it cannot be read
 */
public record BeanDiscarded(String fingerprint, String bean, Cause cause) {

    /** Why a stored bean cannot be read. */
    public enum Cause {
        /** It holds an object of a class that is not read back: see {@link AllowSerialized}. */
        NOT_ALLOWED,
        /**
         * It holds objects of the container, and another server product, or an archive of another name,
         * has written it.
         */
        BOUND_ELSEWHERE,
        /** No such bean is deployed here; another version of the application may have it. */
        NOT_DEPLOYED,
        /**
         * Its class, or that of an object in it, has changed or is gone since it was stored, or the bytes
         * are none of ours. The log tells which.
         */
        UNREADABLE
    }
}
