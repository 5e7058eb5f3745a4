package org.memcachedsession.session;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.memcachedsession.SessionStoreException;

/** The sessions of one application on one node. Many threads use it at once. */
public final class Sessions {

    private static final Logger LOG = System.getLogger(Sessions.class.getName());
    private static final Duration OUTAGE_WARNINGS_APART = Duration.ofSeconds(10);

    final Copies copies;
    final RecordCodec codec;
    final Beans beans;
    final SessionEvents events;
    final Clock clock;
    final SecureRandom random;
    final SessionRules rules;
    final Items items;
    final Sizes sizes;
    final IdleTimes idleTimes;
    final Touches cookiesGiven = new Touches();
    final Epochs epochs = new Epochs(this);
    final SessionReader reader = new SessionReader(this);
    final SessionWriter writer = new SessionWriter(this);

    private final AtomicReference<Instant> lastOutageWarning = new AtomicReference<>(Instant.EPOCH);
    private final CurrentUnitOfWork current = new CurrentUnitOfWork();
    private final long waitOfRequest; // nanoseconds
    private final LongSupplier ticker;

    public Sessions(
            SessionStore store,
            RecordCodec codec,
            Beans beans,
            SessionEvents events,
            Clock clock,
            SecureRandom random,
            SessionRules rules) {
        this(store, codec, beans, events, clock, random, rules, System::nanoTime);
    }

    /**
     * @param ticker tells how long requests wait
     */
    Sessions(
            SessionStore store,
            RecordCodec codec,
            Beans beans,
            SessionEvents events,
            Clock clock,
            SecureRandom random,
            SessionRules rules,
            LongSupplier ticker) {
        this.waitOfRequest = store.waitOfRequest().map(Duration::toNanos).orElse(Long.MAX_VALUE);
        this.ticker = ticker;
        this.codec = codec;
        this.beans = beans;
        this.events = events;
        this.clock = clock;
        this.random = random;
        this.rules = rules;
        this.copies = Copies.in(store);
        this.items = new Items(copies, codec, clock, rules.idleTimeout());
        this.sizes = new Sizes(rules.sizeLimit(), rules.sizeWarning());
        this.idleTimes = new IdleTimes(items, clock, rules.idleTimeout(), rules.slidesByLoad());
    }

    /**
     * Begins the unit of work of one request, without any I/O.
     *
     * @param presented the ids that the browser sent, well-formed and each once: none or one, unless
     *     somebody planted another
     * @param caller who is logged in, as the container says at the moment; empty for nobody
     */
    public UnitOfWork begin(List<SessionId> presented, Supplier<Optional<String>> caller) {
        return new UnitOfWork(this, List.copyOf(presented), caller, true);
    }

    /** As {@link #begin(List, Supplier)}, where no container knows who is logged in. */
    public UnitOfWork begin(List<SessionId> presented) {
        return begin(presented, Optional::empty);
    }

    /**
     * Begins the unit of work of a message, which no answer follows: it works on the session as a
     * request does, but begins none, since its cookie would reach no browser.
     */
    public UnitOfWork beginWithoutAnswer(List<SessionId> presented) {
        return new UnitOfWork(this, List.copyOf(presented), Optional::empty, false);
    }

    /** Whether {@link #endAll} can be. */
    public boolean endsEverywhere() {
        return rules.endsEverywhere();
    }

    /**
     * Ends all sessions of a principal. Whoever does it for many may wait anew each time, as long as a request may.
     *
     * @throws SessionStoreException no answer: they may be over or not
     */
    public void endAll(String principal) {
        PrincipalHash whose = PrincipalHash.of(principal);
        budget().run(() -> epochs.begin(whose));
    }

    /** What one request may wait. */
    Budget budget() {
        return new Budget(waitOfRequest, ticker);
    }

    /** What the threads of this application serve. */
    public CurrentUnitOfWork current() {
        return current;
    }

    /**
     * Says in the log that memcached did not answer: once in a while, since in an outage every
     * request meets the same.
     */
    void warnOfNoAnswer(SessionStoreException failure) {
        Instant now = clock.instant();
        Instant last = lastOutageWarning.get();
        if (now.isBefore(last.plus(OUTAGE_WARNINGS_APART))
                || !lastOutageWarning.compareAndSet(last, now)) {
            return;
        }
        LOG.log(
                Level.WARNING,
                "A request could not have its session: {0} (said at most every {1} seconds)",
                failure.getMessage(),
                OUTAGE_WARNINGS_APART.toSeconds());
    }
}
