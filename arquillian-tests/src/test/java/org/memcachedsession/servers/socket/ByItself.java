package org.memcachedsession.servers.socket;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.ContextNotActiveException;
import jakarta.inject.Inject;
import org.memcachedsession.MemcachedSession;

/** What a thread has without anybody's help. */
@ApplicationScoped
class ByItself {

    @Inject MemcachedSession session;

    /** Why the calling thread has no session; or that it has a chance of one. */
    String look() {
        try {
            return "active: " + session.isActive() + ", exists: " + session.exists();
        } catch (ContextNotActiveException e) {
            return "none: " + e.getMessage();
        }
    }
}
