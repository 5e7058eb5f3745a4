package org.memcachedsession.session;

import static org.memcachedsession.session.SessionStore.Replacement.CHANGED;
import static org.memcachedsession.session.SessionStore.Replacement.STORED;

import java.time.Duration;
import java.util.Optional;
import org.memcachedsession.SessionConflictException;
import org.memcachedsession.SessionException;
import org.memcachedsession.SessionLost;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.session.Copies.Item;
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
     * @throws SessionStoreException no answer
     * @throws SessionException it cannot be written, or its id is taken
     */
    Outcome.Stored create(SessionId id, SessionRecord begun, Changes changes) {
        Merge merge = new Merge(sessions, id, changes);
        SessionRecord session = merge.into(begun);
        Attempt attempt = new Attempt(sessions, id);
        attempt.create(session, merge.timeToLive(session, Optional.empty()), merge::isIn);
        sessions.sizes.saved(id, session, attempt.size());
        return new Outcome.Stored(id, attempt.stored(session));
    }

    /**
     * Merges the changes into the session that the store holds, under whatever id it was renewed to.
     *
     * @throws SessionStoreException no answer; the changes may be stored or not
     * @throws SessionConflictException another request changed a bean whose policy says so
     * @throws SessionException it cannot be written; what was stored before is still there
     */
    Outcome replace(SessionId id, Known known, Changes changes) {
        Merge merge = new Merge(sessions, id, changes);
        Attempt attempt = new Attempt(sessions, id);
        Known theirs = known;
        for (int i = 0; i < Races.ATTEMPTS; i++) {
            Races.pause(i);
            if (theirs.version().isEmpty()) {
                Optional<Item<ItemContent>> there = attempt.load();
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
                theirs = there.get().known(sessions.clock.instant());
            }
            if (merge.isIn(theirs.record())) {
                return stored(theirs, attempt, merge);
            }
            SessionRecord session = merge.into(theirs.record());
            Replacement outcome =
                    attempt.replace(
                            session,
                            theirs.version().get(),
                            merge.timeToLive(session, theirs.end()));
            if (outcome == STORED) {
                return stored(attempt.stored(session), attempt, merge);
            }
            if (outcome != CHANGED) {
                return new Outcome.Gone(SessionLost.Cause.MISSING);
            }
            theirs = Known.perhaps(theirs.record());
        }
        throw new SessionException(
                "Session "
                        + id
                        + " was not saved: other requests changed it "
                        + Races.ATTEMPTS
                        + " times in a row meanwhile. Fewer parallel requests that write would"
                        + " help");
    }

    private Outcome stored(Known session, Attempt attempt, Merge merge) {
        merge.tellOfConflicts();
        sessions.sizes.saved(attempt.id(), session.record(), attempt.size());
        return new Outcome.Stored(attempt.id(), session);
    }

    /**
     * Ends the session under whatever id it was renewed to: a tombstone that leads there is followed, not
     * overwritten.
     *
     * @param version of what the store holds, empty if it has to be asked
     * @throws SessionStoreException no answer; the session may be there or not
     */
    void end(SessionId id, Optional<ItemVersion> version, Duration timeToLive) {
        Tombstone tombstone =
                Tombstone.of(
                        Tombstone.Cause.END, sessions.clock.instant(), sessions.random.nextLong());
        Attempt attempt = new Attempt(sessions, id);
        Optional<ItemVersion> theirVersion = version;
        for (int i = 0; i < Races.ATTEMPTS; i++) {
            Races.pause(i);
            if (theirVersion.isEmpty()) {
                Optional<Item<ItemContent>> there;
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
    Outcome keep(SessionId id, Known known, Changes changes) {
        return changes.isEmpty() ? new Outcome.Stored(id, known) : replace(id, known, changes);
    }
}
