package org.memcachedsession.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.memcachedsession.SessionException;
import org.memcachedsession.SessionOrigin;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.session.TextBeans.Text;
import org.memcachedsession.session.UnitOfWork.CookieChange;
import org.memcachedsession.store.InMemorySessionStore;
import org.memcachedsession.store.InMemorySessionStore.Operation;

class UnitOfWorkTest extends RulesFixture {

    private static final BeanKey OTHER = new BeanKey("class Other");

    @Test
    void withoutABeanNothingIsAskedAndNothingIsStored() {
        countCalls();
        UnitOfWork unit = sessions.begin(List.of());
        unit.save();
        unit.close();
        assertThat(calls).isEmpty();
        assertThat(unit.cookieChange()).isEmpty();
    }

    @Test
    void lookingForABeanThatIsNotThereMakesNoSession() {
        UnitOfWork unit = sessions.begin(List.of());
        assertThat(unit.find(CART)).isNull();
        unit.save();
        assertThat(unit.cookieChange()).isEmpty();
        assertThat(store.sessions()).isZero();
    }

    @Test
    void readingCostsOneCallAndWritingTwo() {
        SessionId id = sessionWith("book");
        countCalls();
        UnitOfWork reading = sessions.begin(List.of(id));
        assertThat(value(reading, CART)).isEqualTo("book");
        reading.save();
        reading.close();
        assertThat(calls).containsExactly(Operation.LOAD);

        countCalls();
        UnitOfWork writing = sessions.begin(List.of(id));
        text(writing, CART).value = "pen";
        writing.save();
        writing.close();
        assertThat(calls).containsExactly(Operation.LOAD, Operation.REPLACE);
        assertThat(stored(id, CART)).isEqualTo("pen");
    }

    @Test
    void aBeanThatIsSurelyAsItWasReadIsNotWritten() {
        SessionId id = sessionWith("book");
        beans.log.clear();
        UnitOfWork unit = sessions.begin(List.of(id));
        text(unit, CART);
        unit.save();
        text(unit, CART);
        unit.save();
        unit.close();
        assertThat(beans.log).containsExactly("read " + CART);
    }

    @Test
    void whatIsSetBackToWhatWasReadIsStoredIfSomethingElseWasMeanwhile() {
        SessionId id = sessionWith("book");
        UnitOfWork unit = sessions.begin(List.of(id));
        text(unit, CART).value = "pen";
        unit.save();
        assertThat(stored(id, CART)).isEqualTo("pen");
        text(unit, CART).value = "book";
        unit.save();
        unit.close();
        assertThat(stored(id, CART)).isEqualTo("book");
    }

    @Test
    void anUnusedSessionIsSlidOnceInATenthOfItsIdleTimeAndNotRead() {
        SessionId id = sessionWith("book");
        clock.advance(IDLE.dividedBy(10));
        countCalls();
        for (int i = 0; i < 3; i++) {
            sessions.begin(List.of(id)).close();
        }
        assertThat(calls).containsExactly(Operation.TOUCH);
        clock.advance(IDLE.minusSeconds(1));
        assertThat(stored(id, CART)).isEqualTo("book");
    }

    @Test
    void withoutARequestTheSessionIsGoneAfterItsIdleTime() {
        SessionId id = sessionWith("book");
        clock.advance(IDLE);
        assertThat(stored(id, CART)).isNull();
    }

    @Test
    void noRequestMovesTheAbsoluteEnd() {
        SessionId id = sessionWith("book");
        Instant end = clock.instant().plus(ABSOLUTE);
        while (clock.instant().plus(Duration.ofMinutes(20)).isBefore(end)) {
            clock.advance(Duration.ofMinutes(20));
            UnitOfWork unit = sessions.begin(List.of(id));
            text(unit, CART).value += ".";
            assertThat(unit.origin()).isEqualTo(SessionOrigin.LOADED);
            assertThat(unit.absoluteEnd()).contains(end);
            unit.save();
            unit.close();
        }
        store.touch(codec.itemKey(id), IDLE); // an outsider, or a node that does not know the end
        clock.advance(Duration.ofMinutes(20));
        UnitOfWork late = sessions.begin(List.of(id));
        assertThat(late.origin()).isEqualTo(SessionOrigin.EXPIRED);
        assertThat(late.find(CART)).isNull();
    }

