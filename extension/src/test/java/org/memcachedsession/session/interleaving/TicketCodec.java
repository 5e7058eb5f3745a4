package org.memcachedsession.session.interleaving;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.memcachedsession.session.InBothLists;
import org.memcachedsession.session.ItemContent;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.PrincipalHash;
import org.memcachedsession.session.RecordCodec;
import org.memcachedsession.session.SessionId;
import org.memcachedsession.session.Tombstone;
import org.memcachedsession.session.UnreadableException;

/**
 * Keeps the records and gives out tickets for them: sealing has tests of its own, and would take most
 * of the time here.
 */
final class TicketCodec implements RecordCodec {

    private static final byte SESSION = 0;
    private static final byte TOMBSTONE = 1;

    private record Sealed(SessionId id, ItemContent content) {}

    private final List<Sealed> sealed = new ArrayList<>();
    private final Map<SessionId, ItemKey> keys = new HashMap<>();

    @Override
    public ItemKey itemKey(SessionId id) {
        return keys.computeIfAbsent(id, unseen -> new ItemKey(unseen.cookieValue()));
    }

    @Override
    public byte[] seal(SessionId id, ItemContent content) {
        sealed.add(new Sealed(id, content));
        byte kind = content instanceof Tombstone ? TOMBSTONE : SESSION;
        return ByteBuffer.allocate(Integer.BYTES + 1).putInt(sealed.size() - 1).put(kind).array();
    }

    /** Whether a ticket is for no session. */
    static boolean isTombstone(byte[] item) {
        return item[Integer.BYTES] == TOMBSTONE;
    }

    @Override
    public ItemContent open(SessionId id, byte[] item) throws UnreadableException {
        Sealed found = sealed.get(ticket(item));
        if (!found.id.equals(id)) {
            throw new UnreadableException("sealed for another session");
        }
        return found.content;
    }

    /** What an item holds, whosever it is. */
    ItemContent look(byte[] item) {
        return sealed.get(ticket(item)).content;
    }

    private static int ticket(byte[] item) {
        return ByteBuffer.wrap(InBothLists.sealed(item)).getInt();
    }

    @Override
    public ItemKey epochKey(PrincipalHash principal) {
        return new ItemKey("epoch." + principal.text());
    }

    @Override
    public byte[] sealEpoch(PrincipalHash principal, long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    @Override
    public long openEpoch(PrincipalHash principal, byte[] item) {
        return ByteBuffer.wrap(item).getLong();
    }
}
