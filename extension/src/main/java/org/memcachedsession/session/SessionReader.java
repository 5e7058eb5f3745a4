package org.memcachedsession.session;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import org.memcachedsession.SessionOrigin;
import org.memcachedsession.SessionStoreException;

/** Finds the session that a browser has presented the id of. */
final class SessionReader {

    private static final Logger LOG = System.getLogger(SessionReader.class.getName());

    private final Sessions sessions;

    SessionReader(Sessions sessions) {
        this.sessions = sessions;
    }

    /**
     * A session as the store held it.
     *
     * @param version for replacing it if nobody else has
     */
    record Living(SessionId id, SessionRecord record, long version) {}

    /**
     * What there was to find.
     *
     * @param origin why there is a session, or none
     * @param session present only if the origin is {@link SessionOrigin#LOADED}
     */
    record Found(SessionOrigin origin, Optional<Living> session) {

        private static Found nothing(SessionOrigin reason) {
            return new Found(reason, Optional.empty());
        }
    }

    /**
     * Asks the store. Of several ids one at most may lead to a session: with two, somebody has planted
     * one of them, and nobody can tell which.
     *
     * @throws SessionStoreException no answer
     */
    Found find(List<SessionId> presented) {
        Found found = Found.nothing(SessionOrigin.NONE_SENT);
        for (SessionId id : presented) {
            Found candidate = find(id);
            if (found.session().isEmpty()) {
                found = candidate;
            } else if (candidate.session().isPresent()) {
                LOG.log(
                        Level.WARNING,
                        "The browser sent the ids of two living sessions, {0} and {1}: neither is used",
                        found.session().get().id(),
                        id);
                return Found.nothing(SessionOrigin.UNKNOWN);
            }
        }
        return found;
    }

    private Found find(SessionId id) {
        Optional<StoredItem> item = sessions.store.load(sessions.codec.itemKey(id));
        if (item.isEmpty()) {
            return Found.nothing(SessionOrigin.UNKNOWN);
        }
        SessionRecord session;
        try {
            session = sessions.codec.open(id, item.get().value());
        } catch (UnreadableException e) {
            LOG.log(
                    Level.WARNING,
                    "Session {0} cannot be read and is not used: {1}",
                    id,
                    e.getMessage());
            return Found.nothing(SessionOrigin.UNREADABLE);
        }
        if (session.isOver(sessions.clock.instant())) {
            return Found.nothing(SessionOrigin.EXPIRED);
        }
        return new Found(
                SessionOrigin.LOADED, Optional.of(new Living(id, session, item.get().version())));
    }
}