    @Test
    void twoRequestsThatChangeDifferentBeansBothKeepTheirChange() {
        SessionId id = sessionWith("book");
        UnitOfWork one = sessions.begin(List.of(id));
        UnitOfWork other = node().begin(List.of(id));
        text(one, CART).value = "pen";
        text(other, NAME).value = "Ada";
        one.save();
        other.save();
        assertThat(stored(id, CART)).isEqualTo("pen");
        assertThat(stored(id, NAME)).isEqualTo("Ada");
    }

    @Test
    void aBeanThatOneRequestOnlyReadIsNotSetBackToWhatItRead() {
        SessionId id = sessionWith("book");
        UnitOfWork slow = sessions.begin(List.of(id));
        assertThat(value(slow, CART)).isEqualTo("book");
        UnitOfWork quick = node().begin(List.of(id));
        text(quick, CART).value = "pen";
        quick.save();
        text(slow, NAME).value = "Ada";
        slow.save();
        text(slow, NAME).value = "Grace";
        slow.save(); // its copy of the cart is older than what the store holds, and unchanged
        assertThat(stored(id, CART)).isEqualTo("pen");
        assertThat(stored(id, NAME)).isEqualTo("Grace");
    }

    @Test
    void aBeanThatIsFirstUsedAfterASaveIsOfTheSameMomentAsTheOthers() {
        SessionId id = sessionWith("book");
        UnitOfWork slow = sessions.begin(List.of(id));
        assertThat(value(slow, NAME)).isNull();
        UnitOfWork quick = node().begin(List.of(id));
        text(quick, CART).value = "pen";
        text(quick, NAME).value = "Ada";
        quick.save();
        text(slow, OTHER).value = "x";
        slow.save(); // reads what the other one has left
        assertThat(value(slow, CART)).isEqualTo("book");
        assertThat(value(slow, NAME)).isNull();
        slow.close();
        assertThat(stored(id, CART)).isEqualTo("pen");
        assertThat(stored(id, NAME)).isEqualTo("Ada");
        assertThat(stored(id, OTHER)).isEqualTo("x");
    }

    @Test
    void theLastOfTwoChangesToOneBeanWins() {
        SessionId id = sessionWith("book");
        UnitOfWork one = sessions.begin(List.of(id));
        UnitOfWork other = sessions.begin(List.of(id));
        text(one, CART).value = "first";
        text(other, CART).value = "second";
        one.save();
        other.save();
        assertThat(stored(id, CART)).isEqualTo("second");
    }

    @Test
    void removalBeatsChangeWhicheverComesFirst() {
        SessionId id = sessionWith("book");
        UnitOfWork removing = sessions.begin(List.of(id));
        UnitOfWork changing = sessions.begin(List.of(id));
        text(changing, CART).value = "pen";
        removing.remove(CART);
        removing.save();
        changing.save();
        assertThat(stored(id, CART)).isNull();

        SessionId second = sessionWith("book");
        UnitOfWork removingLast = sessions.begin(List.of(second));
        UnitOfWork changingFirst = sessions.begin(List.of(second));
        removingLast.remove(CART);
        text(changingFirst, CART).value = "pen";
        changingFirst.save();
        removingLast.save();
        assertThat(stored(second, CART)).isNull();
    }

    @Test
    void aLateSaveDoesNotReviveASessionThatWasEnded() {
        SessionId id = sessionWith("book");
        UnitOfWork slow = sessions.begin(List.of(id));
        text(slow, CART).value = "pen";
        UnitOfWork logout = node().begin(List.of(id));
        logout.invalidate();
        slow.save();
        slow.close();
        assertThat(store.sessions()).isZero();
        assertThat(slow.cookieChange()).isEmpty();
    }

