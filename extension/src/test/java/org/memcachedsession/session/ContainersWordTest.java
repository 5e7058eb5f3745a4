package org.memcachedsession.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.memcachedsession.SessionOrigin;

/** What the container says of who is there and of its own session, and when it counts. */
class ContainersWordTest extends RulesFixture {

    private String user;

    /** A request of which the container says that {@link #user} makes it. */
    private UnitOfWork request(SessionId cookie) {
        return node().begin(List.of(cookie), () -> Optional.ofNullable(user));
    }

    private UnitOfWork served(SessionId cookie) {
        UnitOfWork unit = request(cookie);
        unit.lookAtCaller();
        return unit;
    }

    private SessionId sessionOf(String owner, String cart) {
        user = owner;
        UnitOfWork unit = served(sessionWith(cart));
        value(unit, CART);
        unit.save();
        SessionId id = given(unit);
        unit.close();
        user = null;
        return id;
    }

    // ---- the container's session gets another id

    @Test
    void anIdThatChangesWhileTheContainerAuthenticatesCountsWithWhoeverIsLoggedInThen() {
        SessionId before = sessionOf("Ada", "book");
        UnitOfWork unit = request(before);
        unit.containerChangedId();
        user = "Ada";
        unit.lookAtCaller();
        unit.save();

        assertThat(given(unit)).isNotEqualTo(before);
        assertThat(stored(given(unit), CART)).isEqualTo("book");
        assertThat(stored(before, CART)).isNull();
    }

    @Test
    void anIdThatChangesWhileTheContainerAuthenticatesIsNothingWithoutALogin() {
        SessionId before = sessionWith("book");
        countCalls();
        UnitOfWork unit = request(before);
        unit.containerChangedId();
        unit.lookAtCaller();
        unit.save();

        assertThat(unit.cookieChange()).isEmpty();
        assertThat(calls).isEmpty();
        assertThat(stored(before, CART)).isEqualTo("book");
    }

    @Test
    void beansThatAreUsedBeforeTheContainerKnowsWhoIsThereMakeNoDifferenceToThat() {
        SessionId before = sessionWith("book");
        UnitOfWork unit = request(before);
        unit.containerChangedId();
        assertThat(value(unit, CART)).isEqualTo("book");
        unit.save();
        unit.lookAtCaller();
        unit.save();

        assertThat(unit.cookieChange()).isEmpty();
        assertThat(stored(before, CART)).isEqualTo("book");
    }

    @Test
    void anIdThatTheApplicationHasTheContainerChangeCountsWithoutALogin() {
        SessionId before = sessionWith("book");
        UnitOfWork unit = served(before);
        unit.containerChangedId();
        unit.save();

        assertThat(given(unit)).isNotEqualTo(before);
        assertThat(stored(given(unit), CART)).isEqualTo("book");
        assertThat(stored(before, CART)).isNull();
    }

    @Test
    void withALoginAndACallOfTheApplicationItIsStillOneNewId() {
        SessionId before = sessionWith("book");
        UnitOfWork unit = served(before);
        unit.containerChangedId();
        user = "Ada";
        unit.rotateId();
        unit.save();
        SessionId after = given(unit);
        unit.containerChangedId();
        unit.rotateId();
        unit.lookAtCaller();
        unit.save();

        assertThat(given(unit)).isEqualTo(after);
        assertThat(beans.log).filteredOn(line -> line.startsWith("rotated")).hasSize(1);
    }

    @Test
    void anIdThatChangesWhileTheApplicationAuthenticatesIsNothingWithoutALogin() {
        SessionId before = sessionWith("book");
        UnitOfWork unit = served(before);
        unit.lookForLogin();
        unit.containerChangedId();
        unit.lookAfterAuthentication();
        unit.save();

        assertThat(unit.cookieChange()).isEmpty();
        assertThat(stored(before, CART)).isEqualTo("book");
    }

    @Test
    void anIdThatWasChangedBeforeTheApplicationAuthenticatesCountsAllTheSame() {
        SessionId before = sessionWith("book");
        UnitOfWork unit = served(before);
        unit.containerChangedId();
        unit.lookForLogin();
        unit.lookAfterAuthentication();
        unit.save();

        assertThat(given(unit)).isNotEqualTo(before);
    }

