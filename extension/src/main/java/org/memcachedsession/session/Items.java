package org.memcachedsession.session;

import java.time.Duration;
import java.util.Optional;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.session.SessionStore.Replacement;

/**
 * The items of sessions, sealed on their way into the store and opened on their way out. Every method
 * throws {@link SessionStoreException} as the store does.
 */
final class Items {

    private final SessionStore store;
    private final RecordCodec codec;

    Items(SessionStore store, RecordCodec codec) {
        this.store = store;
        this.codec = codec;
    }

    /**
     * @param version for replacing it if nobody else has
     */
    record Item(ItemContent content, long version) {}

    Optional<Item> load(SessionId id) throws UnreadableException {
        Optional<StoredItem> stored = store.load(codec.itemKey(id));
        if (stored.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Item(codec.open(id, stored.get().value()), stored.get().version()));
    }

    /** What the methods below take. */
    byte[] seal(SessionId id, ItemContent content) {
        return codec.seal(id, content);
    }

    /**
     * @return false if something is there already
     */
    boolean create(SessionId id, byte[] item, Duration timeToLive) {
        return store.create(codec.itemKey(id), item, timeToLive);
    }

    Replacement replace(SessionId id, byte[] item, long version, Duration timeToLive) {
        return store.replace(codec.itemKey(id), item, version, timeToLive);
    }

    /**
     * @return false if nothing is there
     */
    boolean overwrite(SessionId id, byte[] item, Duration timeToLive) {
        return store.overwrite(codec.itemKey(id), item, timeToLive);
    }

    void touch(SessionId id, Duration timeToLive) {
        store.touch(codec.itemKey(id), timeToLive);
    }

    void delete(SessionId id) {
        store.delete(codec.itemKey(id));
    }
}
