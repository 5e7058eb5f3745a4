package org.memcachedsession.session;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a session is, beside its beans. Times are by the clocks of the nodes that noted them. Immutable.
 *
 * @param createdAt when it began; no login changes that
 * @param authenticatedAt the last login
 * @param idSince when it got its present id: at creation, login or renewal
 * @param lastAccessedAt the last request that stored something
 * @param idleTimeout how long it lives without a request
 * @param absoluteTimeout how long it lives from its creation, or from the last login
 * @param principal who is logged in, if the container knows
 * @param epochs the numbers that the principal's epoch may have, the latest first; none where sessions
 *     cannot be ended everywhere
 */
public record SessionHeader(
        Instant createdAt,
        Optional<Instant> authenticatedAt,
        Instant idSince,
        Instant lastAccessedAt,
        Duration idleTimeout,
        Duration absoluteTimeout,
        Optional<PrincipalHash> principal,
        List<Long> epochs) {

    /** The present one, and one that is about to be. */
    private static final int EPOCHS = 2;

    public SessionHeader {
        epochs = List.copyOf(epochs);
    }

    /** Of a session that begins. */
    public static SessionHeader begun(Instant now, Duration idleTimeout, Duration absoluteTimeout) {
        return new SessionHeader(
                now,
                Optional.empty(),
                now,
                now,
                idleTimeout,
                absoluteTimeout,
                Optional.empty(),
                List.of());
    }

    /** The end that no request moves, only a login. */
    public Instant absoluteEnd() {
        return authenticatedAt.orElse(createdAt).plus(absoluteTimeout);
    }

    boolean isOver(Instant now) {
        return !now.isBefore(absoluteEnd());
    }

    /** From a request now until the item may be forgotten; at least a second. */
    Duration timeToLive(Instant now) {
        return timeToLive(now, idleTimeout);
    }

    /**
     * From now until the item may be forgotten, at least a second, if this request is none that keeps
     * the session alive: what the last one has left of the idle time.
     *
     * @param end when that was, as the store has told; a request since then may be known here
     */
    Duration timeLeft(Instant now, Optional<Instant> end) {
        Instant known = lastAccessedAt.plus(idleTimeout);
        Instant later = end.filter(known::isBefore).orElse(known);
        Duration idleLeft = Duration.between(now, later);
        return timeToLive(now, shorter(idleLeft, idleTimeout)); // clocks differ
    }

    private Duration timeToLive(Instant now, Duration idle) {
        Duration left = shorter(idle, Duration.between(now, absoluteEnd()));
        Duration second = Duration.ofSeconds(1);
        return left.compareTo(second) < 0 ? second : left;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    /** Only moves forward: another node's clock may be ahead. */
    SessionHeader accessedAt(Instant now) {
        return now.isAfter(lastAccessedAt)
                ? new SessionHeader(
                        createdAt,
                        authenticatedAt,
                        idSince,
                        now,
                        idleTimeout,
                        absoluteTimeout,
                        principal,
                        epochs)
                : this;
    }

    SessionHeader withTimeouts(Duration idle, Duration absolute) {
        return new SessionHeader(
                createdAt,
                authenticatedAt,
                idSince,
                lastAccessedAt,
                idle,
                absolute,
                principal,
                epochs);
    }

    /** Under a new id, with the same rights. */
    SessionHeader renewed(Instant now) {
        return new SessionHeader(
                createdAt,
                authenticatedAt,
                now,
                lastAccessedAt,
                idleTimeout,
                absoluteTimeout,
                principal,
                epochs);
    }

    /** Under a new id, after a login: the absolute time begins anew. */
    SessionHeader loggedIn(Instant now, Optional<PrincipalHash> caller, List<Long> callerEpochs) {
        return new SessionHeader(
                createdAt,
                Optional.of(now),
                now,
                lastAccessedAt,
                idleTimeout,
                absoluteTimeout,
                caller,
                callerEpochs);
    }

    SessionHeader withEpoch(long epoch) {
        return new SessionHeader(
                createdAt,
                authenticatedAt,
                idSince,
                lastAccessedAt,
                idleTimeout,
                absoluteTimeout,
                principal,
                Stream.concat(Stream.of(epoch), epochs.stream()).distinct().limit(EPOCHS).toList());
    }
}
