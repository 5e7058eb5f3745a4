package org.memcachedsession.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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

    /** A task that is still to run, or runs again and again, keeps the unit of work that it was given. */
    @Test
    void aRequestThatIsOverKeepsNeitherItsSessionNorItsAnswerInMemory() throws Exception {
        Collected collected = new Collected();
        UnitOfWork over = requestThatIsOver(sessionWith("book"), collected);

        assertThat(collected.remove()).isTrue();
        assertThat(collected.remove()).isTrue();
        assertThat(over.isOpen()).isFalse();
    }

    private UnitOfWork requestThatIsOver(SessionId id, Collected collected) {
        RecordCodec watched =
                new RecordCodec() {
                    @Override
                    public ItemKey itemKey(SessionId of) {
                        return codec.itemKey(of);
                    }

                    @Override
                    public byte[] seal(SessionId of, ItemContent content) {
                        return codec.seal(of, content);
                    }

                    @Override
                    public ItemContent open(SessionId of, byte[] item) throws UnreadableException {
                        SessionRecord opened = (SessionRecord) codec.open(of, item);
                        return collected.watch(opened.with(opened.header())); // kept by no codec
                    }

                    @Override
                    public ItemKey epochKey(PrincipalHash principal) {
                        return codec.epochKey(principal);
                    }

                    @Override
                    public byte[] sealEpoch(PrincipalHash principal, long number) {
                        return codec.sealEpoch(principal, number);
                    }

                    @Override
                    public long openEpoch(PrincipalHash principal, byte[] item)
                            throws UnreadableException {
                        return codec.openEpoch(principal, item);
                    }
                };
        UnitOfWork unit =
                new Sessions(store, watched, beans, beans, clock, new SecureRandom(), RULES)
                        .begin(List.of(id));
        unit.answerCommitted(collected.watch(new AtomicBoolean())::get);
        assertThat(value(unit, CART)).isEqualTo("book");
        unit.close();
        return unit;
    }

    /** Objects that nobody is to hold. */
    private static final class Collected {

        private static final long PATIENCE_MILLIS = 20_000; // only a test that fails needs it

        private final ReferenceQueue<Object> queue = new ReferenceQueue<>();
        private final Set<Reference<?>> references = new HashSet<>();

        <T> T watch(T object) {
            references.add(new WeakReference<>(object, queue));
            return object;
        }

        /** Whether one more of them is gone. */
        boolean remove() throws InterruptedException {
            System.gc();
            return references.remove(queue.remove(PATIENCE_MILLIS));
        }
    }
}
