package org.memcachedsession.nodes;

/** A process could not be started, ended too early or did not become ready. The message has the end of its log. */
public final class NodeException extends RuntimeException {

    NodeException(String message) {
        super(message);
    }

    NodeException(String message, Throwable cause) {
        super(message, cause);
    }
}
