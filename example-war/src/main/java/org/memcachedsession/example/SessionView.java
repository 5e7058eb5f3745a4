package org.memcachedsession.example;

import static java.time.temporal.ChronoUnit.SECONDS;

import java.time.Instant;
import org.memcachedsession.MemcachedSession;

/**
 * What may be told about a session. All but {@code exists} and {@code origin} is null without one.
 *
 * @param ageSeconds by the clock of the node that answers
 * @param secondsLeft if no request comes any more, by the same clock
 */
public record SessionView(
        boolean exists, String origin, String fingerprint, Long ageSeconds, Long secondsLeft) {

    static SessionView of(MemcachedSession session, Instant now) {
        return new SessionView(
                session.exists(),
                session.origin().name(),
                session.fingerprint().orElse(null),
                session.createdAt().map(at -> at.until(now, SECONDS)).orElse(null),
                session.expiresAt().map(at -> now.until(at, SECONDS)).orElse(null));
    }
}
