package org.memcachedsession.store;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.SessionTooLargeException;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.SessionStore;
import org.memcachedsession.session.StoredItem;

/**
 * A store for tests, with memcached's rules in one JVM: versions that never come again, whole
 * seconds, an item gone at the very instant its time ends. Time is a clock that the test sets, and
 * every call can be stopped, failed or counted through {@link Calls}.
 */
public final class InMemorySessionStore implements SessionStore {

    /** What may be called. */
    public enum Operation {
        LOAD,
        CREATE,
        REPLACE,
        OVERWRITE,
        TOUCH,
        DELETE
    }

    /**
     * Sees every call, on the thread that makes it and outside any lock. It may wait, or throw what
     * the call is to throw.
     */
    public interface Calls {

        /** The call has not happened; throw, and it never will. */
        default void before(Operation operation, ItemKey key) {}

        /** The call has happened; throw, and its caller will not know (an answer that was lost). */
        default void after(Operation operation, ItemKey key) {}
    }

    /** What a server throws that is there and has no room. */
    public static SessionStoreException full() {
        String says = "out of memory storing object";
        return new SessionStoreException(says, new ServerCommand.RefusedException(says));
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Item(byte[] value, long version, Instant end) {}

    private static final int LONGEST_TOMBSTONE = 71;

    private final Clock clock;
    private final int sizeLimit;
    private final Map<ItemKey, Item> items = new HashMap<>();
    private long lastVersion;
    private boolean closed;
    private volatile boolean tellsTimeLeft = true;
    private volatile Calls calls = new Calls() {};
    private volatile Optional<Duration> waitOfRequest = Optional.empty();

    public InMemorySessionStore(Clock clock, int sizeLimit) {
        this.clock = clock;
        this.sizeLimit = sizeLimit;
    }

    /** From now on; one observer at a time. */
    public void observe(Calls observer) {
        calls = observer;
    }

    /** Of the requests of nodes that are made from now on. */
    public void limitWaits(Duration ofRequest) {
        waitOfRequest = Optional.of(ofRequest);
    }

    @Override
    public Optional<Duration> waitOfRequest() {
        return waitOfRequest;
    }

    /** From now on as a memcached before 1.6.18: it tells neither the time left nor versions of writes. */
    public void tellLess() {
        tellsTimeLeft = false;
    }

    /** Of what was stored last, under whatever key. */
    synchronized long lastVersion() {
        return lastVersion;
    }

    /** How many items are alive. */
    public int size() {
        return count(0);
    }

    /** How many of them are longer than a sealed tombstone, so sessions. */
    public int sessions() {
        return count(LONGEST_TOMBSTONE + 1);
    }

    private synchronized int count(int shortest) {
        Instant now = clock.instant();
        return (int)
                items.values().stream()
                        .filter(item -> item.end().isAfter(now) && item.value().length >= shortest)
                        .count();
    }

    /** Loses an item without a trace, as memcached does when its memory is full. */
    public synchronized void evict(ItemKey key) {
        items.remove(key);
    }

    /** Loses all of them, as a restart does. */
    public synchronized void evictAll() {
        items.clear();
    }

    /** What is left of an item's time; empty: no such item. */
    public synchronized Optional<Duration> timeLeft(ItemKey key) {
        return alive(key).map(item -> Duration.between(clock.instant(), item.end()));
    }

    @Override
    public Optional<StoredItem> load(ItemKey key, Optional<Duration> timeToLive) {
        Optional<Integer> seconds = timeToLive.map(ItemExpiry::seconds);
        calls.before(Operation.LOAD, key);
        Optional<StoredItem> found;
        synchronized (this) {
            found = alive(key).map(this::stored);
            if (found.isPresent() && seconds.isPresent() && tellsTimeLeft) {
                slide(key, seconds.get());
            }
        }
        calls.after(Operation.LOAD, key);
        return found;
    }

    private StoredItem stored(Item item) {
        Duration left = Duration.between(clock.instant(), item.end());
        return new StoredItem(
                item.value().clone(),
                item.version(),
                tellsTimeLeft ? Optional.of(left) : Optional.empty());
    }

    private void slide(ItemKey key, int seconds) {
        Item item = items.get(key);
        items.put(key, new Item(item.value(), item.version(), end(seconds)));
    }

    @Override
    public Written create(ItemKey key, byte[] value, Duration timeToLive) {
        requireSize(value);
        int seconds = ItemExpiry.seconds(timeToLive);
        calls.before(Operation.CREATE, key);
        Written written = Written.CHANGED;
        synchronized (this) {
            if (alive(key).isEmpty()) {
                written = put(key, value, seconds);
            }
        }
        calls.after(Operation.CREATE, key);
        return written;
    }

    @Override
    public Written replace(ItemKey key, byte[] value, long version, Duration timeToLive) {
        requireSize(value);
        int seconds = ItemExpiry.seconds(timeToLive);
        calls.before(Operation.REPLACE, key);
        Written written;
        synchronized (this) {
            Optional<Item> there = alive(key);
            if (there.isEmpty()) {
                written = Written.MISSING;
            } else if (there.get().version() == version) {
                written = put(key, value, seconds);
            } else {
                written = Written.CHANGED;
            }
        }
        calls.after(Operation.REPLACE, key);
        return written;
    }

    @Override
    public boolean overwrite(ItemKey key, byte[] value, Duration timeToLive) {
        requireSize(value);
        int seconds = ItemExpiry.seconds(timeToLive);
        calls.before(Operation.OVERWRITE, key);
        boolean there;
        synchronized (this) {
            there = alive(key).isPresent();
            if (there) {
                put(key, value, seconds);
            }
        }
        calls.after(Operation.OVERWRITE, key);
        return there;
    }

    @Override
    public boolean touch(ItemKey key, Duration timeToLive) {
        int seconds = ItemExpiry.seconds(timeToLive);
        calls.before(Operation.TOUCH, key);
        boolean there;
        synchronized (this) {
            there = alive(key).isPresent();
            if (there) {
                slide(key, seconds);
            }
        }
        calls.after(Operation.TOUCH, key);
        return there;
    }

    @Override
    public boolean delete(ItemKey key) {
        calls.before(Operation.DELETE, key);
        boolean there;
        synchronized (this) {
            there = alive(key).isPresent();
            items.remove(key);
        }
        calls.after(Operation.DELETE, key);
        return there;
    }

    @Override
    public synchronized void close() {
        closed = true;
    }

    private Written put(ItemKey key, byte[] value, int seconds) {
        items.put(key, new Item(value.clone(), ++lastVersion, end(seconds)));
        return tellsTimeLeft ? Written.stored(lastVersion) : Written.stored();
    }

    private Instant end(int seconds) {
        return clock.instant().plusSeconds(seconds);
    }

    private Optional<Item> alive(ItemKey key) {
        if (closed) {
            throw new SessionStoreException("the session store is closed");
        }
        Item item = items.get(key);
        return item != null && item.end().isAfter(clock.instant())
                ? Optional.of(item)
                : Optional.empty();
    }

    private void requireSize(byte[] value) {
        if (value.length > sizeLimit) {
            throw new SessionTooLargeException(
                    "a session has " + value.length + " bytes, the limit is " + sizeLimit);
        }
    }
}
