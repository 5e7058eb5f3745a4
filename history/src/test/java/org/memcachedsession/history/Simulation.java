package org.memcachedsession.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Browsers with parallel requests, and a server that loads, saves by compare-and-swap and merges bean
 * by bean; a seed decides who does the next step. Some requests get no answer, and the server stops
 * with them at any step, or finishes them at any later time.
 */
final class Simulation {

    static final int BEANS = 3;

    private static final int BROWSERS = 3;
    private static final int LANES = 3;
    private static final int UNANSWERED_PERCENT = 4;

    private record Stored(int version, SortedMap<Integer, Value> beans) {}

    private static final class Browser {
        private String jar;
        private String before;
        private final List<String> ended = new ArrayList<>();
    }

    private static final class Lane {
        private final int browser;
        private Request request;
        private boolean redirected;

        private Lane(int browser) {
            this.browser = browser;
        }
    }

    private enum Step {
        LOAD,
        COMMIT,
        ANSWER
    }

    private static final class Request {
        private Operation operation;
        private Lane lane;
        private Step next = Step.LOAD;
        private Step abandonedAt;
        private String session;
        private Origin origin = Origin.UNASKED;
        private Stored loaded;
        private final SortedMap<Integer, Optional<Value>> view = new TreeMap<>();
        private boolean answered;
    }

    private final Random random;
    private final Optional<Fault> fault;
    private final Map<String, Stored> store = new HashMap<>();
    private final Map<String, Stored> before = new HashMap<>();
    private final List<Browser> browsers = new ArrayList<>();
    private final List<Lane> lanes = new ArrayList<>();
    private final List<Request> goingOnAlone = new ArrayList<>();
    private final List<Operation> operations = new ArrayList<>();
    private int position;
    private int sessionsBegun;
    private int mergesOfOneBean;

    private Simulation(long seed, Optional<Fault> fault) {
        random = new Random(seed);
        this.fault = fault;
        for (int browser = 0; browser < BROWSERS; browser++) {
            browsers.add(new Browser());
            for (int lane = 0; lane < LANES; lane++) {
                lanes.add(new Lane(browser));
            }
        }
    }

    /** What a correct server answers. */
    static History good(long seed, int operations) {
        return new Simulation(seed, Optional.empty()).run(operations);
    }

    static History bad(Fault fault, long seed, int operations) {
        return new Simulation(seed, Optional.of(fault)).run(operations);
    }

    /** How often two requests side by side wrote one bean. */
    static int mergesOfOneBean(long seed, int operations) {
        Simulation simulation = new Simulation(seed, Optional.empty());
        simulation.run(operations);
        return simulation.mergesOfOneBean;
    }