    @Test
    void aSessionThatVanishesBetweenALostRaceAndItsRepetitionIsNotRevived() {
        SessionId id = sessionWith("book");
        UnitOfWork slow = sessions.begin(List.of(id));
        text(slow, CART).value = "pen";
        UnitOfWork quick = sessions.begin(List.of(id));
        text(quick, NAME).value = "Ada";
        quick.save();
        store.observe(
                new InMemorySessionStore.Calls() {
                    @Override
                    public void after(Operation operation, ItemKey key) {
                        if (operation == Operation.REPLACE) {
                            store.evict(key);
                        }
                    }
                });
        slow.save();
        assertThat(store.sessions()).isZero();
    }

    @Test
    void anUnknownIdIsNeverAdopted() {
        SessionId planted = SessionId.random(new SecureRandom());
        UnitOfWork unit = sessions.begin(List.of(planted));
        text(unit, CART).value = "book";
        unit.save();
        assertThat(given(unit)).isNotEqualTo(planted);
        assertThat(store.load(codec.itemKey(planted))).isEmpty();
    }

    @Test
    void ofTwoLivingSessionsNeitherIsUsed() {
        SessionId one = sessionWith("book");
        SessionId other = sessionWith("pen");
        UnitOfWork unit = sessions.begin(List.of(one, other));
        assertThat(unit.find(CART)).isNull();
        assertThat(unit.exists()).isFalse();
    }

    @Test
    void whoeverHearsOfARefusalMayAskForTheSession() {
        SessionId one = sessionWith("one");
        SessionId two = sessionWith("two");
        beans.log.clear();
        UnitOfWork unit = sessions.begin(List.of(one, two));
        List<Boolean> there = new ArrayList<>();
        beans.hook =
                event -> {
                    if (event.startsWith("refused")) {
                        there.add(unit.exists());
                    }
                };

        assertThat(unit.find(CART)).isNull();
        assertThat(there).containsExactly(false);
        assertThat(beans.log).containsExactly("refused TWO_SESSIONS");
    }

    @Test
    void whoeverHearsThatASessionIsSomebodyElsesDoesNotGetIt() {
        UnitOfWork adas = sessions.begin(List.of(), () -> Optional.of("Ada"));
        adas.lookAtCaller();
        text(adas, CART).value = "book";
        adas.save();
        UnitOfWork eves = sessions.begin(List.of(given(adas)), () -> Optional.of("Eve"));
        eves.lookAtCaller();
        List<String> shown = new ArrayList<>();
        beans.hook =
                event -> {
                    if (event.startsWith("refused")) {
                        shown.add(value(eves, CART));
                    }
                };

        assertThat(eves.find(CART)).isNull();
        assertThat(shown).containsExactly((String) null);
    }

    @Test
    void theLivingOneOfTwoIdsIsUsed() {
        SessionId dead = SessionId.random(new SecureRandom());
        SessionId living = sessionWith("book");
        assertThat(value(sessions.begin(List.of(dead, living)), CART)).isEqualTo("book");
        assertThat(value(sessions.begin(List.of(living, dead)), CART)).isEqualTo("book");
    }

    @Test
    void aBeanThatCannotBeReadIsLeftOutAloneAndItsBytesStay() {
        SessionId id = sessionWith(TextBeans.UNREADABLE);
        UnitOfWork unit = sessions.begin(List.of(id));
        assertThat(unit.find(CART)).isNull();
        text(unit, NAME).value = "Ada";
        unit.save();
        UnitOfWork next = sessions.begin(List.of(id));
        assertThat(value(next, NAME)).isEqualTo("Ada");
        text(next, CART).value = "new";
        next.save();
        assertThat(stored(id, CART)).isEqualTo("new");
    }

