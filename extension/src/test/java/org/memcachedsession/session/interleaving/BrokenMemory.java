package org.memcachedsession.session.interleaving;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.SessionStore;
import org.memcachedsession.session.StoredItem;

/** Memory that does not keep what a store promises, so that promises to users are broken. */
class BrokenMemory implements SessionStore {

    /** What is broken. */
    enum Fault {
        REPLACES_WHATEVER_THE_VERSION(BlindReplacing::new),
        STORES_ANEW_WHAT_IS_MISSING(Reviving::new),
        FORGETS_TOMBSTONES(Forgetful::new),
        SHOWS_WHAT_TOMBSTONES_COVER(Transparent::new),
        DELETES_NOTHING(Keeping::new),
        OVERWRITES_NOTHING(WritingOnce::new);

        private final Function<SessionStore, SessionStore> breaking;

        Fault(Function<SessionStore, SessionStore> breaking) {
            this.breaking = breaking;
        }

        SessionStore in(SessionStore memory) {
            return breaking.apply(memory);
        }
    }

    private static final class BlindReplacing extends BrokenMemory {

        BlindReplacing(SessionStore whole) {
            super(whole);
        }

        @Override
        public Written replace(ItemKey key, byte[] value, long version, Duration timeToLive) {
            long there = load(key).map(StoredItem::version).orElse(version);
            return super.replace(key, value, there, timeToLive);
        }
    }

    private static final class Reviving extends BrokenMemory {

        Reviving(SessionStore whole) {
            super(whole);
        }

        @Override
        public Written replace(ItemKey key, byte[] value, long version, Duration timeToLive) {
            Written created = create(key, value, timeToLive);
            return created.isStored() ? created : super.replace(key, value, version, timeToLive);
        }
    }

    private static final class Forgetful extends BrokenMemory {

        Forgetful(SessionStore whole) {
            super(whole);
        }

        @Override
        public Written replace(ItemKey key, byte[] value, long version, Duration timeToLive) {
            return TicketCodec.isTombstone(value)
                    ? Written.stored()
                    : super.replace(key, value, version, timeToLive);
        }
    }

    private static final class Transparent extends BrokenMemory {

        private final Map<ItemKey, byte[]> covered = new HashMap<>();

        Transparent(SessionStore whole) {
            super(whole);
        }

        @Override
        public Written replace(ItemKey key, byte[] value, long version, Duration timeToLive) {
            Optional<StoredItem> before = super.load(key);
            Written written = super.replace(key, value, version, timeToLive);
            if (written.isStored() && TicketCodec.isTombstone(value)) {
                covered.put(key, before.orElseThrow().value());
            }
            return written;
        }

        @Override
        public Optional<StoredItem> load(ItemKey key, Optional<Duration> slide) {
            return super.load(key, slide)
                    .map(
                            item ->
                                    new StoredItem(
                                            covered.getOrDefault(key, item.value()),
                                            item.version(),
                                            item.timeLeft()));
        }
    }

    private static final class Keeping extends BrokenMemory {

        Keeping(SessionStore whole) {
            super(whole);
        }

        @Override
        public boolean delete(ItemKey key) {
            return load(key).isPresent();
        }
    }

    private static final class WritingOnce extends BrokenMemory {

        WritingOnce(SessionStore whole) {
            super(whole);
        }

        @Override
        public boolean overwrite(ItemKey key, byte[] value, Duration timeToLive) {
            return load(key).isPresent();
        }
    }

    private final SessionStore whole;

    private BrokenMemory(SessionStore whole) {
        this.whole = whole;
    }

    @Override
    public Optional<StoredItem> load(ItemKey key, Optional<Duration> slide) {
        return whole.load(key, slide);
    }

    @Override
    public Written create(ItemKey key, byte[] value, Duration timeToLive) {
        return whole.create(key, value, timeToLive);
    }

    @Override
    public Written replace(ItemKey key, byte[] value, long version, Duration timeToLive) {
        return whole.replace(key, value, version, timeToLive);
    }

    @Override
    public boolean overwrite(ItemKey key, byte[] value, Duration timeToLive) {
        return whole.overwrite(key, value, timeToLive);
    }

    @Override
    public boolean touch(ItemKey key, Duration timeToLive) {
        return whole.touch(key, timeToLive);
    }

    @Override
    public boolean delete(ItemKey key) {
        return whole.delete(key);
    }

    @Override
    public void close() {
        whole.close();
    }
}
