package org.memcachedsession;

/** Something went wrong with a session. Its subclasses tell what the caller can do. */
public class SessionException extends RuntimeException {

    public SessionException(String message) {
        super(message);
    }

    public SessionException(String message, Throwable cause) {
        super(message, cause);
    }
}
