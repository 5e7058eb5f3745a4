package org.memcachedsession.session;

import org.memcachedsession.BeanDiscarded;

/** Bytes are there, but they cannot be read: unlike "not there" and "no answer". */
public final class UnreadableException extends Exception {

    private final BeanDiscarded.Cause reason;

    public UnreadableException(String message) {
        this(BeanDiscarded.Cause.UNREADABLE, message, null);
    }

    public UnreadableException(String message, Throwable cause) {
        this(BeanDiscarded.Cause.UNREADABLE, message, cause);
    }

    public UnreadableException(BeanDiscarded.Cause reason, String message) {
        this(reason, message, null);
    }

    public UnreadableException(BeanDiscarded.Cause reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** As it is told to the application, where the bytes are a bean's. */
    BeanDiscarded.Cause reason() {
        return reason;
    }
}
