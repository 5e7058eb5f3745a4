package org.memcachedsession.session;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.memcachedsession.SessionEnded;
import org.memcachedsession.SessionException;
import org.memcachedsession.SessionOrigin;
import org.memcachedsession.SessionRefused;
import org.memcachedsession.SessionStoreException;

/**
 * One request's view of its session. Nothing is read before a bean is looked for, and then the whole
 * session at once; nothing is written but what the request changed; and only an item that is still
 * there is written, so that no request brings back what another one ended.
 *
 * <p>The threads of one request may use it at once: one lock guards it, held also over the I/O of
 * this request, so that a bean is made once and a save sees no bean half made. A bean that is in use
 * already is found without the lock.
 */
public final class UnitOfWork {

    private static final Logger LOG = System.getLogger(UnitOfWork.class.getName());

    /** What the answer does with the session cookie. */
    public sealed interface CookieChange {
        /** Gives the browser an id. */
        record Give(SessionId id) implements CookieChange {}

        /** Takes the cookie back. */
        record TakeBack() implements CookieChange {}
    }

    private final Sessions sessions;
    private final boolean hasAnswer;
    private final HeldSession held;
    private final Caller caller;
    private final RequestBeans beans;
    private final List<ExpectedLogin> expectedLogins = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();

    private boolean ending;
    private boolean loginSeen; // by its outcome: the session is to be looked at
    private boolean idChanged; // that of the container's session, and not known yet why
    private boolean warnedOfLateChange;
    private volatile boolean handedOn;
    private volatile boolean closed;

    UnitOfWork(
            Sessions sessions,
            List<SessionId> presented,
            Supplier<Optional<String>> caller,
            boolean hasAnswer) {
        this.sessions = sessions;
        this.hasAnswer = hasAnswer;
        this.held = new HeldSession(sessions, presented, hasAnswer);
        this.beans = new RequestBeans(sessions.beans, held, sessions.events);
        this.caller = new Caller(caller);
    }

    /** Whether the request goes on. Without I/O. */
    public boolean isOpen() {
        return !closed;
    }

    /**
     * Tells whether the answer is on its way: then no cookie can be added to it any more, and the
     * client may act on it already.
     */
    public void answerCommitted(BooleanSupplier committed) {
        held.answerCommitted(committed);
    }

    /**
     * From now on other threads work on the beans too. They may change one that they had found before
     * the last save, so {@link #close} looks at all of them once more.
     */
    public void handOn() {
        handedOn = true;
    }

    /**
     * Runs something that the request must not end meanwhile; if it is over, nothing happens. For what is
     * done to the answer, since a server may use its object for somebody else's afterwards.
     */
    public void whileOpen(Runnable task) {
        lock.lock();
        try {
            if (!closed) {
                task.run();
            }
        } finally {
            lock.unlock();
        }
    }

    // ---- beans

    /** The bean, made from its bytes if this request uses it for the first time, or null. */
    public Object find(BeanKey key) {
        Object used = beans.used(key);
        if (used != null) {
            return used;
        }
        lock.lock();
        try {
            return findLocked(key);
        } finally {
            lock.unlock();
        }
    }

    private Object findLocked(BeanKey key) {
        checkOpen();
        Object used = beans.used(key);
        if (used != null) {
            return used;
        }
        ask();
        return beans.find(key);
    }

