package org.memcachedsession.store;

import java.time.Duration;
import org.memcachedsession.session.SessionStore;

/** Stores on memcached for tests of other packages. */
public final class TestStores {

    private TestStores() {}

    /** On one server, with time enough. */
    public static SessionStore on(int port) {
        return new MemcachedSessionStore(StoreParameters.of(Duration.ofMinutes(1), port));
    }
}
