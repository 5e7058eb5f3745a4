package org.memcachedsession.session;

/**
 * The mark on an item that was stored in its places by two lists of servers: where it is found by one of them alone, a
 * node that knows the other one alone may have stored something later. It is the highest bit of the first byte,
 * which belongs to no format version, and it is not sealed: whoever could set it could as well store an older item.
 */
public final class InBothLists {

    private static final int BIT = 0x80;

    private InBothLists() {}

    static byte[] mark(byte[] item) {
        byte[] marked = item.clone();
        marked[0] |= (byte) BIT;
        return marked;
    }

    static boolean isMarked(byte[] item) {
        return item.length > 0 && (item[0] & BIT) != 0;
    }

    static byte[] unmarked(byte[] item) {
        if (!isMarked(item)) {
            return item;
        }
        byte[] unmarked = item.clone();
        unmarked[0] = unmarked(item[0]);
        return unmarked;
    }

    /** A first byte as it was without the mark. */
    public static byte unmarked(byte first) {
        return (byte) (first & ~BIT);
    }
}
