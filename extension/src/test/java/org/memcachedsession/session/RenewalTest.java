package org.memcachedsession.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.memcachedsession.ConflictPolicy;
import org.memcachedsession.SessionConflictException;
import org.memcachedsession.SessionOrigin;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.session.UnitOfWork.CookieChange;
import org.memcachedsession.store.InMemorySessionStore;
import org.memcachedsession.store.InMemorySessionStore.Operation;

/** An id that is old enough is renewed, with the same rights. */
class RenewalTest extends RulesFixture {

    private static final Duration INTERVAL = Duration.ofMinutes(10);
    private static final Duration GRACE = Duration.ofSeconds(30);

    private static final SessionRules RENEWING =
            new SessionRules(
                    IDLE,
                    ABSOLUTE,
                    true,
                    GRACE,
                    Optional.of(INTERVAL),
                    false,
                    false,
                    100_000,
                    50_000,
                    false,
                    true);

    private final Sessions one = node(RENEWING);
    private final Sessions other = node(RENEWING);
    private SessionId before;

    @BeforeEach
    void anIdThatIsOldEnough() {
        before = sessionWith("book");
        clock.advance(INTERVAL);
    }

    private static SessionId cookie(UnitOfWork unit) {
        return unit.cookieChange()
                .filter(CookieChange.Give.class::isInstance)
                .map(give -> ((CookieChange.Give) give).id())
                .orElse(null);
    }

    private static SessionId end(UnitOfWork unit) {
        unit.save();
        SessionId given = cookie(unit);
        unit.close();
        return given;
    }

    private SessionId renew() {
        UnitOfWork unit = one.begin(List.of(before));
        assertThat(value(unit, CART)).isEqualTo("book");
        return end(unit);
    }

    @Test
    void aRequestThatOnlyReadsRenewsAnIdThatIsOldEnoughAndNoneThatIsYounger() {
        SessionId after = renew();
        assertThat(after).isNotNull().isNotEqualTo(before);
        assertThat(stored(after, CART)).isEqualTo("book");
        assertThat(beans.log).contains("rotated RENEWAL");

        clock.advance(INTERVAL.minusSeconds(1));
        UnitOfWork young = other.begin(List.of(after));
        assertThat(value(young, CART)).isEqualTo("book");
        assertThat(end(young)).isNull();
    }

    @Test
    void aRequestThatDoesNotUseTheSessionRenewsNothing() {
        one.begin(List.of(before))
                .close(); // this node has not seen the session, and looks at it once
        countCalls();
        UnitOfWork unit = one.begin(List.of(before));
        assertThat(end(unit)).isNull();
        assertThat(calls).isEmpty();
    }

    @Test
    void forAWhileTheOldIdLeadsToTheSessionAndTheNewCookieIsGivenAgain() {
        SessionId after = renew(); // and the answer is lost
        clock.advance(GRACE);

        UnitOfWork next = other.begin(List.of(before));
        assertThat(value(next, CART)).isEqualTo("book");
        assertThat(next.origin()).isEqualTo(SessionOrigin.LOADED);
        text(next, CART).value = "pen";
        assertThat(end(next)).isEqualTo(after);
        assertThat(stored(after, CART)).isEqualTo("pen");

        UnitOfWork reading = other.begin(List.of(before));
        assertThat(value(reading, CART)).isEqualTo("pen");
        assertThat(end(reading)).isEqualTo(after);
    }

    @Test
    void afterThatTheOldIdLeadsNowhereAndASecurityEventTells() {
        SessionId after = renew();
        clock.advance(GRACE.plusMillis(1));

        UnitOfWork late = other.begin(List.of(before));
        assertThat(late.find(CART)).isNull();
        assertThat(late.origin()).isEqualTo(SessionOrigin.ENDED);
        assertThat(beans.log).contains("refused RENEWED_ID");
        text(late, CART).value = "anew";
        SessionId anew = end(late);
        assertThat(anew).isNotNull().isNotIn(before, after);
        assertThat(stored(after, CART)).isEqualTo("book");
    }