    @Test
    void anIdThatChangesWhenTheAnswerHasLeftIsNothing() {
        SessionId before = sessionWith("book");
        UnitOfWork unit = served(before);
        unit.answerCommitted(() -> true);
        unit.containerChangedId();
        text(unit, CART).value = "pen";
        unit.save();

        assertThat(stored(before, CART)).isEqualTo("pen");
    }

    @Test
    void anIdThatChangesWithALogoutGivesNone() {
        SessionId before = sessionOf("Ada", "book");
        user = "Ada";
        UnitOfWork unit = served(before);
        value(unit, CART);
        unit.containerChangedId();
        user = null;
        unit.lookAtCaller();
        text(unit, CART).value = "of the next visitor";
        unit.save();
        SessionId after = given(unit);
        unit.lookAtCaller();
        unit.save();

        assertThat(given(unit)).isEqualTo(after);
        assertThat(stored(before, CART)).isNull();
        assertThat(stored(after, CART)).isEqualTo("of the next visitor");
    }

    @Test
    void afterTheRequestAChangedIdIsNothing() {
        SessionId before = sessionWith("book");
        UnitOfWork unit = served(before);
        unit.close();
        unit.containerChangedId();

        assertThat(stored(before, CART)).isEqualTo("book");
    }

    // ---- who is there

    @Test
    void aLoginOverAnotherUserHidesTheirBeansAtOnce() {
        SessionId adas = sessionOf("Ada", "private");
        UnitOfWork unit = served(adas);
        assertThat(value(unit, CART)).isEqualTo("private");
        user = "Bob";
        unit.rotateId();

        assertThat(unit.find(CART)).isNull();
        assertThat(unit.origin()).isEqualTo(SessionOrigin.ENDED);
        assertThat(stored(adas, CART)).isNull();
    }

    @Test
    void whoIsSeenWhenTheRequestIsOverIsSomebodyElse() {
        SessionId adas = sessionOf("Ada", "private");
        user = "Ada";
        UnitOfWork unit = served(adas);
        value(unit, CART);
        unit.close();
        user = "Bob"; // the container serves him with the same request object
        unit.saveIfUsed();
        unit.save();
        unit.lookForLogin();

        assertThat(stored(adas, CART)).isEqualTo("private");
    }

    @Test
    void theRequestItselfKnowsBetterThanAStandInWhoIsThere() {
        SessionId adas = sessionOf("Ada", "private");
        UnitOfWork unit = node().begin(List.of(adas), () -> Optional.of("Bob"));
        unit.askCallerFrom(() -> Optional.of("Ada"));
        unit.lookAtCaller();

        assertThat(value(unit, CART)).isEqualTo("private");
    }

    // ---- the last save

    @Test
    void whatIsSavedWhenTheRequestIsOverNeverGetsAnIdThatReachesNobody() {
        SessionId before = sessionWith("book");
        UnitOfWork unit = request(before); // which no filter sees
        text(unit, CART).value = "pen";
        user = "Ada";
        unit.close();

        assertThat(stored(before, CART)).isEqualTo("book");
        assertThat(beans.log).noneMatch(line -> line.startsWith("rotated"));
        UnitOfWork next = served(before);
        assertThat(value(next, CART)).isEqualTo("book");
        next.save();
        assertThat(stored(given(next), CART)).isEqualTo("book");
    }

    @Test
    void anIdIsNotRenewedEitherWhenTheRequestIsOver() {
        Sessions renewing =
                node(
                        new SessionRules(
                                IDLE,
                                ABSOLUTE,
                                true,
                                Duration.ofSeconds(30),
                                Optional.of(Duration.ofMinutes(5)),
                                false,
                                false,
                                100_000,
                                50_000,
                                false,
                                true));
        SessionId before = sessionWith("book");
        clock.advance(Duration.ofMinutes(6));
        UnitOfWork unit = renewing.begin(List.of(before)); // which no filter sees
        text(unit, CART).value = "pen";
        unit.close();

        assertThat(stored(before, CART)).isEqualTo("pen");
        assertThat(beans.log).noneMatch(line -> line.startsWith("rotated"));
    }
}
