package org.memcachedsession.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.memcachedsession.ConflictPolicy;
import org.memcachedsession.SessionConflictException;
import org.memcachedsession.SessionOrigin;
import org.memcachedsession.store.InMemorySessionStore;
import org.memcachedsession.store.InMemorySessionStore.Operation;

/** Two requests change one bean: {@code ours} is saved after {@code theirs}. */
class ConflictTest extends RulesFixture {

    private SessionId id;
    private UnitOfWork theirs;
    private UnitOfWork ours;

    @BeforeEach
    void twoRequestsOfOneSession() {
        id = sessionWith("book");
        theirs = sessions.begin(List.of(id));
        ours = node().begin(List.of(id));
        text(theirs, CART).value = "their pen";
        text(ours, CART).value = "our pen";
        text(ours, NAME).value = "Ada";
    }

    private void save(ConflictPolicy policy) {
        beans.policies.put(CART, policy);
        theirs.save();
        beans.log.clear();
        ours.save();
    }

    @Test
    void theLastWriteWins() {
        save(ConflictPolicy.LAST_WRITE_WINS);

        assertThat(stored(id, CART)).isEqualTo("our pen");
        assertThat(stored(id, NAME)).isEqualTo("Ada");
        assertThat(beans.log).containsOnlyOnce("conflicted class Cart LAST_WRITE_WINS");
    }

    @Test
    void theFirstWriteWinsAndTheRestOfTheLaterRequestIsSaved() {
        save(ConflictPolicy.FIRST_WRITE_WINS);

        assertThat(stored(id, CART)).isEqualTo("their pen");
        assertThat(stored(id, NAME)).isEqualTo("Ada");
        assertThat(beans.log).containsOnlyOnce("conflicted class Cart FIRST_WRITE_WINS");
    }

    @Test
    void theLaterRequestFailsAndNothingOfItIsSaved() {
        assertThatThrownBy(() -> save(ConflictPolicy.FAIL))
                .isInstanceOf(SessionConflictException.class)
                .hasMessageContaining("another request changed class Cart")
                .hasMessageNotContaining(id.cookieValue());
        ours.close();

        assertThat(stored(id, CART)).isEqualTo("their pen");
        assertThat(stored(id, NAME)).isNull();
        assertThat(beans.log).containsOnlyOnce("conflicted class Cart FAIL");
    }

    @Test
    void theResolverGetsWhatBothBeganWithAndWhatBothLeft() {
        save(ConflictPolicy.RESOLVE);

        assertThat(stored(id, CART)).isEqualTo("book|their pen|our pen");
        assertThat(stored(id, NAME)).isEqualTo("Ada");
        assertThat(beans.log).containsOnlyOnce("conflicted class Cart RESOLVE");
    }

    @Test
    void theResolverIsToldThatThereWasNothing() {
        beans.policies.put(NAME, ConflictPolicy.RESOLVE);
        text(theirs, NAME).value = "Grace";
        theirs.save();
        ours.save();

        assertThat(stored(id, NAME)).isEqualTo("nothing|Grace|Ada");
    }

    @Test
    void aResolverThatFailsFailsTheRequestAndNothingOfItIsSaved() {
        text(ours, CART).value = TextBeans.UNRESOLVABLE;

        assertThatThrownBy(() -> save(ConflictPolicy.RESOLVE))
                .isInstanceOf(SessionConflictException.class);

        assertThat(stored(id, CART)).isEqualTo("their pen");
        assertThat(stored(id, NAME)).isNull();
    }

    @Test
    void whatChangesAfterAResolutionIsResolvedOnTopOfIt() {
        save(ConflictPolicy.RESOLVE);

        text(ours, CART).value = "our pencil";
        ours.save();

        assertThat(stored(id, CART)).isEqualTo("our pen|book|their pen|our pen|our pencil");
    }

