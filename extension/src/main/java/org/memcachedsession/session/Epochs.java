package org.memcachedsession.session;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import org.memcachedsession.SessionException;
import org.memcachedsession.SessionRefused;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.session.SessionStore.Written;

/**
 * Ends all sessions of a principal at once, without knowing them: each carries the number of the
 * principal's epoch, which stands in an item of its own, and another number there ends them all. An
 * epoch that is lost ends them too.
 */
final class Epochs {

    private static final Logger LOG = System.getLogger(Epochs.class.getName());

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
        PrincipalHash principal = header.principal().get();
        Optional<Long> epoch =
                sessions.store
                        .load(sessions.codec.epochKey(principal))
                        .flatMap(item -> open(principal, item));
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
        ItemKey key = sessions.codec.epochKey(principal);
        for (int i = 0; i < ATTEMPTS; i++) {
            Optional<StoredItem> item = sessions.store.load(key);
            Optional<Long> there = item.flatMap(each -> open(principal, each));
            if (there.isPresent()) {
                return there.get();
            }
            long number = sessions.random.nextLong();
            byte[] sealed = sessions.codec.sealEpoch(principal, number);
            Written written =
                    item.isEmpty()
                            ? sessions.store.create(key, sealed, TIME_TO_LIVE)
                            : sessions.store.replace(
                                    key, sealed, item.get().version(), TIME_TO_LIVE);
            if (written.isStored()) {
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
                    || sessions.store.create(key, sealed, TIME_TO_LIVE).isStored()) {
                return;
            }
        }
        throw notStored();
    }

    /**
     * As {@link #begin}, for a session that is to go on and carries the new number already.
     *
     * @return false if it is over itself, with all that carry the present number or none; nothing has changed
     * @throws SessionStoreException no answer: they may be over or not
     */
    boolean beginAfter(SessionHeader header, PrincipalHash principal, long number) {
        ItemKey key = sessions.codec.epochKey(principal);
        byte[] sealed = sessions.codec.sealEpoch(principal, number);
        for (int i = 0; i < ATTEMPTS; i++) {
            Optional<StoredItem> item = sessions.store.load(key);
            if (item.flatMap(each -> open(principal, each))
                    .filter(header.epochs()::contains)
                    .isEmpty()) {
                return false;
            }
            if (sessions.store
                    .replace(key, sealed, item.get().version(), TIME_TO_LIVE)
                    .isStored()) {
                return true;
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

    /**
     * Empty for what cannot be read: somebody else has written it, or a node with a newer secret. It is
     * left for that one, until the principal logs in here.
     */
    private Optional<Long> open(PrincipalHash principal, StoredItem item) {
        try {
            return Optional.of(sessions.codec.openEpoch(principal, item.value()));
        } catch (UnreadableException e) {
            LOG.log(Level.DEBUG, "The epoch of a principal cannot be read", e);
            return Optional.empty();
        }
    }
}
