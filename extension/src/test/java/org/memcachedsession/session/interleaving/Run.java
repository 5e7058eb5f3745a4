package org.memcachedsession.session.interleaving;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
import org.memcachedsession.session.UnitOfWork;
import org.memcachedsession.session.interleaving.Texts.Text;
import org.memcachedsession.store.InMemorySessionStore;

/**
 * Some requests at once, on two nodes with one store. Each stops at every call of the store until it
 * is its turn; between two calls they share nothing but what a node remembers of its touches, so
 * these are all the ways it can go. What is promised is checked at each call and at the end.
 */
final class Run {

    private static final Duration IDLE = Duration.ofMinutes(30);
    private static final Duration ABSOLUTE = Duration.ofHours(12);
    private static final Duration INTERVAL = Duration.ofMinutes(10);

    /** One where cookies last as long as the browser is open, and one where they end by themselves. */
    private static final List<SessionRules> NODES = List.of(rules(false), rules(true));

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

    private final Ledger ledger = new Ledger();
    private final Set<SessionId> given = new HashSet<>();
    private final Set<BeanKey> removed = new HashSet<>();
    private final Set<BeanKey> conflicted = new HashSet<>();

    private final Sessions afterwards;
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
        SessionStore remembering = memory.apply(items);
        SessionStore store = new StoppingStore(this, remembering);
        List<Sessions> nodes = new ArrayList<>();
        NODES.forEach(rules -> nodes.add(node(store, rules)));
        afterwards = node(remembering, NODES.get(0));
        Map<Character, SessionId> browsers = new HashMap<>();
        for (int i = 0; i < programs.size(); i++) {
            Program program = programs.get(i);
            Optional<SessionId> cookie =
                    program.hasCookie()
                            ? Optional.of(browsers.computeIfAbsent(program.cookie(), this::session))
                            : Optional.empty();
            int node = i % NODES.size();
            requests.add(
                    new Request(
                            this,
                            i,
                            program,
                            nodes.get(node),
                            NODES.get(node).cookieSlides(),
                            cookie));
            over.add(false);
        }
    }

    private static SessionRules rules(boolean cookieSlides) {
        return new SessionRules(
                IDLE,
                ABSOLUTE,
                true,
                Duration.ofSeconds(30),
                Optional.of(INTERVAL),
                cookieSlides,
                false,
                1_000_000,
                1_000_000,
                false,
                true);
    }

    private Sessions node(SessionStore store, SessionRules rules) {
        return new Sessions(store, codec, new Texts(), new Told(), clock, ids, rules);
    }

    /** A session with all beans but B. */
    private SessionId session(char browser) {
        SessionId id = SessionId.random(ids);
        Instant now = clock.instant();
        Instant begun = browser == Program.DUE ? now.minus(INTERVAL) : now;
        String owner = String.valueOf(browser);
        Entry first = Texts.entry(owner + ";");
        var beans = new TreeMap<>(Map.of(Texts.A, first, Texts.P, first, Texts.Q, first));
        var session =
                new SessionRecord(SessionHeader.begun(begun, IDLE, ABSOLUTE), List.of(), beans);
        ItemKey key = codec.itemKey(id);
        items.create(key, codec.seal(id, session), IDLE);
        ledger.begun(key, owner);
        givenToBrowser(id);
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
        given.forEach(this::checkWhoeverComesLater);
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

    Ledger ledger() {
        return ledger;
    }

    void givenToBrowser(SessionId id) {
        given.add(id);
        ledger.givenToBrowser(keyOf(id));
    }

    void evict(ItemKey key) {
        items.evict(key);
        ledger.gone(key, Ledger.Fate.EVICTED);
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
        ledger.owners()
                .forEach(
                        (key, owner) -> {
                            Optional<Map<BeanKey, String>> content = content(key);
                            if (content.isPresent()) {
                                require(
                                        !ledger.isGone(key),
                                        "there is a session under an id that was given up");
                                require(
                                        ledger.isKnownToSomebody(key) || ledger.isLeftBehind(key),
                                        "a session is left under an id that nobody was given");
                                checkContent(owner, content.get());
                            }
                        });
        ledger.families().forEach(this::checkForks);
    }

    private void checkForks(ItemKey first, List<ItemKey> family) {
        long living =
                family.stream()
                        .filter(key -> ledger.isKnownToSomebody(key) && content(key).isPresent())
                        .count();
        require(
                living <= ledger.mayLiveAtOnce(first),
                "one session has become " + living + " that live");
    }

    /** A request by this id, once all others are over. */
    private void checkWhoeverComesLater(SessionId id) {
        Optional<Map<BeanKey, String>> expected = reachedBy(keyOf(id));
        require(
                expected.isPresent() || ledger.isGone(keyOf(id)),
                "a cookie was given that leads nowhere");
        UnitOfWork unit = afterwards.begin(List.of(id));
        for (BeanKey bean : Texts.ALL) {
            Text found = (Text) unit.find(bean);
            String value = found == null ? null : found.value;
            if (!Objects.equals(value, expected.map(beans -> beans.get(bean)).orElse(null))) {
                require(false, "whoever comes later sees " + bean + " = " + value);
            }
        }
        require(unit.exists() == expected.isPresent(), "whoever comes later has a session, or not");
    }

    private Optional<Map<BeanKey, String>> reachedBy(ItemKey key) {
        boolean leadsOn = ledger.fate(key).filter(Ledger.Fate.RENEWED::equals).isPresent();
        return leadsOn ? reachedBy(ledger.successor(key).orElseThrow()) : content(key);
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
