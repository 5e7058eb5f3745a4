package org.memcachedsession.session;

import java.time.Duration;
import java.util.Optional;
import org.memcachedsession.SessionException;
import org.memcachedsession.SessionRefused;
import org.memcachedsession.SessionStoreException;

/**
 * Ends all sessions of a principal at once, without knowing them: each carries the number of the
 * principal's epoch, which stands in an item of its own, and another number there ends them all. An
 * epoch that is lost ends them too.
 */
final class Epochs {

    /** Longer than any session is idle, as far as memcached goes. */
    private static final Duration TIME_TO_LIVE = Duration.ofDays(30);

    private static final int ATTEMPTS = 5;

    private final Sessions sessions;
    private final Touches touches = new Touches();

    Epochs(Sessions sessions) {
        this.sessions = sessions;
    }

    /**
     * Why a session is not to be used any more; empty if it is.
     *
     * @throws SessionStoreException no answer
     */
    Optional<SessionRefused.Cause> refusal(SessionHeader header) {
        if (!sessions.rules.endsEverywhere() || header.principal().isEmpty()) {
            return Optional.empty();
        }
        Optional<Long> epoch = read(header.principal().get());
        if (epoch.isEmpty()) {
            return Optional.of(SessionRefused.Cause.EPOCH_LOST);
        }
        return header.epochs().contains(epoch.get())
                ? Optional.empty()
                : Optional.of(SessionRefused.Cause.ENDED_EVERYWHERE);
    }

    /**
     * The number that a session of a principal carries who logs in now.
     *
     * @throws SessionStoreException no answer
     */
    long current(PrincipalHash principal) {
        for (int i = 0; i < ATTEMPTS; i++) {
            Optional<Long> there = read(principal);
            if (there.isPresent()) {
                return there.get();
            }
            long number = sessions.random.nextLong();
            if (write(principal, number)) {
                return number;
            }
        }
        throw notStored();
    }

    /**
     * From now on, sessions that carry another number are over.
     *
     * @throws SessionStoreException no answer: they may be over or not
     */
    void begin(PrincipalHash principal, long number) {
        ItemKey key = sessions.codec.epochKey(principal);
        byte[] sealed = sessions.codec.sealEpoch(principal, number);
        for (int i = 0; i < ATTEMPTS; i++) {
            if (sessions.store.overwrite(key, sealed, TIME_TO_LIVE)
                    || sessions.store.create(key, sealed, TIME_TO_LIVE)) {
                return;
            }
        }
        throw notStored();
    }

    private static SessionException notStored() {
        return new SessionException(
                "The sessions of a principal could not be marked: what memcached has stored is gone"
                        + " at once, again and again");
    }

    /** Keeps the number as long as a session lives that carries it. */
    void slide(SessionId id, SessionHeader header) {
        if (sessions.rules.endsEverywhere()
                && header.principal().isPresent()
                && touches.due(id, sessions.clock.instant(), TIME_TO_LIVE)) {
            sessions.store.touch(sessions.codec.epochKey(header.principal().get()), TIME_TO_LIVE);
        }
    }

    /** Empty also for what cannot be read: somebody else has written it. */
    private Optional<Long> read(PrincipalHash principal) {
        Optional<StoredItem> item = sessions.store.load(sessions.codec.epochKey(principal));
        if (item.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(sessions.codec.openEpoch(principal, item.get().value()));
        } catch (UnreadableException e) {
            sessions.store.delete(sessions.codec.epochKey(principal));
            return Optional.empty();
        }
    }

    private boolean write(PrincipalHash principal, long number) {
        return sessions.store.create(
                sessions.codec.epochKey(principal),
                sessions.codec.sealEpoch(principal, number),
                TIME_TO_LIVE);
    }
}
