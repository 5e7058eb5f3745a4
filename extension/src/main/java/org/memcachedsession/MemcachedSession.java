package org.memcachedsession;

import jakarta.enterprise.context.ContextNotActiveException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * Handle on the session of the current request. Inject it anywhere; it finds the request of the
 * calling thread at every call.
 *
 * <p>Except for {@link #isActive()}, every method throws {@link ContextNotActiveException} on a
 * thread that serves no request, and, but for {@link #origin()}, {@link SessionStoreException} when
 * memcached has to be asked and does not answer. Asking is one read for the whole request, shared with
 * the beans; a request without a session cookie asks nobody.
 */
public interface MemcachedSession {

    /** Whether this thread serves a request. Without any I/O. True does not mean that there is a session. */
    boolean isActive();

    /** Whether there is a session: loaded, or about to be created since a bean of the scope was. */
    boolean exists();

    /**
     * What may be logged in place of the id: a few characters derived from it, which lead neither to
     * the id nor to the item in memcached. Empty without a session.
     */
    Optional<String> fingerprint();

    /** When the session was created, by the clock of the node that did. Empty without a session. */
    Optional<Instant> createdAt();

    /**
     * When the session was used last before this request, as far as this node knows: requests that stored
     * something are known to every node, others to the one that served them, to a tenth of the idle
     * timeout. Empty without a session.
     */
    Optional<Instant> lastAccessedAt();

    /**
     * When the session ends if no request comes any more: after the idle timeout, at its absolute
     * end at the latest. It may be up to a tenth of the idle timeout earlier, since not every request
     * costs a message to memcached. Empty without a session.
     */
    Optional<Instant> expiresAt();

    /** The absolute end, which only a login moves. Empty without a session. */
    Optional<Instant> absoluteEnd();

    /** How long the session lives without a request. Empty without a session. */
    Optional<Duration> idleTimeout();

    /**
     * From now on this session lives so long without a request, as of a user who wants to be remembered.
     * Stored with the session when the answer leaves; without a session it counts for one that begins
     * later in this request. Together with {@link #setAbsoluteTimeout} where it is to be longer than that.
     *
     * @param timeout 1 second to 30 days, in whole seconds; a fraction is rounded up
     * @throws IllegalArgumentException it is shorter or longer
     */
    void setIdleTimeout(Duration timeout);

    /**
     * From now on this session lives so long at most, counted from its last login, or from its creation
     * if there was none; otherwise as {@link #setIdleTimeout}. A time that is over already ends the
     * session with the next request.
     *
     * @param timeout 1 second to 365 days, in whole seconds; a fraction is rounded up
     * @throws IllegalArgumentException it is shorter or longer
     */
    void setAbsoluteTimeout(Duration timeout);

    /**
     * Gives the session a new id when the answer leaves: to be called when the user's rights change
     * other than by a login that the container or {@link RotateSessionId} knows of. As with a login, the
     * old id is dead at once, requests that are on their way under it store nothing any more, beans with
     * {@link DropOnLogin} end, and the absolute timeout begins anew. Several calls in one request give
     * one new id; without a session nothing happens.
     *
     * @throws IllegalStateException the answer is on its way, so that its cookie could not be given; or this
     *     is a WebSocket message; or a save of this request has failed, so that it stores nothing more.
     *     Nothing has changed
     */
    void rotateId();

    /**
     * Why this request has, or has not, a session. That memcached does not answer is an answer here:
     * {@link SessionOrigin#UNAVAILABLE}.
     */
    SessionOrigin origin();

    /**
     * Ends the session: removes it from memcached at once, then destroys its beans and takes back
     * the cookie. Requests that began earlier cannot bring it back. Beans used later in this request
     * begin a new session, under a new id. Without a session nothing happens.
     *
     * @throws SessionStoreException no answer; the session may be there still, and its cookie is
     *     left, so that the user can try again
     */
    void invalidate();

    /**
     * Wraps a task so that it has this request's session on whatever thread it runs. It works on the
     * same instances as the request, which saves them when its answer leaves: let the task end before,
     * or what it changes is lost, and a warning in the log says so.
     *
     * <p>While the request makes, saves or ends beans, the task waits at the first use of another one. So
     * a bean of the scope must not wait for it in its constructor, {@code @PostConstruct} or {@code
     * @PreDestroy}, nor may a {@link ConflictResolver} or an observer of the session's events: both would
     * wait without end.
     *
     * @return the task, which may be run once, often or never. Run after the end of the request it does
     *     nothing but throw {@link jakarta.enterprise.context.ContextNotActiveException}
     * @throws jakarta.enterprise.context.ContextNotActiveException the calling thread serves no request
     */
    Runnable capture(Runnable task);

    /** As {@link #capture(Runnable)}, for a task that returns something. */
    <T> Callable<T> capture(Callable<T> task);
}
