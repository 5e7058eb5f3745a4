package org.memcachedsession.example;

/** The request cannot be granted, and the message tells the client why. */
public class RefusedException extends RuntimeException {

    private final int status;

    /**
     * @param status of HTTP, 4xx
     */
    public RefusedException(int status, String message) {
        super(message);
        this.status = status;
    }

    public int status() {
        return status;
    }
}
