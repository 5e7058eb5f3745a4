package org.memcachedsession;

/**
 * A session has more bytes than {@code memcached.session.size.limit}, or than a memcached server takes.
 * Nothing of the request was stored, and what was stored before is still there. To send the request again
 * does not help. It becomes an answer 500.
 *
 * <p>The message is for the log, not for the user: it names the session by its fingerprint, its size, the
 * limit, and the five largest beans with their sizes, the largest first.
 */
public class SessionTooLargeException extends SessionException {

    public SessionTooLargeException(String message) {
        super(message);
    }

    public SessionTooLargeException(String message, Throwable cause) {
        super(message, cause);
    }
}
