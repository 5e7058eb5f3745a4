package org.memcachedsession.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.memcachedsession.embedded.EmbeddedMemcached;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.SessionStore;
import org.memcachedsession.session.StoredItem;

/** What is near is not sent again, and never taken for what it is not any more. */
class NearCacheTest {

    private static final Duration A_MINUTE = Duration.ofMinutes(1);
    private static final int LARGE = 40_000;

    private final ItemKey key = new ItemKey("k");
    private EmbeddedMemcached memcached = EmbeddedMemcached.builder().skipUnchanged(true).start();
    private final SessionStore here = open();
    private final SessionStore there = open();

    private SessionStore open() {
        return new MemcachedSessionStore(StoreParameters.of(memcached.port()), Duration.ZERO);
    }

    /** What is said first on a connection is not counted. */
    @BeforeEach
    void connect() {
        here.load(key);
        there.load(key);
    }

    @AfterEach
    void close() {
        here.close();
        there.close();
        memcached.close();
    }

    @Test
    void aLargeItemThatHasNotChangedIsSentOnce() {
        there.create(key, bytes(LARGE, 1), A_MINUTE);

        assertThat(sentWhile(() -> assertThat(value(here)).isEqualTo(bytes(LARGE, 1))))
                .isGreaterThan(LARGE);
        for (int i = 0; i < 3; i++) {
            assertThat(sentWhile(() -> assertThat(value(here)).isEqualTo(bytes(LARGE, 1))))
                    .isLessThan(100);
        }
    }

    @Test
    void aSmallItemIsSentEachTime() {
        there.create(key, bytes(NearCache.SHORTEST - 1, 1), A_MINUTE);

        for (int i = 0; i < 3; i++) {
            assertThat(sentWhile(() -> value(here))).isGreaterThan(NearCache.SHORTEST);
        }
    }

    @Test
    void whatThisNodeHasStoredItNeedNotGet() {
        here.create(key, bytes(LARGE, 1), A_MINUTE);
        assertThat(sentWhile(() -> assertThat(value(here)).isEqualTo(bytes(LARGE, 1))))
                .isLessThan(100);

        here.replace(key, bytes(LARGE, 2), item(here).version(), A_MINUTE);
        assertThat(sentWhile(() -> assertThat(value(here)).isEqualTo(bytes(LARGE, 2))))
                .isLessThan(100);
    }

    @Test
    void whatAnotherNodeHasStoredIsSeen() {
        here.create(key, bytes(LARGE, 1), A_MINUTE);
        there.replace(key, bytes(LARGE, 2), item(there).version(), A_MINUTE);

        assertThat(value(here)).isEqualTo(bytes(LARGE, 2));
        assertThat(here.replace(key, bytes(LARGE, 3), item(here).version(), A_MINUTE).isStored())
                .isTrue();
        assertThat(value(there)).isEqualTo(bytes(LARGE, 3));
    }

    @Test
    void whatIsGoneIsGone() {
        here.create(key, bytes(LARGE, 1), A_MINUTE);
        there.delete(key);

        assertThat(here.load(key)).isEmpty();
    }

    @Test
    void aServerThatWasRestartedAndHasAnotherItemUnderTheSameVersionIsNotMixedUp() {
        here.create(key, bytes(LARGE, 1), A_MINUTE);
        long version = item(here).version();
        int port = memcached.port();
        memcached.close();
        memcached = EmbeddedMemcached.builder().skipUnchanged(true).port(port).start();
        Patience.untilAnswered(() -> there.create(key, bytes(LARGE, 2), A_MINUTE));

        assertThat(Patience.untilAnswered(() -> here.load(key))).isPresent();

        assertThat(item(here).version()).isEqualTo(version);
        assertThat(value(here)).isEqualTo(bytes(LARGE, 2));
    }

    @Test
    void aServerThatSendsUnchangedItemsAllTheSameIsNotAskedToLeaveThemOut() {
        memcached.close();
        memcached = EmbeddedMemcached.start(); // as 1.6.18
        try (SessionStore store = open()) {
            store.create(key, bytes(LARGE, 1), A_MINUTE);
            long asked = receivedWhile(() -> store.load(key)); // with the version
            for (int i = 0; i < 3; i++) {
                assertThat(receivedWhile(() -> assertThat(value(store)).hasSize(LARGE)))
                        .isLessThan(asked);
            }
        }
    }

    @Test
    void noMoreIsKeptThanFits() {
        int many = 2 * NearCache.CAPACITY / LARGE;
        for (int i = 0; i < many; i++) {
            here.create(new ItemKey("k" + i), bytes(LARGE, i), A_MINUTE);
        }

        assertThat(sentWhile(() -> here.load(new ItemKey("k0")))).isGreaterThan(LARGE);
        assertThat(sentWhile(() -> here.load(new ItemKey("k" + (many - 1))))).isLessThan(100);
    }

    private static StoredItem item(SessionStore store) {
        return store.load(new ItemKey("k")).orElseThrow();
    }

    private static byte[] value(SessionStore store) {
        return item(store).value();
    }

    private long sentWhile(Runnable task) {
        return grownWhile("bytes_written", task);
    }

    private long receivedWhile(Runnable task) {
        return grownWhile("bytes_read", task);
    }

    private long grownWhile(String what, Runnable task) {
        long before = stat(what);
        task.run();
        return stat(what) - before;
    }

    private long stat(String name) {
        Map<String, String> stats = memcached.stats();
        return Long.parseLong(stats.get(name));
    }

    private static byte[] bytes(int size, int content) {
        byte[] bytes = new byte[size];
        Arrays.fill(bytes, (byte) content);
        return bytes;
    }
}
