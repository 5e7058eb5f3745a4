package org.memcachedsession.session.interleaving;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.memcachedsession.BeanDiscarded;
import org.memcachedsession.ConflictPolicy;
import org.memcachedsession.SessionEnded;
import org.memcachedsession.SessionException;
import org.memcachedsession.SessionLost;
import org.memcachedsession.SessionRefused;
import org.memcachedsession.SessionRotated;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.session.BeanKey;
import org.memcachedsession.session.ItemContent;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.SessionEvents;
import org.memcachedsession.session.SessionHeader;
import org.memcachedsession.session.SessionId;
import org.memcachedsession.session.SessionRecord;
import org.memcachedsession.session.SessionRules;
import org.memcachedsession.session.Sessions;
import org.memcachedsession.session.SetClock;
import org.memcachedsession.session.StoredItem;
import org.memcachedsession.session.Tombstone;
import org.memcachedsession.session.UnitOfWork;
import org.memcachedsession.session.interleaving.Texts.Text;
import org.memcachedsession.store.InMemoryServers;
import org.memcachedsession.store.InMemorySessionStore;
import org.memcachedsession.store.InMemorySessionStore.Operation;

/**
 * Nodes that change one session with two copies, or while the list of servers changes, stopped at every call of a
 * server, in every order (two of them) or many (three), and whichever call gets no answer: then that server is away for that node, and for the
 * other one it is not. When all is well again, no change is missing whose save has succeeded, an end is an end,
 * and both copies are the same.
 */
@Tag("interleavings")
class CopiesInterleavingTest {

    private static final Duration IDLE = Duration.ofMinutes(30);
    private static final int BY_CHANCE = 2_000;
    private static final int MOST_NODES = 3;
    private static final Logger LOG =
            Logger.getLogger("org.memcachedsession.session"); // kept alive

    private static final SessionRules RULES =
            new SessionRules(
                    IDLE,
                    Duration.ofHours(12),
                    true,
                    Duration.ofSeconds(30),
                    Optional.empty(),
                    false,
                    false,
                    1_000_000,
                    1_000_000,
                    false,
                    true);

    private final Crew crew = new Crew(MOST_NODES);

    @BeforeEach
    void begin() {
        LOG.setUseParentHandlers(false);
    }

    @AfterEach
    void end() throws InterruptedException {
        LOG.setUseParentHandlers(true);
        crew.close();
    }

    /** What a request does. */
    private enum Doing {
        CHANGE_A,
        CHANGE_P,
        CHANGE_Q,
        END,
        LOG_IN
    }

    /** What the nodes know. */
    private enum Lists {
        /** Two copies on the two servers. */
        COPIES,
        /** One copy: the first node on the one server, the others on the other one, and on the first until now. */
        OLD_AND_BOTH,
        /** One copy: the second node knows the new server alone, the others as those of the above. */
        BOTH_AND_NEW,
        /** One copy: all nodes know both. */
        BOTH
    }

    @ParameterizedTest
    @EnumSource
    void twoChangesKeepThePromises(Lists lists) {
        assertThat(playAll(lists, 0, Doing.CHANGE_A, Doing.CHANGE_P)).isGreaterThan(10);
        playAll(lists, 1, Doing.CHANGE_A, Doing.CHANGE_P);
    }

    @ParameterizedTest
    @EnumSource
    void anEndBesideAChangeKeepsThePromises(Lists lists) {
        playAll(lists, 0, Doing.END, Doing.CHANGE_A);
        playAll(lists, 0, Doing.CHANGE_A, Doing.END);
        playAll(lists, 1, Doing.END, Doing.CHANGE_A);
        playAll(lists, 1, Doing.CHANGE_A, Doing.END);
        playAll(lists, 1, Doing.END, Doing.END);
    }

