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
import org.junit.jupiter.api.Test;
import org.memcachedsession.ConflictPolicy;
import org.memcachedsession.SessionConflictException;
import org.memcachedsession.SessionException;
import org.memcachedsession.SessionOrigin;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.session.UnitOfWork.CookieChange;
import org.memcachedsession.store.InMemorySessionStore;
import org.memcachedsession.store.InMemorySessionStore.Operation;

/** Somebody logs in: the session goes on under an id that nobody knew before. */
class LoginTest extends RulesFixture {

    private static final BeanKey DROPPED = new BeanKey("class Dropped");

    /** A request of a browser in whose course somebody may log in or out. */
    private final class Visit {
        final UnitOfWork unit;
        String user;

        Visit(Sessions node, SessionId cookie, String user) {
            this.user = user;
            unit = node.begin(List.of(cookie), () -> Optional.ofNullable(this.user));
            unit.lookAtCaller();
        }

        Visit as(String name) {
            user = name;
            unit.lookAtCaller();
            return this;
        }

        SessionId end() {
            unit.save();
            Optional<CookieChange> change = unit.cookieChange();
            unit.close();
            return change.filter(CookieChange.Give.class::isInstance)
                    .map(give -> ((CookieChange.Give) give).id())
                    .orElse(null);
        }
    }

    private Visit visit(SessionId cookie) {
        return visit(cookie, null);
    }

    private Visit visit(SessionId cookie, String user) {
        return new Visit(node(), cookie, user);
    }

    /** A browser that has put this into its cart, and then somebody has logged in. */
    private SessionId loggedIn(String user, String cart) {
        Visit login = visit(sessionWith(cart));
        login.as(user);
        return login.end();
    }

    private void assertDead(SessionId id) {
        UnitOfWork thief = node().begin(List.of(id));
        assertThat(thief.find(CART)).isNull();
        assertThat(thief.exists()).isFalse();
        thief.close();
        store.evict(codec.itemKey(id)); // whatever else there is under it, nothing was
        UnitOfWork later = node().begin(List.of(id));
        assertThat(later.exists()).isFalse();
        later.close();
    }

    // ---- what counts as one

    @Test
    void whoeverLogsInDuringARequestGetsANewIdAndKeepsTheirBeans() {
        SessionId before = sessionWith("book");
        SessionId after = visit(before).as("Ada").end();

        assertThat(after).isNotNull().isNotEqualTo(before);
        assertThat(stored(after, CART)).isEqualTo("book");
        assertThat(visit(before).unit.origin()).isEqualTo(SessionOrigin.ENDED);
        assertDead(before);
    }

    @Test
    void whoeverIsLoggedInBeforeTheRequestIsServedGetsANewIdOnce() {
        SessionId before = sessionWith("book");
        Visit first = visit(before, "Ada");
        assertThat(value(first.unit, CART)).isEqualTo("book");
        SessionId after = first.end();
        assertThat(after).isNotEqualTo(before).isNotNull();

        Visit second = visit(after, "Ada");
        text(second.unit, CART).value = "pen";
        assertThat(second.end()).isNull();
        assertThat(stored(after, CART)).isEqualTo("pen");
        assertDead(before);
    }

    @Test
    void whoeverIsLoggedInAndUsesNoBeanCostsNothing() {
        SessionId before = sessionWith("book");
        countCalls();
        Visit visit = new Visit(sessions, before, "Ada");
        assertThat(visit.end()).isNull();
        assertThat(calls).isEmpty();
        assertThat(stored(before, CART)).isEqualTo("book");
    }

    @Test
    void aUserWhomTheContainerLearnsOfLateInEachRequestIsNotLoggedInEachTime() {
        SessionId after = loggedIn("Ada", "book");
        for (int i = 0; i < 3; i++) {
            Visit visit = visit(after).as("Ada");
            text(visit.unit, CART).value += "!";
            assertThat(visit.end()).isNull();
        }
        assertThat(stored(after, CART)).isEqualTo("book!!!");
    }

