package org.memcachedsession.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.memcachedsession.SessionOrigin;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.store.InMemorySessionStore.Calls;
import org.memcachedsession.store.InMemorySessionStore.Operation;

/** With {@code outage=transient}, a request whose session cannot be had works on beans of its own. */
class TransientOutageTest extends RulesFixture {

    private final Sessions going =
            node(
                    new SessionRules(
                            IDLE,
                            ABSOLUTE,
                            true,
                            RULES.rotationGrace(),
                            Optional.empty(),
                            true,
                            false,
                            100_000,
                            50_000,
                            true,
                            true));
    private final SessionId id = sessionWith("book");

    private void fail(Operation first, Operation... more) {
        Set<Operation> failing = EnumSet.of(first, more);
        store.observe(
                new Calls() {
                    @Override
                    public void before(Operation operation, ItemKey key) {
                        if (failing.contains(operation)) {
                            throw new SessionStoreException("no answer");
                        }
                    }
                });
    }

    private void failNoMore() {
        store.observe(new Calls() {});
    }

    @Test
    void itSeesNothingOfItsSessionStoresNothingAndTouchesNoCookie() {
        fail(Operation.LOAD);
        UnitOfWork unit = going.begin(List.of(id));

        assertThat(value(unit, CART)).isNull();
        text(unit, CART).value = "of this request";
        assertThat(value(unit, CART)).isEqualTo("of this request");
        unit.save();
        unit.close();

        assertThat(unit.cookieChange()).isEmpty();
        failNoMore();
        assertThat(stored(id, CART)).isEqualTo("book");
        assertThat(store.sessions()).isEqualTo(1);
    }

    @Test
    void itSaysWhy() {
        fail(Operation.LOAD);
        UnitOfWork unit = going.begin(List.of(id));

        assertThat(unit.origin()).isEqualTo(SessionOrigin.UNAVAILABLE);
        assertThat(unit.exists()).isFalse();
        unit.close();
    }

    @Test
    void itAsksOnce() {
        fail(Operation.LOAD);
        UnitOfWork unit = going.begin(List.of(id));
        value(unit, CART);
        failNoMore();
        countCalls();

        value(unit, CART);
        text(unit, NAME).value = "Ada";
        unit.save();
        unit.close();

        assertThat(calls).isEmpty();
    }

    @Test
    void anEndOfTheSessionIsNotTakenForDone() {
        fail(Operation.LOAD);
        UnitOfWork unit = going.begin(List.of(id));

        assertThatThrownBy(unit::invalidate).isInstanceOf(SessionStoreException.class);
        assertThatThrownBy(unit::logOut).isInstanceOf(SessionStoreException.class);
        unit.close();

        failNoMore();
        assertThat(stored(id, CART)).isEqualTo("book");
    }

    @Test
    void aSessionThatCannotBeginIsNone() {
        fail(Operation.CREATE);
        UnitOfWork unit = going.begin(List.of());
        text(unit, CART).value = "pen";
        unit.save();

        assertThat(value(unit, CART)).isEqualTo("pen");
        assertThat(unit.cookieChange()).isEmpty();
        unit.close();
    }

    @Test
    void aSaveOfASessionThatWasLoadedFailsAllTheSame() {
        UnitOfWork unit = going.begin(List.of(id));
        text(unit, CART).value = "pen";
        fail(Operation.REPLACE, Operation.LOAD);

        assertThatThrownBy(unit::save).isInstanceOf(SessionStoreException.class);
        unit.close();
    }

    @Test
    void aLoginIsFollowedByANewIdAsSoonAsTheSessionIsThereAgain() {
        fail(Operation.LOAD);
        UnitOfWork login = going.begin(List.of(id), () -> Optional.of("ada"));
        login.rotateId();
        text(login, NAME).value = "Ada";
        login.save();
        assertThat(login.cookieChange()).isEmpty();
        login.close();
        failNoMore();

        UnitOfWork next = going.begin(List.of(id), () -> Optional.of("ada"));
        assertThat(value(next, CART)).isEqualTo("book");
        next.save();
        SessionId fresh = given(next);
        next.close();

        assertThat(fresh).isNotEqualTo(id);
        assertThat(stored(fresh, CART)).isEqualTo("book");
        assertThat(stored(fresh, NAME)).isNull();
        assertThat(stored(id, CART)).isNull();
    }

    @Test
    void withoutTheSettingItFails() {
        fail(Operation.LOAD);
        UnitOfWork unit = sessions.begin(List.of(id));

        assertThatThrownBy(() -> value(unit, CART)).isInstanceOf(SessionStoreException.class);
        unit.close();
    }
}