    @Test
    void aRenewalMovesNoEnd() {
        Instant end = Instant.EPOCH;
        for (int i = 0; i < 5; i++) {
            UnitOfWork unit = one.begin(List.of(before));
            Instant now = unit.absoluteEnd().orElseThrow();
            assertThat(end).isIn(Instant.EPOCH, now);
            end = now;
            before = end(unit);
            clock.advance(INTERVAL);
        }
        assertThat(beans.log.stream().filter("rotated RENEWAL"::equals)).hasSize(5);
    }

    @Test
    void ofManyRequestsAtOnceOneRenewsTheIdAndAllSaveUnderIt() throws Exception {
        List<UnitOfWork> units = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            UnitOfWork unit = (i % 2 == 0 ? one : other).begin(List.of(before));
            text(unit, new BeanKey("class Bean" + i)).value = "changed";
            units.add(unit);
        }
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<SessionId>> given = new ArrayList<>();
            units.forEach(unit -> given.add(threads.submit(() -> end(unit))));
            SessionId after = given.get(0).get();
            for (Future<SessionId> cookie : given) {
                assertThat(cookie.get()).isNotNull().isEqualTo(after);
            }
            for (int i = 0; i < 50; i++) {
                assertThat(stored(after, new BeanKey("class Bean" + i))).isEqualTo("changed");
            }
            assertThat(store.sessions()).isOne();
            assertThat(beans.log.stream().filter("rotated RENEWAL"::equals)).hasSize(1);
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void whatARequestUnderTheOldIdChangesIsMergedIntoTheSession() {
        UnitOfWork slow = sessions.begin(List.of(before)); // of a node that renews nothing
        text(slow, NAME).value = "Ada";
        SessionId after = renew();
        clock.advance(GRACE.multipliedBy(3));

        assertThat(end(slow)).isEqualTo(after);
        assertThat(stored(after, NAME)).isEqualTo("Ada");
        assertThat(stored(after, CART)).isEqualTo("book");
    }

    @Test
    void aLoginUnderAnIdThatIsBeingRenewedKillsBoth() {
        UnitOfWork login = sessions.begin(List.of(before));
        login.exists();
        SessionId renewed = renew();
        login.rotateId();
        SessionId after = end(login);

        assertThat(after).isNotIn(before, renewed);
        assertThat(stored(after, CART)).isEqualTo("book");
        assertThat(stored(renewed, CART)).isNull();
        assertThat(stored(before, CART)).isNull();
        assertThat(store.sessions()).isOne();
    }

    @Test
    void anOldIdDoesNotLeadThroughALoginThatFollowedItsRenewal() {
        SessionId renewed = renew();
        UnitOfWork login = one.begin(List.of(renewed));
        login.rotateId();
        SessionId after = end(login);

        UnitOfWork thief = other.begin(List.of(before));
        assertThat(thief.find(CART)).isNull();
        text(thief, CART).value = "x";
        assertThat(end(thief)).isNull();
        assertThat(stored(after, CART)).isEqualTo("book");
    }

    @Test
    void anOldTabDoesNotPutTheRenewedCookieInThePlaceOfThatOfALogin() {
        SessionId renewed = renew();
        UnitOfWork tab = other.begin(List.of(before));
        assertThat(value(tab, CART)).isEqualTo("book");
        UnitOfWork login = one.begin(List.of(renewed));
        login.rotateId();
        end(login);

        assertThat(end(tab)).isNull();
    }

    @Test
    void anEndUnderTheOldIdEndsTheSession() {
        SessionId after = renew();
        UnitOfWork logout = other.begin(List.of(before));
        logout.invalidate();
        assertThat(logout.cookieChange()).contains(new CookieChange.TakeBack());
        assertThat(stored(after, CART)).isNull();
        assertThat(store.sessions()).isZero();
    }

    @Test
    void anEndEndsTheSessionAlsoIfItsIdWasRenewedMeanwhile() {
        UnitOfWork logout = other.begin(List.of(before));
        assertThat(value(logout, CART)).isEqualTo("book");
        SessionId after = renew();
        logout.invalidate();
        assertThat(stored(after, CART)).isNull();
        assertThat(store.sessions()).isZero();
    }

