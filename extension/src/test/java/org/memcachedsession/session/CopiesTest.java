package org.memcachedsession.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
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

/** Sessions on several servers each, of which some are away, come back, and have old things or nothing. */
class CopiesTest extends ServersFixture {

    private final Node one = new Node(2);
    private final Node other = new Node(2);

    private InMemorySessionStore first(SessionId id) {
        return one.view.holders(codec.itemKey(id)).get(0);
    }

    private InMemorySessionStore second(SessionId id) {
        return one.view.holders(codec.itemKey(id)).get(1);
    }

    private void cutOff(InMemorySessionStore server) {
        one.view.cutOff(server);
        other.view.cutOff(server);
    }

    private void reach(InMemorySessionStore server) {
        one.view.reach(server);
        other.view.reach(server);
    }

    private void assertSame(SessionId id) {
        assertThat(at(first(id), id)).isPresent().isEqualTo(at(second(id), id));
    }

    private List<Operation> callsOf(Runnable action) {
        List<Operation> calls = new ArrayList<>();
        servers.forEach(
                server ->
                        server.observe(
                                new InMemorySessionStore.Calls() {
                                    @Override
                                    public void before(Operation operation, ItemKey key) {
                                        calls.add(operation);
                                    }
                                }));
        try {
            action.run();
        } finally {
            servers.forEach(server -> server.observe(new InMemorySessionStore.Calls() {}));
        }
        return calls;
    }

    private static void failNext(
            InMemorySessionStore server, Operation failing, boolean isCarriedOut) {
        server.observe(
                new InMemorySessionStore.Calls() {
                    @Override
                    public void before(Operation operation, ItemKey key) {
                        if (!isCarriedOut) {
                            fail(operation);
                        }
                    }

                    @Override
                    public void after(Operation operation, ItemKey key) {
                        if (isCarriedOut) {
                            fail(operation);
                        }
                    }

                    private void fail(Operation operation) {
                        if (operation == failing) {
                            server.observe(new InMemorySessionStore.Calls() {});
                            throw new SessionStoreException("no answer to " + operation);
                        }
                    }
                });
    }

    // ---- all is well

    @Test
    void aSessionIsOnAsManyServersAsItIsToBeAndTheSameOnAll() {
        SessionId id = one.create("book");
        one.write(id, "pen");

        assertThat(servers.stream().filter(server -> server.sessions() == 1)).hasSize(2);
        assertSame(id);

        SessionId onThree = new Node(3).create("ink");

        assertThat(servers).allMatch(server -> at(server, onThree).isPresent());
    }

    @Test
    void aReadAsksOneServerAndAWriteStoresOnEach() {
        SessionId id = one.create("book");

        assertThat(callsOf(() -> one.read(id))).containsExactly(Operation.LOAD);
        assertThat(callsOf(() -> one.write(id, "pen")))
                .containsExactly(
                        Operation.LOAD, Operation.LOAD, Operation.REPLACE, Operation.REPLACE);
    }

    @Test
    void theTimeOfAllCopiesBeginsAnew() {
        SessionId id = one.create("book");
        clock.advance(Duration.ofMinutes(20));

        one.read(id);

        ItemKey key = codec.itemKey(id);
        assertThat(first(id).timeLeft(key)).contains(RulesFixture.IDLE);
        assertThat(second(id).timeLeft(key)).contains(RulesFixture.IDLE);
        clock.advance(Duration.ofMinutes(29));
        assertThat(one.read(id)).isEqualTo("book");
        clock.advance(RulesFixture.IDLE);
        assertThat(one.read(id)).isNull();
    }

    @Test
    void parallelRequestsOfTwoNodesLoseNothing() {
        SessionId id = one.create("book");
        UnitOfWork slow = one.begun(id);
        other.write(id, NAME, "Ada");

        RulesFixture.text(slow, CART).value = "pen";
        slow.save();
        slow.close();

        assertThat(other.read(id)).isEqualTo("pen");
        assertThat(other.read(id, NAME)).isEqualTo("Ada");
        assertSame(id);
    }

