package org.memcachedsession.session;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.SessionTooLargeException;

/**
 * Where items live between requests. Many threads use one store at once.
 *
 * <p>Every method waits for the answer of a server, for the operation timeout at most, and for no longer than the
 * {@link Budget} of the thread allows. Each throws {@link SessionStoreException} when there was no answer or one
 * that makes no sense: a write may then have happened or not, and it may still happen.
 *
 * <p>A time to live is relative, from one second to thirty days; a fraction of a second is rounded
 * up. An item may vanish before its time (eviction, restart) and nobody is told.
 */
public interface SessionStore extends AutoCloseable {

    /** Reads an item and the version that {@link #replace} wants. Empty: no such item. */
    default Optional<StoredItem> load(ItemKey key) {
        return load(key, Optional.empty());
    }

    /**
     * As {@link #load(ItemKey)}, and starts its time anew in the same breath where the server can do that:
     * then what is found tells its {@linkplain StoredItem#timeLeft time left}. Where it tells none, nothing
     * was started.
     *
     * @param timeToLive empty: its time stays
     */
    Optional<StoredItem> load(ItemKey key, Optional<Duration> timeToLive);

    /**
     * Stores an item only where there is none.
     *
     * @return {@link Replacement#STORED}, or {@link Replacement#CHANGED} if there is one; it is unchanged
     * @throws SessionTooLargeException more bytes than the store takes; nothing was stored
     */
    Written create(ItemKey key, byte[] value, Duration timeToLive);

    /**
     * Stores an item only if it is still the one that was loaded, and starts its time anew.
     *
     * @param version from {@link #load}
     * @throws SessionTooLargeException more bytes than the store takes; nothing was stored and the old
     *     item is still there
     */
    Written replace(ItemKey key, byte[] value, long version, Duration timeToLive);

    /**
     * Stores an item whatever is there, but only where something is, and starts its time anew.
     *
     * @return false if there is no such item
     * @throws SessionTooLargeException more bytes than the store takes; nothing was stored and the old
     *     item is still there
     */
    boolean overwrite(ItemKey key, byte[] value, Duration timeToLive);

    /**
     * Starts the time of an item anew. Its version stays as it is.
     *
     * @return false if there is no such item
     */
    boolean touch(ItemKey key, Duration timeToLive);

    /**
     * Removes an item.
     *
     * @return false if there was none
     */
    boolean delete(ItemKey key);

    /**
     * Whether an item may be in several places. If not, the methods above are all there is to it; if so, they are not
     * used.
     */
    default boolean hasPlaces() {
        return false;
    }

    /** How long one request may wait for this in all, whatever it asks. Empty: as long as its calls take. */
    default Optional<Duration> waitOfRequest() {
        return Optional.empty();
    }

    /** Where an item is; the first place where it would be if it had no copies. */
    default Placement placement(ItemKey key) {
        throw new UnsupportedOperationException("items have no copies here");
    }

    /**
     * Whom to tell, on a thread of its own, that a place is back after it was away, once more when it is not {@linkplain
     * Place#isJustBack just} back any more, and that it has {@linkplain Place#repairSoon missed} something else. One at
     * most, before the first call.
     */
    default void onReturn(Consumer<Place> observer) {
        throw new UnsupportedOperationException("items have no copies here");
    }

    /** Ends all connections and threads. A second call does nothing. */
    @Override
    void close();

    /**
     * What became of a write.
     *
     * @param version of what was stored, for the next {@link #replace}; empty where nothing was, or the
     *     server does not tell
     */
    record Written(Replacement outcome, Optional<Long> version) {

        public static final Written CHANGED = new Written(Replacement.CHANGED, Optional.empty());
        public static final Written MISSING = new Written(Replacement.MISSING, Optional.empty());

        /** Whether it was carried out. */
        public boolean isStored() {
            return outcome == Replacement.STORED;
        }

        /** Of a server that does not tell versions. */
        public static Written stored() {
            return new Written(Replacement.STORED, Optional.empty());
        }

        public static Written stored(long version) {
            return new Written(Replacement.STORED, Optional.of(version));
        }
    }

    /** What may become of a {@link #replace}. */
    enum Replacement {
        /** The new item is stored. */
        STORED,
        /** Somebody stored another one meanwhile; nothing was written. */
        CHANGED,
        /** There is no item any more; nothing was written. */
        MISSING
    }
}