    @Test
    void anEndOfWhichOneAnswerIsLostEndsTheSession() {
        UnitOfWork logout = other.begin(List.of(before));
        assertThat(value(logout, CART)).isEqualTo("book");
        loseAnswerOnce(Operation.REPLACE, () -> {});
        logout.invalidate();
        assertThat(logout.cookieChange()).contains(new CookieChange.TakeBack());
        assertThat(store.sessions()).isZero();
    }

    @Test
    void aLoginAfterARenewalInTheSameRequestGivesAnIdThatTheOldOneDoesNotLeadTo() {
        UnitOfWork unit = one.begin(List.of(before));
        text(unit, CART).value = "pen";
        unit.save();
        SessionId renewed = cookie(unit);
        unit.rotateId();
        SessionId after = end(unit);

        assertThat(after).isNotNull().isNotIn(before, renewed);
        assertThat(stored(after, CART)).isEqualTo("pen");
        assertThat(stored(before, CART)).isNull();
        assertThat(stored(renewed, CART)).isNull();
    }

    @Test
    void aRequestThatOnlyReadsGivesTheCookieOfAnotherOnesRenewalNotAfterALogin() {
        UnitOfWork tab = other.begin(List.of(before));
        assertThat(value(tab, CART)).isEqualTo("book");
        SessionId renewed = renew();
        UnitOfWork login = one.begin(List.of(renewed));
        login.rotateId();
        assertThat(end(login)).isNotNull();

        assertThat(end(tab)).isNull();
    }

    @Test
    void afterAnotherOnesRenewalTheNextSaveLooksAtTheSessionAnewAndRenewsNothing() {
        UnitOfWork unit = other.begin(List.of(before));
        assertThat(value(unit, CART)).isEqualTo("book");
        SessionId after = renew();
        unit.save();
        text(unit, CART).value = "pen";
        countCalls();
        unit.save();

        assertThat(calls).containsExactly(Operation.LOAD, Operation.REPLACE);
        assertThat(cookie(unit)).isEqualTo(after);
        assertThat(stored(after, CART)).isEqualTo("pen");
    }

    @Test
    void anIdThatWasRenewedAndItsSuccessorAreNotTwoSessions() {
        SessionId after = renew();
        UnitOfWork both = other.begin(List.of(before, after));
        assertThat(value(both, CART)).isEqualTo("book");
    }

    @Test
    void aSessionThatIsLostDuringItsRenewalIsNotRevived() {
        UnitOfWork unit = one.begin(List.of(before));
        text(unit, CART).value = "pen";
        store.evictAll();
        assertThat(end(unit)).isNull();
        assertThat(store.sessions()).isZero();
        assertThat(beans.log).contains("lost MISSING");
    }

    @Test
    void aRenewalThatCannotBeginPutsNothingOffButItself() {
        UnitOfWork unit = one.begin(List.of(before));
        text(unit, CART).value = "pen";
        store.observe(
                new InMemorySessionStore.Calls() {
                    @Override
                    public void before(Operation operation, ItemKey key) {
                        if (operation == Operation.CREATE) {
                            throw new SessionStoreException("that server is away");
                        }
                    }
                });
        assertThat(end(unit)).isNull();
        assertThat(stored(before, CART)).isEqualTo("pen");
    }

    @Test
    void aRenewalOfWhichNobodyKnowsWhatBecameLosesNothing() {
        UnitOfWork unit = one.begin(List.of(before));
        text(unit, CART).value = "pen";
        store.observe(
                new InMemorySessionStore.Calls() {
                    private boolean down;

                    @Override
                    public void after(Operation called, ItemKey key) {
                        if (called == Operation.REPLACE) {
                            down = true;
                            throw new SessionStoreException("no answer");
                        }
                    }

                    @Override
                    public void before(Operation called, ItemKey key) {
                        if (down) {
                            throw new SessionStoreException("no answer");
                        }
                    }
                });
        assertThatThrownBy(unit::save).isInstanceOf(SessionStoreException.class);
        assertThat(cookie(unit)).isNull();
        unit.close();
        store.observe(new InMemorySessionStore.Calls() {});

        UnitOfWork next = other.begin(List.of(before));
        assertThat(value(next, CART)).isEqualTo("pen");
        assertThat(end(next)).isNotNull();
    }

