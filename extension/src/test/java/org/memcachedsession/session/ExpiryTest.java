package org.memcachedsession.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.memcachedsession.LoggedMessages;
import org.memcachedsession.SessionOrigin;
import org.memcachedsession.session.UnitOfWork.CookieChange;
import org.memcachedsession.store.InMemorySessionStore.Operation;

/** How long a session lives. */
class ExpiryTest extends RulesFixture {

    private void read(SessionId id) {
        UnitOfWork unit = sessions.begin(List.of(id));
        unit.find(CART);
        unit.save();
        unit.close();
    }

    private Duration timeLeft(SessionId id) {
        return store.timeLeft(codec.itemKey(id)).orElseThrow();
    }

    // ---- idle

    @Test
    void anyRequestKeepsASessionAliveUnlessOnlyUseIsToCount() {
        SessionId id = sessionWith("book");
        clock.advance(IDLE.minusSeconds(1));
        sessions.begin(List.of(id)).close();
        assertThat(timeLeft(id)).isEqualTo(IDLE);

        Sessions byUse =
                node(
                        new SessionRules(
                                IDLE,
                                ABSOLUTE,
                                false,
                                Duration.ofSeconds(30),
                                Optional.empty(),
                                false,
                                false,
                                100_000,
                                50_000,
                                false,
                                true));
        clock.advance(IDLE.minusSeconds(1));
        byUse.begin(List.of(id)).close();
        assertThat(timeLeft(id)).isEqualTo(Duration.ofSeconds(1));
        UnitOfWork using = byUse.begin(List.of(id));
        using.exists();
        using.close();
        assertThat(timeLeft(id)).isEqualTo(IDLE);
    }

    @Test
    void aRequestThatIsNotToKeepItAliveDoesNotWhateverItDoes() {
        SessionId id = sessionWith("book");
        clock.advance(Duration.ofMinutes(20));
        UnitOfWork poll = sessions.begin(List.of(id));
        poll.doNotSlide();
        text(poll, CART).value = "pen";
        poll.save();
        poll.close();
        assertThat(timeLeft(id)).isEqualTo(Duration.ofMinutes(10));
        assertThat(stored(id, CART)).isEqualTo("pen");

        UnitOfWork idle = sessions.begin(List.of(id));
        idle.doNotSlide();
        idle.close();
        UnitOfWork reading = sessions.begin(List.of(id));
        reading.find(CART);
        reading.doNotSlide();
        reading.close();
    }

    @Test
    void aPollThatWritesLeavesWhatARequestThatOnlyReadHasGiven() {
        SessionId id = sessionWith("book");
        clock.advance(Duration.ofMinutes(20));
        read(id);
        clock.advance(Duration.ofMinutes(5));
        UnitOfWork poll = sessions.begin(List.of(id));
        poll.doNotSlide();
        text(poll, CART).value = "pen";
        poll.save();
        poll.close();
        assertThat(timeLeft(id)).isEqualTo(Duration.ofMinutes(25));
    }

    @Test
    void aPollThatWritesDoesNotKeepTheNextRequestFromKeepingTheSessionAlive() {
        SessionId id = sessionWith("book");
        clock.advance(IDLE.minusSeconds(2));
        UnitOfWork poll = sessions.begin(List.of(id));
        poll.doNotSlide();
        text(poll, CART).value = "pen";
        poll.save();
        poll.close();
        clock.advance(Duration.ofSeconds(1));
        read(id);
        assertThat(timeLeft(id)).isEqualTo(IDLE);
    }

    @Test
    void aSessionMayHaveAnIdleTimeOfItsOwn() {
        SessionId id = sessionWith("book");
        UnitOfWork unit = sessions.begin(List.of(id));
        unit.setIdleTimeout(Duration.ofDays(14));
        unit.setAbsoluteTimeout(Duration.ofDays(90));
        assertThat(unit.idleTimeout()).contains(Duration.ofDays(14));
        assertThat(unit.absoluteEnd()).contains(clock.instant().plus(Duration.ofDays(90)));
        unit.save();
        unit.close();
        assertThat(timeLeft(id)).isEqualTo(Duration.ofDays(14));

        clock.advance(Duration.ofDays(13));
        read(id);
        clock.advance(Duration.ofDays(13));
        assertThat(stored(id, CART)).isEqualTo("book");
    }

