package org.memcachedsession.session;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The mark on an item that was stored in its places by two lists of servers: where it is found by one of them alone, a
 * node that knows the other one alone may have stored something later. It is the highest bit of the first byte,
 * which belongs to no format version, and four bytes behind the item that say which lists. It is not sealed:
 * whoever could set it could as well store an older item.
 */
public final class InBothLists {

    private static final int BIT = 0x80;

    private InBothLists() {}

    /**
     * @param lists a number that these two have and hardly any others
     */
    static byte[] mark(byte[] item, int lists) {
        byte[] sealed = sealed(item);
        byte[] marked = Arrays.copyOf(sealed, sealed.length + Integer.BYTES);
        marked[0] |= (byte) BIT;
        ByteBuffer.wrap(marked).putInt(sealed.length, lists);
        return marked;
    }

    static boolean isMarked(byte[] item, int lists) {
        return isMarked(item) && ByteBuffer.wrap(item).getInt(item.length - Integer.BYTES) == lists;
    }

    private static boolean isMarked(byte[] item) {
        return item.length > Integer.BYTES && (item[0] & BIT) != 0;
    }

    /** As it was without the mark. */
    public static byte[] sealed(byte[] item) {
        if (!isMarked(item)) {
            return item;
        }
        byte[] sealed = Arrays.copyOf(item, item.length - Integer.BYTES);
        sealed[0] &= (byte) ~BIT;
        return sealed;
    }
}