    @Test
    void aRenewalWithoutAnAnswerLeavesTheSessionToThoseWhomItHasLedThere() {
        UnitOfWork unit = one.begin(List.of(before));
        assertThat(value(unit, CART)).isEqualTo("book");
        List<SessionId> led = new ArrayList<>();
        loseAnswerOnce(
                Operation.REPLACE,
                () -> {
                    UnitOfWork next = other.begin(List.of(before));
                    text(next, CART).value = "pen";
                    led.add(end(next));
                    store.evict(codec.itemKey(before));
                });
        assertThat(end(unit)).isNull();
        assertThat(beans.log).contains("lost MISSING");
        assertThat(stored(led.get(0), CART)).isEqualTo("pen");
    }

    @Test
    void aRenewalThatIsCarriedOutLateDoesNotReviveASessionThatWasEndedMeanwhile() {
        SecureRandom random = new SecureRandom();
        LateStore late = new LateStore(store);
        UnitOfWork unit =
                new Sessions(late, codec, beans, beans, clock, random, RENEWING)
                        .begin(List.of(before));
        text(unit, CART).value = "pen";
        late.meanwhile = () -> other.begin(List.of(before)).invalidate();
        SessionId after = end(unit);

        assertThat(late.meanwhile).isNull();
        assertThat(stored(before, CART)).isNull();
        assertThat(stored(after, CART)).isNull();
    }

    /** The first replacement gets no answer, and is carried out when the next look is over. */
    private static final class LateStore implements SessionStore {
        private final SessionStore store;
        private Runnable lost;
        private Runnable meanwhile;

        LateStore(SessionStore store) {
            this.store = store;
        }

        @Override
        public Written replace(ItemKey key, byte[] value, long version, Duration timeToLive) {
            if (meanwhile != null && lost == null) {
                lost = () -> store.replace(key, value, version, timeToLive);
                throw new SessionStoreException("no answer");
            }
            return store.replace(key, value, version, timeToLive);
        }

        @Override
        public Optional<StoredItem> load(ItemKey key, Optional<Duration> slide) {
            Optional<StoredItem> found = store.load(key, slide);
            if (lost != null && meanwhile != null) {
                lost.run();
                Runnable now = meanwhile;
                meanwhile = null;
                now.run();
            }
            return found;
        }

        @Override
        public Written create(ItemKey key, byte[] value, Duration timeToLive) {
            return store.create(key, value, timeToLive);
        }

        @Override
        public boolean overwrite(ItemKey key, byte[] value, Duration timeToLive) {
            return store.overwrite(key, value, timeToLive);
        }

        @Override
        public boolean touch(ItemKey key, Duration timeToLive) {
            return store.touch(key, timeToLive);
        }

        @Override
        public boolean delete(ItemKey key) {
            return store.delete(key);
        }

        @Override
        public void close() {}
    }

    /**
     * @param meanwhile before the request does anything else
     */
    private void loseAnswerOnce(Operation operation, Runnable meanwhile) {
        store.observe(
                new InMemorySessionStore.Calls() {
                    @Override
                    public void after(Operation called, ItemKey key) {
                        if (called == operation) {
                            store.observe(new InMemorySessionStore.Calls() {});
                            meanwhile.run();
                            throw new SessionStoreException("no answer");
                        }
                    }
                });
    }

    @Test
    void aConflictThatIsToFailFailsTheRenewalTooAndNothingIsLeftBehind() {
        beans.policies.put(CART, ConflictPolicy.FAIL);
        UnitOfWork unit = one.begin(List.of(before));
        text(unit, CART).value = "pen";
        UnitOfWork parallel = sessions.begin(List.of(before)); // of a node that renews nothing
        text(parallel, CART).value = "ink";
        end(parallel);

        assertThatThrownBy(unit::save).isInstanceOf(SessionConflictException.class);
        unit.close();
        assertThat(stored(before, CART)).isEqualTo("ink");
        assertThat(store.sessions()).isOne();
    }

    @Test
    void clocksThatDifferByLessThanTheGraceTimeAreNoSecurityEvent() {
        SessionId after = renew();
        clock.advance(GRACE.negated().plusSeconds(1)); // the other node's is behind
        UnitOfWork next = other.begin(List.of(before));
        assertThat(value(next, CART)).isEqualTo("book");
        assertThat(end(next)).isEqualTo(after);
    }
}
