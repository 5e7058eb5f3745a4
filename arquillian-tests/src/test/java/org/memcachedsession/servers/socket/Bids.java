package org.memcachedsession.servers.socket;

import org.memcachedsession.MemcachedSessionScoped;

@MemcachedSessionScoped
class Bids extends Counted {

    private static final long serialVersionUID = 1;
}
