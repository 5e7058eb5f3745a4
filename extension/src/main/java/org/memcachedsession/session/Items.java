package org.memcachedsession.session;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.session.Copies.Item;
import org.memcachedsession.session.Copies.Stored;

/**
 * The items of sessions, sealed on their way into the store and opened on their way out. Every method
 * throws {@link SessionStoreException} as the store does.
 */
final class Items {

    private final Copies copies;
    private final RecordCodec codec;
    private final Clock clock;
    private final Duration usual;

    /**
     * @param usual the idle timeout of most sessions
     */
    Items(Copies copies, RecordCodec codec, Clock clock, Duration usual) {
        this.copies = copies;
        this.codec = codec;
        this.clock = clock;
        this.usual = usual;
    }

    Optional<Item<ItemContent>> load(SessionId id) throws UnreadableException {
        return load(id, Optional.empty());
    }

    /**
     * @param timeToLive to start its time anew with
     */
    Optional<Item<ItemContent>> load(SessionId id, Optional<Duration> timeToLive)
            throws UnreadableException {
        return copies.load(new Owner(id), timeToLive);
    }

    /** What the methods below take. */
    byte[] seal(SessionId id, ItemContent content) {
        return codec.seal(id, content);
    }

    Stored create(SessionId id, byte[] item, Duration timeToLive) {
        return copies.create(new Owner(id), item, timeToLive);
    }

    Stored replace(SessionId id, byte[] item, ItemVersion version, Duration timeToLive) {
        return copies.replace(new Owner(id), item, version, timeToLive);
    }

    /**
     * @return false if nothing is there
     */
    boolean overwrite(SessionId id, byte[] item, Duration timeToLive) {
        return copies.overwrite(new Owner(id), item, timeToLive);
    }

    void touch(SessionId id, Duration timeToLive) {
        copies.touch(new Owner(id), timeToLive);
    }

    void delete(SessionId id) {
        copies.delete(new Owner(id));
    }

    /** A session by its id. */
    private final class Owner implements ItemOwner<ItemContent> {

        private final SessionId id;

        Owner(SessionId id) {
            this.id = id;
        }

        @Override
        public ItemKey key() {
            return codec.itemKey(id);
        }

        @Override
        public ItemContent open(byte[] item) throws UnreadableException {
            return codec.open(id, item);
        }

        @Override
        public boolean isLater(ItemContent one, ItemContent other) {
            if (one instanceof SessionRecord ours && other instanceof SessionRecord theirs) {
                return Generation.isLater(ours.generation(), theirs.generation());
            }
            if (one instanceof Tombstone ours && other instanceof Tombstone theirs) {
                return ours.isStrongerThan(theirs);
            }
            return one instanceof Tombstone;
        }

        @Override
        public boolean isBeside(ItemContent one, ItemContent other) {
            return one instanceof SessionRecord ours
                    && other instanceof SessionRecord theirs
                    && ours.isOneSaveBeside(theirs);
        }

        /**
         * What a tombstone stands for is not to come back before its time is over. A session tells of its last save alone,
         * and may have been read since.
         */
        @Override
        public Duration timeToLive(ItemContent content) {
            return content instanceof SessionRecord session
                    ? session.header().timeToLive(clock.instant())
                    : usual;
        }
    }
}