    @Test
    void aPublicPageShowsTheSessionOfAUserWhomTheContainerDoesNotSee() {
        SessionId after = loggedIn("Ada", "book");
        Visit visit = visit(after);
        text(visit.unit, CART).value = "pen";
        assertThat(visit.end()).isNull();
        assertThat(stored(after, CART)).isEqualTo("pen");
        Visit again = visit(after, "Ada");
        assertThat(value(again.unit, CART)).isEqualTo("pen");
        assertThat(again.end()).isNull();
    }

    @Test
    void theApplicationMayAskForANewIdAndGetsOneHoweverOftenItDoes() {
        SessionId before = sessionWith("book");
        Visit visit = visit(before);
        visit.unit.rotateId();
        text(visit.unit, CART).value = "pen";
        visit.unit.rotateId();
        visit.unit.save();
        SessionId after = given(visit.unit);
        visit.unit.rotateId();
        visit.unit.save();
        assertThat(given(visit.unit)).isEqualTo(after);
        visit.unit.close();

        assertThat(stored(after, CART)).isEqualTo("pen");
        assertDead(before);
        assertThat(beans.log.stream().filter("rotated LOGIN"::equals)).hasSize(1);
    }

    @Test
    void aLoginThatUsesNoBeanMakesTheOldIdDieToo() {
        SessionId before = sessionWith("book");
        Visit visit = visit(before);
        visit.unit.rotateId();
        SessionId after = visit.end();

        assertThat(stored(after, CART)).isEqualTo("book");
        assertDead(before);
    }

    @Test
    void aSessionThatBeginsWithALoginHasAFreshIdAnyway() {
        Visit visit = visit(SessionId.random(sessions.random));
        visit.as("Ada");
        text(visit.unit, CART).value = "book";
        SessionId id = visit.end();
        Visit next = visit(id, "Ada");
        assertThat(value(next.unit, CART)).isEqualTo("book");
        assertThat(next.end()).isNull();
        assertThat(beans.log).contains("created").doesNotContain("rotated LOGIN");
    }

    @Test
    void withoutASessionALoginAsksAndStoresNothing() {
        countCalls();
        UnitOfWork unit = sessions.begin(List.of());
        unit.rotateId();
        unit.save();
        unit.close();
        assertThat(calls).isEmpty();
        assertThat(unit.cookieChange()).isEmpty();
    }

    @Test
    void aLoginCostsOneReadAndTwoWrites() {
        SessionId before = sessionWith("book");
        countCalls();
        new Visit(sessions, before, null).as("Ada").end();
        assertThat(calls).containsExactly(Operation.LOAD, Operation.CREATE, Operation.REPLACE);
    }

    // ---- somebody else

    @Test
    void theBeansOfOneUserAreNeverShownToAnother() {
        SessionId ada = loggedIn("Ada", "book");
        beans.log.clear();
        Visit eve = visit(ada, "Eve");
        assertThat(eve.unit.find(CART)).isNull();
        assertThat(eve.unit.exists()).isFalse();
        assertThat(eve.unit.origin()).isEqualTo(SessionOrigin.ENDED);
        assertThat(beans.log)
                .containsExactly("refused OTHER_PRINCIPAL", "ended OTHER_PRINCIPAL"); // and no read
        text(eve.unit, CART).value = "pen";
        SessionId hers = eve.end();

        assertThat(hers).isNotEqualTo(ada).isNotNull();
        assertThat(stored(hers, CART)).isEqualTo("pen");
        assertDead(ada);
    }

    @Test
    void aUserWhoLogsInOverAnotherKeepsNothingOfTheirs() {
        SessionId ada = loggedIn("Ada", "book");
        Visit visit = visit(ada, "Ada");
        assertThat(value(visit.unit, CART)).isEqualTo("book");
        visit.as("Eve");
        assertThat(visit.unit.find(CART)).isNull();
        text(visit.unit, NAME).value = "Eve";
        SessionId eve = visit.end();

        assertThat(stored(eve, CART)).isNull();
        assertThat(stored(eve, NAME)).isEqualTo("Eve");
        assertDead(ada);
    }

