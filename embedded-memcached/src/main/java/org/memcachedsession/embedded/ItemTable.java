package org.memcachedsession.embedded;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * All items, the least recently used first. What takes several steps, or reads the fields of an
 * {@link Item}, holds the monitor of the table; no thread holds it while it waits for a client.
 */
final class ItemTable {

    private final Map<String, Item> items = new LinkedHashMap<>();
    private final ServerClock clock;
    private final Statistics statistics;
    private final long memoryLimit;
    private final int itemSizeLimit;

    private long bytes;
    private long lastCas;

    /** Items last used up to this second are gone once it has come; 0 for none. */
    private long flushedUntil;

    ItemTable(ServerClock clock, Statistics statistics, long memoryLimit, int itemSizeLimit) {
        this.clock = clock;
        this.statistics = statistics;
        this.memoryLimit = memoryLimit;
        this.itemSizeLimit = itemSizeLimit;
    }

    boolean fits(String key, int clientFlags, int length) {
        return Item.size(key, clientFlags, length) <= itemSizeLimit;
    }

    /** The live item of a key, its place among the recently used unchanged. */
    synchronized Optional<Item> find(String key) {
        Item item = items.get(key);
        if (item == null) {
            return Optional.empty();
        }
        if (isFlushed(item)) {
            statistics.count(Stat.GET_FLUSHED);
            remove(item);
            return Optional.empty();
        }
        if (item.expiry != ServerClock.NEVER && item.expiry <= clock.now()) {
            statistics.count(Stat.GET_EXPIRED);
            remove(item);
            return Optional.empty();
        }
        return Optional.of(item);
    }

    /** A client has read the item. */
    synchronized void fetched(Item item) {
        item.fetched = true;
        used(item);
    }

    /** Moves a held item to the recently used end. */
    synchronized void used(Item item) {
        item.lastAccess = clock.now();
        items.remove(item.key);
        items.put(item.key, item);
    }

    /** Puts an item in, in place of one with the same key if there is one, with a new CAS number. */
    synchronized void put(Item item) {
        Item before = items.remove(item.key);
        if (before != null) {
            bytes -= before.size();
        }
        item.cas = nextCas();
        item.lastAccess = clock.now();
        items.put(item.key, item);
        bytes += item.size();
        statistics.count(Stat.TOTAL_ITEMS);
        evict();
    }

    synchronized void remove(Item item) {
        items.remove(item.key);
        bytes -= item.size();
    }

    synchronized long nextCas() {
        return ++lastCas;
    }

    /**
     * Forgets all items, now or at a later time. Later it is also those stored before that time
     * comes. Only the last call counts.
     *
     * @param delay as an expiry; 0 and less mean now
     */
    synchronized void flush(int delay) {
        long until = (delay > 0 ? clock.expiry(delay) : clock.now()) - 1;
        if (until > clock.now()) {
            flushedUntil = until;
            return;
        }
        flushedUntil = 0;
        items.clear();
        bytes = 0;
        // memcached takes a number here, to tell apart what is stored later in this second
        nextCas();
    }

    synchronized int count() {
        return items.size();
    }

    synchronized long bytes() {
        return bytes;
    }

    /** Seconds since the least recently used item was used, 0 without items. */
    synchronized long age() {
        Iterator<Item> eldest = items.values().iterator();
        return eldest.hasNext() ? clock.now() - eldest.next().lastAccess : 0;
    }

    long memoryLimit() {
        return memoryLimit;
    }

    int itemSizeLimit() {
        return itemSizeLimit;
    }

    private boolean isFlushed(Item item) {
        return item.lastAccess <= flushedUntil && flushedUntil <= clock.now();
    }

    private void evict() {
        Iterator<Item> eldestFirst = items.values().iterator();
        while (bytes > memoryLimit && eldestFirst.hasNext()) {
            bytes -= eldestFirst.next().size();
            eldestFirst.remove();
            statistics.count(Stat.EVICTIONS);
        }
    }
}
