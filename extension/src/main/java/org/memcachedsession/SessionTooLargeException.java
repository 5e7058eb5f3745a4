package org.memcachedsession;

/**
 * A session has more bytes than {@code memcached.session.size.limit}. Nothing was sent: what was
 * stored before is still there.
 */
public class SessionTooLargeException extends SessionException {

    public SessionTooLargeException(String message) {
        super(message);
    }
}
