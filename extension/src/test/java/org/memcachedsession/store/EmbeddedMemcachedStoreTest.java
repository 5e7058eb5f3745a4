package org.memcachedsession.store;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.memcachedsession.embedded.EmbeddedMemcached;

/** The store on the memcached that development and tests use where there is no real one. */
class EmbeddedMemcachedStoreTest extends MemcachedStoreContract {

    private static EmbeddedMemcached memcached;

    @BeforeAll
    static void start() {
        memcached = EmbeddedMemcached.start();
    }

    @AfterAll
    static void stop() {
        memcached.close();
    }

    @Override
    int port() {
        return memcached.port();
    }
}
