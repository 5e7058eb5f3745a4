package org.memcachedsession.session;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.session.SessionStore.Replacement;
import org.memcachedsession.session.SessionStore.Written;

/**
 * Items on as many servers as each is to be on. Every method throws {@link SessionStoreException} as the
 * store does.
 */
interface Copies {

    static Copies in(SessionStore store) {
        return store.hasPlaces() ? new SeveralCopies(store) : new OneCopy(store);
    }

    /**
     * @param version for replacing it if nobody else has
     * @param timeLeft as {@link StoredItem} has it
     */
    record Item<T>(T content, ItemVersion version, Optional<Duration> timeLeft) {

        /** Of a session. */
        Known known(Instant now) {
            return new Known(
                    (SessionRecord) content, Optional.of(version), timeLeft.map(now::plus));
        }
    }

    /** What became of a write, as {@link Written} has it. */
    record Stored(Replacement outcome, Optional<ItemVersion> version) {

        static final Stored CHANGED = new Stored(Replacement.CHANGED, Optional.empty());

        /** What a place has said. */
        static Stored at(Place place, Written written) {
            return at(place, written, false);
        }

        /**
         * @param isInBoth as {@link ItemVersion} has it
         */
        static Stored at(Place place, Written written, boolean isInBoth) {
            return new Stored(
                    written.outcome(),
                    written.version().map(number -> new ItemVersion(place, number, isInBoth)));
        }

        boolean isStored() {
            return outcome == Replacement.STORED;
        }
    }

    /** Whether another place may answer where one does not. */
    boolean hasOthers();

    /**
     * @param timeToLive to start its time anew with
     * @throws UnreadableException what is there is not for this owner
     */
    <T> Optional<Item<T>> load(ItemOwner<T> owner, Optional<Duration> timeToLive)
            throws UnreadableException;

    Stored create(ItemOwner<?> owner, byte[] item, Duration timeToLive);

    Stored replace(ItemOwner<?> owner, byte[] item, ItemVersion version, Duration timeToLive);

    /**
     * @return false if nothing is there
     */
    boolean overwrite(ItemOwner<?> owner, byte[] item, Duration timeToLive);

    void touch(ItemOwner<?> owner, Duration timeToLive);

    void delete(ItemOwner<?> owner);
}