    @Test
    void aTimeOfItsOwnThatIsSetAfterTheAnswerHasBegunToLeaveIsStoredWithoutAWord() {
        SessionId id = sessionWith("book");
        UnitOfWork unit = sessions.begin(List.of(id));
        unit.answerCommitted(() -> true);
        try (LoggedMessages log = LoggedMessages.record()) {
            unit.setIdleTimeout(Duration.ofMinutes(5));
            unit.close();
            assertThat(log.warnings()).isEmpty();
        }
        assertThat(timeLeft(id)).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void aTimeOfItsOwnCountsAlsoForASessionThatBeginsAfterIt() {
        UnitOfWork unit = sessions.begin(List.of());
        unit.setIdleTimeout(Duration.ofDays(14));
        unit.setAbsoluteTimeout(Duration.ofDays(90));
        text(unit, CART).value = "book";
        unit.save();
        assertThat(timeLeft(given(unit))).isEqualTo(Duration.ofDays(14));
    }

    @Test
    void aNodeThatHasNotSeenTheSessionDoesNotShortenIt() {
        SessionId id = sessionWith("book");
        UnitOfWork unit = sessions.begin(List.of(id));
        unit.setIdleTimeout(Duration.ofHours(6));
        unit.save();
        unit.close();
        clock.advance(Duration.ofHours(1));
        countCalls();
        Sessions unseen = node();
        unseen.begin(List.of(id)).close();
        assertThat(calls).containsExactly(Operation.LOAD, Operation.TOUCH);
        assertThat(timeLeft(id)).isEqualTo(Duration.ofHours(6));

        clock.advance(Duration.ofHours(1));
        countCalls();
        unseen.begin(List.of(id)).close();
        assertThat(calls).containsExactly(Operation.TOUCH);
    }

    @Test
    void anIdThatLeadsToNothingIsLookedForOnceInATenthOfTheIdleTime() {
        SessionId unknown = SessionId.random(sessions.random);
        countCalls();
        for (int i = 0; i < 3; i++) {
            sessions.begin(List.of(unknown)).close();
        }
        assertThat(calls).containsExactly(Operation.LOAD);
    }

    @Test
    void timesAreMergedIntoWhatAnotherRequestHasStored() {
        SessionId id = sessionWith("book");
        UnitOfWork unit = sessions.begin(List.of(id));
        unit.setIdleTimeout(Duration.ofHours(1));
        UnitOfWork parallel = node().begin(List.of(id));
        text(parallel, CART).value = "pen";
        parallel.setAbsoluteTimeout(Duration.ofHours(3));
        parallel.save();
        parallel.close();
        unit.save();
        unit.close();

        UnitOfWork next = node().begin(List.of(id));
        assertThat(value(next, CART)).isEqualTo("pen");
        assertThat(next.idleTimeout()).contains(Duration.ofHours(1));
        assertThat(next.absoluteEnd()).contains(clock.instant().plus(Duration.ofHours(3)));
    }

    // ---- absolute

    @Test
    void theAbsoluteEndIsAtTheVeryInstant() {
        SessionId id = sessionWith("book");
        UnitOfWork longer = sessions.begin(List.of(id));
        longer.setIdleTimeout(Duration.ofDays(1)); // so that memcached forgets nothing
        longer.save();
        longer.close();
        store.touch(codec.itemKey(id), Duration.ofDays(1)); // nor an outsider

        clock.advance(ABSOLUTE.minusNanos(1_000_000));
        UnitOfWork inTime = node().begin(List.of(id));
        assertThat(inTime.origin()).isEqualTo(SessionOrigin.LOADED);
        clock.advance(Duration.ofMillis(1));
        UnitOfWork late = node().begin(List.of(id));
        assertThat(late.origin()).isEqualTo(SessionOrigin.EXPIRED);
        assertThat(late.find(CART)).isNull();
    }

    @Test
    void aRequestThatFindsItOverEndsItsBeansOnceAndInOrder() {
        SessionId id = sessionWith("book");
        store.touch(codec.itemKey(id), Duration.ofDays(1));
        clock.advance(ABSOLUTE);
        beans.log.clear();
        UnitOfWork one = sessions.begin(List.of(id));
        UnitOfWork other = node().begin(List.of(id));
        assertThat(one.exists()).isFalse();
        assertThat(other.exists()).isFalse();
        assertThat(beans.log)
                .containsExactly(
                        "read class Cart", "ending", "destroy class Cart", "ended EXPIRED");
        text(one, CART).value = "anew";
        one.save();
        assertThat(given(one)).isNotEqualTo(id);
    }

    @Test
    void anAbsoluteTimeThatIsOverAlreadyEndsTheSessionWithTheNextRequest() {
        SessionId id = sessionWith("book");
        clock.advance(Duration.ofMinutes(20));
        UnitOfWork unit = sessions.begin(List.of(id));
        unit.setAbsoluteTimeout(Duration.ofMinutes(10));
        unit.save();
        unit.close();
        UnitOfWork next = node().begin(List.of(id));
        assertThat(next.origin()).isEqualTo(SessionOrigin.EXPIRED);
    }

    // ---- clocks

    @Test
    void theLastAccessOnlyMovesForward() {
        SessionId id = sessionWith("book");
        Instant last = clock.instant();
        clock.advance(Duration.ofMinutes(-5)); // a node whose clock is behind
        UnitOfWork behind = node().begin(List.of(id));
        text(behind, CART).value = "pen";
        behind.save();
        behind.close();
        UnitOfWork next = node().begin(List.of(id));
        assertThat(next.lastAccessedAt()).contains(last);
        assertThat(timeLeft(id)).isEqualTo(IDLE);
    }

    @Test
    void theLastAccessIsAlsoThatOfARequestThatOnlyRead() {
        SessionId id = sessionWith("book");
        clock.advance(Duration.ofMinutes(10));
        read(id);
        Instant last = clock.instant();
        clock.advance(Duration.ofMinutes(1));
        assertThat(sessions.begin(List.of(id)).lastAccessedAt()).contains(last);
    }

    @Test
    void nodesWhoseClocksDifferFindTheSessionOverAsMuchEarlierOrLater() {
        SessionId id = sessionWith("book");
        Duration skew = Duration.ofMinutes(5);
        Sessions ahead = nodeWhoseClockIs(skew);
        Sessions behind = nodeWhoseClockIs(skew.negated());
        store.touch(codec.itemKey(id), Duration.ofDays(2));
        for (Sessions node : List.of(ahead, behind)) {
            UnitOfWork unit = node.begin(List.of(id));
            text(unit, CART).value += ".";
            unit.save();
            unit.close();
            assertThat(timeLeft(id)).isEqualTo(IDLE);
        }
        store.touch(codec.itemKey(id), Duration.ofDays(2));

        clock.advance(ABSOLUTE.minus(skew).minusSeconds(1));
        assertThat(nodeWhoseClockIs(skew).begin(List.of(id)).exists()).isTrue();
        clock.advance(Duration.ofSeconds(1));
        assertThat(node().begin(List.of(id)).exists()).isTrue();
        clock.advance(skew);
        assertThat(nodeWhoseClockIs(skew.negated()).begin(List.of(id)).exists()).isTrue();
        clock.advance(skew);
        assertThat(nodeWhoseClockIs(skew.negated()).begin(List.of(id)).exists()).isFalse();
    }

    private Sessions nodeWhoseClockIs(Duration off) {
        return new Sessions(
                store, codec, beans, beans, Clock.offset(clock, off), new SecureRandom(), RULES);
    }

    // ---- a cookie that ends by itself

    @Test
    void aCookieThatEndsByItselfIsGivenAgainAsTheSessionGoesOn() {
        Sessions withMaxAge =
                node(
                        new SessionRules(
                                IDLE,
                                ABSOLUTE,
                                true,
                                Duration.ofSeconds(30),
                                Optional.empty(),
                                true,
                                false,
                                100_000,
                                50_000,
                                false,
                                true));
        UnitOfWork first = withMaxAge.begin(List.of());
        text(first, CART).value = "book";
        first.save();
        SessionId id = given(first);
        first.close();

        int given = 0;
        for (int minute = 1; minute <= 30; minute++) {
            clock.advance(Duration.ofMinutes(1));
            UnitOfWork unit = withMaxAge.begin(List.of(id));
            text(unit, CART).value = "book " + minute;
            unit.save();
            if (unit.cookieChange().isPresent()) {
                assertThat(unit.cookieChange()).contains(new CookieChange.Give(id));
                given++;
            }
            unit.close();
        }
        assertThat(given).isEqualTo(10);

        UnitOfWork unknown = withMaxAge.begin(List.of(SessionId.random(sessions.random)));
        unknown.exists();
        unknown.save();
        assertThat(unknown.cookieChange()).isEmpty();
    }
}