    /**
     * The bean, created if the session has none. The first one of a browser makes its session.
     *
     * @param creator what it throws is thrown, and nothing is kept; if it gives null, so does this
     * @throws IllegalStateException a new session is needed, but there is no answer to give its cookie,
     *     or it is on its way already; or the bean uses itself while it is created; or the session is being ended
     */
    public Object findOrCreate(BeanKey key, Supplier<?> creator) {
        Object used = beans.used(key);
        if (used != null) {
            return used;
        }
        lock.lock();
        try {
            Object found = findLocked(key);
            if (found != null) {
                return found;
            }
            if (ending) {
                throw new IllegalStateException(
                        key + " cannot be created while its session is being ended");
            }
            return beans.create(key, creator);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes the bean out of the session and gives it for its end; null if there is none, or one that
     * cannot be read, which is taken out all the same.
     */
    public Object remove(BeanKey key) {
        lock.lock();
        try {
            checkOpen();
            ask();
            return beans.remove(key);
        } finally {
            lock.unlock();
        }
    }

    // ---- load

    /** Asks the store, and sees to it that nobody gets the session of somebody else. */
    private void ask() {
        if (ending) {
            return;
        }
        held.ask();
        noticeCaller(Look.FROM_ANYWHERE); // before anybody's beans hear of an end
        if (held.isExpired()) {
            endHeld(SessionEnded.Cause.EXPIRED);
        }
    }

    // ---- who is logged in

    /**
     * Looks who is logged in now, on the thread that serves the request: a login gives the session a new
     * id when it is saved, a logout ends it. Without I/O unless there was a logout.
     *
     * @throws SessionStoreException no answer at a logout; the session may be there still
     */
    public void lookAtCaller() {
        look(Look.ON_ITS_THREAD);
    }

    /** Looks whether somebody has logged in, on whatever thread. */
    public void lookForLogin() {
        look(Look.FROM_ANYWHERE);
    }

    /** Looks whether somebody has logged in after the application had the container authenticate. */
    public void lookAfterAuthentication() {
        look(Look.AFTER_AUTHENTICATION);
    }

    private enum Look {
        ON_ITS_THREAD,
        FROM_ANYWHERE,
        AFTER_AUTHENTICATION
    }

    private void look(Look look) {
        lock.lock();
        try {
            if (!closed) {
                noticeCaller(look);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Asks from now on another source who is logged in: the request itself, where a stand-in began. */
    public void askCallerFrom(Supplier<Optional<String>> source) {
        lock.lock();
        try {
            caller.askFrom(source);
        } finally {
            lock.unlock();
        }
    }

    private void noticeCaller(Look look) {
        if (ending || !hasAnswer) {
            return;
        }
        Caller.Event event = look == Look.ON_ITS_THREAD ? caller.look() : caller.lookFromAnywhere();
        if (event == Caller.Event.LOGGED_OUT) {
            end(SessionEnded.Cause.LOGGED_OUT);
            return;
        }
        boolean afterAuthentication =
                event == Caller.Event.BEGUN || look == Look.AFTER_AUTHENTICATION;
        if (afterAuthentication && caller.principal().isEmpty()) {
            idChanged = false; // by no login: some containers do it when they show their form
        }
        boolean isReplaced = event == Caller.Event.REPLACED;
        loginSeen |= event == Caller.Event.LOGGED_IN || isReplaced;
        if (held.isHeld() && caller.principal().isPresent()) {
            compareWithOwner(caller.principal().get(), isReplaced);
        } else if (isReplaced) {
            beans.destroyAll(); // of a request that could begin no session
        }
        followIdChange();
        if (held.isLoginWanted() && !held.isExpired()) {
            beans.dropAtLogin(); // what is made from now on is the new user's
        }
    }

    /**
     * @param isReplaced whether somebody else was there before, whose is what nobody owns yet
     */
    private void compareWithOwner(PrincipalHash now, boolean isReplaced) {
        loginSeen = false;
        Optional<PrincipalHash> owner = held.header().principal();
        if (owner.isPresent() ? !owner.get().equals(now) : isReplaced) {
            refuseSomebodyElses();
        } else if (owner.isEmpty() && held.isInStore()) {
            held.wantOwner();
        }
    }

    /**
     * The container has given its own session another id, as it does at a login: so will ours get one, at
     * the next save. While the container authenticates, that holds only if somebody is logged in then.
     * Throws nothing, and does nothing where it is too late: a login is seen by its outcome too.
     */
    public void containerChangedId() {
        lock.lock();
        try {
            if (closed || !hasAnswer) {
                return;
            }
            if (held.isAnswerCommitted()) {
                LOG.log(
                        Level.DEBUG,
                        "The container has changed the id of its session, too late for ours ({0})",
                        held.ids());
                return;
            }
            idChanged = true;
        } finally {
            lock.unlock();
        }
    }

    private void followIdChange() {
        if (!idChanged || (caller.principal().isEmpty() && !caller.isServed())) {
            return;
        }
        idChanged = false;
        if (!held.isAsked() || held.isInStore()) {
            held.wantLogin();
        }
    }

    private void refuseSomebodyElses() {
        LOG.log(
                Level.WARNING,
                "Session {0} is that of another user than the one who is logged in now: it is ended",
                held.id());
        try {
            held.endInStore();
        } catch (RuntimeException | Error e) {
            beans.forget(); // the next request ends it, and this one shows nothing of it
            held.forget(SessionOrigin.UNAVAILABLE);
            throw e;
        }
        endHeld(SessionEnded.Cause.OTHER_PRINCIPAL);
    }

    /**
     * Gives the session a new id when it is saved, as after a login, which dies at once under the old one.
     * Without a session nothing happens.
     *
     * @throws SessionStoreException it is the session of somebody else than who is logged in now, and the
     *     store does not answer; it may be there still
     * @throws IllegalStateException there is no answer that could carry the cookie, or it is on its way; or
     *     a save of this request has failed
     */
    public void rotateId() {
        lock.lock();
        try {
            requireCanRotate();
            noticeCaller(Look.FROM_ANYWHERE); // nobody else's session gets one
            held.wantLogin();
            beginForBeansMadeBefore();
            beans.dropAtLogin();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Says whether {@link #rotateId} would throw, before what it is to follow.
     *
     * @throws IllegalStateException as there
     */
    public void requireCanRotate() {
        lock.lock();
        try {
            checkOpen();
            held.requireCanRotate();
        } finally {
            lock.unlock();
        }
    }

    /**
     * A login begins. If the answer leaves before its end is known, it counts: an id too many harms nobody.
     *
     * @throws IllegalStateException as {@link #rotateId}
     */
    public ExpectedLogin expectLogin() {
        lock.lock();
        try {
            requireCanRotate();
            ExpectedLogin login = new ExpectedLogin();
            expectedLogins.add(login);
            return login;
        } finally {
            lock.unlock();
        }
    }

    /** A login whose end is still to be told, once and on whatever thread. */
    public final class ExpectedLogin {

        private ExpectedLogin() {}

        /** It failed, or what it has done was taken back. */
        public void failed() {
            lock.lock();
            try {
                expectedLogins.remove(this);
            } finally {
                lock.unlock();
            }
        }

        /**
         * It succeeded: as {@link #rotateId}.
         *
         * @throws IllegalStateException the answer has left without a new id, or the request is over.
         *     Nothing that it changes is stored any more, so that nobody else who knows the old id shares
         *     in the login
         */
        public void succeeded() {
            lock.lock();
            try {
                expectedLogins.remove(this);
                rotateId();
            } catch (IllegalStateException tooLate) {
                if (held.mayExist() && !held.isUnseen()) {
                    storeNothing();
                    throw tooLate;
                }
            } finally {
                lock.unlock();
            }
        }
    }

    private void storeNothing() {
        if (closed) {
            return;
        }
        try {
            ask();
        } catch (SessionStoreException e) {
            LOG.log(Level.DEBUG, "What cannot be read is not stored either", e);
        }
        if (held.exists()) {
            held.abandon();
        }
    }

    /** Those of a request that could begin no session before somebody has logged in. */
    private void beginForBeansMadeBefore() {
        boolean canBegin = held.isNone() && held.canBegin() && held.canGiveCookie();
        if (canBegin && beans.areAnyToStore()) {
            held.begin();
        }
    }

    // ---- how long it lives

    /** From now on the session lives so long without a request; also one that begins later in this request. */
    public void setIdleTimeout(Duration timeout) {
        changeHeader(() -> held.change(held.headerChange().withIdleTimeout(timeout)));
    }

    /** The session lives so long from its creation or its last login. */
    public void setAbsoluteTimeout(Duration timeout) {
        changeHeader(() -> held.change(held.headerChange().withAbsoluteTimeout(timeout)));
    }

    private void changeHeader(Runnable change) {
        lock.lock();
        try {
            checkOpen();
            ask();
            change.run();
            beans.markOtherChange();
        } finally {
            lock.unlock();
        }
    }

    /** This request does not keep the session alive. */
    public void doNotSlide() {
        lock.lock();
        try {
            held.doNotSlide();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends all other sessions of the principal whose session this is. A save point: what was changed is
     * stored before.
     *
     * @throws IllegalStateException there is no session, or nobody is logged in there
     * @throws SessionException it was lost or ended meanwhile; the others are as they were
     * @throws SessionStoreException no answer: the others may be over or not, this one is not
     */
    public void endOthers() {
        lock.lock();
        try {
            checkOpen();
            ask();
            save(); // so that it has a principal, also if it begins or the login is under way
            Optional<PrincipalHash> principal =
                    held.exists() ? held.header().principal() : Optional.empty();
            if (principal.isEmpty()) {
                throw new IllegalStateException(
                        "The other sessions of a user cannot be ended: nobody is logged in to this one"
                                + " as far as the container knows, or there is no session ("
                                + held.origin()
                                + ")");
            }
            long epoch = held.budget().call(() -> sessions.epochs.next(principal.get()));
            held.change(held.headerChange().withEpoch(epoch));
            save(); // first, so that this one does not end with the others
            if (!held.isInStore()) {
                throw new SessionException(
                        "The session was lost while the other ones of its user were to be ended;"
                                + " they are not");
            }
            if (!beginEpoch(principal.get(), epoch)) {
                throw new SessionException(
                        "The session was ended with all of its user's while the other ones were to be"
                                + " ended");
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean beginEpoch(PrincipalHash principal, long epoch) {
        return held.budget()
                .call(() -> sessions.epochs.beginAfter(held.header(), principal, epoch));
    }

    // ---- save

    /**
     * Stores what changed since the last save, if anything did. The caller does this before the
     * answer leaves.
     *
     * @throws SessionStoreException no answer; the change may be stored or not
     * @throws SessionException the session cannot be written; what was stored before is still there.
     *     After any exception this request stores nothing more
     */
    public void save() {
        lock.lock();
        try {
            if (closed || ending) {
                return;
            }
            if (held.hasAnswerBegun()) {
                held.budget().renew(); // an answer that streams for hours may save a thousand times
            }
            try {
                store();
            } finally {
                held.tell();
            }
        } finally {
            lock.unlock();
        }
    }

    private void store() {
        boolean wasFresh = held.isFresh();
        try {
            noticeLogins();
            if (loginSeen || held.isLoginWanted()) {
                loginSeen = false;
                ask(); // also if no bean was used: the id that was known before has to die
                beginForBeansMadeBefore();
                beans.dropAtLogin();
            }
            if (!held.exists()) {
                if (beans.areAnyToStore()) {
                    held.tellLate();
                }
                return;
            }
            Map<BeanKey, Change> changes = beans.changes();
            if (held.save(changes, caller.principal())) {
                beans.saved(changes);
                if (held.isAnswerCommitted() && !changes.isEmpty()) {
                    warnOfLateChange(changes.keySet());
                }
            }
        } catch (SessionStoreException e) {
            held.abandon();
            sessions.warnOfNoAnswer(e);
            if (!wasFresh || !sessions.rules.worksWithoutStore()) {
                throw e;
            }
        } catch (RuntimeException | Error e) {
            held.abandon();
            throw e;
        }
    }

    private void noticeLogins() {
        noticeCaller(Look.FROM_ANYWHERE);
        if (!expectedLogins.isEmpty()) {
            held.wantLogin();
        }
    }

    /**
     * As {@link #save}, but without a look at the beans if none was used since. For the points after
     * the first where something may leave.
     */
    public void saveIfUsed() {
        lock.lock();
        try {
            if (closed) {
                return; // the container may serve another one with the same request already
            }
            noticeLogins();
            if (beans.areUsedSinceSave() || loginSeen || held.isLoginWanted()) {
                save();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Once per request: one that streams may go on changing. */
    private void warnOfLateChange(Set<BeanKey> changed) {
        if (!warnedOfLateChange) {
            warnedOfLateChange = true;
            LOG.log(
                    Level.WARNING,
                    "Session {0}: {1} changed after the answer had begun to leave. That is saved too, but"
                            + " a client that acts on the begin of the answer does not see it. Change"
                            + " beans before the answer is flushed, or longer than the response buffer"
                            + " (said once per request)",
                    held.id(),
                    changed);
        }
    }

    /**
     * What the answer has to do with the cookie. Stays the same until a later save changes it: servers
     * drop headers on some ways (error, include), and then it has to be said again.
     */
    public Optional<CookieChange> cookieChange() {
        lock.lock();
        try {
            return held.cookieChange();
        } finally {
            lock.unlock();
        }
    }

    // ---- end

    /**
     * Ends the session: in the store first, then its beans. Beans used later in this request begin a
     * new one.
     *
     * @throws SessionStoreException no answer; nothing was ended for this request, while the item may
     *     be gone
     */
    public void invalidate() {
        lock.lock();
        try {
            checkOpen();
            end(SessionEnded.Cause.INVALIDATED);
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #invalidate}, since the user has logged out. */
    public void logOut() {
        lock.lock();
        try {
            checkOpen();
            end(SessionEnded.Cause.LOGGED_OUT);
        } finally {
            lock.unlock();
        }
    }

    private void end(SessionEnded.Cause cause) {
        if (ending) {
            return;
        }
        ask();
        held.endInStore(); // first: nothing that a bean or an observer throws may keep it
        if (held.isNone()) {
            beans.destroyAll(); // of a request that could begin no session
        } else {
            endHeld(cause);
        }
    }

    private void endHeld(SessionEnded.Cause cause) {
        SessionId ended = held.id();
        ending = true;
        try {
            if (cause != SessionEnded.Cause.OTHER_PRINCIPAL) { // whose beans nobody else may see
                beans.readAll();
                sessions.events.ending();
            }
            beans.destroyAll();
        } finally {
            ending = false;
            beans.forget();
            held.forget(
                    cause == SessionEnded.Cause.EXPIRED
                            ? SessionOrigin.EXPIRED
                            : SessionOrigin.ENDED);
        }
        if (cause == SessionEnded.Cause.OTHER_PRINCIPAL) { // told now, when nobody gets it any more
            sessions.events.refused(ended, SessionRefused.Cause.OTHER_PRINCIPAL);
        }
        sessions.events.ended(ended, cause);
    }

    /**
     * The request is over: what is still to be saved is, the idle time slides, and nothing can be
     * done with this unit of work any more. Throws nothing: the answer has left, so a failure can
     * only be logged. A second call does nothing.
     */
    public void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            held.answerIsOver();
            if (beans.areUsedSinceSave() || (handedOn && held.isInStore())) {
                saveLate();
            }
            held.slide();
        } finally {
            closed = true;
            beans.forget(); // a task may keep this unit of work for long
            held.forgetAll();
            lock.unlock();
        }
    }

    private void saveLate() {
        if (held.isFresh()) {
            LOG.log(
                    Level.WARNING,
                    "A session was begun where its cookie can reach no browser any more; it is dropped");
            return;
        }
        try {
            save();
        } catch (RuntimeException | Error e) {
            LOG.log(
                    Level.WARNING,
                    "Session " + held.ids() + ": what changed after the answer had left is lost",
                    e);
        }
    }

    // ---- what is known

    /**
     * What leads to the session: its id, or what the browser presented as long as nobody has asked for
     * it. Without I/O.
     */
    public List<SessionId> ids() {
        lock.lock();
        try {
            return held.ids();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether the request has asked for its session, found or not: then its answer may tell of it.
     * Without I/O.
     */
    public boolean isAsked() {
        lock.lock();
        try {
            return held.isAsked();
        } finally {
            lock.unlock();
        }
    }

    /** Whether there is a session. May ask the store, as all below. */
    public boolean exists() {
        return header().isPresent();
    }

    /** The session's fingerprint, if there is one. */
    public Optional<String> fingerprint() {
        lock.lock();
        try {
            return header().map(header -> held.id().fingerprint()); // while no other thread ends it
        } finally {
            lock.unlock();
        }
    }

    /** When the session was created. */
    public Optional<Instant> createdAt() {
        return header().map(SessionHeader::createdAt);
    }

    /** The end that no request moves. */
    public Optional<Instant> absoluteEnd() {
        return header().map(SessionHeader::absoluteEnd);
    }

    /** How long the session lives without a request. */
    public Optional<Duration> idleTimeout() {
        return header().map(SessionHeader::idleTimeout);
    }

    /** When the session ends if this was the last request. */
    public Optional<Instant> expiresAt() {
        Instant now = now();
        return header().map(header -> now.plus(header.timeToLive(now)));
    }

    /** The last request before this one, as far as this node knows. */
    public Optional<Instant> lastAccessedAt() {
        return header().map(SessionHeader::lastAccessedAt);
    }

    /** Why there is a session, or none. */
    public SessionOrigin origin() {
        lock.lock();
        try {
            checkOpen();
            if (!held.isUnavailable()) {
                try {
                    ask();
                } catch (SessionStoreException e) {
                    LOG.log(Level.DEBUG, "No answer, and that is the answer", e);
                }
            }
            return held.origin();
        } finally {
            lock.unlock();
        }
    }

    private Optional<SessionHeader> header() {
        lock.lock();
        try {
            checkOpen();
            ask();
            return held.exists() ? Optional.of(held.header()) : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("request already finished");
        }
    }

    private Instant now() {
        return sessions.clock.instant();
    }
}
