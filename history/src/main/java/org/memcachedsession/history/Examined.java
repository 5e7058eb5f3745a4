package org.memcachedsession.history;

import java.util.Arrays;

/** A request, and what the checker has found out about it. */
final class Examined {

    static final int NEVER = -1;

    private final Operation operation;
    private SessionTrace session;
    private SessionTrace sentSession;
    private int storedBefore = Integer.MAX_VALUE;

    // by bean, where this request writes it
    private final Examined[] base;
    private final int[] builtOn;
    private final int[] seenLast;

    // as they were when this request began
    private Floors[] floors;
    private Examined end;

    Examined(Operation operation, int beans) {
        this.operation = operation;
        boolean isWrite = !operation.writes().isEmpty();
        base = new Examined[isWrite ? beans : 0];
        builtOn = new int[isWrite ? beans : 0];
        seenLast = new int[isWrite ? beans : 0];
        Arrays.fill(seenLast, NEVER);
    }

    Operation operation() {
        return operation;
    }

    int start() {
        return operation.start();
    }

    boolean isAnswered() {
        return operation.answer().isPresent();
    }

    Answer answer() {
        return operation.answer().orElseThrow();
    }

    int end() {
        return answer().position();
    }

    boolean writes(int bean) {
        return operation.writes().contains(bean);
    }

    /** The session it worked in, as answered; without an answer the one it asked for. May be null. */
    SessionTrace session() {
        return session;
    }

    void session(SessionTrace trace) {
        session = trace;
    }

    /** May be null. */
    SessionTrace sentSession() {
        return sentSession;
    }

    void sentSession(SessionTrace trace) {
        sentSession = trace;
    }

    /**
     * What it wrote was stored before this position, if at all: it was answered, or somebody saw it.
     */
    int storedBefore() {
        return storedBefore;
    }

    /** It was answered at this position, or somebody who was had seen what it wrote. */
    void storedBefore(int position) {
        storedBefore = Math.min(storedBefore, position);
    }

    /** What it saw in a bean that it then wrote; may be null. */
    Examined base(int bean) {
        return base[bean];
    }

    void base(int bean, Examined write) {
        base[bean] = write;
        write.builtOn[bean]++;
    }

    /** How many writes that are built on this one have not told yet when they were seen last. */
    int awaited(int bean) {
        return builtOn[bean];
    }

    /** When the last request began that saw this write in the bean, or one that is built on it. */
    int seenLast(int bean) {
        return seenLast[bean];
    }

    void seenBy(int bean, int start) {
        seenLast[bean] = Math.max(seenLast[bean], start);
    }

    void tellBase(int bean) {
        base[bean].seenBy(bean, seenLast[bean]);
        base[bean].builtOn[bean]--;
    }

    /** Takes down what is known now, as it begins. */
    void begin() {
        floors = session == null ? new Floors[0] : session.floors().clone();
        end = session == null ? null : session.end();
    }

    Floors floorsAtStart(int bean) {
        return floors[bean];
    }

    /** By whose answer its session was known to be gone when it began; null if it was not. */
    Examined endAtStart() {
        return end;
    }
}