    // ---- one server is away

    @Test
    void whicheverServerIsAwayNothingIsLost() {
        for (InMemorySessionStore gone : servers) {
            SessionId id = one.create("book");
            cutOff(gone);

            assertThat(one.read(id)).isEqualTo("book");
            one.write(id, "pen");
            assertThat(other.read(id)).isEqualTo("pen");
            SessionId begunThen = one.create("ink");
            assertThat(other.read(begunThen)).isEqualTo("ink");

            reach(gone);
            assertThat(one.read(id)).isEqualTo("pen");
            assertSame(id);
            assertSame(begunThen);
        }
    }

    @Test
    void aServerIsAskedNoMoreWhileItIsAway() {
        SessionId id = one.create("book");
        one.view.cutOff(first(id));
        one.read(id);

        assertThat(callsOf(() -> one.read(id))).containsExactly(Operation.LOAD);
    }

    @Test
    void aSaveDoesNotAskAServerThatHasGoneAwaySinceTheLoad() {
        SessionId id = one.create("book");
        UnitOfWork unit = one.begun(id);
        one.view.loseConnection(first(id));
        Optional<ItemContent> before = at(first(id), id);

        RulesFixture.text(unit, CART).value = "pen";
        unit.save();
        unit.close();

        assertThat(at(first(id), id)).isEqualTo(before);
        assertThat(one.read(id)).isEqualTo("pen");
    }

    @Test
    void aWriteWithoutAnAnswerIsRecognisedOrMadeAgainElsewhere() {
        for (boolean isCarriedOut : List.of(true, false)) {
            SessionId id = one.create("book");
            UnitOfWork unit = one.begun(id);
            RulesFixture.text(unit, CART).value = "pen";
            failNext(first(id), Operation.REPLACE, isCarriedOut);

            unit.save();
            unit.close();

            assertThat(other.read(id)).isEqualTo(isCarriedOut ? "pen" : "book");
            one.view.reach(first(id));
            assertThat(other.read(id)).isEqualTo("pen");
            assertSame(id);
        }
    }

    @Test
    void aSessionBeginsThoughTheFirstServerGivesNoAnswer() {
        for (boolean isCarriedOut : List.of(true, false)) {
            for (InMemorySessionStore gone : servers) {
                failNext(gone, Operation.CREATE, isCarriedOut);
                SessionId id = one.create("book");
                gone.observe(new InMemorySessionStore.Calls() {});

                servers.forEach(one.view::reach);
                assertThat(one.read(id)).isEqualTo("book");
                assertSame(id);
            }
        }
    }

    @Test
    void aServerThatIsRestartedGetsItsCopyAtTheNextRead() {
        SessionId id = one.create("book");
        first(id).evictAll();

        assertThat(one.read(id)).isEqualTo("book");

        assertSame(id);
    }

    @Test
    void anOtherServerThatIsRestartedGetsItsCopyWhenTheIdleTimeBeginsAnewOrAtAWrite() {
        SessionId id = one.create("book");
        second(id).evictAll();
        clock.advance(Duration.ofMinutes(4));
        assertThat(one.read(id)).isEqualTo("book");
        assertSame(id);

        second(id).evictAll();
        clock.advance(Duration.ofMinutes(4));
        UnitOfWork unread = one.sessions.begin(List.of(id));
        unread.close();
        assertSame(id);

        second(id).evictAll();
        one.write(id, "pen");
        assertSame(id);
    }

    @Test
    void whatIsMissingEverywhereIsNotMadeAgain() {
        SessionId id = one.create("book");
        UnitOfWork unit = one.begun(id);
        servers.forEach(InMemorySessionStore::evictAll);

        RulesFixture.text(unit, CART).value = "pen";
        unit.save();
        unit.close();

        assertThat(servers).allMatch(server -> server.sessions() == 0);
        assertThat(beans.log).contains("lost MISSING");
    }

