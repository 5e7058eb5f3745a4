package org.memcachedsession.history;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One history under examination. First all requests are looked at without regard to order: who wrote
 * which tag, who saw it, which sessions there are. Then the positions are walked through once: a
 * request takes down at its start what is proven by then, and is judged by that at its answer, which in
 * turn proves something. An answer that is wrong proves nothing, so that one fault is not reported as
 * many.
 */
final class Examination {

    private final Examined[] byPosition;
    private final List<Examined> requests;
    private final int beans;
    private final Map<String, Examined> writers = new HashMap<>();
    private final Map<String, SessionTrace> sessions = new HashMap<>();
    private final Findings findings = new Findings();
    private final Judge judge = new Judge(writers, findings);
    private long steps;

    Examination(History history) {
        beans = beans(history);
        byPosition = new Examined[history.length()];
        requests = new ArrayList<>(history.operations().size());
        for (Operation operation : history.operations()) {
            Examined request = new Examined(operation, beans);
            requests.add(request);
            byPosition[request.start()] = request;
            operation.answer().ifPresent(answer -> byPosition[answer.position()] = request);
            steps++;
        }
        requests.forEach(this::meetSessions);
        requests.forEach(this::meetValues);
        findLastSights();
        walk();
    }

    private static int beans(History history) {
        int highest = -1;
        for (Operation operation : history.operations()) {
            for (int bean : operation.writes()) {
                highest = Math.max(highest, bean);
            }
            if (operation.answer().isPresent() && !operation.answer().get().beans().isEmpty()) {
                highest = Math.max(highest, operation.answer().get().beans().lastKey());
            }
        }
        return highest + 1;
    }

    Report report() {
        Map<OperationKind, Integer> answered = new EnumMap<>(OperationKind.class);
        int unanswered = 0;
        for (Examined request : requests) {
            if (request.isAnswered()) {
                answered.merge(request.operation().kind(), 1, Integer::sum);
            } else {
                unanswered++;
            }
        }
        return new Report(
                answered, unanswered, sessions.size(), findings.all(), steps + judge.steps());
    }

    // ---- without regard to order

    private void meetSessions(Examined request) {
        steps++;
        Operation operation = request.operation();
        operation.tag().ifPresent(tag -> writers.put(tag, request));
        operation.sent().ifPresent(sent -> request.sentSession(trace(sent)));
        if (request.isAnswered()) {
            request.answer()
                    .session()
                    .ifPresent(
                            fingerprint -> {
                                request.session(trace(fingerprint));
                                request.session().seenBy(request);
                            });
            request.storedBefore(request.end());
            if (request.answer().origin() == Origin.ENDED && request.session() != null) {
                request.session().mayBeEndedBy(request);
            }
        } else {
            // if it found none it may have begun one, but nobody got the cookie of that
            request.session(request.sentSession());
            if (operation.kind() == OperationKind.INVALIDATE && request.session() != null) {
                request.session().mayBeEndedBy(request);
            }
        }
    }

    private SessionTrace trace(String fingerprint) {
        return sessions.computeIfAbsent(
                fingerprint, unknown -> new SessionTrace(fingerprint, beans));
    }

    private void meetValues(Examined request) {
        if (!request.isAnswered()) {
            return;
        }
        request.answer()
                .beans()
                .forEach(
                        (bean, value) -> {
                            steps++;
                            Examined writer = judge.writer(request, bean, value);
                            if (writer != null && writer != request) {
                                writer.storedBefore(request.end());
                                writer.seenBy(bean, request.start());
                                if (request.writes(bean)) {
                                    request.base(bean, writer);
                                }
                            }
                        });
    }

    /** From those that nothing was built on, down to what they were built on. */
    private void findLastSights() {
        for (int bean = 0; bean < beans; bean++) {
            Deque<Examined> ready = new ArrayDeque<>();
            for (Examined request : requests) {
                steps++;
                if (request.writes(bean) && request.awaited(bean) == 0) {
                    ready.add(request);
                }
            }
            while (!ready.isEmpty()) {
                steps++;
                Examined write = ready.remove();
                Examined base = write.base(bean);
                if (base != null) {
                    write.tellBase(bean);
                    if (base.awaited(bean) == 0) {
                        ready.add(base);
                    }
                }
            }
        }
    }

    // ---- in order

    private void walk() {
        for (int position = 0; position < byPosition.length; position++) {
            steps++;
            Examined request = byPosition[position];
            if (request == null) {
                continue;
            }
            if (request.start() == position) {
                steps += beans;
                request.begin();
            } else {
                int before = findings.count();
                judge.judge(request);
                learn(request, findings.count() == before);
            }
        }
    }

    /**
     * @param right nothing was wrong with the answer
     */
    private void learn(Examined request, boolean right) {
        SessionTrace session = request.session();
        Answer answer = request.answer();
        if (right && request.sentSession() != null && isGone(request)) {
            request.sentSession().gone(request);
        }
        if (session == null) {
            return;
        }
        if (answer.origin() == Origin.ENDED) {
            session.gone(request);
        }
        for (int bean : request.operation().writes()) {
            steps++;
            session.prove(bean, new Floor(request.start(), request, request));
        }
        if (right) {
            int seenAfter = judge.seenAfter(request);
            answer.beans()
                    .forEach(
                            (bean, value) -> {
                                steps++;
                                Examined writer = judge.writer(request, bean, value);
                                if (writer != null) {
                                    session.prove(bean, new Floor(seenAfter, writer, request));
                                }
                            });
        }
    }

    private static boolean isGone(Examined request) {
        return request.answer().origin() != Origin.UNASKED
                && request.session() != request.sentSession();
    }
}
