package org.memcachedsession.history;

import static org.memcachedsession.history.AnomalyKind.FOREIGN;
import static org.memcachedsession.history.AnomalyKind.LOST;
import static org.memcachedsession.history.AnomalyKind.LOST_UPDATE;
import static org.memcachedsession.history.AnomalyKind.REVIVED;
import static org.memcachedsession.history.AnomalyKind.STALE;
import static org.memcachedsession.history.AnomalyKind.TORN;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Judges answers one by one, by what was proven when their requests began. */
final class Judge {

    private final Map<String, Examined> writers;
    private final Findings findings;
    private long steps;

    Judge(Map<String, Examined> writers, Findings findings) {
        this.writers = writers;
        this.findings = findings;
    }

    long steps() {
        return steps;
    }

    /** Who wrote what the request saw, if it can be that: this bean of this session. Else null. */
    Examined writer(Examined request, int bean, Optional<Value> value) {
        Examined writer = value.map(seen -> writers.get(seen.tag())).orElse(null);
        boolean belongs =
                writer != null
                        && request.session() != null
                        && writer.session() == request.session()
                        && writer.writes(bean)
                        && writer.start() < request.end();
        return belongs ? writer : null;
    }

    /** A position that precedes what the request saw: it had begun, and so had all that it saw. */
    int seenAfter(Examined request) {
        Examined newest = newestSeen(request);
        return newest == null ? request.start() : Math.max(request.start(), newest.start());
    }

    private Examined newestSeen(Examined request) {
        Examined newest = null;
        for (var seen : request.answer().beans().entrySet()) {
            steps++;
            Examined writer = writer(request, seen.getKey(), seen.getValue());
            if (writer != null && (newest == null || writer.start() > newest.start())) {
                newest = writer;
            }
        }
        return newest;
    }

    void judge(Examined request) {
        steps++;
        if (isRightSession(request)) {
            judgeAbsence(request);
            Examined newest = newestSeen(request);
            request.answer()
                    .beans()
                    .forEach((bean, value) -> judgeValue(request, newest, bean, value));
        }
    }

    // ---- sessions

    private boolean isRightSession(Examined request) {
        SessionTrace session = request.session();
        if (session == null) {
            return true;
        }
        if (request.endAtStart() != null) {
            findings.add(
                    REVIVED,
                    request,
                    "session %s is there again, after it was gone".formatted(session.fingerprint()),
                    List.of(request.endAtStart()),
                    session);
            return false;
        }
        Examined owner = session.owner();
        boolean created = request.answer().origin() == Origin.CREATED;
        if (owner.operation().browser() != request.operation().browser()
                || (created && owner != request)) {
            findings.add(
                    FOREIGN,
                    request,
                    "session %s was begun by another request%s"
                            .formatted(
                                    session.fingerprint(), created ? "" : ", of another browser"),
                    List.of(owner),
                    session,
                    request.operation().browser());
            return false;
        }
        if (!created && request.sentSession() != session) {
            findings.add(
                    FOREIGN,
                    request,
                    "session %s is not the one that the browser sent the cookie of"
                            .formatted(session.fingerprint()),
                    List.of(owner),
                    session,
                    request);
            return false;
        }
        return true;
    }

    private void judgeAbsence(Examined request) {
        SessionTrace sent = request.sentSession();
        boolean isWrite = !request.operation().writes().isEmpty();
        if (isWrite && request.session() == null) {
            findings.add(
                    LOST, request, "a write was answered without a session", List.of(), request);
        }
        if (sent == null
                || request.session() == sent
                || request.answer().origin() == Origin.UNASKED) {
            return;
        }
        Examined ending = sent.firstEnding();
        if (ending == null || ending.start() > request.end()) {
            findings.add(
                    LOST,
                    request,
                    "session %s is gone, and nobody had ended it".formatted(sent.fingerprint()),
                    sent.owner() == null ? List.of() : List.of(sent.owner()),
                    sent);
        }
    }

    // ---- values

