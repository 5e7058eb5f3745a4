package org.memcachedsession.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Anomalies, each fault once, however many answers show it. */
final class Findings {

    private final List<Anomaly> anomalies = new ArrayList<>();
    private final Set<List<Object>> faults = new HashSet<>();
    private int count;

    /**
     * @param fault what is the same in all answers that show it
     */
    void add(
            AnomalyKind kind,
            Examined request,
            String reason,
            List<Examined> evidence,
            Object... fault) {
        count++;
        List<Object> key = new ArrayList<>(Arrays.asList(fault));
        key.add(kind);
        if (faults.add(key)) {
            anomalies.add(
                    new Anomaly(
                            kind,
                            request.operation(),
                            reason,
                            evidence.stream().map(Examined::operation).distinct().toList()));
        }
    }

    /** With those that show a fault that is known already. */
    int count() {
        return count;
    }

    List<Anomaly> all() {
        return anomalies;
    }
}
