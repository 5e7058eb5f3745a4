package org.memcachedsession.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.store.InMemorySessionStore;
import org.memcachedsession.store.InMemorySessionStore.Operation;

/** A write gets no answer: it was carried out, or not, or others have written since. */
class UnknownOutcomeTest extends RulesFixture {

    /** Fails the next calls of a kind, before or after they happen. */
    private final class Failures implements InMemorySessionStore.Calls {

        private final Map<Operation, Integer> before = new EnumMap<>(Operation.class);
        private final Map<Operation, Integer> after = new EnumMap<>(Operation.class);
        private Runnable meanwhile = () -> {};

        private boolean next(Map<Operation, Integer> failures, Operation operation) {
            return failures.merge(operation, -1, Integer::sum) >= 0;
        }

        @Override
        public void before(Operation operation, ItemKey key) {
            calls.add(operation);
            if (next(before, operation)) {
                throw new SessionStoreException("no answer to " + operation);
            }
        }

        @Override
        public void after(Operation operation, ItemKey key) {
            if (next(after, operation)) {
                store.observe(new InMemorySessionStore.Calls() {});
                meanwhile.run();
                store.observe(this);
                throw new SessionStoreException("no answer to " + operation);
            }
        }
    }

    private final Failures failures = new Failures();

    private UnitOfWork changing(SessionId id, String cart) {
        UnitOfWork unit = sessions.begin(List.of(id));
        text(unit, CART).value = cart;
        return unit;
    }

    private void save(UnitOfWork unit) {
        amidFailures(unit::save);
    }

    private void amidFailures(Runnable deed) {
        calls.clear();
        store.observe(failures);
        try {
            deed.run();
        } finally {
            store.observe(new InMemorySessionStore.Calls() {});
        }
    }

    @Test
    void aReplacementThatWasCarriedOutIsRecognised() {
        SessionId id = sessionWith("book");
        UnitOfWork unit = changing(id, "pen");
        failures.after.put(Operation.REPLACE, 1);

        save(unit);

        assertThat(stored(id, CART)).isEqualTo("pen");
        assertThat(calls).containsExactly(Operation.REPLACE, Operation.LOAD);
    }

    @Test
    void aReplacementThatWasNotCarriedOutIsTriedAgain() {
        SessionId id = sessionWith("book");
        UnitOfWork unit = changing(id, "pen");
        failures.before.put(Operation.REPLACE, 1);

        save(unit);

        assertThat(stored(id, CART)).isEqualTo("pen");
        assertThat(calls).containsExactly(Operation.REPLACE, Operation.LOAD, Operation.REPLACE);
    }

    @Test
    void whatAnotherRequestMadeOfItMeanwhileIsNotOverwritten() {
        SessionId id = sessionWith("1");
        UnitOfWork unit = changing(id, "2");
        failures.after.put(Operation.REPLACE, 1);
        failures.meanwhile =
                () -> {
                    UnitOfWork another = node().begin(List.of(id));
                    text(another, CART).value = text(another, CART).value + "3";
                    another.save();
                };
        beans.log.clear();

        save(unit);

        assertThat(stored(id, CART)).isEqualTo("23");
        assertThat(beans.log).noneMatch(line -> line.startsWith("conflicted"));
    }

    @Test
    void whatWasEndedMeanwhileStaysEnded() {
        SessionId id = sessionWith("book");
        UnitOfWork unit = changing(id, "pen");
        failures.after.put(Operation.REPLACE, 1);
        failures.meanwhile = () -> node().begin(List.of(id)).invalidate();

        save(unit);

        assertThat(store.sessions()).isZero();
        assertThat(beans.log).contains("lost ENDED");
    }

    /** The user cannot tell, and need not: it is over, or all is as it was. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anEndWithoutAnyAnswerHasHappenedUnlessAnotherRequestWroteBefore(boolean hasWritten) {
        SessionId id = sessionWith("book");
        UnitOfWork logout = sessions.begin(List.of(id));
        assertThat(value(logout, CART)).isEqualTo("book");
        if (hasWritten) {
            changing(id, "pen").save();
        }
        failures.after.put(Operation.REPLACE, 1);
        failures.before.put(Operation.LOAD, 1);

        assertThatThrownBy(() -> amidFailures(logout::invalidate))
                .isInstanceOf(SessionStoreException.class);
        assertThat(stored(id, CART)).isEqualTo(hasWritten ? "pen" : null);
        UnitOfWork next = changing(id, "ink");
        next.save();
        assertThat(next.cookieChange().isPresent())
                .isEqualTo(!hasWritten); // under an id of its own
    }

    @Test
    void twoWritesWithoutAnAnswerAreOneTooMany() {
        SessionId id = sessionWith("book");
        UnitOfWork unit = changing(id, "pen");
        failures.before.put(Operation.REPLACE, 2);

        assertThatThrownBy(() -> save(unit)).isInstanceOf(SessionStoreException.class);
        assertThat(calls).containsExactly(Operation.REPLACE, Operation.LOAD, Operation.REPLACE);
    }

    @Test
    void whereTheQuestionGetsNoAnswerEitherTheFirstFailureIsTold() {
        SessionId id = sessionWith("book");
        UnitOfWork unit = changing(id, "pen");
        failures.after.put(Operation.REPLACE, 1);
        failures.before.put(Operation.LOAD, 1);

        assertThatThrownBy(() -> save(unit))
                .isInstanceOf(SessionStoreException.class)
                .hasMessage("no answer to REPLACE")
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    }

    @Test
    void aCreationThatWasCarriedOutIsRecognised() {
        UnitOfWork unit = sessions.begin(List.of());
        text(unit, CART).value = "book";
        failures.after.put(Operation.CREATE, 1);

        save(unit);

        assertThat(stored(given(unit), CART)).isEqualTo("book");
        assertThat(calls).containsExactly(Operation.CREATE, Operation.LOAD);
    }

    @Test
    void aCreationThatWasNotCarriedOutIsNotRepeatedSinceItMayComeAfterTheSessionsEnd() {
        UnitOfWork unit = sessions.begin(List.of());
        text(unit, CART).value = "book";
        failures.before.put(Operation.CREATE, 1);

        assertThatThrownBy(() -> save(unit))
                .isInstanceOf(SessionStoreException.class)
                .hasMessage("no answer to CREATE");
        assertThat(calls).containsExactly(Operation.CREATE, Operation.LOAD);
        assertThat(unit.cookieChange()).isEmpty();
    }

    @Test
    void theNumbersOfOldSavesAreForgotten() {
        SessionId id = sessionWith("0");
        for (int i = 1; i < 50; i++) {
            UnitOfWork unit = changing(id, String.valueOf(i));
            unit.save();
            unit.close();
        }
        SessionRecord record;
        try {
            record =
                    (SessionRecord)
                            codec.open(id, store.load(codec.itemKey(id)).orElseThrow().value());
        } catch (UnreadableException e) {
            throw new AssertionError(e);
        }
        assertThat(record.recentSaves()).hasSize(8).doesNotHaveDuplicates();
    }
}
