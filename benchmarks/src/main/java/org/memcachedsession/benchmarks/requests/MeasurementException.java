package org.memcachedsession.benchmarks.requests;

/** A measurement cannot be made, or its figures are not to be trusted. */
final class MeasurementException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    MeasurementException(String message) {
        super(message);
    }

    MeasurementException(String message, Throwable cause) {
        super(message, cause);
    }
}