    @Test
    void oneBeanThatCannotBeWrittenLeavesTheWholeSessionAsItWas() {
        SessionId id = sessionWith("book");
        UnitOfWork unit = sessions.begin(List.of(id));
        text(unit, CART).value = "pen";
        text(unit, NAME).value = TextBeans.UNWRITABLE;
        assertThatThrownBy(unit::save)
                .isInstanceOf(SessionException.class)
                .hasMessageContaining("Name");
        unit.close();
        assertThat(stored(id, CART)).isEqualTo("book");
    }

    @Test
    void anUnusedBeanIsNeitherReadNorWritten() {
        SessionId id = sessionWith("book");
        UnitOfWork unit = sessions.begin(List.of(id));
        beans.log.clear();
        text(unit, NAME).value = "Ada";
        unit.save();
        unit.close();
        assertThat(beans.log).containsOnly("write class Name");
        assertThat(stored(id, CART)).isEqualTo("book");
    }

    @Test
    void aStoreThatDoesNotAnswerIsAskedOncePerRequest() {
        SessionId id = sessionWith("book");
        store.observe(
                new InMemorySessionStore.Calls() {
                    @Override
                    public void before(Operation operation, ItemKey key) {
                        calls.add(operation);
                        throw new SessionStoreException("no answer");
                    }
                });
        UnitOfWork unit = sessions.begin(List.of(id));
        assertThatThrownBy(() -> unit.find(CART)).isInstanceOf(SessionStoreException.class);
        assertThatThrownBy(() -> text(unit, CART)).isInstanceOf(SessionStoreException.class);
        assertThat(unit.origin()).isEqualTo(SessionOrigin.UNAVAILABLE);
        unit.save();
        unit.close();
        assertThat(calls).containsExactly(Operation.LOAD);
    }

    @Test
    void afterAFailedSaveThisRequestStoresNothingMore() {
        SessionId id = sessionWith("book");
        UnitOfWork unit = sessions.begin(List.of(id));
        text(unit, CART).value = "pen";
        store.observe(
                new InMemorySessionStore.Calls() {
                    @Override
                    public void before(Operation operation, ItemKey key) {
                        throw new SessionStoreException("no answer");
                    }
                });
        assertThatThrownBy(unit::save).isInstanceOf(SessionStoreException.class);
        countCalls();
        text(unit, CART).value = "ink";
        unit.save();
        unit.close();
        assertThat(calls).isEmpty();
    }

    @Test
    void invalidateEndsInOrderAndDestroysAlsoBeansThatWereNotUsed() {
        SessionId id = sessionWith("book");
        beans.log.clear();
        UnitOfWork unit = sessions.begin(List.of(id));
        unit.invalidate();
        assertThat(beans.log)
                .containsExactly(
                        "read class Cart", "ending", "destroy class Cart", "ended INVALIDATED");
        assertThat(unit.origin()).isEqualTo(SessionOrigin.ENDED);
        assertThat(unit.cookieChange()).contains(new CookieChange.TakeBack());
        assertThat(store.sessions()).isZero();
    }

    @Test
    void invalidateWithoutAnswerEndsNothing() {
        SessionId id = sessionWith("book");
        UnitOfWork unit = sessions.begin(List.of(id));
        store.observe(
                new InMemorySessionStore.Calls() {
                    @Override
                    public void before(Operation operation, ItemKey key) {
                        if (operation == Operation.REPLACE) {
                            throw new SessionStoreException("no answer");
                        }
                    }
                });
        assertThatThrownBy(unit::invalidate).isInstanceOf(SessionStoreException.class);
        assertThat(unit.cookieChange()).isEmpty();
        assertThat(value(unit, CART)).isEqualTo("book");
    }

