package org.memcachedsession.session;

import java.time.Duration;
import java.util.Optional;

/** Each item on one server: the store decides which. */
final class OneCopy implements Copies {

    private static final Place PLACE = null; // there is no other

    private final SessionStore store;

    OneCopy(SessionStore store) {
        this.store = store;
    }

    @Override
    public boolean hasOthers() {
        return false;
    }

    @Override
    public <T> Optional<Item<T>> load(ItemOwner<T> owner, Optional<Duration> timeToLive)
            throws UnreadableException {
        Optional<StoredItem> found = store.load(owner.key(), timeToLive);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        StoredItem stored = found.get();
        return Optional.of(
                new Item<>(
                        owner.open(stored.value()),
                        new ItemVersion(PLACE, stored.version()),
                        stored.timeLeft()));
    }

    @Override
    public Stored create(ItemOwner<?> owner, byte[] item, Duration timeToLive) {
        return Stored.at(PLACE, store.create(owner.key(), item, timeToLive));
    }

    @Override
    public Stored replace(
            ItemOwner<?> owner, byte[] item, ItemVersion version, Duration timeToLive) {
        return Stored.at(PLACE, store.replace(owner.key(), item, version.number(), timeToLive));
    }

    @Override
    public boolean overwrite(ItemOwner<?> owner, byte[] item, Duration timeToLive) {
        return store.overwrite(owner.key(), item, timeToLive);
    }

    @Override
    public void touch(ItemOwner<?> owner, Duration timeToLive) {
        store.touch(owner.key(), timeToLive);
    }

    @Override
    public void delete(ItemOwner<?> owner) {
        store.delete(owner.key());
    }
}