    @Test
    void whatIsEvictedFromTheFirstServerMeanwhileIsSavedAllTheSame() {
        SessionId id = one.create("book");
        UnitOfWork unit = one.begun(id);
        first(id).evictAll();

        RulesFixture.text(unit, CART).value = "pen";
        unit.save();
        unit.close();

        assertThat(other.read(id)).isEqualTo("pen");
        assertSame(id);
    }

    // ---- it comes back with what it had

    @Test
    void aServerThatIsBackIsNotBelievedForWhatItHadBefore() {
        SessionId id = one.create("book");
        cutOff(first(id));
        other.write(id, "pen");

        one.view.loseConnection(first(id));
        one.view.reach(first(id));

        assertThat(one.read(id)).isEqualTo("pen");
        assertSame(id);
    }

    /** Nodes notice it one after the other. */
    @Test
    void aServerThatIsBackSinceAMomentIsNotBelievedFirstSinceAnotherNodeMayNotStoreThereYet() {
        SessionId id = one.create("book");
        SessionId ended = one.create("book");
        while (first(ended) != first(id)) {
            ended = one.create("book");
        }
        cutOff(first(id));
        one.view.loseConnection(first(id));
        other.view.loseConnection(first(id));
        one.view.returning(first(id), true);
        one.view.reach(first(id));
        one.write(id, "pen");
        one.write(ended, "pen");

        other.write(id, "cup");
        other.logOut(ended);

        assertThat(one.read(id)).isEqualTo("cup");
        assertThat(one.origin(ended)).isEqualTo(SessionOrigin.ENDED);

        other.view.returning(first(id), true);
        other.view.reach(first(id));
        one.view.returning(first(id), false);
        other.write(id, "jar");
        assertThat(one.read(id)).isEqualTo("jar");
        one.write(id, "hat");
        assertThat(other.read(id)).isEqualTo("hat");
        assertThat(one.origin(ended)).isEqualTo(SessionOrigin.ENDED);
        assertSame(id);
    }

    /** That node has stored elsewhere what is gone with the other server. */
    @Test
    void whileAnotherNodeMayNotStoreOnAServerYetWhatThatHasAloneIsNotBelieved() {
        SessionId id = one.create("book");
        assertNotBelievedAlone(id, second(id), first(id));
        SessionId next = one.create("book");
        assertNotBelievedAlone(next, first(next), second(next));
    }

    private void assertNotBelievedAlone(
            SessionId id, InMemorySessionStore back, InMemorySessionStore lost) {
        cutOff(back);
        one.view.loseConnection(back);
        other.view.loseConnection(back);
        other.view.returning(back, true);
        other.view.reach(back);
        other.write(id, "pen");
        one.write(id, "cup");
        lost.evictAll();
        other.view.loseConnection(lost);
        other.view.returning(lost, true);
        other.view.reach(lost);

        assertThatThrownBy(() -> other.read(id))
                .isInstanceOf(SessionStoreException.class)
                .hasMessageContaining("in a few seconds");

        one.view.reach(back);
        other.view.returning(back, false);
        other.view.returning(lost, false);
        assertThat(other.read(id)).isNull();
    }

    @Test
    void aSaveAfterTheReturnIsMergedIntoTheLatest() {
        SessionId id = one.create("book");
        UnitOfWork slow = one.begun(id);
        cutOff(first(id));
        other.write(id, NAME, "Ada");
        one.view.loseConnection(first(id));
        one.view.reach(first(id));

        RulesFixture.text(slow, CART).value = "pen";
        slow.save();
        slow.close();

        assertThat(one.read(id)).isEqualTo("pen");
        assertThat(one.read(id, NAME)).isEqualTo("Ada");
        assertSame(id);
    }

    @Test
    void whatIsConfirmedOnceIsBelievedAgain() {
        SessionId id = one.create("book");
        one.view.loseConnection(first(id));
        one.view.reach(first(id));

        assertThat(callsOf(() -> one.read(id)))
                .containsExactly(Operation.LOAD, Operation.LOAD, Operation.LOAD, Operation.REPLACE);
        assertThat(callsOf(() -> one.read(id))).containsExactly(Operation.LOAD);
    }

