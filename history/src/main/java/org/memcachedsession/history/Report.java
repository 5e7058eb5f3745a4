package org.memcachedsession.history;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What was found in a history.
 *
 * @param answered how many requests of each kind were answered; each kind is there
 * @param unanswered requests whose outcome is open
 * @param sessions how many were seen
 * @param anomalies in the order of the answers that show them. What follows from one is not listed
 *     again
 * @param steps how many events, beans and links the checker looked at
 */
public record Report(
        Map<OperationKind, Integer> answered,
        int unanswered,
        int sessions,
        List<Anomaly> anomalies,
        long steps) {

    private static final int PRINTED = 20;

    public Report {
        Map<OperationKind, Integer> all = new EnumMap<>(OperationKind.class);
        Stream.of(OperationKind.values()).forEach(kind -> all.put(kind, 0));
        all.putAll(answered);
        answered = Collections.unmodifiableMap(all);
        anomalies = List.copyOf(anomalies);
    }

    /** How many requests there were. */
    public int operations() {
        return answered.values().stream().mapToInt(Integer::intValue).sum() + unanswered;
    }

    /** How many anomalies of this kind were found. */
    public long count(AnomalyKind kind) {
        return anomalies.stream().filter(anomaly -> anomaly.kind() == kind).count();
    }

    /** All of it in one line. */
    public String summary() {
        return "%d requests (%s, unanswered %d) in %d sessions: %d anomalies (%s)"
                .formatted(
                        operations(),
                        answered.entrySet().stream()
                                .map(entry -> words(entry.getKey()) + " " + entry.getValue())
                                .collect(Collectors.joining(", ")),
                        unanswered,
                        sessions,
                        anomalies.size(),
                        Stream.of(AnomalyKind.values())
                                .map(kind -> words(kind) + " " + count(kind))
                                .collect(Collectors.joining(", ")));
    }

    private static String words(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** The summary and the first anomalies. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(summary());
        anomalies.stream()
                .limit(PRINTED)
                .forEach(anomaly -> text.append(System.lineSeparator()).append(anomaly));
        if (anomalies.size() > PRINTED) {
            text.append(System.lineSeparator())
                    .append("and ")
                    .append(anomalies.size() - PRINTED)
                    .append(" more");
        }
        return text.toString();
    }
}
