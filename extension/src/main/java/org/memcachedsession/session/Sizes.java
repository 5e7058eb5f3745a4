package org.memcachedsession.session;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.Map;
import org.memcachedsession.SessionTooLargeException;

/**
 * Which sessions are too large to be stored, and which are worth a warning. Sizes are those of the item, as
 * memcached holds it; those of beans are what they are made of before that. Many threads use it at once.
 */
final class Sizes {

    private static final Logger LOG = System.getLogger(Sizes.class.getName());

    /** A session is worth another warning when it has grown so many times. */
    private static final int GROWTH = 2;

    private static final int REMEMBERED = 10_000;

    private final int limit;
    private final int warning;

    /** With the size that each had then. */
    private final Map<SessionId, Integer> warnedOf =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<SessionId, Integer> eldest) {
                    return size() > REMEMBERED;
                }
            };

    /**
     * @param limit bytes of the largest item that is sent
     * @param warning bytes from which on a session is worth a warning
     */
    Sizes(int limit, int warning) {
        this.limit = limit;
        this.warning = warning;
    }

    /**
     * Before anything is sent: a memcached that refuses an item for its size may have dropped the old one.
     *
     * @param id for the message
     * @throws SessionTooLargeException it is above the limit
     */
    void requireWithinLimit(SessionId id, SessionRecord session, int bytes) {
        if (bytes > limit) {
            throw new SessionTooLargeException(
                    notSaved(id, bytes)
                            + "and "
                            + limit
                            + " are the most (memcached.session.size.limit)"
                            + largest(session)
                            + ". Nothing was sent, and what was stored before is still there. Keep less"
                            + " in the session, or raise the limit and with it the largest item of every"
                            + " memcached server (-I, 1 MiB unless set)");
        }
    }

    /** The store takes less than the limit says. */
    SessionTooLargeException refused(
            SessionId id, SessionRecord session, int bytes, SessionTooLargeException byStore) {
        return new SessionTooLargeException(
                notSaved(id, bytes)
                        + "which memcached.session.size.limit ("
                        + limit
                        + ") allows, but "
                        + byStore.getMessage()
                        + largest(session),
                byStore);
    }

    private static String notSaved(SessionId id, int bytes) {
        return "Session " + id + " was not saved: it has " + bytes + " bytes in memcached, ";
    }

    private static String largest(SessionRecord session) {
        return ". The largest of its beans, in bytes before compression: " + session.largestBeans();
    }

    /** Warns once when it has grown so large, as far as this node remembers, and again when it has doubled. */
    void saved(SessionId id, SessionRecord session, int bytes) {
        if (bytes >= warning && isNews(id, bytes)) {
            LOG.log(
                    Level.WARNING,
                    "Session {0} has grown to {1} bytes in memcached (memcached.session.size.warn is"
                            + " {2}, and {3} are the most); every request that uses a bean reads all of"
                            + " it. The largest of its beans, in bytes before compression: {4}",
                    id,
                    String.valueOf(bytes), // or it would be grouped as in prose
                    String.valueOf(warning),
                    String.valueOf(limit),
                    session.largestBeans());
        }
    }

    private synchronized boolean isNews(SessionId id, int bytes) {
        Integer then = warnedOf.get(id);
        boolean news = then == null || bytes / GROWTH >= then;
        if (news) {
            warnedOf.put(id, bytes);
        }
        return news;
    }

    /** The session has another id, and is the same. */
    synchronized void moved(SessionId before, SessionId after) {
        Integer then = warnedOf.remove(before);
        if (then != null) {
            warnedOf.put(after, then);
        }
    }
}
