package org.memcachedsession.session;

/** Bytes are there, but they cannot be read: unlike "not there" and "no answer". */
public final class UnreadableException extends Exception {

    public UnreadableException(String message) {
        super(message);
    }

    public UnreadableException(String message, Throwable cause) {
        super(message, cause);
    }
}
