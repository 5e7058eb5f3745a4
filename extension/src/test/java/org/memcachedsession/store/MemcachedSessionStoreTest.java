package org.memcachedsession.store;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** The store on the real memcached. */
class MemcachedSessionStoreTest {

    private static MemcachedProcess memcached;

    @BeforeAll
    static void start() {
        memcached = MemcachedProcess.start();
    }

    @AfterAll
    static void stop() {
        if (memcached != null) {
            memcached.close();
        }
    }

    @Nested
    class WithOneConnection extends MemcachedStoreContract {
        @Override
        int port() {
            return memcached.port();
        }
    }

    @Nested
    class WithThreeConnections extends MemcachedStoreContract {
        @Override
        int port() {
            return memcached.port();
        }

        @Override
        int connections() {
            return 3;
        }
    }
}
