package org.memcachedsession.servers.inside;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Destroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import org.memcachedsession.MemcachedSessionScoped;

/** Notes when sessions begin and end. */
@ApplicationScoped
class Life {

    @Inject Diary diary;

    void begin(@Observes @Initialized(MemcachedSessionScoped.class) Object event) {
        diary.note("initialized");
    }

    void beforeEnd(@Observes @BeforeDestroyed(MemcachedSessionScoped.class) Object event) {
        diary.note("before destroyed");
    }

    void end(@Observes @Destroyed(MemcachedSessionScoped.class) Object event) {
        diary.note("destroyed");
    }
}
