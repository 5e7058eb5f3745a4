package org.memcachedsession.session;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.memcachedsession.SessionException;
import org.memcachedsession.SessionRefused;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.session.Copies.Item;
import org.memcachedsession.session.Copies.Stored;

/**
 * Ends all sessions of a principal at once, without knowing them: each carries the number of the
 * principal's epoch, which stands in an item of its own, and another number there ends them all. An
 * epoch that is lost ends them too.
 */
final class Epochs {

    private static final Logger LOG = System.getLogger(Epochs.class.getName());

    /** Longer than any session is idle, as far as memcached goes. */
    private static final Duration TIME_TO_LIVE = Duration.ofDays(30);

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
        Optional<Long> epoch = load(new Owner(header.principal().get())).flatMap(Item::content);
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
        Owner owner = new Owner(principal);
        return begin(owner, item -> item.flatMap(Item::content), before -> after(before));
    }

    /**
     * A number that is to be the next one, which no session carries yet.
     *
     * @throws SessionStoreException no answer
     */
    long next(PrincipalHash principal) {
        return after(load(new Owner(principal)).flatMap(Item::content));
    }

    /** By the clock where it is ahead: so what was lost and began anew is later than a copy that was not. */
    private long after(Optional<Long> before) {
        int now = (int) sessions.clock.instant().getEpochSecond();
        long byTime = Generation.of(now, sessions.random.nextLong());
        return before.filter(number -> !Generation.isLater(Generation.of(now, 0), number))
                .map(number -> Generation.after(number, byTime))
                .orElse(byTime);
    }

    /**
     * From now on, sessions that carry another number are over.
     *
     * @throws SessionStoreException no answer: they may be over or not
     */
    void begin(PrincipalHash principal) {
        begin(new Owner(principal), item -> Optional.empty(), before -> after(before));
    }

    /**
     * As {@link #begin}, for a session that is to go on and carries the new number already.
     *
     * @param number from {@link #next}
     * @return false if it is over itself, with all that carry the present number or none; nothing has changed
     * @throws SessionStoreException no answer: they may be over or not
     */
    boolean beginAfter(SessionHeader header, PrincipalHash principal, long number) {
        long there =
                begin(
                        new Owner(principal),
                        item -> {
                            Optional<Long> present = item.flatMap(Item::content);
                            return present.filter(header.epochs()::contains).isPresent()
                                            && !present.get().equals(number)
                                    ? Optional.empty()
                                    : Optional.of(present.orElse(0L));
                        },
                        before -> number);
        return there == number;
    }

    /**
     * @param present the number that is to stay; empty if another one is to take its place
     * @param next makes that of the one before
     * @return what is there now
     */
    private long begin(
            Owner owner,
            Function<Optional<Item<Optional<Long>>>, Optional<Long>> present,
            Function<Optional<Long>, Long> next) {
        SessionStoreException noAnswer = null;
        for (int i = 0; i < Races.ATTEMPTS; i++) {
            Races.pause(i);
            Optional<Item<Optional<Long>>> item = load(owner);
            Optional<Long> stays = present.apply(item);
            if (stays.isPresent()) {
                return stays.get();
            }
            long number = next.apply(item.flatMap(Item::content));
            byte[] sealed = sessions.codec.sealEpoch(owner.principal(), number);
            try {
                Stored stored =
                        item.isEmpty()
                                ? sessions.copies.create(owner, sealed, TIME_TO_LIVE)
                                : sessions.copies.replace(
                                        owner, sealed, item.get().version(), TIME_TO_LIVE);
                if (stored.isStored()) {
                    return number;
                }
            } catch (SessionStoreException e) {
                if (!sessions.copies.hasOthers() || noAnswer != null) {
                    throw e;
                }
                noAnswer = e; // another place may answer
            }
        }
        throw notStored();
    }

    private Optional<Item<Optional<Long>>> load(Owner owner) {
        try {
            return sessions.copies.load(owner, Optional.empty());
        } catch (UnreadableException e) {
            throw new IllegalStateException("an epoch that cannot be read is none", e);
        }
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
            sessions.copies.touch(new Owner(header.principal().get()), TIME_TO_LIVE);
        }
    }

    /** A principal. What is there is empty if it cannot be read: somebody else has written it, or a node with
     * a newer secret. It is left for that one, until the principal logs in here.
     */
    private final class Owner implements ItemOwner<Optional<Long>> {

        private final PrincipalHash principal;

        Owner(PrincipalHash principal) {
            this.principal = principal;
        }

        PrincipalHash principal() {
            return principal;
        }

        @Override
        public ItemKey key() {
            return sessions.codec.epochKey(principal);
        }

        @Override
        public Optional<Long> open(byte[] item) {
            try {
                return Optional.of(sessions.codec.openEpoch(principal, item));
            } catch (UnreadableException e) {
                LOG.log(Level.DEBUG, "The epoch of a principal cannot be read", e);
                return Optional.empty();
            }
        }

        @Override
        public boolean isLater(Optional<Long> one, Optional<Long> other) {
            return one.isPresent()
                    && (other.isEmpty() || Generation.isLater(one.get(), other.get()));
        }

        @Override
        public boolean isBeside(Optional<Long> one, Optional<Long> other) {
            return false; // the later one ends what the other one ends
        }

        @Override
        public Duration timeToLive(Optional<Long> content) {
            return TIME_TO_LIVE;
        }
    }
}
