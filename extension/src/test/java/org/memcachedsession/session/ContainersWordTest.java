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
                                50_000));
        SessionId before = sessionWith("book");
        clock.advance(Duration.ofMinutes(6));
        UnitOfWork unit = renewing.begin(List.of(before)); // which no filter sees
        text(unit, CART).value = "pen";
        unit.close();

        assertThat(stored(before, CART)).isEqualTo("pen");
        assertThat(beans.log).noneMatch(line -> line.startsWith("rotated"));
    }
}
