package org.memcachedsession.faults;

import java.util.Optional;
import org.memcachedsession.history.Operation;
import org.memcachedsession.history.OperationKind;

/**
 * A request of a browser.
 *
 * @param node where it went
 * @param id that the browser sent
 * @param begin by {@link System#nanoTime()}, as is {@code end}
 * @param status 0 if there was no answer
 */
record Visit(Operation operation, int node, Optional<String> id, long begin, long end, int status) {

    private static final int SERVER_ERROR = 500;

    /** No answer, or 5xx. */
    boolean failed() {
        return status == 0 || status >= SERVER_ERROR;
    }

    boolean usesScope() {
        return operation.kind() != OperationKind.IDLE;
    }

    long nanos() {
        return end - begin;
    }
}
