package org.memcachedsession;

/**
 * No answer, or no sensible one, from the memcached server that holds the session. If it was a
 * write, its outcome is unknown: it may have happened or not. Trying again later may help. It becomes an
 * answer 503 unless the application catches it.
 */
public class SessionStoreException extends SessionException {

    public SessionStoreException(String message) {
        super(message);
    }

    public SessionStoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