    @ParameterizedTest
    @EnumSource
    void aLoginBesideAChangeAndAnEndKeepsThePromises(Lists lists) {
        playAll(lists, 0, Doing.LOG_IN, Doing.CHANGE_A);
        playAll(lists, 0, Doing.LOG_IN, Doing.END);
        playAll(lists, 1, Doing.LOG_IN, Doing.CHANGE_A);
        playAll(lists, 1, Doing.CHANGE_A, Doing.LOG_IN);
    }

    @ParameterizedTest
    @EnumSource
    void threeChangesKeepThePromises(Lists lists) {
        playSome(lists, 0, Doing.CHANGE_A, Doing.CHANGE_P, Doing.CHANGE_Q);
        playSome(lists, 0, Doing.CHANGE_A, Doing.CHANGE_P, Doing.CHANGE_A);
        playSome(lists, 0, Doing.CHANGE_A, Doing.END, Doing.CHANGE_Q);
    }

    /** With two copies, what a node that has lost a server alone has changed is not promised where two others meet. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "COPIES")
    void threeChangesOfWhichOneMeetsAFaultKeepThePromises(Lists lists) {
        playSome(lists, 1, Doing.CHANGE_A, Doing.CHANGE_P, Doing.CHANGE_Q);
        playSome(lists, 1, Doing.CHANGE_A, Doing.END, Doing.CHANGE_Q);
    }

    /**
     * The third node asks the one server before the first one's save gives way to that of the second one, and the other
     * server when it has: so it sees both, and both marked.
     */
    @Test
    void whatIsSeenAtTwoMomentsIsLookedAtOnceMore() {
        new Play(
                        Lists.BOTH_AND_NEW,
                        List.of(Doing.CHANGE_A, Doing.CHANGE_P, Doing.CHANGE_Q),
                        new Given(
                                1, 2, 0, 0, 0, 1, 0, 0, 0, 2, 2, 2, 0, 0, 0, 0, 0, 2, 2, 2, 2, 2, 2,
                                2, 2, 0, 2, 0, 2, 0))
                .run();
    }

    /** Orders that are given; then whoever is first. */
    private static final class Given implements Scheduler {

        private final int[] requests;
        private int next;

        Given(int... requests) {
            this.requests = requests;
        }

        @Override
        public Decision next(List<Integer> waiting) {
            int given = next < requests.length ? requests[next++] : -1;
            return new Decision(
                    waiting.contains(given) ? given : waiting.get(0), Decision.Answer.GIVEN);
        }
    }

    /** While lists change there are too many orders to try all in which a call fails, or somebody logs in. */
    private int playAll(Lists lists, int failures, Doing... doings) {
        boolean isFew = failures == 0 && !List.of(doings).contains(Doing.LOG_IN);
        if (lists == Lists.COPIES || isFew) {
            EveryOrder order = new EveryOrder(failures);
            int schedules = 0;
            do {
                new Play(lists, List.of(doings), order).run();
                schedules++;
            } while (order.advance());
            return schedules;
        }
        return playSome(lists, failures, doings);
    }

    private int playSome(Lists lists, int failures, Doing... doings) {
        for (int seed = 0; seed < BY_CHANCE; seed++) {
            new Play(lists, List.of(doings), new ByChance(seed, failures)).run();
        }
        return BY_CHANCE;
    }

    /** Any order, and a call that fails, both by chance. */
    private static final class ByChance implements Scheduler {

        private static final int CALLS = 16; // about as many as two requests make

        private final SplittableRandom random;
        private int left;

        ByChance(int seed, int failures) {
            random = new SplittableRandom(seed);
            left = failures == 0 ? -1 : random.nextInt(CALLS);
        }

        @Override
        public Decision next(List<Integer> waiting) {
            int request = waiting.get(random.nextInt(waiting.size()));
            return new Decision(
                    request,
                    left-- != 0
                            ? Decision.Answer.GIVEN
                            : random.nextBoolean() ? Decision.Answer.FAILED : Decision.Answer.LOST);
        }
    }

    private final class Play {

