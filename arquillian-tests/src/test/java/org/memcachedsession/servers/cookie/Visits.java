package org.memcachedsession.servers.cookie;

import java.io.Serializable;
import org.memcachedsession.MemcachedSessionScoped;

@MemcachedSessionScoped
class Visits implements Serializable {

    private static final long serialVersionUID = 1;

    private int count;

    int next() {
        return ++count;
    }

    int count() {
        return count;
    }
}
