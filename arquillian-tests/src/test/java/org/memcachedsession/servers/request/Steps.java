package org.memcachedsession.servers.request;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.memcachedsession.MemcachedSessionScoped;

/** What was done in this browser's session, in order. */
@MemcachedSessionScoped
class Steps implements Serializable {

    private static final long serialVersionUID = 1;

    private final List<String> all = new ArrayList<>();

    void add(String step) {
        all.add(step);
    }

    String all() {
        return String.join(",", all);
    }
}
