package org.memcachedsession.session;

import java.time.Duration;
import java.util.Optional;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.SessionTooLargeException;

/**
 * Where items live between requests. Many threads use one store at once.
 *
 * <p>Every method waits for the answer of a server, for the operation timeout at most. Each throws
 * {@link SessionStoreException} when there was no answer or one that makes no sense: a write may
 * then have happened or not, and it may still happen.
 *
 * <p>A time to live is relative, from one second to thirty days; a fraction of a second is rounded
 * up. An item may vanish before its time (eviction, restart) and nobody is told.
 */
public interface SessionStore extends AutoCloseable {

    /** Reads an item and the version that {@link #replace} wants. Empty: no such item. */
    Optional<StoredItem> load(ItemKey key);

    /**
     * Stores an item only where there is none.
     *
     * @return false if there is one; it is unchanged
     * @throws SessionTooLargeException more bytes than the store takes; nothing was stored
     */
    boolean create(ItemKey key, byte[] value, Duration timeToLive);

    /**
     * Stores an item only if it is still the one that was loaded, and starts its time anew.
     *
     * @param version from {@link #load}
     * @throws SessionTooLargeException more bytes than the store takes; nothing was stored and the old
     *     item is still there
     */
    Replacement replace(ItemKey key, byte[] value, long version, Duration timeToLive);

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

    /** Ends all connections and threads. A second call does nothing. */
    @Override
    void close();

    /** What became of a {@link #replace}. */
    enum Replacement {
        /** The new item is stored. */
        STORED,
        /** Somebody stored another one meanwhile; nothing was written. */
        CHANGED,
        /** There is no item any more; nothing was written. */
        MISSING
    }
}
