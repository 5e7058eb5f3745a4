package org.memcachedsession.session;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** The sessions of one application on one node. Many threads use it at once. */
public final class Sessions {

    final SessionStore store;
    final RecordCodec codec;
    final Beans beans;
    final Clock clock;
    final SecureRandom random;
    final Duration idleTimeout;
    final Duration absoluteTimeout;
    final int sizeWarning;
    final Touches touches = new Touches();

    private final CurrentUnitOfWork current = new CurrentUnitOfWork();

    /**
     * @param idleTimeout how long a session lives without a request, thirty days at most
     * @param absoluteTimeout how long a session lives at all
     * @param sizeWarning bytes from which on a session is worth a warning
     */
    public Sessions(
            SessionStore store,
            RecordCodec codec,
            Beans beans,
            Clock clock,
            SecureRandom random,
            Duration idleTimeout,
            Duration absoluteTimeout,
            int sizeWarning) {
        this.store = store;
        this.codec = codec;
        this.beans = beans;
        this.clock = clock;
        this.random = random;
        this.idleTimeout = idleTimeout;
        this.absoluteTimeout = absoluteTimeout;
        this.sizeWarning = sizeWarning;
    }

    /**
     * Begins the unit of work of one request, without any I/O.
     *
     * @param presented the ids that the browser sent, well-formed and each once: none or one, unless
     *     somebody planted another
     */
    public UnitOfWork begin(List<SessionId> presented) {
        return new UnitOfWork(this, List.copyOf(presented));
    }

    /** What the threads of this application serve. */
    public CurrentUnitOfWork current() {
        return current;
    }
}
