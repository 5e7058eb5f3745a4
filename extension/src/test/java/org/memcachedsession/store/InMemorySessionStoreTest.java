package org.memcachedsession.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.SessionStore;
import org.memcachedsession.session.SetClock;
import org.memcachedsession.store.InMemorySessionStore.Calls;
import org.memcachedsession.store.InMemorySessionStore.Operation;

class InMemorySessionStoreTest extends SessionStoreContract {

    private static final ItemKey KEY = new ItemKey("k");

    private final SetClock clock = new SetClock();
    private final InMemorySessionStore store = new InMemorySessionStore(clock, SIZE_LIMIT);

    @Override
    protected SessionStore open() {
        return store;
    }

    @Override
    protected long secondsLeft(ItemKey key) {
        return store.timeLeft(key).orElseThrow().toSeconds();
    }

    @Override
    protected void awaitExpiry(SessionStore of, ItemKey key) {
        clock.advance(Duration.ofSeconds(1));
    }

    @Test
    void anItemIsThereUntilJustBeforeTheInstantItsTimeEnds() {
        store.create(KEY, new byte[] {1}, Duration.ofSeconds(10));

        clock.advance(Duration.ofSeconds(10).minusNanos(1));
        assertThat(store.load(KEY)).isPresent();
        assertThat(store.size()).isEqualTo(1);

        clock.advance(Duration.ofNanos(1));
        assertThat(store.load(KEY)).isEmpty();
        assertThat(store.size()).isZero();
    }

    @Test
    void aCallThatIsFailedBeforehandDoesNotHappen() {
        store.observe(failing(Operation.CREATE, true));

        assertThatThrownBy(() -> store.create(KEY, new byte[] {1}, Duration.ofSeconds(10)))
                .isInstanceOf(SessionStoreException.class);
        assertThat(store.load(KEY)).isEmpty();
    }

    @Test
    void aCallThatIsFailedAfterwardsHasHappened() {
        store.observe(failing(Operation.CREATE, false));

        assertThatThrownBy(() -> store.create(KEY, new byte[] {1}, Duration.ofSeconds(10)))
                .isInstanceOf(SessionStoreException.class);
        assertThat(store.load(KEY)).isPresent();
    }

    @Test
    void everyCallIsSeen() {
        List<Operation> seen = new ArrayList<>();
        store.observe(
                new Calls() {
                    @Override
                    public void before(Operation operation, ItemKey key) {
                        seen.add(operation);
                    }
                });

        store.create(KEY, new byte[] {1}, Duration.ofSeconds(10));
        store.replace(KEY, new byte[] {2}, 1, Duration.ofSeconds(10));
        store.touch(KEY, Duration.ofSeconds(10));
        store.load(KEY);
        store.delete(KEY);

        assertThat(seen)
                .containsExactly(
                        Operation.CREATE,
                        Operation.REPLACE,
                        Operation.TOUCH,
                        Operation.LOAD,
                        Operation.DELETE);
    }

    @Test
    void whatIsEvictedIsGone() {
        store.create(KEY, new byte[] {1}, Duration.ofSeconds(10));
        store.evict(KEY);
        assertThat(store.load(KEY)).isEmpty();

        store.create(KEY, new byte[] {1}, Duration.ofSeconds(10));
        store.evictAll();
        assertThat(store.load(KEY)).isEmpty();
    }

    private static Calls failing(Operation which, boolean beforehand) {
        return new Calls() {
            @Override
            public void before(Operation operation, ItemKey key) {
                fail(operation == which && beforehand);
            }

            @Override
            public void after(Operation operation, ItemKey key) {
                fail(operation == which && !beforehand);
            }

            private void fail(boolean now) {
                if (now) {
                    throw new SessionStoreException("as the test wants it");
                }
            }
        };
    }
}