    @Test
    void serversThatTellNeitherTheTimeLeftNorVersionsOfWritesWillDo() {
        servers.forEach(InMemorySessionStore::tellLess);
        SessionId id = one.create("book");
        one.write(id, "pen");
        cutOff(first(id));
        other.write(id, "ink");
        clock.advance(Duration.ofMinutes(10));

        one.view.loseConnection(first(id));
        one.view.reach(first(id));

        assertThat(one.read(id)).isEqualTo("ink");
        assertSame(id);
        assertThat(first(id).timeLeft(codec.itemKey(id)))
                .isEqualTo(second(id).timeLeft(codec.itemKey(id)));
        one.write(id, "cup");
        assertThat(one.read(id)).isEqualTo("cup");
        assertSame(id);
    }

    @Test
    void whereTheTimeLeftIsNotToldASessionThatWasOnlyReadForLongIsStoredAnewForAllOfIt() {
        servers.forEach(InMemorySessionStore::tellLess);
        SessionId id = one.create("book");
        for (int i = 0; i < 3; i++) {
            clock.advance(Duration.ofMinutes(20));
            one.passBy(id);
        }

        servers.forEach(one.view::loseConnection);
        servers.forEach(one.view::reach);
        assertThat(one.read(id)).isEqualTo("book");

        clock.advance(Duration.ofMinutes(20));
        assertThat(one.read(id)).isEqualTo("book");
    }

    @Test
    void whatTheDecidingServerDoesNotTakeCanBeReadAndIsNotChanged() {
        SessionId id = one.create("book");
        first(id).delete(codec.itemKey(id)); // a memcached drops what it cannot replace
        first(id).observe(new Full());

        assertThat(one.read(id)).isEqualTo("book");
        assertThatThrownBy(() -> one.write(id, "pen"))
                .isInstanceOf(SessionStoreException.class)
                .hasMessageContaining("out of memory storing object");
        assertThat(other.read(id)).isEqualTo("book");

        first(id).observe(new InMemorySessionStore.Calls() {});
        one.write(id, "pen");
        assertThat(other.read(id)).isEqualTo("pen");
        assertSame(id);
    }

    @Test
    void aSessionKeepsItsIdWhereTheDecidingServerDoesNotTakeWhatARenewalGivesUp() {
        SessionId id = one.create("book");
        first(id).delete(codec.itemKey(id));
        first(id).observe(new Full());
        Sessions renewing =
                new Sessions(
                        one.view,
                        codec,
                        beans,
                        beans,
                        clock,
                        new SecureRandom(),
                        new SessionRules(
                                RulesFixture.IDLE,
                                RulesFixture.ABSOLUTE,
                                true,
                                Duration.ofSeconds(30),
                                Optional.of(Duration.ofMinutes(5)),
                                false,
                                true,
                                100_000,
                                50_000,
                                false,
                                true));
        clock.advance(Duration.ofMinutes(10));

        for (int i = 0; i < 10; i++) {
            UnitOfWork unit = renewing.begin(List.of(id));
            assertThat(RulesFixture.value(unit, CART)).isEqualTo("book");
            try {
                unit.save();
            } catch (SessionStoreException refused) {
                // what is left behind counts, not what is told
            }
            unit.close();
        }

        assertThat(servers.stream().mapToInt(InMemorySessionStore::sessions).sum()).isEqualTo(1);
    }

    @Test
    void noSessionBeginsThatTheDecidingServerDoesNotTake() {
        List<InMemorySessionStore> asked = new ArrayList<>();
        for (InMemorySessionStore server : servers) {
            server.observe(
                    new InMemorySessionStore.Calls() {
                        @Override
                        public void before(Operation operation, ItemKey key) {
                            if (asked.isEmpty()) {
                                asked.add(server);
                                throw InMemorySessionStore.full();
                            }
                        }
                    });
        }

        assertThatThrownBy(() -> one.create("book"))
                .isInstanceOf(SessionStoreException.class)
                .hasMessageContaining("out of memory storing object");
        assertThat(servers).allMatch(server -> server.sessions() == 0);
    }

