package org.memcachedsession.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.memcachedsession.LoggedMessages;

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

    @Test
    void whatAnotherThreadChangesAfterTheLastSaveIsSavedAtTheEnd() {
        SessionId id = sessionWith("book");
        UnitOfWork unit = sessions.begin(List.of(id));
        unit.handOn();
        TextBeans.Text found = text(unit, CART); // by the other thread, before the save
        text(unit, NAME).value = "Ada";
        unit.save();
        found.value = "pen";
        unit.close();

        assertThat(stored(id, CART)).isEqualTo("pen");
    }

    @Test
    void aSessionThatWasHandedOnAndHasNothingToStoreIsClosedInSilence() {
        UnitOfWork unit = sessions.begin(List.of());
        unit.handOn();
        text(unit, CART);
        unit.remove(CART);
        unit.save();
        try (LoggedMessages logged = LoggedMessages.record()) {
            unit.close();
            assertThat(logged.warnings()).isEmpty();
        }
    }
}
