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

    /**
     * @param size of the item and of what it holds
     */
    @SuppressWarnings("ArrayRecordComponent") // compared below, with the id
    private record Opened(SessionId id, byte[] item, int size, ItemContent content) {

        boolean is(SessionId otherId, byte[] otherItem) {
            return Arrays.equals(item, otherItem) && id.equals(otherId);
        }
    }

    /** What the item holds, or null. */
    ItemContent find(SessionId id, byte[] item) {
        Opened opened = places.get(Remembered.place(id));
        return opened != null && opened.is(id, item) ? opened.content : null;
    }

    /**
     * @param item as it is sealed, for this id; not to be changed from now on
     * @param plain what it was opened to
     * @return what that holds
     */
    ItemContent opened(SessionId id, byte[] item, byte[] plain) throws UnreadableException {
        ItemContent content = parser.read(plain);
        keep(id, item, plain.length, content);
        return content;
    }

    /**
     * As {@link #opened}, for an item that this node has made.
     *
     * @param plain how many bytes were sealed
     * @param content what they were made of
     */
    void sealed(SessionId id, byte[] item, int plain, ItemContent content) {
        keep(id, item, plain, RecordFormat.asRead(content)); // as other nodes read it
    }

    private void keep(SessionId id, byte[] item, int plain, ItemContent content) {
        int beans = content instanceof SessionRecord session ? session.entries().size() : 0;
        keep(new Opened(id, item, item.length + plain + beans * FOR_A_BEAN, content));
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