    @Test
    void aNodeThatHasLostAllServersForAMomentFindsItsSessionsAgain() {
        SessionId id = one.create("book");
        servers.forEach(one.view::cutOff);
        assertThatThrownBy(() -> one.read(id)).isInstanceOf(SessionStoreException.class);

        servers.forEach(one.view::reach);

        assertThat(one.read(id)).isEqualTo("book");
        one.write(id, "pen");
        assertThat(other.read(id)).isEqualTo("pen");
    }

    @Test
    void aSessionThatBeganWhileOneServerAfterTheOtherWasLostIsFoundAgain() {
        for (int i = 0; i < 6; i++) {
            InMemorySessionStore gone = servers.get(i % 3);
            one.view.cutOff(gone);
            SessionId id = one.create("book");
            servers.forEach(one.view::cutOff);
            servers.forEach(one.view::loseConnection);

            one.view.reach(gone);
            servers.forEach(one.view::reach);

            assertThat(one.read(id)).isEqualTo("book");
            assertSame(id);
        }
    }

    /** It would be on one server, which may have had it before the other node noticed the return. */
    @Test
    void whereAllServersWereAwayASessionBeginsWhenTheyAreBackAndNotBefore() {
        for (Node each : List.of(one, other)) {
            servers.forEach(each.view::loseConnection);
            servers.forEach(server -> each.view.returning(server, true));
        }
        assertThatThrownBy(() -> one.create("book")).isInstanceOf(SessionStoreException.class);
        one.view.reach(servers.get(0));
        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(() -> one.create("book")).isInstanceOf(SessionStoreException.class);
        }
        servers.forEach(one.view::reach);

        SessionId id = one.create("book");

