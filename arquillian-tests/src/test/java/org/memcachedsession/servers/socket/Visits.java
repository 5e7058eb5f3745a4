package org.memcachedsession.servers.socket;

import org.memcachedsession.MemcachedSessionScoped;

@MemcachedSessionScoped
class Visits extends Counted {

    private static final long serialVersionUID = 1;

    private Object secret = "";

    /** With this inside, it cannot be stored. */
    void keep(Object notSerializable) {
        secret = notSerializable;
    }
}