    @Test
    void theBeansOfOneUserAreNotShownToAnotherWhereTheStoreDoesNotAnswer() {
        SessionId ada = loggedIn("Ada", "book");
        Visit visit = visit(ada); // a page that does not ask who is there
        assertThat(value(visit.unit, CART)).isEqualTo("book");
        visit.user = "Eve";
        fail(Operation.REPLACE, false, Integer.MAX_VALUE);
        assertThatThrownBy(visit.unit::save).isInstanceOf(SessionStoreException.class);

        assertThat(visit.unit.find(CART)).isNull();
        visit.unit.close();
        allIsWell();
        assertThat(visit(ada, "Eve").unit.find(CART)).isNull();
        assertDead(ada);
    }

    @Test
    void theBeansOfOneUserAreNotShownToAnotherAfterASaveThatFailed() {
        SessionId ada = loggedIn("Ada", "book");
        Visit visit = visit(ada, "Ada");
        text(visit.unit, CART).value = "pen";
        fail(Operation.REPLACE, false, Integer.MAX_VALUE);
        assertThatThrownBy(visit.unit::save).isInstanceOf(SessionStoreException.class);
        allIsWell();
        visit.as("Eve");

        assertThat(visit.unit.find(CART)).isNull();
        assertDead(ada);
    }

    @Test
    void whatOneUserHasMadeInARequestIsNotStoredForTheOneWhoLogsInAfterThem() {
        List<String> user = new ArrayList<>(List.of("Ada"));
        UnitOfWork unit = node().begin(List.of(), () -> Optional.of(user.get(0)));
        unit.lookAtCaller();
        text(unit, CART).value = "Ada's";
        user.set(0, "Eve");
        unit.save();

        assertThat(unit.find(CART)).isNull();
        assertThat(unit.cookieChange()).isEmpty();
        assertThat(store.size()).isZero();
        assertThat(beans.log).contains("ended OTHER_PRINCIPAL");
    }

    @Test
    void whatOneUserHasPutIntoAVisitorsSessionIsNotThatOfTheOneWhoLogsInAfterThem() {
        SessionId visitors = sessionWith("book");
        Visit visit = visit(visitors, "Ada");
        text(visit.unit, CART).value = "Ada's";
        visit.as("Eve");

        assertThat(visit.unit.find(CART)).isNull();
        assertThat(visit.end()).isNull();
        assertDead(visitors);
    }

    @Test
    void whatOneUserHasMadeInARequestThatCannotKeepItIsNotShownToTheOneWhoLogsInAfterThem() {
        SessionId before = sessionWith("book");
        visit(before).as("Ada").end();
        Visit late = visit(before, "Ada");
        text(late.unit, CART).value = "Ada's";
        late.as("Eve");

        assertThat(late.unit.find(CART)).isNull();
        assertThat(late.end()).isNull();
    }

    @Test
    void noBeanOfOneUserHearsThatAnotherEndsTheSession() {
        SessionId ada = loggedIn("Ada", "book");
        beans.log.clear();
        Visit eve = visit(ada, "Eve");
        eve.unit.invalidate();

        assertThat(beans.log).containsExactly("refused OTHER_PRINCIPAL", "ended OTHER_PRINCIPAL");
        assertThat(eve.unit.cookieChange()).contains(new CookieChange.TakeBack());
        assertDead(ada);
    }

    @Test
    void noBeanOfOneUserHearsThatAnotherFindsTheSessionOver() {
        SessionId ada = loggedIn("Ada", "book");
        store.touch(codec.itemKey(ada), Duration.ofDays(1));
        clock.advance(ABSOLUTE);
        beans.log.clear();
        Visit eve = visit(ada, "Eve");

        assertThat(eve.unit.find(CART)).isNull();
        assertThat(beans.log).containsExactly("refused OTHER_PRINCIPAL", "ended OTHER_PRINCIPAL");
    }

    @Test
    void whoeverLogsInAfterTheFirstSaveOfTheirSessionOwnsIt() {
        List<Optional<String>> user = new ArrayList<>(List.of(Optional.empty()));
        UnitOfWork unit = node().begin(List.of(), () -> user.get(0));
        unit.lookAtCaller();
        text(unit, CART).value = "book";
        unit.save();
        user.set(0, Optional.of("Ada"));
        unit.lookAtCaller();
        text(unit, NAME).value = "Ada";
        unit.save();
        SessionId ada = given(unit);
        unit.close();

        assertThat(value(visit(ada, "Ada").unit, CART)).isEqualTo("book");
        assertThat(visit(ada, "Eve").unit.find(NAME)).isNull();
    }

