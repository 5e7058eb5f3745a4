package org.memcachedsession.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.memcachedsession.SessionException;
import org.memcachedsession.SessionOrigin;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.store.InMemorySessionStore;
import org.memcachedsession.store.InMemorySessionStore.Operation;

/** All sessions of a principal end at once, wherever they are. */
class EndEverywhereTest extends RulesFixture {

    private static final SessionRules EVERYWHERE =
            new SessionRules(
                    IDLE,
                    ABSOLUTE,
                    true,
                    Duration.ofSeconds(30),
                    Optional.empty(),
                    false,
                    true,
                    100_000,
                    50_000,
                    false,
                    true);

    private final Sessions one = node(EVERYWHERE);
    private final Sessions other = node(EVERYWHERE);

    private SessionId login(String user, String cart) {
        UnitOfWork unit = one.begin(List.of(), () -> Optional.of(user));
        unit.lookAtCaller();
        text(unit, CART).value = cart;
        unit.save();
        SessionId id = given(unit);
        unit.close();
        return id;
    }

    private String cart(Sessions node, SessionId id) {
        UnitOfWork unit = node.begin(List.of(id));
        String value = value(unit, CART);
        unit.close();
        return value;
    }

    private ItemKey epoch(String user) {
        return codec.epochKey(PrincipalHash.of(user));
    }

    @Test
    void allSessionsOfOnePrincipalAreOverAndThoseOfOthersGoOn() {
        List<SessionId> ada = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            ada.add(login("Ada", "book " + i));
        }
        SessionId eve = login("Eve", "pen");
        UnitOfWork visitor = one.begin(List.of());
        text(visitor, CART).value = "ink";
        visitor.save();

        other.endAll("Ada");

        for (SessionId id : ada) {
            UnitOfWork unit = one.begin(List.of(id));
            assertThat(unit.origin()).isEqualTo(SessionOrigin.ENDED);
            assertThat(unit.find(CART)).isNull();
        }
        assertThat(cart(other, eve)).isEqualTo("pen");
        assertThat(cart(other, given(visitor))).isEqualTo("ink");
        assertThat(beans.log).contains("refused ENDED_EVERYWHERE");

