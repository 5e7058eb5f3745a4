package org.memcachedsession.history;

import static org.memcachedsession.history.AnomalyKind.FOREIGN;
import static org.memcachedsession.history.AnomalyKind.LOST;
import static org.memcachedsession.history.AnomalyKind.LOST_UPDATE;
import static org.memcachedsession.history.AnomalyKind.REVIVED;
import static org.memcachedsession.history.AnomalyKind.STALE;
import static org.memcachedsession.history.AnomalyKind.TORN;

import java.util.EnumSet;
import java.util.Set;

/** What a simulated server can do wrong, and what that looks like. */
enum Fault {
    /** A save overwrites the whole session; what it undoes may come back by the next that does so. */
    PLAIN_OVERWRITE(LOST_UPDATE, LOST, STALE),
    /** A save puts a session back that is gone. */
    RECREATES_MISSING(REVIVED, LOST_UPDATE, LOST, STALE),
    /** A save happens after the answer. */
    SAVES_LATE(STALE, LOST_UPDATE, LOST, TORN),
    /** Now and then a load finds the state before. */
    LOADS_OLD_STATE(STALE, LOST_UPDATE, LOST, TORN),
    /** Now and then a bean is stored by halves. */
    STORES_HALVES(TORN),
    /** Now and then a save stores the first of its beans only. */
    SAVES_FIRST_BEAN_ONLY(TORN, LOST_UPDATE, LOST),
    /** Now and then a session vanishes. */
    FORGETS_SESSIONS(LOST),
    /** Now and then a load finds the session of somebody else. */
    MIXES_SESSIONS(FOREIGN),
    /** A new session begins with the beans of the one that the browser had before. */
    CARRIES_BEANS_OVER(REVIVED);

    private final AnomalyKind typical;
    private final Set<AnomalyKind> possible;

    Fault(AnomalyKind typical, AnomalyKind... others) {
        this.typical = typical;
        possible = EnumSet.of(typical, others);
    }

    /** What many requests show in any case. */
    AnomalyKind typical() {
        return typical;
    }

    /** All that it may look like. */
    Set<AnomalyKind> possible() {
        return possible;
    }
}
