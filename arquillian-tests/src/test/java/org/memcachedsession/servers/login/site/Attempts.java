package org.memcachedsession.servers.login.site;

import java.io.Serializable;
import org.memcachedsession.MemcachedSessionScoped;

/** How often the browser's user has been asked for by the identity store. */
@MemcachedSessionScoped
public class Attempts implements Serializable {

    private static final long serialVersionUID = 1;

    private int count;

    void add() {
        count++;
    }

    int count() {
        return count;
    }
}