        private final Lists lists;
        private final List<Doing> doings;
        private final Scheduler scheduler;
        private final List<String> calls = new ArrayList<>();
        private final SetClock clock = new SetClock();
        private final TicketCodec codec = new TicketCodec();
        private final CountedIds ids = new CountedIds();
        private final List<InMemorySessionStore> servers =
                Stream.generate(() -> new InMemorySessionStore(clock, 1_000)).limit(2).toList();
        private final List<InMemoryServers> views;
        private final boolean[] over = new boolean[MOST_NODES];
        private final boolean[] done = new boolean[MOST_NODES];
        private final boolean[] lost = new boolean[MOST_NODES];
        private final List<RuntimeException> failed = new ArrayList<>();
        private final SessionId id = SessionId.random(ids);
        private int begun;
        private int current;
        private Decision decided;

        Play(Lists lists, List<Doing> doings, Scheduler scheduler) {
            this.lists = lists;
            this.doings = doings;
            this.scheduler = scheduler;
            var beans =
                    new TreeMap<>(
                            Map.of(
                                    Texts.A, Texts.entry(""),
                                    Texts.P, Texts.entry(""),
                                    Texts.Q, Texts.entry("")));
            var session =
                    new SessionRecord(
                            SessionHeader.begun(clock.instant(), IDLE, Duration.ofHours(12)),
                            List.of(1L << Integer.SIZE),
                            beans);
            byte[] sealed = codec.seal(id, session);
            views =
                    switch (lists) {
                        case COPIES -> List.of(copies(), copies(), copies());
                        case OLD_AND_BOTH -> List.of(oneCopy(0), both(), both());
                        case BOTH_AND_NEW -> List.of(both(), oneCopy(1), both());
                        case BOTH -> List.of(both(), both(), both());
                    };
            servers.get(0).create(codec.itemKey(id), sealed, IDLE);
            if (lists == Lists.COPIES) {
                servers.get(1).create(codec.itemKey(id), sealed, IDLE);
            } else if (lists == Lists.BOTH_AND_NEW) {
                bringTogether();
            }
        }

        private InMemoryServers copies() {
            return new InMemoryServers(servers, 2);
        }

        private InMemoryServers oneCopy(int server) {
            return new InMemoryServers(servers.subList(server, server + 1), 1);
        }

        private InMemoryServers both() {
            InMemoryServers view = new InMemoryServers(servers, 1);
            view.know(servers.subList(1, 2), servers.subList(0, 1));
            return view;
        }

        /** As whoever knows both lists does at every request. */
        private void bringTogether() {
            UnitOfWork unit = node(both()).begin(List.of(id));
            unit.find(Texts.A);
            unit.close();
        }

        private Sessions node(InMemoryServers view) {
            return new Sessions(view, codec, new Texts(), new Told(), clock, ids, RULES);
        }

        void run() {
            List<Sessions> nodes = views.stream().map(this::node).toList();
            servers.forEach(server -> server.observe(new Stops(servers.indexOf(server))));
            crew.run(
                    member -> {
                        current = member;
                        begun++;
                        request(member, nodes.get(member));
                        over[member] = true;
                        return next();
                    });
            servers.forEach(server -> server.observe(new InMemorySessionStore.Calls() {}));
            views.forEach(InMemoryServers::reachAll);
            if (lists != Lists.COPIES) {
                bringTogether();
            }
            check();
        }

        private void request(int member, Sessions node) {
            UnitOfWork unit = node.begin(List.of(id));
            try {
                switch (doings.get(member)) {
                    case CHANGE_A -> change(unit, Texts.A);
                    case CHANGE_P -> change(unit, Texts.P);
                    case CHANGE_Q -> change(unit, Texts.Q);
                    case END -> {
                        unit.find(Texts.A);
                        unit.invalidate();
                    }
                    case LOG_IN -> {
                        unit.find(Texts.A);
                        unit.rotateId();
                        unit.save();
                    }
                }
                done[member] = !lost[member];
            } catch (SessionException told) {
                // so nothing is promised
            } catch (RuntimeException unexpected) {
                failed.add(unexpected);
            } finally {
                unit.close();
            }
        }

