package org.memcachedsession.codec;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.memcachedsession.session.ItemContent;
import org.memcachedsession.session.SessionId;
import org.memcachedsession.session.SessionRecord;
import org.memcachedsession.session.UnreadableException;

/**
 * What the items hold that were sealed or opened last, so that one that comes again as it was need not be opened again:
 * most requests find their session as this node has left it. Nothing is taken from here but for an item that is the
 * same for the same session, byte for byte; so it was authenticated here, or made.
 *
 * <p>A session has one place, by its hash code, and whatever comes to that place next takes it. All together are {@value
 * #CAPACITY} bytes at most: beyond that, others go in turn. Many threads use it at once, without locks.
 */
final class OpenedItems {

    /** Of the items and of what they hold. */
    static final int CAPACITY = 16 * 1024 * 1024;

    /** Of one item and what it holds: what is larger would drive out too many others. */
    static final int LARGEST = CAPACITY / 64;

    /** What the objects take that hold a bean's bytes, beside these. */
    private static final int FOR_A_BEAN = 256;

    private final SealedRecordCodec.Parser parser;
    private final AtomicReferenceArray<Opened> places =
            new AtomicReferenceArray<>(Remembered.PLACES);
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicInteger next = new AtomicInteger();

    OpenedItems(SealedRecordCodec.Parser parser) {
        this.parser = parser;
    }

    /** One item. What it holds is made when it is asked for, of bytes that are of no use after that. */
    private static final class Opened {

        private final SessionId id;
        private final byte[] item;
        private final int size;
        private volatile byte[] plain;
        private volatile ItemContent content;

        Opened(SessionId id, byte[] item, int size, byte[] plain, ItemContent content) {
            this.id = id;
            this.item = item;
            this.size = size;
            this.plain = plain;
            this.content = content;
        }

        boolean is(SessionId otherId, byte[] otherItem) {
            return Arrays.equals(item, otherItem) && id.equals(otherId);
        }

        ItemContent content(SealedRecordCodec.Parser parser) throws UnreadableException {
            ItemContent known = content;
            if (known == null) {
                byte[] left = plain;
                // null: another thread has made it meanwhile
                known = left == null ? content : parser.read(left);
                content = known;
                plain = null;
            }
            return known;
        }
    }

    /** What the item holds, or null. */
    ItemContent find(SessionId id, byte[] item) throws UnreadableException {
        Opened opened = places.get(Remembered.place(id));
        return opened != null && opened.is(id, item) ? opened.content(parser) : null;
    }

    /**
     * @param item as it is sealed, for this id; not to be changed from now on
     * @param plain what it was opened to
     * @return what that holds
     */
    ItemContent opened(SessionId id, byte[] item, byte[] plain) throws UnreadableException {
        ItemContent content = parser.read(plain);
        keep(new Opened(id, item, size(item, plain, content), null, content));
        return content;
    }

    /**
     * As {@link #opened}, for what may never be asked for.
     *
     * @param plain what was sealed: what is read of that is what other nodes read
     * @param content what that was made of
     */
    void sealed(SessionId id, byte[] item, byte[] plain, ItemContent content) {
        keep(new Opened(id, item, size(item, plain, content), plain, null));
    }

    private static int size(byte[] item, byte[] plain, ItemContent content) {
        int beans = content instanceof SessionRecord session ? session.entries().size() : 0;
        return item.length + plain.length + beans * FOR_A_BEAN;
    }

    private void keep(Opened opened) {
        if (opened.size > LARGEST) {
            return;
        }
        replace(Remembered.place(opened.id), opened);
        while (bytes.get() > CAPACITY) {
            replace(next.getAndIncrement() & (Remembered.PLACES - 1), null);
        }
    }

    private void replace(int place, Opened opened) {
        Opened before = places.getAndSet(place, opened);
        int grown = (opened == null ? 0 : opened.size) - (before == null ? 0 : before.size);
        if (grown != 0) {
            bytes.addAndGet(grown);
        }
    }

    /** Bytes of all, for tests. */
    long size() {
        return bytes.get();
    }
}
