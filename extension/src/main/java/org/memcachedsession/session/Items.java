package org.memcachedsession.session;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.session.SessionStore.Written;

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
     * @param timeLeft as {@link StoredItem} has it
     */
    record Item(ItemContent content, long version, Optional<Duration> timeLeft) {

        /** Of a session. */
        Known known(Instant now) {
            return new Known(
                    (SessionRecord) content, Optional.of(version), timeLeft.map(now::plus));
        }
    }

    Optional<Item> load(SessionId id) throws UnreadableException {
        return load(id, Optional.empty());
    }

    /**
     * @param timeToLive to start its time anew with
     */
    Optional<Item> load(SessionId id, Optional<Duration> timeToLive) throws UnreadableException {
        Optional<StoredItem> found = store.load(codec.itemKey(id), timeToLive);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        StoredItem stored = found.get();
        return Optional.of(
                new Item(codec.open(id, stored.value()), stored.version(), stored.timeLeft()));
    }

    /** What the methods below take. */
    byte[] seal(SessionId id, ItemContent content) {
        return codec.seal(id, content);
    }

    Written create(SessionId id, byte[] item, Duration timeToLive) {
        return store.create(codec.itemKey(id), item, timeToLive);
    }

    Written replace(SessionId id, byte[] item, long version, Duration timeToLive) {
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
