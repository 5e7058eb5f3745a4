package org.memcachedsession.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Threads that work for one request at once. */
class OwnThreadsTest extends RulesFixture {

    private static final int SESSIONS = 20_000;

    @Test
    void whatIsAskedWhileAnotherThreadEndsTheSessionIsAnswered() {
        UnitOfWork unit = sessions.begin(List.of());
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Void> asking =
                CompletableFuture.runAsync(
                        () -> {
                            while (!done.get()) {
                                unit.fingerprint();
                            }
                        });
        for (int i = 0; i < SESSIONS; i++) {
            text(unit, CART);
            unit.invalidate();
        }
        done.set(true);

        assertThat(asking).succeedsWithin(20, TimeUnit.SECONDS);
    }
}
