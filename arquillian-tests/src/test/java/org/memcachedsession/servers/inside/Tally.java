package org.memcachedsession.servers.inside;

import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import java.io.Serializable;
import org.memcachedsession.MemcachedSessionScoped;

@MemcachedSessionScoped
class Tally implements Serializable {

    private static final long serialVersionUID = 1;

    @Inject Diary diary;

    private int count;

    int next() {
        return ++count;
    }

    int count() {
        return count;
    }

    @PreDestroy
    void end() {
        diary.note("tally ended at " + count);
    }
}
