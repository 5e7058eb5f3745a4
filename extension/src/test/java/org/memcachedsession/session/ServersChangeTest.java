package org.memcachedsession.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.store.InMemorySessionStore;
import org.memcachedsession.store.InMemorySessionStore.Operation;

/** Nodes that know the old list of servers, the new one, or both: a session moves from the one server to the other. */
class ServersChangeTest extends ServersFixture {

    private final InMemorySessionStore before = servers.get(0);
    private final InMemorySessionStore now = servers.get(1);
    private final List<InMemorySessionStore> oldList = List.of(before);
    private final List<InMemorySessionStore> newList = List.of(now);

    private final Node knowsOld = knowing(oldList, List.of());
    private final Node knowsBoth = knowing(newList, oldList);
    private final Node knowsBothToo = knowing(newList, oldList);
    private final Node knowsNew = knowing(newList, List.of());

    /** Something that happens after the first call of a kind. */
    private record After(Operation awaited, InMemorySessionStore server, Runnable action)
            implements InMemorySessionStore.Calls {

        static After theFirst(Operation awaited, InMemorySessionStore server, Runnable action) {
            return new After(awaited, server, action);
        }

        @Override
        public void after(Operation operation, ItemKey key) {
            if (operation == awaited) {
                server.observe(new InMemorySessionStore.Calls() {});
                action.run();
            }
        }
    }

    private Node knowing(List<InMemorySessionStore> list, List<InMemorySessionStore> previous) {
        Node node = new Node(1);
        node.view.know(list, previous);
        return node;
    }

    @Test
    void aSessionOfTheOldListIsFoundAndMovesAtItsFirstUse() {
        SessionId id = knowsOld.create("book");

        assertThat(knowsBoth.read(id)).isEqualTo("book");

        assertThat(knowsNew.read(id)).isEqualTo("book");
    }

    @Test
    void aSessionThatIsOnlyKeptAliveMovesToo() {
        SessionId id = knowsOld.create("book");
        clock.advance(Duration.ofMinutes(10));

        knowsBoth.passBy(id);

        assertThat(knowsNew.read(id)).isEqualTo("book");
    }

    @Test
    void nodesThatKnowOneListAloneMeetByThoseThatKnowBoth() {
        SessionId id = knowsBoth.create("book");

        assertThat(knowsOld.read(id)).isEqualTo("book");
        knowsOld.write(id, "pen");
        assertThat(knowsBoth.read(id)).isEqualTo("pen");
        knowsBoth.write(id, "ink");
        assertThat(knowsOld.read(id)).isEqualTo("ink");
        assertThat(knowsBothToo.read(id)).isEqualTo("ink");
        // now all know both
        assertThat(knowsNew.read(id)).isEqualTo("ink");
        knowsNew.write(id, "map");
        assertThat(knowsBoth.read(id)).isEqualTo("map");
        knowsBoth.write(id, "pin");
        assertThat(knowsNew.read(id)).isEqualTo("pin");
    }

    @Test
    void parallelChangesOfNodesWithDifferentListsAreMerged() {
        SessionId id = knowsOld.create("book");
        UnitOfWork slow = knowsBoth.begun(id);
        knowsOld.write(id, NAME, "Ada");

        RulesFixture.text(slow, CART).value = "pen";
        slow.save();
        slow.close();

        assertThat(knowsOld.read(id)).isEqualTo("pen");
        assertThat(knowsOld.read(id, NAME)).isEqualTo("Ada");

        UnitOfWork slowAgain = knowsBoth.begun(id);
        knowsNew.write(id, NAME, "Bob");
        RulesFixture.text(slowAgain, CART).value = "ink";
        slowAgain.save();
        slowAgain.close();

        assertThat(knowsNew.read(id)).isEqualTo("ink");
        assertThat(knowsNew.read(id, NAME)).isEqualTo("Bob");
    }

    @Test
    void aSaveThatRestsOnOneThatGivesWayGivesWayToo() {
        SessionId id = knowsBoth.create("book");
        before.observe(
                After.theFirst(
                        Operation.REPLACE,
                        before,
                        () -> {
                            // knows of the first save, and not of the one that is between its two
                            // calls
                            now.observe(
                                    After.theFirst(
                                            Operation.LOAD,
                                            now,
                                            () -> knowsNew.write(id, NAME, "Ada")));
                            knowsBothToo.write(id, "ink");
                        }));

        knowsBoth.write(id, "pen");

        for (Node node : List.of(knowsBoth, knowsBothToo, knowsNew)) {
            assertThat(node.read(id, NAME)).isEqualTo("Ada");
            assertThat(node.read(id)).isEqualTo("pen");
        }
    }

    @Test
    void whatHasEndedOnOneNodeHasEndedOnAll() {
        for (Node ending : List.of(knowsOld, knowsBoth)) {
            SessionId id = knowsBoth.create("book");
            ending.logOut(id);

            assertThat(knowsOld.read(id)).isNull();
            assertThat(knowsBoth.read(id)).isNull();
            assertThat(knowsNew.read(id)).isNull();
        }
        SessionId id = knowsBoth.create("book");
        knowsNew.logOut(id);

        assertThat(knowsBoth.read(id)).isNull();
        assertThat(knowsNew.read(id)).isNull();
    }