        SessionId again = login("Ada", "book");
        assertThat(cart(other, again)).isEqualTo("book");
    }

    @Test
    void aLostEpochRefusesTheSessionsThatItWasFor() {
        SessionId ada = login("Ada", "book");
        store.evict(epoch("Ada"));
        assertThat(cart(other, ada)).isNull();
        assertThat(beans.log).contains("refused EPOCH_LOST");

        login("Ada", "pen");
        assertThat(cart(other, ada)).isNull();
    }

    @Test
    void anEpochThatSomebodyHasPutThereIsNone() {
        SessionId ada = login("Ada", "book");
        store.overwrite(epoch("Ada"), new byte[38], IDLE);
        assertThat(cart(other, ada)).isNull();
        assertThat(cart(other, login("Ada", "pen"))).isEqualTo("pen");
    }

    /** As a node that knows the newest secret has left it, for one that does not. */
    @Test
    void anEpochThatCannotBeReadIsLeftForWhoCanUntilItsPrincipalLogsIn() {
        SessionId ada = login("Ada", "book");
        StoredItem known = store.load(epoch("Ada")).orElseThrow();
        store.overwrite(epoch("Ada"), new byte[38], IDLE);
        assertThat(cart(other, ada)).isNull();

        store.overwrite(epoch("Ada"), known.value(), IDLE);
        assertThat(cart(other, ada)).isEqualTo("book");
    }

    @Test
    void theEpochOfOneIsNotTakenForThatOfAnother() {
        SessionId ada = login("Ada", "book");
        login("Eve", "pen");
        byte[] foreign = store.load(epoch("Eve")).orElseThrow().value();
        store.overwrite(epoch("Ada"), foreign, IDLE);
        assertThat(cart(other, ada)).isNull();
    }

    @Test
    void aSessionFromBeforeSessionsCouldBeEndedEverywhereIsRefused() {
        UnitOfWork unit = sessions.begin(List.of(), () -> Optional.of("Ada"));
        unit.lookAtCaller();
        text(unit, CART).value = "book";
        unit.save();
        assertThat(cart(one, given(unit))).isNull();
    }

    @Test
    void withoutAnAnswerOfTheEpochsServerThereIsNoSession() {
        SessionId ada = login("Ada", "book");
        ItemKey epoch = epoch("Ada");
        store.observe(
                new InMemorySessionStore.Calls() {
                    @Override
                    public void before(Operation operation, ItemKey key) {
                        if (key.equals(epoch)) {
                            throw new SessionStoreException("no answer");
                        }
                    }
                });
        UnitOfWork unit = one.begin(List.of(ada));
        assertThatThrownBy(() -> unit.find(CART)).isInstanceOf(SessionStoreException.class);
        assertThat(unit.origin()).isEqualTo(SessionOrigin.UNAVAILABLE);
        assertThatThrownBy(() -> other.endAll("Ada")).isInstanceOf(SessionStoreException.class);
    }

    @Test
    void theOthersEndAndTheOneThatEndsThemGoesOn() {
        SessionId old = login("Ada", "book");
        SessionId here = login("Ada", "pen");
        UnitOfWork unit = other.begin(List.of(here), () -> Optional.of("Ada"));
        unit.lookAtCaller();
        text(unit, CART).value = "ink";
        unit.endOthers();
        unit.save();
        unit.close();

        assertThat(cart(one, here)).isEqualTo("ink");
        assertThat(cart(one, old)).isNull();
        UnitOfWork next = other.begin(List.of(here), () -> Optional.of("Ada"));
        next.lookAtCaller();
        text(next, CART).value = "paper";
        next.endOthers();
        next.save();
        assertThat(cart(one, here)).isEqualTo("paper");
    }

    @Test
    void aRequestBesideTheOneThatEndsTheOthersSavesWhatItChanged() {
        SessionId here = login("Ada", "pen");
        UnitOfWork beside = one.begin(List.of(here));
        text(beside, NAME).value = "Ada";
        UnitOfWork unit = other.begin(List.of(here));
        unit.endOthers();
        unit.close();
        beside.save();
        beside.close();
        UnitOfWork next = one.begin(List.of(here));
        assertThat(value(next, NAME)).isEqualTo("Ada");
        assertThat(value(next, CART)).isEqualTo("pen");
    }

    @Test
    void aRequestThatHasLoadedItsSessionDoesNotSaveItFromItsEndByANewId() {
        SessionId ada = login("Ada", "book");
        UnitOfWork unit = one.begin(List.of(ada), () -> Optional.of("Ada"));
        unit.lookAtCaller();
        assertThat(value(unit, CART)).isEqualTo("book");
        other.endAll("Ada");
        unit.rotateId();
        unit.save();

        assertThat(cart(other, given(unit))).isNull();
        assertThat(cart(other, ada)).isNull();
    }

    @Test
    void norByTheEndOfTheOthers() {
        SessionId ada = login("Ada", "book");
        UnitOfWork unit = one.begin(List.of(ada), () -> Optional.of("Ada"));
        unit.lookAtCaller();
        assertThat(value(unit, CART)).isEqualTo("book");
        other.endAll("Ada");
        SessionId anew = login("Ada", "pen");

        assertThatThrownBy(unit::endOthers).isInstanceOf(SessionException.class);
        assertThat(cart(other, ada)).isNull();
        assertThat(cart(other, anew)).isEqualTo("pen");
    }

    @Test
    void whoeverEndsTheOthersAndGetsANewIdGoesOn() {
        SessionId old = login("Ada", "book");
        for (boolean isIdFirst : List.of(true, false)) {
            SessionId here = login("Ada", "pen");
            UnitOfWork unit = other.begin(List.of(here), () -> Optional.of("Ada"));
            unit.lookAtCaller();
            if (isIdFirst) {
                unit.rotateId();
                unit.endOthers();
            } else {
                unit.endOthers();
                unit.rotateId();
            }
            unit.save();

            assertThat(cart(one, given(unit))).isEqualTo("pen");
            assertThat(cart(one, here)).isNull();
            assertThat(cart(one, old)).isNull();
        }
    }

    @Test
    void whoeverEndsTheOthersInALoginGoesOn() {
        SessionId old = login("Ada", "book");
        SessionId here = sessionWith("pen");
        UnitOfWork unit = other.begin(List.of(here), () -> Optional.of("Ada"));
        unit.lookAtCaller();
        UnitOfWork.ExpectedLogin login = unit.expectLogin();
        unit.endOthers();
        login.succeeded();
        unit.save();

        assertThat(cart(one, given(unit))).isEqualTo("pen");
        assertThat(cart(one, old)).isNull();
    }

    @Test
    void withoutAUserThereAreNoOthers() {
        UnitOfWork unit = one.begin(List.of());
        assertThatThrownBy(unit::endOthers)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("nobody is logged in");
        text(unit, CART).value = "book";
        assertThatThrownBy(unit::endOthers).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void theEpochLivesAsLongAsASessionThatNeedsIt() {
        UnitOfWork unit = one.begin(List.of(), () -> Optional.of("Ada"));
        unit.lookAtCaller();
        unit.setIdleTimeout(Duration.ofDays(20));
        unit.setAbsoluteTimeout(Duration.ofDays(365));
        text(unit, CART).value = "book";
        unit.save();
        SessionId id = given(unit);
        unit.close();
        for (int i = 0; i < 5; i++) {
            clock.advance(Duration.ofDays(19));
            UnitOfWork next = one.begin(List.of(id));
            text(next, CART).value = "book " + i; // each saves, so none would touch
            next.save();
            next.close();
        }
        assertThat(cart(other, id)).isEqualTo("book 4");
    }

    @Test
    void whereItIsNotSetNothingIsReadThatWouldTell() {
        UnitOfWork unit = sessions.begin(List.of(), () -> Optional.of("Ada"));
        unit.lookAtCaller();
        text(unit, CART).value = "book";
        unit.save();
        SessionId id = given(unit);
        unit.close();
        countCalls();
        assertThat(cart(sessions, id)).isEqualTo("book");
        assertThat(calls).containsExactly(Operation.LOAD);
    }
}
