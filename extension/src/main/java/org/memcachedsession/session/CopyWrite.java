package org.memcachedsession.session;

import java.time.Duration;
import java.util.Optional;
import org.memcachedsession.SessionException;
import org.memcachedsession.session.Place.Answer;
import org.memcachedsession.session.SessionStore.Written;

/**
 * Brings to one more place what another one has taken, unless there is something later: in steps that begin and
 * steps that wait, so that several go on at once.
 *
 * @param <T> what is in the item
 */
final class CopyWrite<T> {

    /** What became of it. */
    enum Result {
        UNDECIDED,
        /** It is there, and is the latest. */
        TAKEN,
        /** Something is there that was not known, and is later or counts as much; nothing was written. */
        UNKNOWN,
        /** Nobody knows what is there now. */
        MISSED
    }

    private final Place place;
    private final ItemOwner<T> owner;
    private final T ours;
    private final byte[] item;
    private final Duration timeToLive;
    private Answer<Optional<StoredItem>> loading; // null: nothing is there
    private Answer<Written> writing;
    private Unknown<T> unknown;
    private Result result = Result.UNDECIDED;

    /** What is there instead. */
    record Unknown<T>(StoredItem stored, T content) {}

    CopyWrite(Place place, ItemOwner<T> owner, T ours, byte[] item, Duration timeToLive) {
        this.place = place;
        this.owner = owner;
        this.ours = ours;
        this.item = item;
        this.timeToLive = timeToLive;
    }

    Place place() {
        return place;
    }

    Result result() {
        return result;
    }

    /** What is there, where the result is {@link Result#UNKNOWN}; else null. */
    Unknown<T> unknown() {
        return unknown;
    }

    /** Also where it was not tried. */
    boolean isMissed() {
        return result == Result.UNDECIDED || result == Result.MISSED;
    }

    boolean isTaken() {
        return result == Result.TAKEN;
    }

    boolean isDecided() {
        return result != Result.UNDECIDED;
    }

    /** Asks what is there. Without it, nothing is expected there. */
    void beginLook() {
        loading = place.load(owner.key(), Optional.empty());
    }

    /** Nothing is to be written, whatever is there. */
    void abandon() {
        if (loading != null) {
            loading.abandon();
        }
    }

    /** As {@link #abandon}, and waits for the answer: whoever gives none is away from then on. */
    void endLook() {
        if (loading != null) {
            try {
                loading.await();
            } catch (SessionException e) {
                result = Result.MISSED;
            }
        }
    }

    /** Waits for what is there, and begins to write if that is to be. */
    void beginWrite() {
        try {
            Optional<StoredItem> there = loading == null ? Optional.empty() : loading.await();
            if (there.isEmpty()) {
                writing = place.create(owner.key(), item, timeToLive);
            } else if (isToBeReplaced(there.get())) {
                writing = place.replace(owner.key(), item, there.get().version(), timeToLive);
            }
        } catch (SessionException e) {
            result = Result.MISSED;
        }
    }

    private boolean isToBeReplaced(StoredItem there) {
        T theirs;
        try {
            theirs = owner.open(there.value());
        } catch (UnreadableException e) {
            return true; // whatever it is, it is not what another place has just taken
        }
        if (owner.isLater(theirs, ours) || owner.isBeside(ours, theirs)) {
            result = Result.UNKNOWN;
            unknown = new Unknown<>(there, theirs);
            return false;
        }
        if (owner.isLater(ours, theirs) || place.isSuspect(there.version())) {
            return true;
        }
        result = Result.TAKEN;
        return false;
    }

    /** Waits for what became of the write. Where others wrote meanwhile, it begins anew. */
    void endWrite() {
        if (isDecided()) {
            return;
        }
        try {
            if (writing.await().isStored()) {
                result = Result.TAKEN;
            } else {
                beginLook();
            }
        } catch (SessionException e) {
            result = Result.MISSED;
        }
    }
}
