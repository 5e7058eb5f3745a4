package org.memcachedsession.session;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.memcachedsession.SessionLost;
import org.memcachedsession.SessionOrigin;
import org.memcachedsession.SessionRefused;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.session.Copies.Item;

/** Finds the session that a browser has presented the id of. */
final class SessionReader {

    private static final Logger LOG = System.getLogger(SessionReader.class.getName());

    /** How long requests may arrive that were on their way when their id was given up at a login. */
    private static final Duration ON_THEIR_WAY = Duration.ofSeconds(30);

    /** Renewals within the grace time. More than that is no chain that we have made. */
    private static final int LONGEST_CHAIN = 8;

    private final Sessions sessions;

    SessionReader(Sessions sessions) {
        this.sessions = sessions;
    }

    /**
     * A session as the store held it.
     *
     * @param id its own, which is not the one presented if that was renewed
     * @param slid what its time has begun anew with by this load; empty if it has not
     */
    record Living(SessionId id, Known known, Optional<Duration> slid) {}

    /**
     * What there was to find.
     *
     * @param origin why there is a session, or none
     * @param session of the origins {@link SessionOrigin#LOADED} and {@link SessionOrigin#EXPIRED}
     *     alone
     * @param late present if this request was on its way when its id was given up at a login, so that the
     *     browser has got another cookie by now, or is about to: what has become of the id
     */
    record Found(SessionOrigin origin, Optional<Living> session, Optional<SessionLost.Cause> late) {

        private static Found nothing(SessionOrigin reason) {
            return new Found(reason, Optional.empty(), Optional.empty());
        }

        boolean isLiving() {
            return origin == SessionOrigin.LOADED;
        }

        /** Of several ids: that the browser has a newer cookie counts, whatever else it has sent. */
        private boolean countsMoreThan(Found other) {
            return weight() > other.weight();
        }

        private int weight() {
            if (isLiving()) {
                return 3;
            }
            return late.isPresent() ? 2 : session.map(over -> 1).orElse(0);
        }
    }

    /**
     * Asks the store. Of several ids one at most may lead to a session: with two, somebody has planted
     * one of them, and nobody can tell which.
     *
     * @param isOfMessage whether the ids come from a handshake and not from a browser, which would have
     *     got the newer ones: a renewal leads on however old it is
     * @param slides whether the idle time may begin anew
     * @param refusals takes what is not to be had, and why
     * @throws SessionStoreException no answer
     */
    Found find(
            List<SessionId> presented,
            boolean isOfMessage,
            boolean slides,
            BiConsumer<SessionId, SessionRefused.Cause> refusals) {
        boolean slidesOne = slides && presented.size() == 1; // else one of them was planted
        Found found = Found.nothing(SessionOrigin.NONE_SENT);
        for (SessionId id : presented) {
            Found candidate = find(id, isOfMessage, slidesOne, refusals);
            if (!found.countsMoreThan(candidate) && !found.isLiving()) {
                found = candidate;
            } else if (candidate.isLiving() && !sameSession(found, candidate)) {
                LOG.log(
                        Level.WARNING,
                        "The browser sent the ids of two living sessions, {0} and {1}: neither is used",
                        found.session().get().id(),
                        id);
                refusals.accept(id, SessionRefused.Cause.TWO_SESSIONS);
                return Found.nothing(SessionOrigin.UNKNOWN);
            }
        }
        return found;
    }

    /** By an id and by the one that it was renewed to. */
    private static boolean sameSession(Found one, Found other) {
        return one.session().get().id().equals(other.session().get().id());
    }

    private Found find(
            SessionId presented,
            boolean isOfMessage,
            boolean slides,
            BiConsumer<SessionId, SessionRefused.Cause> refusals) {
        SessionId id = presented;
        for (int i = 0; i < LONGEST_CHAIN; i++) {
            Optional<Duration> slide =
                    slides ? sessions.idleTimes.dueWithLoad(id) : Optional.empty();
            Optional<Item<ItemContent>> item;
            try {
                item = sessions.items.load(id, slide);
            } catch (UnreadableException e) {
                LOG.log(
                        Level.WARNING,
                        "Session {0} cannot be read and is not used: {1}",
                        id,
                        e.getMessage());
                refusals.accept(id, SessionRefused.Cause.UNREADABLE);
                return Found.nothing(SessionOrigin.UNREADABLE);
            }
            if (item.isEmpty()) {
                return Found.nothing(SessionOrigin.UNKNOWN);
            }
            if (item.get().content() instanceof SessionRecord) {
                Optional<Duration> slid = item.get().timeLeft().flatMap(told -> slide);
                return judged(new Living(id, item.get().known(now()), slid), refusals);
            }
            Tombstone tombstone = (Tombstone) item.get().content();
            if (!leadsOn(tombstone, isOfMessage)) {
                return ended(id, tombstone, refusals);
            }
            id = tombstone.successor().orElseThrow();
        }
        return Found.nothing(SessionOrigin.UNKNOWN);
    }

    private boolean leadsOn(Tombstone tombstone, boolean isOfMessage) {
        return tombstone.successor().isPresent()
                && (isOfMessage || tombstone.isYoungerThan(sessions.rules.rotationGrace(), now()));
    }

    private Found ended(
            SessionId id,
            Tombstone tombstone,
            BiConsumer<SessionId, SessionRefused.Cause> refusals) {
        if (tombstone.successor().isPresent()) {
            LOG.log(
                    Level.WARNING,
                    "Session {0} was renewed longer ago than requests are on their way: whoever sent"
                            + " its id is perhaps not the user, and gets nothing",
                    id);
            refusals.accept(id, SessionRefused.Cause.RENEWED_ID);
            return Found.nothing(SessionOrigin.ENDED);
        }
        boolean isLate =
                tombstone.cause() == Tombstone.Cause.LOGIN
                        && tombstone.isYoungerThan(ON_THEIR_WAY, now());
        return new Found(
                SessionOrigin.ENDED,
                Optional.empty(),
                isLate ? Optional.of(SessionLost.Cause.LOGGED_IN) : Optional.empty());
    }

    private Found judged(Living living, BiConsumer<SessionId, SessionRefused.Cause> refusals) {
        SessionHeader header = living.known().record().header();
        if (header.isOver(now())) {
            return new Found(SessionOrigin.EXPIRED, Optional.of(living), Optional.empty());
        }
        Optional<SessionRefused.Cause> refusal = sessions.epochs.refusal(header);
        if (refusal.isPresent()) {
            boolean isLost = refusal.get() == SessionRefused.Cause.EPOCH_LOST;
            LOG.log(
                    isLost ? Level.WARNING : Level.DEBUG,
                    "Session {0} is not used: {1}",
                    living.id(),
                    isLost
                            ? "memcached has lost what tells whether the sessions of its user were ended"
                            : "all sessions of its user were ended");
            refusals.accept(living.id(), refusal.get());
            return Found.nothing(SessionOrigin.ENDED);
        }
        return new Found(SessionOrigin.LOADED, Optional.of(living), Optional.empty());
    }

    private Instant now() {
        return sessions.clock.instant();
    }
}
