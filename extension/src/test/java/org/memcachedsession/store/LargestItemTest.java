package org.memcachedsession.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.memcachedsession.SessionTooLargeException;
import org.memcachedsession.embedded.EmbeddedMemcached;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.SessionStore;
import org.memcachedsession.session.StoredItem;

/** A server takes smaller items than the store sends, since somebody has forgotten its {@code -I}. */
class LargestItemTest {

    private static final int LARGEST = 512 * 1024;
    private static final Duration A_MINUTE = Duration.ofMinutes(1);

    abstract static class Refused {

        private final ItemKey key = new ItemKey("key");
        private SessionStore store;

        /** Starts one, for this test alone. */
        abstract int start();

        abstract void stop();

        @BeforeEach
        void open() {
            store = new MemcachedSessionStore(StoreParameters.of(start()));
            store.create(key, "old".getBytes(UTF_8), A_MINUTE);
        }

        @AfterEach
        void close() {
            store.close();
            stop();
        }

        private StoredItem item() {
            return store.load(key).orElseThrow();
        }

        @Test
        void whatIsTooLargeForItIsToldAndTheOldItemIsThereStill() {
            byte[] large = new byte[LARGEST + 1];
            long version = item().version();

            for (Runnable write :
                    new Runnable[] {
                        () -> store.replace(key, large, version, A_MINUTE),
                        () -> store.overwrite(key, large, A_MINUTE),
                        () -> store.create(new ItemKey("other"), large, A_MINUTE)
                    }) {
                assertThatThrownBy(write::run)
                        .isInstanceOf(SessionTooLargeException.class)
                        .hasMessageContaining("memcached server 127.0.0.1:")
                        .hasMessageContaining("SERVER_ERROR object too large")
                        .hasMessageContaining("(-I, 1 MiB unless set)")
                        .hasMessageContaining("memcached.session.size.limit");
            }

            assertThat(item().value()).asString(UTF_8).isEqualTo("old");
            assertThat(item().version()).isEqualTo(version);
            assertThat(store.load(new ItemKey("other"))).isEmpty();
        }

        @Test
        void theConnectionIsInOrderAfterIt() {
            byte[] large = new byte[StoreParameters.SIZE_LIMIT];
            for (int i = 0; i < 20; i++) {
                long version = item().version();
                assertThatThrownBy(() -> store.replace(key, large, version, A_MINUTE))
                        .isInstanceOf(SessionTooLargeException.class);
                byte[] next = ("new" + i).getBytes(UTF_8);
                assertThat(store.replace(key, next, version, A_MINUTE).isStored()).isTrue();
                assertThat(item().value()).isEqualTo(next);
            }
        }
    }

    @Nested
    class ByMemcached extends Refused {

        private MemcachedProcess memcached;

        @Override
        int start() {
            memcached = MemcachedProcess.start("-I", "512k");
            return memcached.port();
        }

        @Override
        void stop() {
            memcached.close();
        }
    }

    @Nested
    class ByTheEmbeddedOne extends Refused {

        private EmbeddedMemcached memcached;

        @Override
        int start() {
            memcached = EmbeddedMemcached.builder().itemSizeLimit(LARGEST).start();
            return memcached.port();
        }

        @Override
        void stop() {
            memcached.close();
        }
    }
}
