package org.memcachedsession.history;

import java.util.List;

/**
 * Something that a correct server cannot answer.
 *
 * @param kind what it is
 * @param operation whose answer shows it
 * @param reason one sentence
 * @param evidence the other requests that the sentence speaks of
 */
public record Anomaly(
        AnomalyKind kind, Operation operation, String reason, List<Operation> evidence) {

    public Anomaly {
        evidence = List.copyOf(evidence);
    }

    /** With the lines of all requests. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(kind + ": " + reason);
        text.append("\n    ").append(operation);
        evidence.forEach(other -> text.append("\n    ").append(other));
        return text.toString();
    }
}