    @Test
    void afterInvalidateABeanBeginsANewSessionUnderANewId() {
        SessionId id = sessionWith("book");
        UnitOfWork unit = sessions.begin(List.of(id));
        unit.invalidate();
        text(unit, CART).value = "fresh";
        unit.save();
        SessionId next = given(unit);
        assertThat(next).isNotEqualTo(id);
        assertThat(stored(next, CART)).isEqualTo("fresh");
        assertThat(stored(id, CART)).isNull();
    }

    @Test
    void invalidateOfASessionThatThisRequestMadeTakesItsCookieBack() {
        UnitOfWork unit = sessions.begin(List.of());
        text(unit, CART).value = "book";
        unit.save();
        given(unit);
        unit.invalidate();
        assertThat(unit.cookieChange()).contains(new CookieChange.TakeBack());
        assertThat(store.sessions()).isZero();
    }

    @Test
    void theCookieOfAnEndedSessionIsTakenBackAlsoIfTheNextOneEndsUnstored() {
        UnitOfWork unit = sessions.begin(List.of());
        text(unit, CART).value = "book";
        unit.save();
        unit.invalidate();
        text(unit, CART).value = "never stored";
        unit.invalidate();
        assertThat(unit.cookieChange()).contains(new CookieChange.TakeBack());
    }

    @Test
    void logoutOfNobodyStoresNothing() {
        countCalls();
        UnitOfWork unit = sessions.begin(List.of());
        unit.invalidate();
        unit.save();
        unit.close();
        assertThat(calls).isEmpty();
        assertThat(unit.cookieChange()).isEmpty();
    }

    @Test
    void aBeanIsNotCreatedForANewSessionWhenTheAnswerHasLeft() {
        UnitOfWork unit = sessions.begin(List.of());
        unit.answerCommitted(() -> true);
        assertThatThrownBy(() -> text(unit, CART))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("class Cart")
                .hasMessageContaining("answer");
        SessionId id = sessionWith("book");
        UnitOfWork known = sessions.begin(List.of(id));
        known.answerCommitted(() -> true);
        text(known, NAME).value = "Ada"; // the browser has the cookie already
        known.close();
        assertThat(stored(id, NAME)).isEqualTo("Ada");
    }

