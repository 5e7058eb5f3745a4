package org.memcachedsession.servers.history;

import org.memcachedsession.MemcachedSessionScoped;

@MemcachedSessionScoped
class KeptSecond extends Kept {

    private static final long serialVersionUID = 1;
}
