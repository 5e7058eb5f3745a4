package org.memcachedsession.session;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A session's content: what is sealed into one item. Immutable.
 *
 * @param recentSaves numbers of the last saves, the latest first: by its own a request that got no answer
 *     knows that it was carried out
 * @param entries in the order of their keys, so that equal records have equal bytes
 */
public record SessionRecord(
        SessionHeader header, List<Long> recentSaves, SortedMap<BeanKey, Entry> entries)
        implements ItemContent {

    /** Others may save between a save and the moment when its request learns what became of it. */
    private static final int RECENT_SAVES = 8;

    public SessionRecord {
        recentSaves = List.copyOf(recentSaves);
        entries = Collections.unmodifiableSortedMap(new TreeMap<>(entries));
    }

    SessionRecord with(SessionHeader newHeader) {
        return new SessionRecord(newHeader, recentSaves, entries);
    }

    SessionRecord with(SortedMap<BeanKey, Entry> newEntries) {
        return new SessionRecord(header, recentSaves, newEntries);
    }

    /** The session after another save. */
    SessionRecord saved(long save, SessionHeader newHeader, SortedMap<BeanKey, Entry> newEntries) {
        List<Long> saves = new ArrayList<>(RECENT_SAVES);
        saves.add(save);
        saves.addAll(recentSaves.subList(0, Math.min(recentSaves.size(), RECENT_SAVES - 1)));
        return new SessionRecord(newHeader, saves, newEntries);
    }

    /** The number of the last save, by which the later of two copies is known; 0 before the first. */
    long generation() {
        return recentSaves.isEmpty() ? 0 : recentSaves.get(0);
    }

    boolean has(long save) {
        return recentSaves.contains(save);
    }

    /** Whether the last save of each is not in the other, and all that was before this one's is. */
    boolean isOneSaveBeside(SessionRecord other) {
        return !has(other.generation())
                && !other.has(generation())
                && recentSaves.size() > 1
                && other.has(recentSaves.get(1));
    }

    /** The five largest beans with their bytes, the largest first, for messages. */
    String largestBeans() {
        return entries.entrySet().stream()
                .sorted(Comparator.comparingInt(named -> -named.getValue().bytes().length))
                .limit(5)
                .map(named -> named.getKey() + " " + named.getValue().bytes().length)
                .collect(Collectors.joining(", "));
    }
}