        private void change(UnitOfWork unit, BeanKey key) {
            Text text = (Text) unit.find(key);
            if (text == null) {
                lost[current] = true; // there is no session any more
                return;
            }
            text.value += "changed";
            unit.save();
        }

        /** From a request that comes to a call of a server: returns when the call is to happen. */
        private Decision.Answer turn() {
            int me = current;
            int next = next();
            if (next != me) {
                crew.switchTo(me, next);
                current = me;
            }
            return decided.answer();
        }

        private int next() {
            if (begun < doings.size()) {
                return begun;
            }
            List<Integer> waiting = new ArrayList<>();
            for (int i = 0; i < doings.size(); i++) {
                if (!over[i]) {
                    waiting.add(i);
                }
            }
            if (waiting.isEmpty()) {
                return crew.leader();
            }
            decided = scheduler.next(waiting);
            return decided.request();
        }

        private final class Stops implements InMemorySessionStore.Calls {

            private final int server;
            private Decision.Answer answer;

            Stops(int server) {
                this.server = server;
            }

            @Override
            public void before(Operation operation, ItemKey key) {
                answer = turn();
                calls.add(decided + " " + operation + " on " + server);
                LockSupport.unpark(Thread.currentThread()); // no pause before the next try
                if (answer == Decision.Answer.FAILED) {
                    throw new SessionStoreException("did not happen");
                }
            }

            @Override
            public void after(Operation operation, ItemKey key) {
                if (answer == Decision.Answer.LOST) {
                    throw new SessionStoreException("happened, and nobody knows");
                }
            }
        }

        private final class Told implements SessionEvents {

            @Override
            public void begun() {}

            @Override
            public void ending() {}

            @Override
            public void ended(SessionId ended, SessionEnded.Cause cause) {}

            @Override
            public void created(SessionId created) {}

            @Override
            public void rotated(SessionId after, SessionId before, SessionRotated.Cause cause) {}

            @Override
            public void lost(SessionId gone, SessionLost.Cause cause) {
                lost[current] = true;
            }

            @Override
            public void refused(SessionId refused, SessionRefused.Cause cause) {}

            @Override
            public void discarded(SessionId of, BeanKey key, BeanDiscarded.Cause cause) {}

            @Override
            public void conflicted(SessionId of, BeanKey key, ConflictPolicy policy) {}
        }

        private void check() {
            String told = lists + " " + doings + " " + calls;
            assertThat(failed).as(told).isEmpty();
            List<ItemContent> copies = servers.stream().map(this::content).toList();
            assertThat(copies.get(0)).as(told).isEqualTo(copies.get(1));
            boolean isOver = copies.get(0) instanceof Tombstone;
            for (int i = 0; i < doings.size(); i++) {
                if (done[i]) {
                    switch (doings.get(i)) {
                        case CHANGE_A -> checkChange(copies.get(0), Texts.A, told);
                        case CHANGE_P -> checkChange(copies.get(0), Texts.P, told);
                        case CHANGE_Q -> checkChange(copies.get(0), Texts.Q, told);
                        case END, LOG_IN -> assertThat(isOver).as(told).isTrue();
                    }
                }
            }
        }

        private void checkChange(ItemContent content, BeanKey key, String told) {
            if (content instanceof SessionRecord session) {
                assertThat(Texts.contentOf(session))
                        .as(told)
                        .extractingByKey(key)
                        .asString()
                        .as(told)
                        .contains("changed");
            } else {
                assertThat(doings).as(told).containsAnyOf(Doing.END, Doing.LOG_IN);
            }
        }

        private ItemContent content(InMemorySessionStore server) {
            Optional<StoredItem> item = server.load(codec.itemKey(id));
            return codec.look(item.orElseThrow().value());
        }
    }
}
