package org.memcachedsession.session;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Remembers which sessions this node has slid lately, so that not every request costs a touch. What
 * it forgets costs a touch too many, nothing else. Many threads use it at once.
 */
final class Touches {

    /** A session is slid at most this often in its idle time. */
    private static final int PER_IDLE_TIME = 10;

    private static final int REMEMBERED = 50_000;

    private final Map<SessionId, Instant> lastTouches =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<SessionId, Instant> eldest) {
                    return size() > REMEMBERED;
                }
            };

    /** Whether it is time to slide; if so, it counts as done. */
    synchronized boolean due(SessionId id, Instant now, Duration idleTimeout) {
        Instant last = lastTouches.get(id);
        boolean isKnown = last != null && !now.isBefore(last); // else the clock was set back
        if (isKnown && now.isBefore(last.plus(idleTimeout.dividedBy(PER_IDLE_TIME)))) {
            return false;
        }
        done(id, now);
        return true;
    }

    /** The session's time has begun anew. */
    synchronized void done(SessionId id, Instant now) {
        lastTouches.remove(id); // so that it moves to the young end
        lastTouches.put(id, now);
    }
}