    @Test
    void afterAResolutionNothingIsSavedWithoutAnotherChange() {
        save(ConflictPolicy.RESOLVE);
        countCalls();

        text(ours, CART);
        ours.save();

        assertThat(calls).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FAIL")
    void removalBeatsChangeUnderEveryPolicyButOne(ConflictPolicy policy) {
        ours.remove(CART);
        save(policy);
        assertThat(stored(id, CART)).isNull();

        twoRequestsOfOneSession();
        theirs.remove(CART);
        save(policy);
        assertThat(stored(id, CART)).isNull();
    }

    @Test
    void whereOneRequestRemovesAndPolicyIsToFailTheLaterOneFails() {
        theirs.remove(CART);

        assertThatThrownBy(() -> save(ConflictPolicy.FAIL))
                .isInstanceOf(SessionConflictException.class);

        assertThat(stored(id, CART)).isNull();
        assertThat(stored(id, NAME)).isNull();
    }

    @Test
    void theSameChangeTwiceIsResolvedSinceOneOfTheTwoMayBeMissing() {
        text(ours, CART).value = "their pen";

        save(ConflictPolicy.RESOLVE);

        assertThat(stored(id, CART)).isEqualTo("book|their pen|their pen");
    }

    @Test
    void theSameChangeTwiceFailsTheLaterRequestWherePolicyIsTo() {
        text(ours, CART).value = "their pen";

        assertThatThrownBy(() -> save(ConflictPolicy.FAIL))
                .isInstanceOf(SessionConflictException.class);
    }

    @ParameterizedTest
    @EnumSource
    void aBeanThatBothRemovedIsNoConflict(ConflictPolicy policy) {
        theirs.remove(CART);
        ours.remove(CART);

        save(policy);

        assertThat(stored(id, CART)).isNull();
        assertThat(stored(id, NAME)).isEqualTo("Ada");
        assertThat(beans.log).noneMatch(line -> line.startsWith("conflicted"));
    }

    @ParameterizedTest
    @EnumSource(names = {"LAST_WRITE_WINS", "FIRST_WRITE_WINS"})
    void theSameChangeTwiceIsNoConflictWhereOneOfTheTwoWinsAnyway(ConflictPolicy policy) {
        text(ours, CART).value = "their pen";

        save(policy);

        assertThat(stored(id, CART)).isEqualTo("their pen");
        assertThat(beans.log).noneMatch(line -> line.startsWith("conflicted"));
    }

    @ParameterizedTest
    @EnumSource
    void aBeanThatOneOfThemOnlyReadIsNoConflict(ConflictPolicy policy) {
        text(ours, CART).value = "book";

        save(policy);

        assertThat(stored(id, CART)).isEqualTo("their pen");
        assertThat(beans.log).noneMatch(line -> line.startsWith("conflicted"));
    }

    @ParameterizedTest
    @EnumSource
    void aBeanThatOneOfThemOnlyMadeIsNoConflict(ConflictPolicy policy) {
        beans.policies.put(NAME, policy);
        text(theirs, NAME).value = "Grace";
        UnitOfWork looking = node().begin(List.of(id));
        assertThat(text(looking, NAME).value).isEmpty();
        theirs.save();
        beans.log.clear();

        looking.save();

        assertThat(stored(id, NAME)).isEqualTo("Grace");
        assertThat(beans.log).noneMatch(line -> line.startsWith("conflicted"));
    }

    @Test
    void aBeanThatARequestOnlyMadeIsStoredWhereNobodyElseHasMadeIt() {
        UnitOfWork looking = node().begin(List.of(id));
        assertThat(text(looking, NAME).value).isEmpty();

        looking.save();

        assertThat(stored(id, NAME)).isEmpty();
    }

    /** Another request is saved before each of the next attempts of ours. */
    private void loseRaces(int count) {
        store.observe(
                new InMemorySessionStore.Calls() {
                    private int races = count;

                    @Override
                    public void before(Operation operation, ItemKey key) {
                        if (operation == Operation.REPLACE && races-- > 0) {
                            store.observe(new InMemorySessionStore.Calls() {});
                            UnitOfWork another = node().begin(List.of(id));
                            text(another, CART).value = "pen " + races;
                            another.save();
                            store.observe(this);
                            LockSupport.unpark(Thread.currentThread()); // no pause
                        }
                    }
                });
    }

    @Test
    void aConflictIsToldOnceHoweverOftenTheRaceIsLost() {
        theirs.save();
        loseRaces(3);
        beans.log.clear();

        ours.save();

        assertThat(stored(id, CART)).isEqualTo("our pen");
        assertThat(beans.log).containsOnlyOnce("conflicted class Cart LAST_WRITE_WINS");
    }

    @Test
    void aRequestThatLosesManyRacesIsSavedAtLast() {
        loseRaces(29);

        ours.save();

        assertThat(stored(id, CART)).isEqualTo("our pen");
        assertThat(stored(id, NAME)).isEqualTo("Ada");
    }

    @Test
    void whoeverIsToldOfAConflictMayEndTheSession() {
        beans.hook = this::endIfConflicted;

        save(ConflictPolicy.LAST_WRITE_WINS);

        assertThat(store.sessions()).isZero();
        assertThat(ours.origin()).isEqualTo(SessionOrigin.ENDED);
        assertThat(beans.log).containsOnlyOnce("ended INVALIDATED").doesNotContain("lost");
    }

    @Test
    void whoeverIsToldOfAConflictThatFailsTheRequestMayEndTheSession() {
        beans.hook = this::endIfConflicted;

        assertThatThrownBy(() -> save(ConflictPolicy.FAIL))
                .isInstanceOf(SessionConflictException.class);

        assertThat(store.sessions()).isZero();
        ours.invalidate();
        assertThat(beans.log).containsOnlyOnce("ended INVALIDATED");
    }

    private void endIfConflicted(String event) {
        if (event.startsWith("conflicted")) {
            ours.invalidate();
        }
    }
}
