package org.memcachedsession.embedded;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** The counters of one server. Many threads count at once. */
final class Statistics {

    private final Map<Stat, AtomicLong> counts = new EnumMap<>(Stat.class);

    Statistics() {
        for (Stat stat : Stat.values()) {
            counts.put(stat, new AtomicLong());
        }
    }

    void count(Stat stat) {
        count(stat, 1);
    }

    void count(Stat stat, int more) {
        counts.get(stat).addAndGet(more);
    }

    long get(Stat stat) {
        return counts.get(stat).get();
    }

    void reset() {
        counts.values().forEach(count -> count.set(0));
    }
}