    private void judgeValue(Examined request, Examined newest, int bean, Optional<Value> value) {
        steps++;
        if (value.isPresent() && !isWhole(request, bean, value.get())) {
            return;
        }
        Examined writer = writer(request, bean, value);
        if (value.isPresent() && writer == null) {
            judgeForeignValue(request, bean, value.get());
            return;
        }
        if (request.session() == null || isTorn(request, bean, writer)) {
            return;
        }
        Floor floor = request.floorsAtStart(bean).against(writer);
        if (floor != null) {
            leftBehind(STALE, request, bean, writer, floor);
            return;
        }
        // what is seen together was there together, when the newest of it had begun already
        if (newest != null && newest.start() > request.start()) {
            floor = newest.floorsAtStart(bean).against(writer);
            if (floor != null) {
                leftBehind(TORN, request, bean, writer, floor);
            }
        }
    }

    private boolean isWhole(Examined request, int bean, Value value) {
        if (value.tag().equals(value.echo())) {
            return true;
        }
        List<Examined> evidence = new ArrayList<>();
        Optional.ofNullable(writers.get(value.tag())).ifPresent(evidence::add);
        Optional.ofNullable(writers.get(value.echo())).ifPresent(evidence::add);
        findings.add(
                TORN,
                request,
                "one half of bean %d is of %s, the other of %s"
                        .formatted(bean, value.tag(), value.echo()),
                evidence,
                bean,
                value,
                request.session());
        return false;
    }

    private void judgeForeignValue(Examined request, int bean, Value value) {
        Examined writer = writers.get(value.tag());
        if (writer == null) {
            findings.add(
                    FOREIGN,
                    request,
                    "bean %d shows %s, which nobody wrote".formatted(bean, value.tag()),
                    List.of(),
                    bean,
                    value);
            return;
        }
        boolean ofEndedSession =
                writer.operation().browser() == request.operation().browser()
                        && writer.writes(bean)
                        && writer.session() != null
                        && writer.session().firstEnding() != null;
        findings.add(
                ofEndedSession ? REVIVED : FOREIGN,
                request,
                "bean %d shows %s, which was written %s"
                        .formatted(
                                bean,
                                value.tag(),
                                ofEndedSession
                                        ? "in a session that has ended"
                                        : "by another browser, in another session or to another"
                                                + " bean"),
                List.of(writer),
                bean,
                value,
                request.session());
    }

    /**
     * @param ifSeenLater what it is if the write that is missing comes back: then only this answer is
     *     wrong
     */
    private void leftBehind(
            AnomalyKind ifSeenLater, Examined request, int bean, Examined writer, Floor floor) {
        boolean seenLater = floor.value().seenLast(bean) > request.end();
        AnomalyKind kind = seenLater ? ifSeenLater : writer == null ? LOST : LOST_UPDATE;
        List<Examined> evidence = new ArrayList<>(List.of(floor.value(), floor.witness()));
        if (writer != null) {
            evidence.add(writer);
        }
        findings.add(
                kind,
                request,
                "bean %d shows %s, though %s was stored before, and is%s seen later"
                        .formatted(
                                bean,
                                writer == null
                                        ? "nothing"
                                        : writer.operation().tag().orElseThrow()
                                                + ", which is older",
                                floor.value().operation().tag().orElseThrow(),
                                seenLater ? "" : " not"),
                evidence,
                bean,
                request.session(),
                writer,
                floor.value());
    }

    // ---- values together

    /**
     * A request that wrote several beans is seen as a whole, but for what was overwritten since.
     *
     * @return whether this bean is as it was before a write of it that another bean shows
     */
    private boolean isTorn(Examined request, int bean, Examined writer) {
        for (var seen : request.answer().beans().entrySet()) {
            steps++;
            Examined other = writer(request, seen.getKey(), seen.getValue());
            boolean shouldShowOther = other != null && other != writer && other.writes(bean);
            if (shouldShowOther && (writer == null || writer.storedBefore() < other.start())) {
                findings.add(
                        TORN,
                        request,
                        "%s wrote the beans %s; bean %d shows it, bean %d is as before"
                                .formatted(
                                        other.operation().tag().orElseThrow(),
                                        other.operation().writes(),
                                        seen.getKey(),
                                        bean),
                        writer == null ? List.of(other) : List.of(other, writer),
                        request.session(),
                        other,
                        bean);
                return true;
            }
        }
        return false;
    }
}