    @Test
    void aBeanThatUsesItselfWhileItIsCreatedIsToldSo() {
        UnitOfWork unit = sessions.begin(List.of());
        assertThatThrownBy(() -> unit.findOrCreate(CART, () -> text(unit, CART)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("uses itself");
        assertThat(text(unit, CART).value).isEmpty();
    }

    @Test
    void aFailedCreationKeepsNothingAndMakesNoSession() {
        UnitOfWork unit = sessions.begin(List.of());
        assertThatThrownBy(
                        () ->
                                unit.findOrCreate(
                                        CART,
                                        () -> {
                                            throw new IllegalArgumentException("the bean's own");
                                        }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the bean's own");
        unit.save();
        assertThat(unit.cookieChange()).isEqualTo(Optional.empty());
        assertThat(beans.log).isEmpty();
    }

    @Test
    void aFinishedRequestIsClosedForEverything() {
        SessionId id = sessionWith("book");
        UnitOfWork unit = sessions.begin(List.of(id));
        Text cart = text(unit, CART);
        unit.close();
        cart.value = "too late";
        assertThat(unit.isOpen()).isFalse();
        assertThatThrownBy(() -> unit.find(CART))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("request already finished");
        unit.save();
        assertThat(stored(id, CART)).isEqualTo("book");
    }

    @Test
    void foreverLostRacesEndInAnErrorAndNotInALoop() {
        SessionId id = sessionWith("book");
        UnitOfWork unit = sessions.begin(List.of(id));
        text(unit, CART).value = "pen";
        store.observe(
                new InMemorySessionStore.Calls() {
                    private boolean inside;

                    @Override
                    public void before(Operation operation, ItemKey key) {
                        if (operation == Operation.REPLACE && !inside) {
                            inside = true;
                            UnitOfWork winner = sessions.begin(List.of(id));
                            text(winner, NAME).value += "x";
                            winner.save();
                            inside = false;
                        }
                    }
                });
        assertThatThrownBy(unit::save)
                .isInstanceOf(SessionException.class)
                .hasMessageContaining("30 times in a row");
    }

    @Test
    void aClockThatIsSetBackDoesNotKeepTheSessionFromSliding() {
        SessionId id = sessionWith("book");
        clock.advance(Duration.ofHours(-1));
        countCalls();

        sessions.begin(List.of(id)).close();

        assertThat(calls).containsExactly(Operation.TOUCH);
    }

    // ---- beans and observers that break

    private void failAt(String event) {
        beans.hook =
                happening -> {
                    if (happening.equals(event)) {
                        throw new AssertionError("the application fails");
                    }
                };
    }

    @Test
    void logoutEndsTheSessionThoughABeanFailsWhenItIsReadForItsEnd() {
        SessionId id = sessionWith("book");
        UnitOfWork unit = sessions.begin(List.of(id));
        failAt("read class Cart");

        assertThatThrownBy(unit::invalidate).isInstanceOf(AssertionError.class);

        assertThat(store.sessions()).isZero();
        assertThat(unit.cookieChange()).containsInstanceOf(CookieChange.TakeBack.class);
    }

    @Test
    void logoutTakesTheCookieBackThoughAnObserverFails() {
        SessionId id = sessionWith("book");
        UnitOfWork unit = sessions.begin(List.of(id));
        failAt("ending");

        assertThatThrownBy(unit::invalidate).isInstanceOf(AssertionError.class);

        assertThat(store.sessions()).isZero();
        assertThat(unit.cookieChange()).containsInstanceOf(CookieChange.TakeBack.class);
    }

    @Test
    void aBeanThatAnotherOnesEndDestroysEndsOnceAndTheSessionsEndGoesOn() {
        SessionId id = sessionWith("book");
        UnitOfWork unit = sessions.begin(List.of(id));
        text(unit, CART);
        text(unit, NAME);
        beans.log.clear();
        beans.hook =
                event -> {
                    if (event.equals("destroy class Cart")) {
                        unit.remove(NAME);
                    }
                    if (event.equals("destroy class Name")) {
                        unit.remove(CART);
                    }
                };

        unit.invalidate();

        assertThat(beans.log).filteredOn(event -> event.startsWith("destroy ")).hasSize(1);
        assertThat(beans.log).endsWith("ended INVALIDATED");
        assertThat(unit.cookieChange()).containsInstanceOf(CookieChange.TakeBack.class);
    }

    @Test
    void logoutWithTheIdsOfTwoLivingSessionsEndsBoth() {
        SessionId planted = sessionWith("planted");
        SessionId own = sessionWith("own");
        UnitOfWork unit = sessions.begin(List.of(planted, own));

        unit.invalidate();

        assertThat(store.sessions()).isZero();
        assertThat(unit.cookieChange()).containsInstanceOf(CookieChange.TakeBack.class);
    }

    @Test
    void aBeanWhoseCreationEndsTheSessionIsStoredInANewOne() {
        SessionId id = sessionWith("book");
        UnitOfWork unit = sessions.begin(List.of(id));
        unit.findOrCreate(
                NAME,
                () -> {
                    unit.invalidate();
                    return new Text("kept");
                });

        unit.save();

        assertThat(stored(given(unit), NAME)).isEqualTo("kept");
        assertThat(store.sessions()).isOne();
    }

    @Test
    void aBeanThatFailsAtTheLastSaveDoesNotKeepTheRequestOpen() {
        SessionId id = sessionWith("book");
        UnitOfWork unit = sessions.begin(List.of(id));
        text(unit, CART).value = "pen";
        failAt("write class Cart");

        unit.close();

        assertThat(unit.isOpen()).isFalse();
        assertThat(stored(id, CART)).isEqualTo("book");
    }
}
