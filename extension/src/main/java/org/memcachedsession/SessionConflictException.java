package org.memcachedsession;

/**
 * Another request has changed a bean at the same time, and the bean's {@link ConflictPolicy} lets this
 * request fail. Nothing of this request was saved; what the other one saved is there. The same request
 * sent again works on that. JAX-RS and servlets answer it with 409.
 */
public class SessionConflictException extends SessionException {

    public SessionConflictException(String message) {
        super(message);
    }

    public SessionConflictException(String message, Throwable cause) {
        super(message, cause);
    }
}
