package org.memcachedsession.embedded;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/** The rules of storing and counting which the text and the meta commands share. */
final class ItemStore {

    /** memcached keeps larger items in pieces and does not look for a number in them. */
    private static final int LARGEST_NUMBER_ITEM = 512 * 1024;

    private final ItemTable table;
    private final Statistics statistics;

    ItemStore(ItemTable table, Statistics statistics) {
        this.table = table;
        this.statistics = statistics;
    }

    /**
     * @param cas of the item now stored, 0 if none was
     */
    record Stored(StoreResult result, long cas) {}

    /** Stores a candidate whose {@code cas} is the number that the client expects, 0 for any. */
    Stored store(StoreMode mode, Item candidate) {
        return store(mode, candidate, false);
    }

    /**
     * @param acceptOlder with {@link StoreMode#CAS}: an expected number below the item's own is let
     *     in, and marks the item stale
     */
    Stored store(StoreMode mode, Item candidate, boolean acceptOlder) {
        synchronized (table) {
            Optional<Item> present = table.find(candidate.key);
            return present.isPresent()
                    ? storeOver(present.get(), mode, candidate, acceptOlder)
                    : storeNew(mode, candidate);
        }
    }

    private Stored storeNew(StoreMode mode, Item candidate) {
        return switch (mode) {
            case SET, ADD -> put(candidate);
            case CAS -> {
                statistics.count(Stat.CAS_MISSES);
                yield refused(StoreResult.NOT_FOUND);
            }
            case REPLACE, APPEND, PREPEND -> refused(StoreResult.NOT_STORED);
        };
    }

    private Stored storeOver(Item present, StoreMode mode, Item candidate, boolean acceptOlder) {
        return switch (mode) {
            case SET, REPLACE -> put(candidate);
            case ADD -> {
                table.used(present);
                yield refused(StoreResult.NOT_STORED);
            }
            case CAS -> compareAndSwap(present, candidate, acceptOlder);
            case APPEND -> join(present, candidate, present.value, candidate.value);
            case PREPEND -> join(present, candidate, candidate.value, present.value);
        };
    }

    private Stored compareAndSwap(Item present, Item candidate, boolean acceptOlder) {
        if (candidate.cas == 0) {
            statistics.count(Stat.CAS_BADVAL);
            return refused(StoreResult.EXISTS);
        }
        if (candidate.cas != present.cas) {
            if (!acceptOlder || Long.compareUnsigned(candidate.cas, present.cas) > 0) {
                statistics.count(Stat.CAS_BADVAL);
                return refused(StoreResult.EXISTS);
            }
            candidate.expiry = present.expiry;
            candidate.stale = true;
            candidate.won = present.won;
        }
        statistics.count(Stat.CAS_HITS);
        return put(candidate);
    }

    private Stored join(Item present, Item candidate, byte[] first, byte[] second) {
        if (candidate.cas != 0 && candidate.cas != present.cas) {
            return refused(StoreResult.EXISTS);
        }
        if (!table.fits(present.key, present.clientFlags, first.length + second.length)) {
            return refused(StoreResult.NOT_STORED);
        }
        byte[] joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return put(present.withValue(joined));
    }

    private Stored put(Item item) {
        table.put(item);
        return new Stored(StoreResult.STORED, item.cas);
    }

    private static Stored refused(StoreResult result) {
        return new Stored(result, 0);
    }

    /**
     * A value does not fit. memcached drops what is there under the key, so that nobody reads an old
     * value after a client tried to write a new one.
     */
    void refuseTooLarge(String key, boolean dropPresent) {
        statistics.count(Stat.STORE_TOO_LARGE);
        if (dropPresent) {
            synchronized (table) {
                table.find(key).ifPresent(table::remove);
            }
        }
    }

    enum CountResult {
        COUNTED,
        NOT_FOUND,
        NOT_A_NUMBER,
        OTHER_CAS
    }

    /**
     * @param number the new value in decimal, null unless counted
     * @param item as it was found, with its new CAS number; null unless counted
     */
    record Counted(CountResult result, String number, Item item) {

        static Counted failed(CountResult result) {
            return new Counted(result, null, null);
        }
    }

    /**
     * Adds to a decimal number, or subtracts from it; 64 bits, unsigned. Up wraps around, down stops
     * at 0. A shorter number keeps the length of the old one, with blanks behind it.
     *
     * @param expectedCas 0 for any
     */
    Counted count(String key, boolean up, long delta, long expectedCas) {
        synchronized (table) {
            Optional<Item> found = table.find(key);
            if (found.isEmpty()) {
                return Counted.failed(CountResult.NOT_FOUND);
            }
            Item item = found.get();
            if (item.value.length == 0 || item.size() > LARGEST_NUMBER_ITEM) {
                return Counted.failed(CountResult.NOT_A_NUMBER);
            }
            if (expectedCas != 0 && expectedCas != item.cas) {
                return Counted.failed(CountResult.OTHER_CAS);
            }
            OptionalLong before = number(item.value);
            if (before.isEmpty()) {
                return Counted.failed(CountResult.NOT_A_NUMBER);
            }
            long after = up ? before.getAsLong() + delta : minus(before.getAsLong(), delta);
            statistics.count(up ? Stat.INCR_HITS : Stat.DECR_HITS);
            return write(item, Long.toUnsignedString(after));
        }
    }

    private Counted write(Item item, String number) {
        byte[] digits = number.getBytes(StandardCharsets.ISO_8859_1);
        if (digits.length <= item.value.length) {
            byte[] padded = Arrays.copyOf(digits, item.value.length);
            Arrays.fill(padded, digits.length, padded.length, (byte) ' ');
            item.value = padded;
            item.cas = table.nextCas();
            table.used(item);
        } else {
            Item longer = item.withValue(digits);
            table.put(longer);
            // the caller goes on with the old item, as in memcached: what ma's T then sets is lost
            item.cas = longer.cas;
        }
        return new Counted(CountResult.COUNTED, number, item);
    }

    private static OptionalLong number(byte[] value) {
        String text = new String(value, StandardCharsets.ISO_8859_1);
        int nul = text.indexOf('\0');
        return Numbers.unsigned64(nul < 0 ? text : text.substring(0, nul));
    }

    private static long minus(long value, long delta) {
        return Long.compareUnsigned(delta, value) > 0 ? 0 : value - delta;
    }
}
