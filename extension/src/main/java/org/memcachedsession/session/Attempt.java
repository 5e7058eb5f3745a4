package org.memcachedsession.session;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import org.memcachedsession.SessionException;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.session.Items.Item;
import org.memcachedsession.session.SessionStore.Replacement;

/**
 * What one save tries with one item, until it is known what became of it: when a write gets no answer,
 * the store is asked what it holds.
 */
final class Attempt {

    private final Items items;
    private final SessionId id;
    private SessionStoreException noAnswer;

    Attempt(Items items, SessionId id) {
        this.items = items;
        this.id = id;
    }

    SessionId id() {
        return id;
    }

    /** Whether something was tried here that may have happened or not. */
    boolean hadNoAnswer() {
        return noAnswer != null;
    }

    /**
     * Tried once: a second one could be overtaken by the first, after the session has ended.
     *
     * @param isOurs knows the session again
     * @throws SessionException the id is taken
     */
    void create(SessionRecord session, Duration timeToLive, Predicate<SessionRecord> isOurs) {
        try {
            if (items.create(id, session, timeToLive)) {
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

    /** Without an answer the item counts as changed: by whom, a look at it will tell. */
    Replacement replace(ItemContent content, long version, Duration timeToLive) {
        try {
            return items.replace(id, content, version, timeToLive);
        } catch (SessionStoreException e) {
            if (noAnswer != null) {
                throw e;
            }
            noAnswer = e;
            return Replacement.CHANGED;
        }
    }

    /** A second time without an answer is one too many: the first is what there is to say. */
    Optional<Item> look() throws UnreadableException {
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
    Optional<Item> load() {
        try {
            return look();
        } catch (UnreadableException e) {
            throw new SessionException(
                    "Session "
                            + id
                            + " was not saved: what memcached holds now cannot be read, "
                            + e.getMessage(),
                    e);
        }
    }
}
