package org.memcachedsession;

/**
 * No answer, or no sensible one, from the memcached server that holds the session. If it was a
 * write, its outcome is unknown: it may have happened or not. Trying again later may help.
 */
public class SessionStoreException extends SessionException {

    public SessionStoreException(String message) {
        super(message);
    }

    public SessionStoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
