package org.memcachedsession.session;

import static org.memcachedsession.ConflictPolicy.FIRST_WRITE_WINS;
import static org.memcachedsession.ConflictPolicy.LAST_WRITE_WINS;
import static org.memcachedsession.session.SessionStore.Replacement.CHANGED;
import static org.memcachedsession.session.SessionStore.Replacement.STORED;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.memcachedsession.ConflictPolicy;
import org.memcachedsession.SessionConflictException;
import org.memcachedsession.SessionException;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.session.SessionStore.Replacement;

/**
 * Puts the changes of one request into the store. Only an item that is still there is replaced: one
 * that is gone was ended by another request, and would be brought back.
 *
 * <p>When a write gets no answer, the store is asked what it holds: each save leaves a random number
 * in the record, and so knows its own success again.
 */
final class SessionWriter {

    private static final Logger LOG = System.getLogger(SessionWriter.class.getName());

    /** Lost races in a row until a save gives up. Fifty saves at once were seen to need ten. */
    private static final int ATTEMPTS = 30;

    private static final long FIRST_PAUSE_NANOS = Duration.ofMillis(1).toNanos();
    private static final long LONGEST_PAUSE_NANOS = Duration.ofMillis(64).toNanos();

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
        return new Save(id, changes, new TreeMap<>()).create(begun);
    }

    /**
     * Merges the changes into the session that the store holds.
     *
     * @param loaded what this request knows of it
     * @param version of {@code loaded}; empty if the store has to be asked what it holds now
     * @param conflicts gets the beans that another request has changed too, if the changes are stored, or
     *     a policy forbids it
     * @return the session as it is stored now; empty if it is gone
     * @throws SessionStoreException no answer; the changes may be stored or not
     * @throws SessionConflictException another request changed a bean whose policy says so
     * @throws SessionException it cannot be written; what was stored before is still there
     */
    Optional<SessionRecord> replace(
            SessionId id,
            SessionRecord loaded,
            Optional<Long> version,
            Map<BeanKey, Change> changes,
            Map<BeanKey, ConflictPolicy> conflicts) {
        return new Save(id, changes, conflicts).replace(loaded, version);
    }

    /** One save: what it tries, until it knows what became of it. */
    private final class Save {

        private final SessionId id;
        private final ItemKey key;
        private final Map<BeanKey, Change> changes;
        private final long number = sessions.random.nextLong();
        private final Map<BeanKey, ConflictPolicy> conflicts; // in the end
        private final Map<BeanKey, ConflictPolicy> met = new TreeMap<>(); // in this attempt
        private SessionStoreException noAnswer;

        Save(SessionId id, Map<BeanKey, Change> changes, Map<BeanKey, ConflictPolicy> conflicts) {
            this.id = id;
            this.key = sessions.codec.itemKey(id);
            this.changes = changes;
            this.conflicts = conflicts;
        }

        /** Tried once: a second one could be overtaken by the first, after the session has ended. */
        SessionRecord create(SessionRecord begun) {
            SessionRecord session = merged(begun);
            if (!createOnce(session) && !load().map(this::open).filter(this::isOurs).isPresent()) {
                if (noAnswer != null) {
                    throw noAnswer;
                }
                throw new SessionException(
                        "A new session was not stored: memcached says that its random id is taken. A"
                                + " proxy between here and there would explain it");
            }
            warnOfGrowth(id, begun, session);
            return session;
        }

        /**
         * @return false if something is there already, perhaps by this save, or if nobody knows
         */
        private boolean createOnce(SessionRecord session) {
            try {
                return sessions.store.create(
                        key, sessions.codec.seal(id, session), timeToLive(session));
            } catch (SessionStoreException e) {
                noAnswer = e;
                return false;
            }
        }

        private boolean isOurs(SessionRecord there) {
            return there.has(number);
        }

        Optional<SessionRecord> replace(SessionRecord loaded, Optional<Long> version) {
            SessionRecord theirs = loaded;
            Optional<Long> theirVersion = version;
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                pause(attempt);
                if (theirVersion.isEmpty()) {
                    Optional<StoredItem> item = load();
                    if (item.isEmpty()) {
                        return Optional.empty();
                    }
                    theirs = open(item.get());
                    theirVersion = Optional.of(item.get().version());
                }
                boolean done = isOurs(theirs);
                SessionRecord session = done ? theirs : merged(theirs);
                Replacement outcome = done ? STORED : replaceOnce(session, theirVersion.get());
                if (outcome == STORED) {
                    conflicts.putAll(met);
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
                            + " times in a row meanwhile. Fewer parallel requests that write would"
                            + " help");
        }

        /** Without an answer the item counts as changed: by whom, a look at it will tell. */
        private Replacement replaceOnce(SessionRecord session, long version) {
            try {
                return sessions.store.replace(
                        key, sessions.codec.seal(id, session), version, timeToLive(session));
            } catch (SessionStoreException e) {
                if (noAnswer != null) {
                    throw e;
                }
                noAnswer = e;
                return CHANGED;
            }
        }

        /** A second time without an answer is one too many: the first is what there is to say. */
        private Optional<StoredItem> load() {
            try {
                return sessions.store.load(key);
            } catch (SessionStoreException e) {
                if (noAnswer == null) {
                    throw e;
                }
                noAnswer.addSuppressed(e);
                throw noAnswer;
            }
        }

        private SessionRecord open(StoredItem item) {
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

        private Duration timeToLive(SessionRecord session) {
            return session.timeToLive(sessions.clock.instant());
        }

        private SessionRecord merged(SessionRecord theirs) {
            met.clear();
            return theirs.saved(number, Change.merge(changes, theirs.entries(), this::settle));
        }

        private Entry settle(BeanKey bean, Change ours, Entry theirs) {
            if (ours.asMade()) {
                return theirs;
            }
            ConflictPolicy policy = sessions.beans.conflictPolicy(bean);
            boolean eitherWillDo =
                    theirs == null || policy == LAST_WRITE_WINS || policy == FIRST_WRITE_WINS;
            if (eitherWillDo && Objects.equals(theirs, ours.entry())) {
                return theirs;
            }
            met.put(bean, policy);
            if (policy == ConflictPolicy.FAIL) {
                conflicts.putAll(met);
                throw new SessionConflictException(
                        "Session "
                                + id
                                + " was not saved: another request changed "
                                + bean
                                + " at the same time, and its policy is FAIL. Send the request again");
            }
            if (theirs == null || ours.entry() == null) {
                return null; // removal beats change
            }
            return switch (policy) {
                case LAST_WRITE_WINS, FAIL -> ours.entry();
                case FIRST_WRITE_WINS -> theirs;
                case RESOLVE -> sessions.beans.resolve(bean, ours.base(), theirs, ours.entry());
            };
        }
    }

    /** By chance, from a range that doubles: so those who met once do not meet again and again. */
    private static void pause(int attempt) {
        if (attempt > 1) {
            long longest =
                    Math.min(FIRST_PAUSE_NANOS << Math.min(attempt, 10), LONGEST_PAUSE_NANOS);
            LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(longest));
        }
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
