package org.memcachedsession.servers.history;

import org.memcachedsession.MemcachedSessionScoped;

@MemcachedSessionScoped
class KeptThird extends Kept {

    private static final long serialVersionUID = 1;
}
