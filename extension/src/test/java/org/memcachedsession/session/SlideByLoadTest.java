package org.memcachedsession.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.memcachedsession.store.InMemorySessionStore.Operation.LOAD;
import static org.memcachedsession.store.InMemorySessionStore.Operation.REPLACE;
import static org.memcachedsession.store.InMemorySessionStore.Operation.TOUCH;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The idle time begins anew with the load, where the store can do that, and by a touch else. */
class SlideByLoadTest extends RulesFixture {

    private final SessionId id = sessionWith("book");

    private Duration timeLeft() {
        return store.timeLeft(codec.itemKey(id)).orElseThrow();
    }

    private void read(Sessions node) {
        UnitOfWork unit = node.begin(List.of(id));
        value(unit, CART);
        unit.close();
    }

    private void poll(Sessions node, boolean saysSoLate, String change) {
        UnitOfWork unit = node.begin(List.of(id));
        if (!saysSoLate) {
            unit.doNotSlide();
        }
        text(unit, CART).value += change;
        unit.doNotSlide();
        unit.save();
        unit.close();
    }

    @Test
    void aNodeThatKnowsTheSessionSlidesItByTheLoadAlone() {
        for (int i = 0; i < 3; i++) {
            clock.advance(Duration.ofMinutes(20));
            countCalls();

            read(sessions);

            assertThat(calls).containsExactly(LOAD);
            assertThat(timeLeft()).isEqualTo(IDLE);
        }
    }

    @Test
    void soDoesOneThatHasSeenItOnce() {
        Sessions other = node();
        read(other);
        clock.advance(Duration.ofMinutes(20));
        countCalls();

        read(other);

        assertThat(calls).containsExactly(LOAD);
        assertThat(timeLeft()).isEqualTo(IDLE);
    }

    @Test
    void aNodeThatSeesTheSessionForTheFirstTimeTouchesItOnlyIfMuchOfItsTimeIsOver() {
        clock.advance(Duration.ofMinutes(2)); // less than a tenth
        countCalls();
        read(node());
        assertThat(calls).containsExactly(LOAD);

        clock.advance(Duration.ofMinutes(2));
        countCalls();
        read(node());
        assertThat(calls).containsExactly(LOAD, TOUCH);
        assertThat(timeLeft()).isEqualTo(IDLE);
    }

    @Test
    void aSessionWithATimeOfItsOwnKeepsIt() {
        UnitOfWork unit = sessions.begin(List.of(id));
        unit.setIdleTimeout(Duration.ofDays(14));
        unit.setAbsoluteTimeout(Duration.ofDays(90));
        unit.save();
        unit.close();
        Sessions other = node();
        for (int i = 0; i < 3; i++) {
            clock.advance(Duration.ofDays(3));
            read(i == 1 ? sessions : other);
            assertThat(timeLeft()).isEqualTo(Duration.ofDays(14));
        }
    }

    @Test
    void wherePollsMayFollowNoLoadSlides() {
        Sessions node = node(withPolls());
        read(node);
        clock.advance(Duration.ofMinutes(20));
        countCalls();

        poll(node, true, "");

        assertThat(calls).containsExactly(LOAD);
        assertThat(timeLeft()).isEqualTo(Duration.ofMinutes(10));

        countCalls();
        read(node);
        assertThat(calls).containsExactly(LOAD, TOUCH);
        assertThat(timeLeft()).isEqualTo(IDLE);
    }

    private static SessionRules withPolls() {
        return new SessionRules(
                IDLE,
                ABSOLUTE,
                true,
                RULES.rotationGrace(),
                RULES.rotationInterval(),
                false,
                false,
                100_000,
                50_000,
                false,
                false);
    }

    @Test
    void aLongRequestSlidesTheSessionAtItsEndToo() {
        clock.advance(Duration.ofMinutes(20));
        UnitOfWork reading = sessions.begin(List.of(id));
        value(reading, CART);
        clock.advance(Duration.ofMinutes(25));
        reading.close();
        assertThat(timeLeft()).isEqualTo(IDLE);

        UnitOfWork writing = sessions.begin(List.of(id));
        text(writing, CART).value = "pen";
        writing.save();
        clock.advance(Duration.ofMinutes(25));
        writing.close();
        assertThat(timeLeft()).isEqualTo(IDLE);
    }

