package org.memcachedsession.servers.inside;

import jakarta.annotation.PostConstruct;
import jakarta.inject.Inject;
import java.io.Serializable;
import org.memcachedsession.MemcachedSessionScoped;

/** Uses itself before it is there. */
@MemcachedSessionScoped
class Narcissus implements Serializable {

    private static final long serialVersionUID = 1;

    @Inject Narcissus mirror;

    @PostConstruct
    void look() {
        mirror.look();
    }
}
