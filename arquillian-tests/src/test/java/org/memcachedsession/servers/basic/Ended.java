package org.memcachedsession.servers.basic;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Where every counter stood when it was destroyed. */
@ApplicationScoped
class Ended {

    private final List<Integer> counts = new CopyOnWriteArrayList<>();

    void add(int count) {
        counts.add(count);
    }

    List<Integer> counts() {
        return counts;
    }
}
