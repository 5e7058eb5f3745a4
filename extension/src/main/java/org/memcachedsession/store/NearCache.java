package org.memcachedsession.store;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.StoredItem;

/**
 * The sealed bytes of large sessions that were loaded or stored lately, so that memcached need not send them
 * again if they are still what it holds. Nothing is taken from here before the server has said that it is the
 * version that it has.
 *
 * <p>A server that was restarted counts its versions from one again. So what was learned by one connection is
 * believed on that one alone: no connection outlives its server.
 *
 * <p>Many threads use it at once.
 */
final class NearCache {

    /** What is shorter comes as fast as the answer that says it is not needed. */
    static final int SHORTEST = 16 * 1024;

    /** Bytes of all values together. */
    static final int CAPACITY = 8 * 1024 * 1024;

    /** Of a server that was told to count none (-C): all its items have this one. */
    private static final long NO_VERSIONS = 0;

    private record Copy(ServerConnection learnedBy, StoredItem item) {}

    private final ReentrantLock lock = new ReentrantLock();

    // guarded by lock
    private final Map<ItemKey, Copy> copies = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /** As they are where sessions are small, or the server sends all bytes: then nobody takes the lock. */
    private volatile boolean isEmpty = true; // set under lock

    /** What the server may still have. */
    Optional<StoredItem> find(ItemKey key, ServerConnection connection) {
        if (isEmpty) {
            return Optional.empty();
        }
        lock.lock();
        try {
            Copy copy = copies.get(key);
            return copy == null || copy.learnedBy != connection
                    ? Optional.empty()
                    : Optional.of(copy.item);
        } finally {
            lock.unlock();
        }
    }

    /** Takes the place of what was known of the item. */
    void put(ItemKey key, ServerConnection connection, StoredItem item) {
        int size = item.value().length;
        boolean isTold = item.version() != NO_VERSIONS && connection.skipsUnchanged();
        boolean isKept = isTold && size >= SHORTEST && size <= CAPACITY;
        if (!isKept && isEmpty) {
            return;
        }
        lock.lock();
        try {
            removeLocked(key);
            if (isKept) {
                copies.put(key, new Copy(connection, item));
                bytes += size;
                dropOldest();
            }
            isEmpty = copies.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** The server sends all bytes again, whatever is near: one before 1.6.40. So nothing is kept for it. */
    void giveUp(ServerConnection connection) {
        connection.sendsUnchanged();
        forget(connection);
    }

    /** Nobody believes what it has learned any more. */
    void forget(ServerConnection connection) {
        lock.lock();
        try {
            copies.values().removeIf(copy -> copy.learnedBy == connection);
            bytes = copies.values().stream().mapToLong(copy -> copy.item.value().length).sum();
            isEmpty = copies.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Nothing is known of the item any more. */
    void remove(ItemKey key) {
        if (isEmpty) {
            return;
        }
        lock.lock();
        try {
            removeLocked(key);
            isEmpty = copies.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private void removeLocked(ItemKey key) {
        Copy old = copies.remove(key);
        if (old != null) {
            bytes -= old.item.value().length;
        }
    }

    private void dropOldest() {
        while (bytes > CAPACITY) {
            removeLocked(copies.keySet().iterator().next());
        }
    }
}
