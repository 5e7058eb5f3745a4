package org.memcachedsession.session;

import static org.memcachedsession.session.SessionStore.Replacement.CHANGED;
import static org.memcachedsession.session.SessionStore.Replacement.STORED;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.memcachedsession.SessionException;
import org.memcachedsession.SessionLost;
import org.memcachedsession.SessionRotated;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.session.Copies.Item;
import org.memcachedsession.session.SessionStore.Replacement;

/**
 * Gives a session a new id while it is saved. The session is stored under the new id first, then a
 * tombstone takes its old place: that is the moment when it counts. Whoever stops between the two
 * leaves an item under an id that nobody knows.
 *
 * <p>After a login the tombstone leads nowhere, since the old id may be one that an attacker has
 * planted; after a renewal it leads to the successor for a while. That no request revives the old id
 * does not depend on the tombstone: what is missing is never made again.
 */
final class Rotation {

    private static final Logger LOG = System.getLogger(Rotation.class.getName());

    private final Sessions sessions;
    private final SessionRotated.Cause cause;
    private final SessionId old;
    private final Known known;
    private final Changes changes;
    private final UnaryOperator<SessionHeader> underNewId;
    private final Merge merge;
    private final SessionId fresh;
    private final Attempt freshPlace;
    private SessionRecord session;

    /**
     * @param underNewId what the new id makes of the header
     */
    Rotation(
            Sessions sessions,
            SessionRotated.Cause cause,
            SessionId old,
            Known known,
            Changes changes,
            UnaryOperator<SessionHeader> underNewId) {
        this.sessions = sessions;
        this.cause = cause;
        this.old = old;
        this.known = known;
        this.changes = changes;
        this.underNewId = underNewId;
        this.merge = new Merge(sessions, old, changes);
        this.fresh = SessionId.random(sessions.random);
        this.freshPlace = new Attempt(sessions, fresh, old);
    }

    /**
     * @throws SessionStoreException no answer: after a login the new id leads nowhere, and the old one
     *     may or may not be dead; after a renewal the old one leads to the session in any case
     * @throws SessionException the session cannot be written; it has its old id
     */
    Outcome run() {
        try {
            known.version().ifPresent(ItemVersion::requireStored); // before anything is left behind
            session = moved(known.record());
            freshPlace.create(session, timeToLive(), merge::isIn);
        } catch (SessionStoreException e) {
            if (isLogin()) {
                throw e;
            }
            LOG.log(Level.DEBUG, "Session " + old + " keeps its id for now", e);
            return sessions.writer.keep(old, known, changes);
        }
        Attempt place = new Attempt(sessions, old);
        try {
            return giveUp(place, known.version());
        } catch (RuntimeException | Error e) {
            dropUnlessLedTo(place);
            throw e;
        }
    }

    private boolean isLogin() {
        return cause == SessionRotated.Cause.LOGIN;
    }

    private SessionRecord moved(SessionRecord theirs) {
        SessionRecord merged = merge.into(theirs);
        SessionRecord under = merged.with(underNewId.apply(merged.header()));
        return isLogin() ? withoutWhatLoginDrops(under) : under;
    }

    /** Also what another request has made meanwhile; not what this one leaves there itself. */
    private SessionRecord withoutWhatLoginDrops(SessionRecord merged) {
        SortedMap<BeanKey, Entry> kept = new TreeMap<>(merged.entries());
        kept.keySet()
                .removeIf(
                        key ->
                                !changes.beans().containsKey(key)
                                        && sessions.beans.dropsOnLogin(key));
        return merged.with(kept);
    }

    private Outcome giveUp(Attempt first, Optional<ItemVersion> firstVersion) {
        Attempt place = first;
        Optional<ItemVersion> version = firstVersion;
        Optional<ItemVersion> tried = Optional.empty();
        for (int i = 0; i < Races.ATTEMPTS; i++) {
            Races.pause(i);
            if (version.isEmpty()) {
                Optional<Item<ItemContent>> there = place.load();
                if (there.isEmpty()) {
                    return missing(place);
                }
                if (there.get().content() instanceof Tombstone tombstone) {
                    if (tombstone.number() == merge.number()) {
                        return done();
                    }
                    if (!isLogin() || tombstone.successor().isEmpty()) {
                        return overtakenBy(tombstone);
                    }
                    place = new Attempt(sessions, tombstone.successor().get());
                    tried = Optional.empty();
                    continue;
                }
                version = Optional.of(there.get().version());
                if (!version.equals(tried)) {
                    mergeAgain((SessionRecord) there.get().content());
                }
            }
            tried = version;
            Replacement outcome = place.replace(tombstone(), version.get(), timeToLive());
            if (outcome == STORED) {
                return done();
            }
            if (outcome != CHANGED) {
                return missing(place);
            }
            version = Optional.empty();
        }
        throw new SessionException(
                "Session "
                        + old
                        + " got no new id: other requests changed it "
                        + Races.ATTEMPTS
                        + " times in a row meanwhile");
    }

    private Duration timeToLive() {
        return merge.timeToLive(session, known.end());
    }

    private Tombstone tombstone() {
        return isLogin()
                ? Tombstone.of(Tombstone.Cause.LOGIN, sessions.clock.instant(), merge.number())
                : Tombstone.leadingTo(fresh, sessions.clock.instant(), merge.number());
    }

    /**
     * Nobody knows the fresh id yet, so what is there is ours: a tombstone that got no answer, and may still
     * lead there, is only carried out where the old item is as it was.
     */
    private void mergeAgain(SessionRecord theirs) {
        session = moved(theirs);
        if (!freshPlace.overwrite(session, timeToLive())) {
            throw new SessionException(
                    "Session " + old + " got no new id: memcached has lost what was stored there");
        }
    }

    private Outcome done() {
        merge.tellOfConflicts();
        sessions.sizes.moved(old, fresh);
        sessions.sizes.saved(fresh, session, freshPlace.size());
        return new Outcome.Rotated(fresh, freshPlace.stored(session));
    }

    /** Evicted, or ended long ago: with a login the user has shown anew who they are. */
    private Outcome missing(Attempt place) {
        if (isLogin()) {
            return done();
        }
        dropUnlessLedTo(place);
        return new Outcome.Gone(SessionLost.Cause.MISSING);
    }

    private Outcome overtakenBy(Tombstone tombstone) {
        if (isLogin() && tombstone.cause() == Tombstone.Cause.LOGIN) {
            return done(); // two logins at once: each has shown who they are
        }
        dropFresh();
        return tombstone.successor().isPresent()
                ? sessions.writer.keep(
                        tombstone.successor().get(), Known.perhaps(known.record()), changes)
                : Outcome.endedBy(tombstone);
    }

    /** A tombstone without an answer may have led others there, and what they have stored there stays. */
    private void dropUnlessLedTo(Attempt place) {
        if (isLogin() || !place.hadNoAnswer()) {
            dropFresh();
        }
    }

    /** Nobody knows its id: where that fails, it is forgotten after its idle time. */
    private void dropFresh() {
        try {
            sessions.items.delete(fresh);
        } catch (SessionStoreException e) {
            LOG.log(Level.DEBUG, "An item that nobody knows is left to its time", e);
        }
    }
}
