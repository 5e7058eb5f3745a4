package org.memcachedsession.session;

import static org.memcachedsession.session.SessionStore.Replacement.CHANGED;
import static org.memcachedsession.session.SessionStore.Replacement.STORED;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.memcachedsession.SessionException;
import org.memcachedsession.SessionStoreException;

/**
 * Puts the changes of one request into the store. Only an item that is still there is replaced: one
 * that is gone was ended by another request, and would be brought back.
 */
final class SessionWriter {

    private static final Logger LOG = System.getLogger(SessionWriter.class.getName());

    /** Lost races in a row until a save gives up. */
    private static final int ATTEMPTS = 8;

    private static final long LONGEST_PAUSE_NANOS = Duration.ofMillis(4).toNanos();

    private final Sessions sessions;

    SessionWriter(Sessions sessions) {
        this.sessions = sessions;
    }

    /**
     * Stores a session that nobody knows yet.
     *
     * @param begun the session without the changes
     * @return the session as it is stored now
     * @throws SessionStoreException no answer
     * @throws SessionException it cannot be written, or its id is taken
     */
    SessionRecord create(SessionId id, SessionRecord begun, Map<BeanKey, Change> changes) {
        SessionRecord session = merged(id, begun, changes);
        boolean created =
                sessions.store.create(
                        sessions.codec.itemKey(id),
                        sessions.codec.seal(id, session),
                        session.timeToLive(sessions.clock.instant()));
        if (!created) {
            throw new SessionException(
                    "A new session was not stored: memcached says that its random id is taken. A proxy"
                            + " or a client that repeats requests would explain it");
        }
        warnOfGrowth(id, begun, session);
        return session;
    }

    /**
     * Merges the changes into the session that the store holds.
     *
     * @param loaded what this request knows of it
     * @param version of {@code loaded}; empty if the store has to be asked what it holds now
     * @return the session as it is stored now; empty if it is gone
     * @throws SessionStoreException no answer; the changes may be stored or not
     * @throws SessionException it cannot be written; what was stored before is still there
     */
    Optional<SessionRecord> replace(
            SessionId id,
            SessionRecord loaded,
            Optional<Long> version,
            Map<BeanKey, Change> changes) {
        ItemKey key = sessions.codec.itemKey(id);
        SessionRecord theirs = loaded;
        Optional<Long> theirVersion = version;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            pause(attempt);
            if (theirVersion.isEmpty()) {
                Optional<StoredItem> item = sessions.store.load(key);
                if (item.isEmpty()) {
                    return Optional.empty();
                }
                theirs = open(id, item.get());
                theirVersion = Optional.of(item.get().version());
            }
            SessionRecord session = merged(id, theirs, changes);
            var outcome =
                    sessions.store.replace(
                            key,
                            sessions.codec.seal(id, session),
                            theirVersion.get(),
                            session.timeToLive(sessions.clock.instant()));
            if (outcome == STORED) {
                warnOfGrowth(id, loaded, session);
                return Optional.of(session);
            }
            if (outcome != CHANGED) {
                return Optional.empty();
            }
            theirVersion = Optional.empty();
        }
        throw new SessionException(
                "Session "
                        + id
                        + " was not saved: other requests changed it "
                        + ATTEMPTS
                        + " times in a row meanwhile. Fewer parallel requests that write would help");
    }

    private static void pause(int attempt) {
        if (attempt > 1) {
            LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(LONGEST_PAUSE_NANOS));
        }
    }

    private SessionRecord open(SessionId id, StoredItem item) {
        try {
            return sessions.codec.open(id, item.value());
        } catch (UnreadableException e) {
            throw new SessionException(
                    "Session "
                            + id
                            + " was not saved: what memcached holds now cannot be read, "
                            + e.getMessage(),
                    e);
        }
    }

    private static SessionRecord merged(
            SessionId id, SessionRecord theirs, Map<BeanKey, Change> changes) {
        return theirs.with(
                Change.merge(
                        changes,
                        theirs.entries(),
                        key ->
                                LOG.log(
                                        Level.WARNING,
                                        "Session {0}: two requests changed {1} at once; removal wins,"
                                                + " else the last one",
                                        id,
                                        key)));
    }

    /** Once, by the request that has made it so large. */
    private void warnOfGrowth(SessionId id, SessionRecord before, SessionRecord after) {
        if (after.size() >= sessions.sizeWarning && before.size() < sessions.sizeWarning) {
            LOG.log(
                    Level.WARNING,
                    "Session {0} has grown to {1} bytes (memcached.session.size.warn is {2}); every"
                            + " request that uses a bean reads all of it. Largest: {3}",
                    id,
                    String.valueOf(after.size()), // or it would be grouped as in prose
                    String.valueOf(sessions.sizeWarning),
                    after.largestBeans());
        }
    }
}