    private History run(int count) {
        int begun = 0;
        while (begun < count || lanes.stream().anyMatch(lane -> lane.request != null)) {
            if (!goingOnAlone.isEmpty() && chance(15)) {
                Request request = goingOnAlone.get(random.nextInt(goingOnAlone.size()));
                if (request.next == Step.ANSWER) {
                    goingOnAlone.remove(request);
                } else {
                    step(request);
                }
                continue;
            }
            Lane lane = lanes.get(random.nextInt(lanes.size()));
            if (lane.request != null) {
                advance(lane.request);
            } else if (begun < count) {
                begin(lane);
                begun++;
            }
        }
        return History.of(operations);
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private boolean is(Fault asked) {
        return fault.equals(Optional.of(asked));
    }

    // ---- browsers

    private void begin(Lane lane) {
        Browser browser = browsers.get(lane.browser);
        OperationKind kind = kind(lane, browser);
        lane.redirected = kind == OperationKind.WRITE_AND_REDIRECT;
        String sent =
                kind == OperationKind.READ_AFTER_END
                        ? browser.ended.get(random.nextInt(browser.ended.size()))
                        : browser.jar;
        TreeSet<Integer> writes = new TreeSet<>();
        switch (kind) {
            case WRITE, WRITE_AND_REDIRECT -> writes.add(random.nextInt(BEANS));
            case WRITE_SEVERAL -> {
                int left = random.nextInt(BEANS);
                for (int bean = 0; bean < BEANS; bean++) {
                    if (bean != left) {
                        writes.add(bean);
                    }
                }
            }
            default -> {}
        }
        int start = position++;
        Request request = new Request();
        request.lane = lane;
        request.operation =
                new Operation(
                        start,
                        lane.browser,
                        "n" + random.nextInt(2),
                        kind,
                        Optional.ofNullable(sent),
                        writes.isEmpty() ? Optional.empty() : Optional.of("t" + start),
                        writes,
                        Optional.empty());
        if (chance(UNANSWERED_PERCENT)) {
            request.abandonedAt = Step.values()[random.nextInt(Step.values().length)];
        }
        lane.request = request;
    }

    private OperationKind kind(Lane lane, Browser browser) {
        if (lane.redirected) {
            return OperationKind.READ_AFTER_REDIRECT;
        }
        int dice = random.nextInt(100);
        if (dice < 30) {
            return OperationKind.WRITE;
        } else if (dice < 45) {
            return OperationKind.WRITE_SEVERAL;
        } else if (dice < 55) {
            return OperationKind.WRITE_AND_REDIRECT;
        } else if (dice < 80) {
            return OperationKind.READ;
        } else if (dice < 87 && !browser.ended.isEmpty()) {
            return OperationKind.READ_AFTER_END;
        } else if (dice < 90) {
            return OperationKind.IDLE;
        }
        return dice < 95 ? OperationKind.INVALIDATE : OperationKind.READ;
    }

    private void advance(Request request) {
        if (request.next == request.abandonedAt) {
            request.lane.request = null;
            request.lane.redirected = false;
            operations.add(request.operation);
            if (!request.answered && chance(60)) {
                goingOnAlone.add(request);
            }
        } else {
            step(request);
        }
    }

    // ---- server

    private void step(Request request) {
        switch (request.next) {
            case LOAD -> {
                load(request);
                request.next = Step.COMMIT;
            }
            case COMMIT -> {
                boolean late = is(Fault.SAVES_LATE) && request.session != null;
                if (late && !request.answered && request.lane.request == request) {
                    answer(request);
                    goingOnAlone.add(request);
                } else if (commit(request)) {
                    request.next = Step.ANSWER;
                }
            }
            case ANSWER -> answer(request);
        }
    }

    private void load(Request request) {
        Operation operation = request.operation;
        if (operation.kind() == OperationKind.IDLE) {
            return;
        }
        if (is(Fault.FORGETS_SESSIONS) && chance(3) && operation.sent().isPresent()) {
            store.remove(operation.sent().get());
        }
        String asked = operation.sent().orElse(null);
        if (is(Fault.MIXES_SESSIONS) && chance(3) && !store.isEmpty()) {
            List<String> all = store.keySet().stream().sorted().toList();
            asked = all.get(random.nextInt(all.size()));
        }
        Stored found = asked == null ? null : store.get(asked);
        if (found != null && is(Fault.LOADS_OLD_STATE) && chance(10)) {
            found = before.getOrDefault(asked, found);
        }
        request.loaded = found;
        request.session = found == null ? null : asked;
        request.origin =
                found != null ? Origin.LOADED : asked == null ? Origin.NONE_SENT : Origin.UNKNOWN;
        if (operation.kind() == OperationKind.INVALIDATE) {
            return;
        }
        for (int bean = 0; bean < BEANS; bean++) {
            if (operation.writes().isEmpty() || operation.writes().contains(bean)) {
                request.view.put(
                        bean,
                        found == null
                                ? Optional.empty()
                                : Optional.ofNullable(found.beans().get(bean)));
            }
        }
    }

    /** Whether that was all. */
    private boolean commit(Request request) {
        Operation operation = request.operation;
        if (operation.kind() == OperationKind.INVALIDATE) {
            if (request.session != null) {
                store.remove(request.session);
                request.origin = Origin.ENDED;
            }
            return true;
        }
        if (operation.writes().isEmpty()) {
            return true;
        }
        if (request.session == null) {
            create(request);
            return true;
        }
        return replace(request);
    }

    private void create(Request request) {
        SortedMap<Integer, Value> beans = new TreeMap<>();
        Browser browser = browsers.get(request.operation.browser());
        if (is(Fault.CARRIES_BEANS_OVER) && browser.before != null) {
            beans.putAll(before.get(browser.before).beans());
        }
        request.session = "s" + sessionsBegun++;
        request.origin = Origin.CREATED;
        put(request.session, written(request, beans), 1);
    }

    private boolean replace(Request request) {
        Stored current = store.get(request.session);
        if (current == null) {
            if (is(Fault.RECREATES_MISSING)) {
                put(request.session, written(request, request.loaded.beans()), 1);
            }
            return true;
        }
        if (current.version() != request.loaded.version() && !is(Fault.PLAIN_OVERWRITE)) {
            for (int bean : request.operation.writes()) {
                if (current.beans().get(bean) != request.loaded.beans().get(bean)) {
                    mergesOfOneBean++;
                }
            }
            request.loaded = current;
            return false;
        }
        put(request.session, written(request, request.loaded.beans()), current.version() + 1);
        return true;
    }

    private SortedMap<Integer, Value> written(Request request, SortedMap<Integer, Value> base) {
        SortedMap<Integer, Value> beans = new TreeMap<>(base);
        String tag = request.operation.tag().orElseThrow();
        for (int bean : request.operation.writes()) {
            boolean half = is(Fault.STORES_HALVES) && chance(10) && base.containsKey(bean);
            beans.put(bean, half ? new Value(tag, base.get(bean).tag()) : Value.of(tag));
            if (is(Fault.SAVES_FIRST_BEAN_ONLY) && chance(20)) {
                break;
            }
        }
        return beans;
    }

    private void put(String session, SortedMap<Integer, Value> beans, int version) {
        Stored stored = new Stored(version, beans);
        before.put(session, store.getOrDefault(session, stored));
        store.put(session, stored);
    }

    private void answer(Request request) {
        Browser browser = browsers.get(request.operation.browser());
        request.lane.request = null;
        request.answered = true;
        Answer answer =
                new Answer(
                        position++,
                        Optional.ofNullable(request.session),
                        request.origin,
                        request.view);
        operations.add(request.operation.withAnswer(answer));
        if (request.origin == Origin.CREATED) {
            browser.jar = request.session;
        } else if (request.origin == Origin.ENDED) {
            browser.jar = null;
            browser.before = request.session;
            browser.ended.add(request.session);
        }
    }
}
