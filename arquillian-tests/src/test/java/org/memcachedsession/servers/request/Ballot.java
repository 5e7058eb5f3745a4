package org.memcachedsession.servers.request;

import java.io.Serializable;
import org.memcachedsession.ConflictPolicy;
import org.memcachedsession.MemcachedSessionScoped;
import org.memcachedsession.OnConflict;

@MemcachedSessionScoped
@OnConflict(ConflictPolicy.FAIL)
class Ballot implements Serializable {

    private static final long serialVersionUID = 1;

    private int votes;

    int vote() {
        return ++votes;
    }
}
