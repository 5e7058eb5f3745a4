package org.memcachedsession.servers.socket;

import org.memcachedsession.MemcachedSessionScoped;

@MemcachedSessionScoped
class Watches extends Counted {

    private static final long serialVersionUID = 1;
}
