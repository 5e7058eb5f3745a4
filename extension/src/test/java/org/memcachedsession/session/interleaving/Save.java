package org.memcachedsession.session.interleaving;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.memcachedsession.session.BeanKey;
import org.memcachedsession.session.ItemKey;

/** What has happened in one save so far. */
final class Save {

    final ItemKey heldBefore;
    final boolean hadChanges;
    final int failuresBefore;

    int stores;
    int lostRaces;
    int lossesTold;
    final List<BeanKey> conflictsTold = new ArrayList<>();
    final Set<BeanKey> conflicts = new TreeSet<>();

    /** Where something was created, or was to be. */
    ItemKey creating;

    /** A new session. */
    ItemKey created;

    // ---- another id for the session

    ItemKey fresh;

    /** The request knows that the session is there under its fresh id too. */
    boolean isFreshThere;

    /** The session has lost its old id. */
    boolean hasMoved;

    /** The fresh id was to be deleted again. */
    boolean isTakenBack;

    // ---- looks at the session since it was read

    /** What it was at the last one; null if there was none. */
    Map<BeanKey, String> lookedAt;

    /** Where it is. */
    ItemKey found;

    /** Where it is no more. */
    ItemKey deadEnd;

    /** At the dead end there is not even a tombstone. */
    boolean isMissing;

    /**
     * @param heldBefore the id of the session, as far as the request knows
     * @param failuresBefore calls of this request that failed before
     */
    Save(ItemKey heldBefore, boolean hadChanges, int failuresBefore) {
        this.heldBefore = heldBefore;
        this.hadChanges = hadChanges;
        this.failuresBefore = failuresBefore;
    }

    void foundAt(ItemKey key) {
        found = key;
        deadEnd = null;
    }

    void foundNothingAt(ItemKey key, boolean missing) {
        found = null;
        deadEnd = key;
        isMissing = missing;
    }

    /** There are two of the session, and the fresh one is to stay. */
    boolean leavesFresh() {
        return isFreshThere && !isTakenBack;
    }
}
