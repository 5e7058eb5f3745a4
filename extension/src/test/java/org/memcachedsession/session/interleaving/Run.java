package org.memcachedsession.session.interleaving;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.memcachedsession.BeanDiscarded;
import org.memcachedsession.ConflictPolicy;
import org.memcachedsession.SessionEnded;
import org.memcachedsession.SessionLost;
import org.memcachedsession.SessionRefused;
import org.memcachedsession.SessionRotated;
import org.memcachedsession.session.BeanKey;
import org.memcachedsession.session.Entry;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.SessionEvents;
import org.memcachedsession.session.SessionHeader;
import org.memcachedsession.session.SessionId;
import org.memcachedsession.session.SessionRecord;
import org.memcachedsession.session.SessionRules;
import org.memcachedsession.session.SessionStore;
import org.memcachedsession.session.Sessions;
import org.memcachedsession.session.SetClock;
import org.memcachedsession.session.StoredItem;
import org.memcachedsession.store.InMemorySessionStore;

/**
 * Some requests at once, on two nodes with one store. Each stops at every call of the store until it
 * is its turn; between two calls they share nothing but what a node remembers of its touches, so
 * these are all the ways it can go. What is promised is checked at each call and at the end.
 */
final class Run {

    private static final Duration IDLE = Duration.ofMinutes(30);
    private static final Duration ABSOLUTE = Duration.ofHours(12);
    private static final SessionRules RULES =
            new SessionRules(
                    IDLE,
                    ABSOLUTE,
                    true,
                    Duration.ofSeconds(30),
                    Optional.empty(),
                    false,
                    false,
                    1_000_000);
    private static final int NODES = 2;

    private final Crew crew;
    private final Scheduler scheduler;
    private final List<Program> programs;
    private final List<Request> requests = new ArrayList<>();
    private final List<Boolean> over = new ArrayList<>();
    private final List<Decision> decisions = new ArrayList<>();
    private final List<String> history = new ArrayList<>();
    private final TicketCodec codec = new TicketCodec();
    private final SetClock clock = new SetClock();
    private final InMemorySessionStore items = new InMemorySessionStore(clock, 1_000);
    private final CountedIds ids = new CountedIds();

    private final Map<ItemKey, String> owners = new HashMap<>();
    private final Set<ItemKey> gone = new HashSet<>();
    private final Set<BeanKey> removed = new HashSet<>();
    private final Set<BeanKey> conflicted = new HashSet<>();

    private final boolean told;
    private int begun;
    private int current;
    private Decision decided;
    private String violation;

    /**
     * @param memory between the requests and where the items are; for breaking it
     * @param told whether there is to be a {@link #history}
     */
    Run(
            Crew crew,
            List<Program> programs,
            Scheduler scheduler,
            UnaryOperator<SessionStore> memory,
            boolean told) {
        this.told = told;
        this.crew = crew;
        this.programs = programs;
        this.scheduler = scheduler;
        SessionStore store = new StoppingStore(this, memory.apply(items));
        List<Sessions> nodes = new ArrayList<>();
        for (int i = 0; i < NODES; i++) {
            nodes.add(new Sessions(store, codec, new Texts(), new Told(), clock, ids, RULES));
        }
        Map<Character, SessionId> browsers = Map.of('S', session("S"), 'T', session("T"));
        for (int i = 0; i < programs.size(); i++) {
            Program program = programs.get(i);
            Optional<SessionId> cookie = Optional.ofNullable(browsers.get(program.cookie()));
            requests.add(new Request(this, i, program, nodes.get(i % NODES), cookie));
            over.add(false);
        }
    }

    /** A session with all beans but B. */
    private SessionId session(String browser) {
        SessionId id = SessionId.random(ids);
        Entry first = Texts.entry(browser + ";");
        var beans = new TreeMap<>(Map.of(Texts.A, first, Texts.P, first, Texts.Q, first));
        var session =
                new SessionRecord(
                        SessionHeader.begun(clock.instant(), IDLE, ABSOLUTE), List.of(), beans);
        ItemKey key = codec.itemKey(id);
        items.create(key, codec.seal(id, session), IDLE);
        owners.put(key, browser);
        return id;
    }

    /** Runs all requests to their ends. */
    void play() {
        crew.run(
                member -> {
                    current = member;
                    begun++;
                    requests.get(member).run();
                    over.set(member, true);
                    return next();
                });
        checkItems();
        requests.forEach(Request::checkAcknowledged);
    }

