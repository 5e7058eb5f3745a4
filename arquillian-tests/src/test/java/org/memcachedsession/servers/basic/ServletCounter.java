package org.memcachedsession.servers.basic;

import jakarta.enterprise.context.SessionScoped;
import java.io.Serializable;

/** Lives in the server's own session. */
@SessionScoped
class ServletCounter implements Serializable {

    private static final long serialVersionUID = 1;

    private int count;

    int next() {
        return ++count;
    }
}
