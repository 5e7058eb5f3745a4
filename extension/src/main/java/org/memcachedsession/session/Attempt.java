package org.memcachedsession.session;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.memcachedsession.SessionException;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.SessionTooLargeException;
import org.memcachedsession.session.Copies.Item;
import org.memcachedsession.session.Copies.Stored;
import org.memcachedsession.session.SessionStore.Replacement;

/**
 * What one save tries with one item, until it is known what became of it: when a write gets no answer,
 * the store is asked what it holds.
 */
final class Attempt {

    private final Items items;
    private final Sizes sizes;
    private final Clock clock;
    private final SessionId id;
    private final SessionId known;
    private int size;
    private Optional<ItemVersion> version = Optional.empty();
    private Optional<Instant> end = Optional.empty();
    private SessionStoreException noAnswer;

    Attempt(Sessions sessions, SessionId id) {
        this(sessions, id, id);
    }

    /**
     * @param known the id under which the session is known, for messages
     */
    Attempt(Sessions sessions, SessionId id, SessionId known) {
        this.items = sessions.items;
        this.sizes = sessions.sizes;
        this.clock = sessions.clock;
        this.id = id;
        this.known = known;
    }

    SessionId id() {
        return id;
    }

    /** Whether something was tried here that may have happened or not. */
    boolean hadNoAnswer() {
        return noAnswer != null;
    }

    /** Bytes of the session that was written last; 0 if none was. */
    int size() {
        return size;
    }

    /** What was stored here last. */
    Known stored(SessionRecord session) {
        return new Known(session, version, end);
    }

    private void note(Stored written, Duration timeToLive) {
        version = written.version();
        end = Optional.of(clock.instant().plus(timeToLive));
    }

    /**
     * Tried once: a second one could be overtaken by the first, after the session has ended.
     *
     * @param isOurs knows the session again
     * @throws SessionTooLargeException nothing was sent, or nothing was taken
     * @throws SessionException the id is taken
     */
    void create(SessionRecord session, Duration timeToLive, Predicate<SessionRecord> isOurs) {
        try {
            Stored written = write(session, item -> items.create(id, item, timeToLive));
            note(written, timeToLive);
            if (written.isStored()) {
                return;
            }
        } catch (SessionStoreException e) {
            noAnswer = e;
        }
        boolean isThere =
                load().map(Item::content)
                        .filter(there -> there instanceof SessionRecord found && isOurs.test(found))
                        .isPresent();
        if (isThere) {
            return;
        }
        if (noAnswer != null) {
            throw noAnswer;
        }
        throw new SessionException(
                "A new session was not stored: memcached says that its random id is taken. A proxy"
                        + " between here and there would explain it");
    }

    /**
     * Without an answer the item counts as changed: by whom, a look at it will tell.
     *
     * @param loaded the version to replace
     * @throws SessionTooLargeException what is there stays
     */
    Replacement replace(ItemContent content, ItemVersion loaded, Duration timeToLive) {
        try {
            Stored written = write(content, item -> items.replace(id, item, loaded, timeToLive));
            note(written, timeToLive);
            return written.outcome();
        } catch (SessionStoreException e) {
            if (noAnswer != null) {
                throw e;
            }
            noAnswer = e;
            return Replacement.CHANGED;
        }
    }

    /**
     * Whatever is there, but only where something is.
     *
     * @return false if nothing is there
     * @throws SessionTooLargeException what is there stays
     */
    boolean overwrite(ItemContent content, Duration timeToLive) {
        version = Optional.empty();
        return write(content, item -> items.overwrite(id, item, timeToLive));
    }

    private <T> T write(ItemContent content, Function<byte[], T> how) {
        byte[] item = items.seal(id, content);
        if (!(content instanceof SessionRecord session)) {
            return how.apply(item);
        }
        size = item.length;
        sizes.requireWithinLimit(known, session, size);
        try {
            return how.apply(item);
        } catch (SessionTooLargeException e) {
            throw sizes.refused(known, session, size, e);
        }
    }

    /** A second time without an answer is one too many: the first is what there is to say. */
    Optional<Item<ItemContent>> look() throws UnreadableException {
        try {
            return items.load(id);
        } catch (SessionStoreException e) {
            if (noAnswer == null) {
                throw e;
            }
            noAnswer.addSuppressed(e);
            throw noAnswer;
        }
    }

    /** As {@link #look}, for a save. */
    Optional<Item<ItemContent>> load() {
        try {
            return look();
        } catch (UnreadableException e) {
            throw new SessionException(
                    "Session "
                            + known
                            + " was not saved: what memcached holds now cannot be read, "
                            + e.getMessage(),
                    e);
        }
    }
}
