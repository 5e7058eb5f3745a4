package org.memcachedsession.servers.inside;

import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Reception;
import jakarta.inject.Inject;
import java.io.Serializable;
import org.memcachedsession.MemcachedSessionScoped;

/** Hears only when it is there already. */
@MemcachedSessionScoped
class Listener implements Serializable {

    private static final long serialVersionUID = 1;

    @Inject Diary diary;

    private int heard;

    void appear() {
        diary.note("listener appeared");
    }

    void hear(@Observes(notifyObserver = Reception.IF_EXISTS) Ping ping) {
        diary.note("heard " + ++heard);
    }
}