    @Test
    void aLogoutThatOnlyTheContainerKnowsOfEndsTheSession() {
        SessionId ada = loggedIn("Ada", "book");
        Visit visit = visit(ada, "Ada").as(null);
        assertThat(visit.unit.cookieChange()).contains(new CookieChange.TakeBack());
        visit.end();
        assertThat(beans.log).contains("ended LOGGED_OUT");
        assertDead(ada);
    }

    @Test
    void aThreadOnWhichTheContainerKnowsNobodyLogsNobodyOut() {
        SessionId ada = loggedIn("Ada", "book");
        Visit visit = visit(ada, "Ada");
        visit.user = null;
        text(visit.unit, CART).value = "pen";
        visit.unit.lookForLogin();
        visit.end();
        assertThat(stored(ada, CART)).isEqualTo("pen");
    }

    // ---- one that takes its time

    @Test
    void aLoginThatSucceedsGivesANewIdAndOneThatFailsDoesNot() {
        SessionId before = sessionWith("book");
        Visit failing = visit(before);
        UnitOfWork.ExpectedLogin wrongPassword = failing.unit.expectLogin();
        failing.unit.find(CART);
        wrongPassword.failed();
        assertThat(failing.end()).isNull();
        assertThat(stored(before, CART)).isEqualTo("book");

        Visit login = visit(before);
        login.unit.expectLogin().succeeded();
        SessionId after = login.end();
        assertDead(before);
        assertThat(stored(after, CART)).isEqualTo("book");
    }

    @Test
    void ofTwoLoginsInARequestOneThatSucceedsIsEnough() {
        SessionId before = sessionWith("book");
        Visit visit = visit(before);
        UnitOfWork.ExpectedLogin wrongPassword = visit.unit.expectLogin();
        UnitOfWork.ExpectedLogin right = visit.unit.expectLogin();
        right.succeeded();
        wrongPassword.failed();
        assertThat(visit.end()).isNotNull();
        assertDead(before);
    }

    @Test
    void whatALoginHasChangedIsNotStoredUnderTheOldIdIfTheAnswerLeavesBeforeItsEnd() {
        SessionId before = sessionWith("book");
        Visit visit = visit(before);
        UnitOfWork.ExpectedLogin login = visit.unit.expectLogin();
        text(visit.unit, CART).value = "secret of Ada";
        visit.unit.saveIfUsed();
        visit.unit.answerCommitted(() -> true);
        SessionId after = given(visit.unit);
        login.succeeded();
        visit.end();
        assertDead(before);
        assertThat(stored(after, CART)).isEqualTo("secret of Ada");
    }

    @Test
    void aLoginThatUsesNoBeanIsExpectedToSucceedToo() {
        SessionId before = sessionWith("book");
        Visit visit = visit(before);
        visit.unit.expectLogin();
        visit.unit.saveIfUsed();
        assertDead(before);
        assertThat(stored(given(visit.unit), CART)).isEqualTo("book");
    }

    @Test
    void nothingMoreIsStoredOfARequestWhoseLoginEndsAfterItsAnswerHasLeft() {
        SessionId before = sessionWith("book");
        Visit visit = visit(before);
        UnitOfWork.ExpectedLogin login = visit.unit.expectLogin();
        visit.unit.answerCommitted(() -> true); // by somebody who does not save before
        assertThatThrownBy(login::succeeded)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("flushed");
        text(visit.unit, CART).value = "secret of Ada";
        assertThat(visit.end()).isNull();
        assertThat(stored(before, CART)).isEqualTo("book");
    }

    @Test
    void aLoginThatEndsAfterItsRequestSaysSoWhereThereIsASession() {
        SessionId before = sessionWith("book");
        Visit visit = visit(before);
        UnitOfWork.ExpectedLogin login = visit.unit.expectLogin();
        visit.unit.close();
        assertThatThrownBy(login::succeeded).isInstanceOf(IllegalStateException.class);
        assertThat(stored(before, CART)).isEqualTo("book");

        UnitOfWork withoutSession = sessions.begin(List.of());
        UnitOfWork.ExpectedLogin nothingToRotate = withoutSession.expectLogin();
        withoutSession.save();
        withoutSession.close();
        nothingToRotate.succeeded();
    }

