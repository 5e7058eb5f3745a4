package org.memcachedsession.session;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A session's content: what is sealed into one item. Immutable.
 *
 * @param createdAt by the clock of the node that created it
 * @param absoluteEnd no request moves it
 * @param idleTimeout how long the session lives without a request
 * @param entries in the order of their keys, so that equal records have equal bytes
 */
public record SessionRecord(
        Instant createdAt,
        Instant absoluteEnd,
        Duration idleTimeout,
        SortedMap<BeanKey, Entry> entries) {

    public SessionRecord {
        entries = Collections.unmodifiableSortedMap(new TreeMap<>(entries));
    }

    SessionRecord with(Map<BeanKey, Entry> newEntries) {
        return new SessionRecord(createdAt, absoluteEnd, idleTimeout, new TreeMap<>(newEntries));
    }

    /** Bytes of all beans together; keys and seal add a little. */
    int size() {
        return entries.values().stream().mapToInt(entry -> entry.bytes().length).sum();
    }

    /** The three largest beans with their bytes, for messages. */
    String largestBeans() {
        return entries.entrySet().stream()
                .sorted(Comparator.comparingInt(named -> -named.getValue().bytes().length))
                .limit(3)
                .map(named -> named.getKey() + " " + named.getValue().bytes().length)
                .collect(Collectors.joining(", "));
    }

    boolean isOver(Instant now) {
        return !now.isBefore(absoluteEnd);
    }

    /** From now until the item may be forgotten; at least a second. */
    Duration timeToLive(Instant now) {
        Duration left = Duration.between(now, absoluteEnd);
        Duration time = idleTimeout.compareTo(left) <= 0 ? idleTimeout : left;
        return time.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : time;
    }
}
