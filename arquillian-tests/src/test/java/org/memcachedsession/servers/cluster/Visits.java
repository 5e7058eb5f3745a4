package org.memcachedsession.servers.cluster;

import java.io.Serializable;
import org.memcachedsession.MemcachedSessionScoped;

/** Plain: nothing of a container is in its bytes, so that every server can read it. */
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
