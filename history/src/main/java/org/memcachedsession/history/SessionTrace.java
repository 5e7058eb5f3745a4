package org.memcachedsession.history;

import java.util.Arrays;

/** A session, and what the checker knows of it at a position. */
final class SessionTrace {

    private final String fingerprint;
    private final Floors[] floors;
    private Examined creator;
    private Examined firstSeen;
    private Examined firstEnding;
    private Examined end;

    SessionTrace(String fingerprint, int beans) {
        this.fingerprint = fingerprint;
        floors = new Floors[beans];
        Arrays.fill(floors, Floors.NONE);
    }

    String fingerprint() {
        return fingerprint;
    }

    /** A request that was answered with this session; in the order of their starts. */
    void seenBy(Examined request) {
        if (firstSeen == null) {
            firstSeen = request;
        }
        if (creator == null && request.answer().origin() == Origin.CREATED) {
            creator = request;
        }
    }

    /** The request that began it or, in a part of a history, the first that saw it. */
    Examined owner() {
        return creator == null ? firstSeen : creator;
    }

    /** A request that ended it or may have; in the order of their starts. */
    void mayBeEndedBy(Examined request) {
        if (firstEnding == null) {
            firstEnding = request;
        }
    }

    /** The first to begin of those that ended it or may have; null if there is none. */
    Examined firstEnding() {
        return firstEnding;
    }

    Floors[] floors() {
        return floors;
    }

    void prove(int bean, Floor floor) {
        floors[bean] = floors[bean].with(floor);
    }

    /** By whose answer it is known to be gone; null as long as it is not. */
    Examined end() {
        return end;
    }

    void gone(Examined witness) {
        if (end == null) {
            end = witness;
        }
    }
}