    @Test
    void anIdleTimeThatAnotherNodeHasGivenIsNotOverwrittenByTheOneThatThisNodeRemembers() {
        for (Duration other : List.of(Duration.ofHours(8), Duration.ofMinutes(5))) {
            UnitOfWork unit = node().begin(List.of(id));
            unit.setIdleTimeout(other);
            unit.save();
            unit.close();
            clock.advance(Duration.ofMinutes(4));

            read(sessions);

            assertThat(timeLeft()).isEqualTo(other);
        }
    }

    @Test
    void aPollThatSaysSoBeforeItLoadsSlidesNothing() {
        clock.advance(Duration.ofMinutes(20));
        countCalls();

        poll(sessions, false, "");

        assertThat(calls).containsExactly(LOAD);
        assertThat(timeLeft()).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void aPollThatWritesLeavesTheTimeThatTheStoreTellsWhicheverNodeHasSlidLast() {
        clock.advance(Duration.ofMinutes(20));
        read(node()); // so this node does not know
        clock.advance(Duration.ofMinutes(5));

        poll(sessions, false, ", pen");

        assertThat(timeLeft()).isEqualTo(Duration.ofMinutes(25));
        poll(node(withPolls()), true, ", ink");
        assertThat(timeLeft()).isEqualTo(Duration.ofMinutes(25));
    }

    @Test
    void whereTheStoreTellsNothingATouchFollowsTheLoad() {
        store.tellLess();
        clock.advance(Duration.ofMinutes(20));
        countCalls();

        read(sessions);

        assertThat(calls).containsExactly(LOAD, TOUCH);
        assertThat(timeLeft()).isEqualTo(IDLE);
    }

    @Test
    void ofTwoIdsNoneIsSlidByTheLoad() {
        SessionId planted = sessionWith("theirs");
        clock.advance(Duration.ofMinutes(20));

        UnitOfWork unit = sessions.begin(List.of(id, planted));
        value(unit, CART);
        unit.close();

        assertThat(timeLeft()).isEqualTo(Duration.ofMinutes(10));
        assertThat(store.timeLeft(codec.itemKey(planted))).contains(Duration.ofMinutes(10));
    }

    @Test
    void aSecondSaveReplacesWhatTheFirstHasStoredWithoutALook() {
        UnitOfWork unit = sessions.begin(List.of(id));
        countCalls();
        text(unit, CART).value = "one";
        unit.save();
        text(unit, CART).value = "two";
        unit.save();
        text(unit, CART).value = "three";
        unit.close();

        assertThat(calls).containsExactly(LOAD, REPLACE, REPLACE, REPLACE);
        assertThat(stored(id, CART)).isEqualTo("three");
    }

    @Test
    void aSecondSaveKeepsWhatOthersHaveStoredBeforeTheFirst() {
        UnitOfWork unit = sessions.begin(List.of(id));
        text(unit, CART).value = "one";
        UnitOfWork other = sessions.begin(List.of(id));
        text(other, NAME).value = "Ada";
        other.save();
        other.close();
        unit.save();
        text(unit, CART).value = "two";
        countCalls();
        unit.close();

        assertThat(calls).containsExactly(REPLACE);
        assertThat(stored(id, CART)).isEqualTo("two");
        assertThat(stored(id, NAME)).isEqualTo("Ada");
    }

    @Test
    void aSecondSaveIsNotStoredOverWhatOthersHaveStoredSinceTheFirst() {
        UnitOfWork unit = sessions.begin(List.of(id));
        text(unit, CART).value = "one";
        unit.save();
        UnitOfWork other = sessions.begin(List.of(id));
        text(other, NAME).value = "Ada";
        other.save();
        other.close();
        text(unit, CART).value = "two";
        unit.close();

        assertThat(stored(id, CART)).isEqualTo("two");
        assertThat(stored(id, NAME)).isEqualTo("Ada");
    }
}
