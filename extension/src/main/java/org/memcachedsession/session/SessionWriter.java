package org.memcachedsession.session;

import static org.memcachedsession.session.SessionStore.Replacement.CHANGED;
import static org.memcachedsession.session.SessionStore.Replacement.STORED;

import java.time.Duration;
import java.util.Optional;
import org.memcachedsession.SessionConflictException;
import org.memcachedsession.SessionException;
import org.memcachedsession.SessionLost;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.session.Items.Item;
import org.memcachedsession.session.SessionStore.Replacement;

/**
 * Puts the changes of one request into the store. Only an item that is still there is replaced: one
 * that is gone was ended by another request, and would be brought back.
 *
 * <p>When a write gets no answer, the store is asked what it holds.
 */
final class SessionWriter {

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
    SessionRecord create(SessionId id, SessionRecord begun, Changes changes) {
        Merge merge = new Merge(sessions, id, changes);
        SessionRecord session = merge.into(begun);
        Attempt attempt = new Attempt(sessions, id);
        attempt.create(session, merge.timeToLive(session), merge::isIn);
        sessions.sizes.saved(id, session, attempt.size());
        return session;
    }

    /**
     * Merges the changes into the session that the store holds, under whatever id it was renewed to.
     *
     * @param loaded what this request knows of it
     * @param version of {@code loaded}; empty if the store has to be asked what it holds now
     * @throws SessionStoreException no answer; the changes may be stored or not
     * @throws SessionConflictException another request changed a bean whose policy says so
     * @throws SessionException it cannot be written; what was stored before is still there
     */
    Outcome replace(SessionId id, SessionRecord loaded, Optional<Long> version, Changes changes) {
        Merge merge = new Merge(sessions, id, changes);
        Attempt attempt = new Attempt(sessions, id);
        SessionRecord theirs = loaded;
        Optional<Long> theirVersion = version;
        for (int i = 0; i < Races.ATTEMPTS; i++) {
            Races.pause(i);
            if (theirVersion.isEmpty()) {
                Optional<Item> there = attempt.load();
                if (there.isEmpty()) {
                    return new Outcome.Gone(SessionLost.Cause.MISSING);
                }
                if (there.get().content() instanceof Tombstone tombstone) {
                    if (tombstone.successor().isEmpty()) {
                        return Outcome.endedBy(tombstone);
                    }
                    attempt = new Attempt(sessions, tombstone.successor().get());
                    continue;
                }
                theirs = (SessionRecord) there.get().content();
                theirVersion = Optional.of(there.get().version());
            }
            boolean done = merge.isIn(theirs);
            SessionRecord session = done ? theirs : merge.into(theirs);
            Replacement outcome =
                    done
                            ? STORED
                            : attempt.replace(
                                    session, theirVersion.get(), merge.timeToLive(session));
            if (outcome == STORED) {
                merge.tellOfConflicts();
                sessions.sizes.saved(attempt.id(), session, attempt.size());
                return new Outcome.Stored(attempt.id(), session);
            }
            if (outcome != CHANGED) {
                return new Outcome.Gone(SessionLost.Cause.MISSING);
            }
            theirVersion = Optional.empty();
        }
        throw new SessionException(
                "Session "
                        + id
                        + " was not saved: other requests changed it "
                        + Races.ATTEMPTS
                        + " times in a row meanwhile. Fewer parallel requests that write would"
                        + " help");
    }

    /**
     * Ends the session under whatever id it was renewed to: a tombstone that leads there is followed, not
     * overwritten.
     *
     * @param version as for {@link #replace}
     * @throws SessionStoreException no answer; the session may be there or not
     */
    void end(SessionId id, Optional<Long> version, Duration timeToLive) {
        Tombstone tombstone =
                Tombstone.of(
                        Tombstone.Cause.END, sessions.clock.instant(), sessions.random.nextLong());
        Attempt attempt = new Attempt(sessions, id);
        Optional<Long> theirVersion = version;
        for (int i = 0; i < Races.ATTEMPTS; i++) {
            Races.pause(i);
            if (theirVersion.isEmpty()) {
                Optional<Item> there;
                try {
                    there = attempt.look();
                } catch (UnreadableException e) {
                    break; // whatever it is, it is over
                }
                if (there.isEmpty()) {
                    return;
                }
                if (there.get().content() instanceof Tombstone theirs) {
                    if (theirs.successor().isEmpty()) {
                        return; // ended already, or it goes on where nobody gets to by this id
                    }
                    attempt = new Attempt(sessions, theirs.successor().get());
                    continue;
                }
                theirVersion = Optional.of(there.get().version());
            }
            if (attempt.replace(tombstone, theirVersion.get(), timeToLive) != CHANGED) {
                return;
            }
            theirVersion = Optional.empty();
        }
        attempt.overwrite(tombstone, timeToLive);
    }

    /** As {@link #replace}, for changes that may be none: then nothing is written, nor asked. */
    Outcome keep(SessionId id, SessionRecord loaded, Optional<Long> version, Changes changes) {
        return changes.isEmpty()
                ? new Outcome.Stored(id, loaded)
                : replace(id, loaded, version, changes);
    }
}