    @Test
    void aListThatIsTakenBackLosesNothing() {
        SessionId id = knowsBoth.create("book");
        Node back = knowing(oldList, newList);

        back.write(id, "pen");
        assertThat(knowsBoth.read(id)).isEqualTo("pen");
        knowsBoth.write(id, "ink");

        assertThat(back.read(id)).isEqualTo("ink");
        assertThat(knowsOld.read(id)).isEqualTo("ink");
    }

    // ---- losses

    @Test
    void whatOneServerHasLostIsLostThoughTheOtherOneHasWhatWasThereBefore() {
        for (boolean isNew : List.of(false, true)) {
            SessionId id = knowsBoth.create("book");
            (isNew ? knowsNew : knowsOld).write(id, "pen");
            (isNew ? now : before).delete(codec.itemKey(id));

            assertThat(knowsBoth.read(id)).isNull();
            assertThat(knowsOld.read(id)).isNull();
            assertThat(knowsNew.read(id)).isNull();
        }
    }

    @Test
    void whatTheNewServerHasNotGotYetCannotBeLostThere() {
        SessionId id = knowsOld.create("book");
        knowsBoth.view.cutOff(now);

        assertThat(knowsBoth.read(id)).isEqualTo("book");
        knowsBoth.write(id, "pen");

        assertThat(knowsOld.read(id)).isEqualTo("pen");
        knowsBoth.view.reach(now);
        assertThat(knowsBoth.read(id)).isEqualTo("pen");
        assertThat(knowsNew.read(id)).isEqualTo("pen");
    }

    @Test
    void aWriteThatCannotReachBothServersIsNotBegun() {
        SessionId id = knowsBoth.create("book");
        UnitOfWork unit = knowsBoth.begun(id);
        knowsBoth.view.loseConnection(now);

        RulesFixture.text(unit, CART).value = "pen";

        assertThatThrownBy(unit::save).isInstanceOf(SessionStoreException.class);
        unit.close();
        assertThat(knowsOld.read(id)).isEqualTo("book");
        assertThat(knowsNew.read(id)).isEqualTo("book");
    }

    @Test
    void anItemIsNotMarkedBeforeTheOtherServerHasIt() {
        SessionId id = knowsOld.create("book");
        knowsBoth.view.reach(before); // so what is there may be old, and is stored anew
        List<Boolean> marked = new ArrayList<>();
        now.observe(
                new InMemorySessionStore.Calls() {
                    @Override
                    public void before(Operation operation, ItemKey key) {
                        if (operation == Operation.CREATE) {
                            marked.add(isMarked(before, id));
                        }
                    }
                });

        knowsBoth.read(id);

        assertThat(marked).containsExactly(false);
        assertThat(isMarked(before, id)).isTrue();
        assertThat(isMarked(now, id)).isTrue();
    }

    private boolean isMarked(InMemorySessionStore server, SessionId id) {
        ItemKey key = codec.itemKey(id);
        return knowsBoth.view.placement(key).isMarked(server.load(key).orElseThrow().value());
    }

    // ---- one change after the other

    @Test
    void whatHasMovedOnceMovesAgain() {
        SessionId id = knowsBoth.create("book");
        assertThat(knowsNew.read(id)).isEqualTo("book");
        before.delete(codec.itemKey(id)); // its time there is over

        Node next = knowing(servers.subList(2, 3), newList);

        assertThat(next.read(id)).isEqualTo("book");
        next.write(id, "pen");
        assertThat(knowsNew.read(id)).isEqualTo("pen");
        assertThat(next.read(id)).isEqualTo("pen");
    }

    @Test
    void twoWhoSeeASessionThatMovesForTheFirstTimeDoNotTakeItFromEachOther() {
        SessionId id = knowsOld.create("book");
        // moves it after the new server was asked
        now.observe(After.theFirst(Operation.LOAD, now, () -> knowsBothToo.read(id)));
        Node asksTheNewOneFirst = knowing(oldList, newList);

        assertThat(asksTheNewOneFirst.read(id)).isEqualTo("book");
        assertThat(knowsOld.read(id)).isEqualTo("book");
    }

    @Test
    void nobodyLosesTheirSessionForAnOldServerThatDoesNotAnswer() {
        SessionId id = knowsOld.create("book");
        knowsBoth.view.cutOff(before);

        assertThatThrownBy(() -> knowsBoth.read(id))
                .isInstanceOf(SessionStoreException.class)
                .hasMessageContaining("memcached.session.servers.previous");

        knowsBoth.view.reach(before);
        assertThat(knowsBoth.read(id)).isEqualTo("book");
    }

    @Test
    void sessionsBeginAndGoOnThoughTheOldServerIsGone() {
        knowsBoth.view.cutOff(before);
        knowsBothToo.view.cutOff(before);

        SessionId id = knowsBoth.create("book");
        knowsBothToo.write(id, "pen");

        assertThat(knowsBoth.read(id)).isEqualTo("pen");
        assertThat(knowsNew.read(id)).isEqualTo("pen");
    }

    @Test
    void aServerThatIsOnBothListsIsOnePlace() {
        Node grown = knowing(servers.subList(0, 2), servers.subList(0, 1));
        List<SessionId> ids = Stream.generate(() -> grown.create("book")).limit(20).toList();

        assertThat(ids)
                .extracting(id -> grown.view.holders(codec.itemKey(id)).size())
                .contains(1, 2);
        assertThat(ids).allMatch(id -> "book".equals(knowsOld.read(id)));
    }
}
