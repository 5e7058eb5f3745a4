package org.memcachedsession.servers.inside;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What happened in the application, in order. */
@ApplicationScoped
class Diary {

    private final List<String> entries = new CopyOnWriteArrayList<>();

    void note(String entry) {
        entries.add(entry);
    }

    /** All since the last call. */
    List<String> take() {
        List<String> taken = new ArrayList<>(entries);
        entries.clear();
        return taken;
    }
}
