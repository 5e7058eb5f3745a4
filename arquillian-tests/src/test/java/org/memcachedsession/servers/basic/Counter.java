package org.memcachedsession.servers.basic;

import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import java.io.Serializable;
import org.memcachedsession.MemcachedSessionScoped;

@MemcachedSessionScoped
class Counter implements Serializable {

    private static final long serialVersionUID = 1;

    @Inject Ended ended;

    private int count;

    int next() {
        return ++count;
    }

    int count() {
        return count;
    }

    @PreDestroy
    void end() {
        ended.add(count);
    }
}