        servers.forEach(other.view::reach);
        assertThat(other.read(id)).isEqualTo("book");
    }

    @Test
    void whenTheSurvivorDiesAfterTheReturnWhatIsOldIsNotShown() {
        SessionId id = one.create("book");
        cutOff(first(id));
        other.write(id, "pen");
        one.view.loseConnection(first(id));
        one.view.cutOff(second(id));
        one.view.reach(first(id));

        assertThatThrownBy(() -> one.read(id))
                .isInstanceOf(SessionStoreException.class)
                .hasMessageContaining("is old");
    }

    /** It answers already, but nobody has found out what it had before. */
    @Test
    void whileAServerIsTakenForAwayWhatItAnswersIsNotBelieved() {
        SessionId id = one.create("book");
        one.view.cutOff(first(id));
        assertThat(one.read(id)).isEqualTo("book");
        cutOff(first(id));
        other.write(id, "pen");
        one.view.mend(first(id));
        one.view.cutOff(second(id));

        assertThatThrownBy(() -> one.read(id))
                .isInstanceOf(SessionStoreException.class)
                .hasMessageContaining("cannot be told");
    }

    @Test
    void whatTheOtherServerHasLostMeanwhileIsLostRatherThanStale() {
        SessionId id = one.create("book");
        cutOff(first(id));
        other.write(id, "pen");
        second(id).evictAll();
        one.view.loseConnection(first(id));
        one.view.reach(first(id));

        assertThat(one.read(id)).isNull();
    }

    @Test
    void whoeverHasWrittenMeanwhileBringsItToTheServerThatIsBack() {
        SessionId id = one.create("book");
        other.view.cutOff(first(id));
        other.write(id, "pen");
        assertThat(one.read(id)).isEqualTo("book"); // one that has lost nothing knows of nothing

        other.view.reach(first(id));

        assertThat(one.read(id)).isEqualTo("pen");
        assertSame(id);
    }

    @Test
    void whatCannotBeBroughtToTheServerThatIsBackIsRemovedThere() {
        SessionId id = one.create("book");
        other.view.cutOff(first(id));
        other.write(id, "pen");
        other.view.cutOff(second(id));
        other.view.loseConnection(second(id));
        one.view.cutOff(second(id));

        other.view.reach(first(id));

        assertThat(one.read(id)).isNull();
    }

    @Test
    void whatCannotBeBroughtToAServerThatIsBackSinceAMomentWaitsForTheOthersToComeBack() {
        SessionId id = one.create("book");
        cutOff(first(id));
        one.write(id, "pen");
        cutOff(second(id));
        servers.forEach(one.view::loseConnection);
        servers.forEach(other.view::loseConnection);

        for (Node each : List.of(one, other)) {
            each.view.returning(first(id), true);
            each.view.reach(first(id));
            each.view.returning(second(id), true);
            each.view.reach(second(id));
        }

        assertSame(id);
        assertThat(other.read(id)).isEqualTo("pen");
        assertThat(one.read(id)).isEqualTo("pen");
    }

    @Test
    void whatCannotBeBroughtIsRemovedWhenTheOthersDoNotComeBackInThatTime() {
        SessionId id = one.create("book");
        cutOff(first(id));
        one.write(id, "pen");
        cutOff(second(id));
        one.view.loseConnection(second(id));
        one.view.returning(first(id), true);
        one.view.reach(first(id));
        assertThatThrownBy(() -> one.read(id)).isInstanceOf(SessionStoreException.class);

        one.view.stay(first(id));

        assertThat(first(id).load(codec.itemKey(id))).isEmpty();
    }

    @Test
    void whatAServerDoesNotTakeIsNotBelievedThereHoweverOftenItIsBrought() {
        SessionId id = one.create("book");
        second(id).observe(new Full());
        one.write(id, "pen");
        one.view.repair();

        cutOff(first(id));

        assertThat(one.read(id)).isNull();
        assertThat(other.read(id)).isNull(); // which does not know that something was refused
    }

    /** Answers, and has no room for what is to be stored. */
    private static final class Full implements InMemorySessionStore.Calls {

        @Override
        public void before(Operation operation, ItemKey key) {
            if (operation == Operation.REPLACE || operation == Operation.CREATE) {
                throw InMemorySessionStore.full();
            }
        }
    }

    @Test
    void aWriteThatArrivesLateFindsAnotherVersion() {
        SessionId id = one.create("book");
        ItemKey key = codec.itemKey(id);
        StoredItem before = first(id).load(key).orElseThrow();
        cutOff(first(id));
        one.write(id, "pen");
        reach(first(id));

        assertThat(
                        first(id)
                                .replace(key, before.value(), before.version(), RulesFixture.IDLE)
                                .isStored())
                .isFalse();
    }

    // ---- what guards access

    @Test
    void aLogoutStaysTrueThoughAServerWasAwayAndIsBackWithTheSession() {
        SessionId id = one.create("book");
        cutOff(first(id));
        other.logOut(id);
        one.view.loseConnection(first(id));

        one.view.reach(first(id));

        assertThat(one.origin(id)).isEqualTo(SessionOrigin.ENDED);
        assertThat(at(first(id), id)).containsInstanceOf(Tombstone.class);
    }

    @Test
    void aLogoutReachesTheServerThatIsBackFromWhoeverHasLoggedOut() {
        SessionId id = one.create("book");
        other.view.cutOff(first(id));
        other.logOut(id);

        other.view.reach(first(id));

        assertThat(one.origin(id)).isEqualTo(SessionOrigin.ENDED);
    }

    @Test
    void aSaveThatFindsALogoutOnAnotherServerIsDropped() {
        SessionId id = one.create("book");
        UnitOfWork slow = one.begun(id);
        other.view.cutOff(first(id));
        other.logOut(id);

        RulesFixture.text(slow, CART).value = "pen";
        slow.save();
        slow.close();

        assertThat(beans.log).contains("lost ENDED");
        assertThat(at(first(id), id)).containsInstanceOf(Tombstone.class);
        assertThat(one.origin(id)).isEqualTo(SessionOrigin.ENDED);
    }

    @Test
    void aSaveThatFindsAnotherOnAnotherServerIsMergedIntoIt() {
        SessionId id = one.create("book");
        other.view.cutOff(first(id));
        other.write(id, NAME, "Ada");
        other.write(id, NAME, "Eve");

        one.write(id, "pen");

        assertThat(one.read(id)).isEqualTo("pen");
        assertThat(one.read(id, NAME)).isEqualTo("Eve");
        assertSame(id);
    }

    /** Neither is the later one; which number is the higher one is chance. */
    @Test
    void ofTwoSavesThatDidNotKnowOfEachOtherNothingIsLost() {
        for (int i = 0; i < 20; i++) {
            SessionId id = one.create("book");
            other.view.cutOff(first(id));
            other.write(id, NAME, "Ada");

            one.write(id, "pen");

            assertThat(one.read(id)).isEqualTo("pen");
            assertThat(one.read(id, NAME)).isEqualTo("Ada");
            assertSame(id);
            other.view.reach(first(id));
        }
    }

    @Test
    void anOldIdStaysDeadThoughAServerWasAwayAtTheLogin() {
        SessionId planted = one.create("book");
        cutOff(first(planted));
        UnitOfWork unit = other.sessions.begin(List.of(planted), () -> Optional.of("ada"));
        unit.lookAtCaller();
        RulesFixture.text(unit, CART).value = "pen";
        unit.save();
        SessionId fresh = RulesFixture.given(unit);
        unit.close();

        one.view.loseConnection(first(planted));
        servers.forEach(one.view::reach);

        assertThat(one.origin(planted)).isEqualTo(SessionOrigin.ENDED);
        servers.forEach(other.view::reach);
        assertThat(new Node(2).origin(planted)).isEqualTo(SessionOrigin.ENDED);
        assertThat(new Node(2).read(fresh)).isEqualTo("pen");
    }

    @Test
    void allSessionsOfAUserStayOverThoughAServerWasAwayWhenTheyWereEnded() {
        SessionId id = one.login("ada", "book");
        ItemKey epoch = codec.epochKey(PrincipalHash.of("ada"));
        InMemorySessionStore gone = one.view.holders(epoch).get(0);
        cutOff(gone);
        other.sessions.endAll("ada");
        one.view.loseConnection(gone);

        one.view.reach(gone);

        assertThat(one.origin(id)).isEqualTo(SessionOrigin.ENDED);
        assertThat(one.login("ada", "ink")).isNotEqualTo(id);
        assertThat(one.origin(id)).isEqualTo(SessionOrigin.ENDED);
    }

    @Test
    void anEpochThatWasLostAndBeginsAnewIsLaterThanAnOldCopyOfIt() {
        SessionId id = one.login("ada", "book");
        ItemKey epoch = codec.epochKey(PrincipalHash.of("ada"));
        InMemorySessionStore gone = one.view.holders(epoch).get(1);
        clock.advance(Duration.ofSeconds(10));
        cutOff(gone);
        one.view.holders(epoch).get(0).evict(epoch);
        other.login("ada", "pen");

        reach(gone);

        assertThat(one.origin(id)).isEqualTo(SessionOrigin.ENDED);
    }

    // ---- what counts

    @Test
    void aTombstoneTakesThePlaceOfEverySessionHoweverOftenThatWasSaved() {
        SessionId id = one.create("book");
        other.view.cutOff(first(id));
        one.view.cutOff(second(id));
        other.logOut(id);
        one.write(id, "pen");
        one.write(id, "ink");

        one.view.reach(second(id));

        assertThat(at(first(id), id)).containsInstanceOf(Tombstone.class);
        assertThat(at(second(id), id)).containsInstanceOf(Tombstone.class);
    }

    @Test
    void withoutAnyServerThereIsNoAnswer() {
        SessionId id = one.create("book");
        UnitOfWork unit = one.begun(id);
        servers.forEach(one.view::cutOff);

        RulesFixture.text(unit, CART).value = "pen";

        assertThatThrownBy(unit::save).isInstanceOf(SessionException.class);
        assertThatThrownBy(() -> one.read(id)).isInstanceOf(SessionStoreException.class);
    }
}