    @Test
    void aLoginThatCannotGiveANewIdIsRefusedBeforeItBegins() {
        SessionId before = sessionWith("book");
        Visit visit = visit(before);
        visit.unit.answerCommitted(() -> true);
        assertThatThrownBy(visit.unit::expectLogin).isInstanceOf(IllegalStateException.class);
        visit.end();
        assertThat(stored(before, CART)).isEqualTo("book");
    }

    // ---- too late

    @Test
    void onceTheAnswerHasBegunToLeaveAnIdCannotChangeAndTheStoreIsUntouched() {
        SessionId before = sessionWith("book");
        Visit visit = visit(before);
        visit.unit.answerCommitted(() -> true);
        assertThatThrownBy(visit.unit::rotateId)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("flushed");
        visit.end();
        assertThat(stored(before, CART)).isEqualTo("book");
    }

    @Test
    void whatALoginLeavesThatComesTooLateIsNotStoredUnderTheOldId() {
        SessionId before = sessionWith("book");
        Visit visit = visit(before);
        text(visit.unit, CART).value = "secret of Ada";
        visit.unit.answerCommitted(() -> true);
        visit.as("Ada");
        assertThatThrownBy(visit.unit::save)
                .isInstanceOf(SessionException.class)
                .hasMessageContaining("logged in");
        visit.unit.close();
        assertThat(stored(before, CART)).isEqualTo("book");
    }

    @Test
    void aLoginThatIsSeenWhenTheAnswerIsGoneBeginsNoSession() {
        SessionId before = sessionWith("book");
        SessionId after = visit(before).as("Ada").end();
        Visit late = visit(before);
        text(late.unit, CART).value = "of an old tab";
        late.unit.save();
        late.user = "Ada";
        text(late.unit, CART).value = "later still";
        late.unit.close();
        assertThat(store.sessions()).isOne();
        assertThat(stored(after, CART)).isEqualTo("book");
    }

    @Test
    void aLateRequestThatHasLoggedInIsToldWhereItsSessionCannotBegin() {
        SessionId before = sessionWith("book");
        visit(before).as("Ada").end();
        Visit late = visit(before);
        late.unit.rotateId();
        late.unit.answerCommitted(() -> true);
        assertThatThrownBy(() -> text(late.unit, CART))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("flushed");
    }

    @Test
    void aMessageGivesNoNewId() {
        UnitOfWork message = sessions.beginWithoutAnswer(List.of(sessionWith("book")));
        assertThatThrownBy(message::rotateId)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("HTTP request");
    }

    // ---- what is carried over

    @Test
    void whatIsDroppedAtLoginEndsThereAndWhatIsMadeAfterItStays() {
        beans.dropped.add(DROPPED);
        SessionId before = sessionWith("book");
        Visit anonymous = visit(before);
        text(anonymous.unit, DROPPED).value = "of a visitor";
        anonymous.end();
        beans.log.clear();

        Visit login = visit(before);
        login.unit.exists();
        login.unit.rotateId();
        assertThat(beans.log).contains("destroy class Dropped");
        assertThat(text(login.unit, DROPPED).value).isEmpty();
        text(login.unit, DROPPED).value = "of Ada";
        SessionId after = login.end();

        assertThat(stored(after, CART)).isEqualTo("book");
        assertThat(stored(after, DROPPED)).isEqualTo("of Ada");
    }

    @Test
    void whatIsDroppedAtLoginIsDroppedAlsoIfAnotherRequestHasJustMadeIt() {
        beans.dropped.add(DROPPED);
        SessionId before = sessionWith("book");
        Visit login = visit(before);
        login.unit.exists();
        Visit parallel = visit(before);
        text(parallel.unit, DROPPED).value = "of a visitor";
        text(parallel.unit, NAME).value = "kept";
        parallel.end();
        login.unit.rotateId();
        SessionId after = login.end();

        assertThat(stored(after, DROPPED)).isNull();
        assertThat(stored(after, NAME)).isEqualTo("kept");
    }

