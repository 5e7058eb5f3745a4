package org.memcachedsession.session;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Remembers what this node has done lately with which session, so that not every request does it again.
 * What it forgets is done once too often, nothing else. Many threads use it at once.
 */
final class Touches {

    /** A session is slid at most this often in its idle time. */
    private static final int PER_IDLE_TIME = 10;

    static final int REMEMBERED = 50_000;

    /**
     * @param idleTimeout of the session, if this node has seen it
     */
    private record Touch(Instant at, Optional<Duration> idleTimeout) {}

    /** By the order in which they were looked at. */
    private final Map<SessionId, Touch> touches =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<SessionId, Touch> eldest) {
                    return size() > REMEMBERED;
                }
            };

    /**
     * Whether it is time; if so, it counts as done.
     *
     * @param idleTimeout of the session
     */
    synchronized boolean due(SessionId id, Instant now, Duration idleTimeout) {
        boolean due = isDue(touches.get(id), now, idleTimeout);
        if (due) {
            done(id, now, idleTimeout);
        }
        return due;
    }

    /**
     * As {@link #due}, for a session that nobody has looked at in this request.
     *
     * @param usual the idle timeout of most sessions
     */
    synchronized boolean dueForUnseen(SessionId id, Instant now, Duration usual) {
        Touch last = touches.get(id);
        Optional<Duration> known = last == null ? Optional.empty() : last.idleTimeout();
        boolean due = isDue(last, now, known.orElse(usual));
        if (due) {
            touches.put(id, new Touch(now, known));
        }
        return due;
    }

    /** As {@link #due}, without counting as done: the idle timeout, if this node knows it and it is time. */
    synchronized Optional<Duration> dueIfSeen(SessionId id, Instant now) {
        Touch last = touches.get(id);
        return last == null
                ? Optional.empty()
                : last.idleTimeout().filter(idle -> isDue(last, now, idle));
    }

    private static boolean isDue(Touch last, Instant now, Duration idleTimeout) {
        boolean isKnown = last != null && !now.isBefore(last.at()); // else the clock was set back
        return !isKnown
                || now.toEpochMilli() - last.at().toEpochMilli()
                        >= idleTimeout.toMillis() / PER_IDLE_TIME;
    }

    /** The session's time has begun anew. */
    synchronized void done(SessionId id, Instant now, Duration idleTimeout) {
        touches.put(id, new Touch(now, Optional.of(idleTimeout)));
    }

    /** The session's time had begun anew then, on whatever node. */
    synchronized void seen(SessionId id, Instant then, Duration idleTimeout) {
        Touch known = touches.get(id);
        if (known == null || known.at().isBefore(then)) {
            touches.put(id, new Touch(then, Optional.of(idleTimeout)));
        }
    }

    /** When the session's time has begun anew here, as far as this node remembers. */
    synchronized Optional<Instant> last(SessionId id) {
        return Optional.ofNullable(touches.get(id)).map(Touch::at);
    }

    /** The idle timeout that the session had when this node has seen it. */
    synchronized Optional<Duration> idleTimeout(SessionId id) {
        return Optional.ofNullable(touches.get(id)).flatMap(Touch::idleTimeout);
    }
}