    /** The promise that was broken first, in words; empty if none was. */
    Optional<String> violation() {
        return Optional.ofNullable(violation);
    }

    Schedule schedule() {
        return new Schedule(programs, decisions);
    }

    /** What happened, in order. */
    List<String> history() {
        return Collections.unmodifiableList(history);
    }

    /** What the rules tell about sessions goes into the books of the request that it is about. */
    private final class Told implements SessionEvents {

        @Override
        public void begun() {}

        @Override
        public void ending() {}

        @Override
        public void ended(SessionId id, SessionEnded.Cause cause) {}

        @Override
        public void created(SessionId id) {}

        @Override
        public void rotated(SessionId id, SessionId before, SessionRotated.Cause cause) {}

        @Override
        public void refused(SessionId id, SessionRefused.Cause cause) {}

        @Override
        public void lost(SessionId id, SessionLost.Cause cause) {
            current().lossTold();
        }

        @Override
        public void discarded(SessionId id, BeanKey key, BeanDiscarded.Cause cause) {}

        @Override
        public void conflicted(SessionId id, BeanKey key, ConflictPolicy policy) {
            current().conflictTold(key);
        }
    }

    // ---- whose turn it is

    Request current() {
        return requests.get(current);
    }

    /** From a request that comes to a store call: returns when the call is to happen. */
    Decision.Answer turn() {
        int me = current;
        int next = next();
        if (next != me) {
            crew.switchTo(me, next);
            current = me;
        }
        return decided.answer();
    }

    /** All come to their first store call before any makes it; then the scheduler decides. */
    private int next() {
        if (begun < requests.size()) {
            return begun;
        }
        List<Integer> waiting = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            if (!over.get(i)) {
                waiting.add(i);
            }
        }
        if (waiting.isEmpty()) {
            return crew.leader();
        }
        decided = scheduler.next(waiting);
        decisions.add(decided);
        return decided.request();
    }

    // ---- what is known of the items

    ItemKey keyOf(SessionId id) {
        return codec.itemKey(id);
    }

    /** What an item holds; empty if that is no session. */
    Optional<Map<BeanKey, String>> content(ItemKey key) {
        return items.load(key).map(StoredItem::value).flatMap(this::content);
    }

    /** Of a session; empty for a tombstone. */
    Optional<Map<BeanKey, String>> content(byte[] item) {
        return codec.look(item) instanceof SessionRecord session
                ? Optional.of(Texts.contentOf(session))
                : Optional.empty();
    }

    boolean isKnown(ItemKey key) {
        return owners.containsKey(key);
    }

    void created(ItemKey key, String owner) {
        owners.put(key, owner);
    }

    void evict(ItemKey key) {
        items.evict(key);
        gone(key);
    }

    /** Ended, or lost: nothing may be there ever again. */
    void gone(ItemKey key) {
        gone.add(key);
    }

    boolean isGone(ItemKey key) {
        return gone.contains(key);
    }

    void removed(BeanKey key) {
        removed.add(key);
    }

    void conflicted(BeanKey key) {
        conflicted.add(key);
    }

    /** Whether a change of this bean may be missing: somebody removed it, or a conflict was told. */
    boolean mayHaveLost(BeanKey key) {
        return removed.contains(key) || conflicted.contains(key);
    }

    private void checkItems() {
        owners.forEach(
                (key, owner) -> {
                    Optional<Map<BeanKey, String>> content = content(key);
                    if (gone.contains(key)) {
                        require(content.isEmpty(), "an ended session is there again");
                    }
                    content.ifPresent(beans -> checkContent(owner, beans));
                });
    }

    private void checkContent(String owner, Map<BeanKey, String> beans) {
        beans.values()
                .forEach(
                        text -> {
                            for (String tag : text.split(";")) {
                                require(tag.startsWith(owner), "foreign data: " + tag);
                            }
                        });
    }

    // ---- what is told

    void note(int request, Object... what) {
        if (told) {
            history.add(
                    request
                            + " "
                            + Arrays.stream(what)
                                    .map(String::valueOf)
                                    .collect(Collectors.joining(" ")));
        }
    }

    void require(boolean kept, String broken) {
        if (!kept && violation == null) {
            violation = broken;
            history.add("  *** " + broken);
        }
    }
}