    @Test
    void aLoginBeginsTheAbsoluteTimeAnewAndTheCreationStays() {
        Instant created = clock.instant();
        SessionId before = sessionWith("book");
        clock.advance(Duration.ofMinutes(20));
        SessionId after = visit(before).as("Ada").end();

        UnitOfWork unit = node().begin(List.of(after));
        assertThat(unit.createdAt()).contains(created);
        assertThat(unit.absoluteEnd()).contains(clock.instant().plus(ABSOLUTE));
    }

    // ---- requests on their way

    @Test
    void whatARequestUnderTheOldIdChangesBeforeTheLoginIsCarriedOver() {
        SessionId before = sessionWith("book");
        Visit login = visit(before);
        text(login.unit, NAME).value = "Ada";
        Visit parallel = visit(before);
        text(parallel.unit, CART).value = "pen";
        parallel.end();
        SessionId after = login.as("Ada").end();

        assertThat(stored(after, CART)).isEqualTo("pen");
        assertThat(stored(after, NAME)).isEqualTo("Ada");
    }

    @Test
    void whatARequestUnderTheOldIdChangesAfterTheLoginIsDroppedAndTold() {
        SessionId before = sessionWith("book");
        Visit slow = visit(before);
        text(slow.unit, CART).value = "of an attacker";
        SessionId after = visit(before).as("Ada").end();

        assertThat(slow.end()).isNull();
        assertThat(stored(after, CART)).isEqualTo("book");
        assertThat(beans.log).contains("lost LOGGED_IN");
        assertDead(before);
    }

    @Test
    void aRequestThatArrivesUnderTheOldIdAfterTheLoginSetsNoCookieAndStoresNothing() {
        SessionId before = sessionWith("book");
        SessionId after = visit(before).as("Ada").end();
        int there = store.sessions();

        Visit late = visit(before);
        assertThat(late.unit.origin()).isEqualTo(SessionOrigin.ENDED);
        text(late.unit, CART).value = "of an old tab";
        assertThat(late.end()).isNull();
        assertThat(store.sessions()).isEqualTo(there);
        assertThat(stored(after, CART)).isEqualTo("book");
        assertThat(beans.log).contains("lost LOGGED_IN");
    }

    @Test
    void norDoesOneThatBringsAnIdBesidesThatLeadsToNothing() {
        SessionId before = sessionWith("book");
        visit(before).as("Ada").end();
        SessionId planted = SessionId.random(new SecureRandom());

        for (List<SessionId> cookies :
                List.of(List.of(before, planted), List.of(planted, before))) {
            UnitOfWork late = node().begin(cookies);
            text(late, CART).value = "of an old tab";
            late.save();
            assertThat(late.cookieChange()).isEmpty();
        }
    }

    @Test
    void aBrowserThatNeverGotItsNewCookieBeginsAnewAfterAWhile() {
        SessionId before = sessionWith("book");
        visit(before).as("Ada").end(); // and the answer is lost
        clock.advance(Duration.ofSeconds(31));

        Visit next = visit(before);
        assertThat(next.unit.origin()).isEqualTo(SessionOrigin.ENDED);
        text(next.unit, CART).value = "anew";
        SessionId anew = next.end();
        assertThat(anew).isNotNull();
        assertThat(stored(anew, CART)).isEqualTo("anew");
    }

    @Test
    void aCookieThatIsGivenAgainDoesNotTakeThePlaceOfThatOfALogin() {
        SessionRules sliding =
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
                        true);
        SessionId before = sessionWith("book");
        Visit reading = new Visit(node(sliding), before, null);
        assertThat(value(reading.unit, CART)).isEqualTo("book");
        SessionId after = visit(before).as("Ada").end();
        assertThat(reading.end()).isNull();

        Visit next = new Visit(node(sliding), after, "Ada");
        assertThat(value(next.unit, CART)).isEqualTo("book");
        assertThat(next.end()).isEqualTo(after);
    }

    @Test
    void ofTwoLoginsAtOnceBothCanBeUsedAndTheOldIdIsDead() {
        SessionId before = sessionWith("book");
        Visit one = visit(before);
        Visit other = visit(before);
        one.unit.exists();
        other.unit.exists();
        SessionId first = one.as("Ada").end();
        SessionId second = other.as("Ada").end();

        assertThat(second).isNotNull().isNotEqualTo(first);
        assertThat(stored(first, CART)).isEqualTo("book");
        assertThat(stored(second, CART)).isEqualTo("book");
        assertDead(before);
    }

    @Test
    void aSecondLoginThatArrivesAfterTheFirstIsUsableToo() {
        SessionId before = sessionWith("book");
        SessionId first = visit(before).as("Ada").end();
        Visit doubleClick = visit(before);
        text(doubleClick.unit, NAME).value = "made before";
        doubleClick.user = "Ada";
        doubleClick.unit.rotateId();
        SessionId second = doubleClick.end();

        assertThat(second).isNotNull();
        assertThat(stored(second, NAME)).isEqualTo("made before");
        assertThat(stored(first, CART)).isEqualTo("book");
    }

    @Test
    void aLogoutDuringALoginWins() {
        SessionId before = sessionWith("book");
        Visit login = visit(before);
        text(login.unit, NAME).value = "Ada";
        login.as("Ada");
        visit(before).unit.invalidate();

        assertThat(login.end()).isNull();
        assertThat(store.sessions()).isZero();
        assertThat(beans.log).contains("lost ENDED");
    }

    @Test
    void fiftyRequestsDuringALoginForkNothingAndLoseNothingThatWasStoredBefore() throws Exception {
        SessionId before = sessionWith("book");
        List<Visit> visits = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            Visit visit = visit(before);
            text(visit.unit, new BeanKey("class Bean" + i)).value = "changed";
            visits.add(visit);
        }
        Visit login = visit(before);
        login.unit.exists();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<SessionId>> answers = new ArrayList<>();
            for (Visit visit : visits.subList(0, 25)) {
                answers.add(threads.submit(visit::end));
            }
            Future<SessionId> given = threads.submit(() -> login.as("Ada").end());
            for (Visit visit : visits.subList(25, 50)) {
                answers.add(threads.submit(visit::end));
            }
            SessionId after = given.get();
            for (Future<SessionId> answer : answers) {
                assertThat(answer.get()).isNull(); // no cookie but that of the login
            }
            long lost = beans.log.stream().filter("lost LOGGED_IN"::equals).count();
            long carriedOver = 0;
            for (int i = 0; i < 50; i++) {
                carriedOver += stored(after, new BeanKey("class Bean" + i)) == null ? 0 : 1;
            }
            assertThat(carriedOver + lost).isEqualTo(50);
            assertThat(store.sessions()).isOne();
            assertDead(before);
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void aConflictThatIsToFailFailsTheLoginAndNothingIsHalfDone() {
        beans.policies.put(CART, ConflictPolicy.FAIL);
        SessionId before = sessionWith("book");
        Visit login = visit(before);
        text(login.unit, CART).value = "pen";
        Visit parallel = visit(before);
        text(parallel.unit, CART).value = "ink";
        parallel.end();
        login.as("Ada");

        assertThatThrownBy(login.unit::save).isInstanceOf(SessionConflictException.class);
        login.unit.close();
        assertThat(stored(before, CART)).isEqualTo("ink");
        assertThat(store.sessions()).isOne();
    }

    // ---- crashes and lost answers

    /** Fails one call, before it happens or after. */
    private void fail(Operation operation, boolean happens, int times) {
        store.observe(
                new InMemorySessionStore.Calls() {
                    private int left = times;

                    @Override
                    public void before(Operation called, ItemKey key) {
                        if (!happens) {
                            failIf(called);
                        }
                    }

                    @Override
                    public void after(Operation called, ItemKey key) {
                        if (happens) {
                            failIf(called);
                        }
                    }

                    private void failIf(Operation called) {
                        if (called == operation && left-- > 0) {
                            throw new SessionStoreException("no answer to " + called);
                        }
                    }
                });
    }

    private void allIsWell() {
        store.observe(new InMemorySessionStore.Calls() {});
    }

    @Test
    void aLoginWhoseFirstStepFailsIsNoneAndTheOldSessionGoesOn() {
        SessionId before = sessionWith("book");
        Visit login = visit(before);
        login.unit.exists();
        login.as("Ada");
        fail(Operation.CREATE, false, 1);
        assertThatThrownBy(login.unit::save).isInstanceOf(SessionStoreException.class);
        assertThat(login.unit.cookieChange()).isEmpty();
        login.unit.close();
        allIsWell();
        assertThat(stored(before, CART)).isEqualTo("book");
        assertThat(store.sessions()).isOne();
    }

    @Test
    void aFirstStepWhoseAnswerIsLostIsRecognised() {
        SessionId before = sessionWith("book");
        Visit login = visit(before);
        login.as("Ada");
        fail(Operation.CREATE, true, 1);
        SessionId after = login.end();
        allIsWell();
        assertThat(stored(after, CART)).isEqualTo("book");
        assertDead(before);
    }

    @Test
    void aSecondStepWhoseAnswerIsLostIsRecognised() {
        SessionId before = sessionWith("book");
        Visit login = visit(before);
        login.as("Ada");
        fail(Operation.REPLACE, true, 1);
        SessionId after = login.end();
        allIsWell();
        assertThat(stored(after, CART)).isEqualTo("book");
        assertDead(before);
    }

    @Test
    void aSecondStepThatDoesNotHappenIsTriedAgain() {
        SessionId before = sessionWith("book");
        Visit login = visit(before);
        login.as("Ada");
        fail(Operation.REPLACE, false, 1);
        SessionId after = login.end();
        allIsWell();
        assertThat(stored(after, CART)).isEqualTo("book");
        assertDead(before);
    }

    @Test
    void aLoginOfWhichNobodyKnowsWhatBecameLeavesNoRights() {
        SessionId before = sessionWith("book");
        Visit login = visit(before);
        login.unit.exists();
        login.as("Ada");
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
                        if (down && called == Operation.LOAD) {
                            throw new SessionStoreException("no answer");
                        }
                    }
                });
        assertThatThrownBy(login.unit::save).isInstanceOf(SessionStoreException.class);
        assertThat(login.unit.cookieChange()).isEmpty();
        login.unit.close();
        allIsWell();
        assertThat(store.sessions())
                .isZero(); // it had happened: logged out, and nobody is logged in
    }

    @Test
    void afterASaveThatFailedNobodyLogsInSinceTheOldIdWouldLive() {
        SessionId before = sessionWith("book");
        Visit visit = visit(before);
        text(visit.unit, CART).value = "pen";
        fail(Operation.REPLACE, false, 2);
        assertThatThrownBy(visit.unit::save).isInstanceOf(SessionStoreException.class);
        assertThatThrownBy(visit.unit::rotateId)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("failed");
    }

    @Test
    void aLoginThatEndsAfterASaveThatFailedIsToldSo() {
        Visit visit = visit(sessionWith("book"));
        UnitOfWork.ExpectedLogin login = visit.unit.expectLogin();
        text(visit.unit, CART).value = "pen";
        fail(Operation.CREATE, false, 1);
        assertThatThrownBy(visit.unit::save).isInstanceOf(SessionStoreException.class);
        assertThatThrownBy(login::succeeded)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("failed");
        assertThat(visit.end()).isNull();
        assertThat(store.sessions()).isOne();
    }

    @Test
    void aLoginThatFailsIsToldOnceSoThatAnErrorPageCanBeSaved() {
        Visit login = visit(sessionWith("book"));
        login.unit.rotateId();
        fail(Operation.LOAD, false, 1);
        assertThatThrownBy(login.unit::save).isInstanceOf(SessionStoreException.class);
        login.unit.save();
        assertThat(login.unit.cookieChange()).isEmpty();
    }

    @Test
    void aTombstoneThatIsEvictedRevivesNothing() {
        SessionId before = sessionWith("book");
        Visit slow = visit(before);
        text(slow.unit, CART).value = "late";
        SessionId after = visit(before).as("Ada").end();
        store.evict(codec.itemKey(before));

        assertThat(slow.end()).isNull();
        assertThat(store.sessions()).isOne();
        assertThat(stored(after, CART)).isEqualTo("book");
        assertThat(beans.log).contains("lost MISSING");
    }

    @Test
    void aSessionThatIsEvictedDuringItsLoginGoesOnUnderTheNewId() {
        SessionId before = sessionWith("book");
        Visit login = visit(before);
        assertThat(value(login.unit, CART)).isEqualTo("book");
        store.evictAll();
        SessionId after = login.as("Ada").end();
        assertThat(stored(after, CART)).isEqualTo("book");
    }
}
