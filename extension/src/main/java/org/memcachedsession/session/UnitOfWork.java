package org.memcachedsession.session;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.memcachedsession.ConflictPolicy;
import org.memcachedsession.SessionEnded;
import org.memcachedsession.SessionException;
import org.memcachedsession.SessionOrigin;
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

    private enum State {
        /** The store was not asked yet. */
        UNASKED,
        /** There is no session. */
        NONE,
        /** A bean was created; nothing is stored yet. */
        FRESH,
        /** The session is in the store. */
        IN_STORE,
        /** The session was lost, or a save failed: beans work on, nothing is stored any more. */
        ABANDONED
    }

    /** What the answer does with the session cookie. */
    public sealed interface CookieChange {
        /** Gives the browser an id. */
        record Give(SessionId id) implements CookieChange {}

        /** Takes the cookie back. */
        record TakeBack() implements CookieChange {}
    }

    private final Sessions sessions;
    private final List<SessionId> presented;
    private final boolean hasAnswer;
    private final ReentrantLock lock = new ReentrantLock();
    private final WorkingCopies copies = new WorkingCopies();
    private final Set<BeanKey> inCreation = new LinkedHashSet<>();
    private final Set<BeanKey> unreadable = new HashSet<>();

    private State state = State.UNASKED;
    private SessionOrigin origin;
    private SessionStoreException noAnswer;
    private SessionId id;
    private SessionRecord loaded;
    private Optional<Long> version = Optional.empty();
    private boolean storedHere; // by this request, so the idle time has begun anew
    private boolean ending;
    private boolean warnedOfLateChange;
    private CookieChange cookieChange;
    private volatile BooleanSupplier answerCommitted = () -> false;
    private volatile boolean usedSinceSave;
    private volatile boolean handedOn;
    private volatile boolean closed;

    UnitOfWork(Sessions sessions, List<SessionId> presented, boolean hasAnswer) {
        this.sessions = sessions;
        this.presented = presented;
        this.hasAnswer = hasAnswer;
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
        answerCommitted = committed;
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
        Object used = copies.find(key);
        if (used != null) {
            markUsed();
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
        Object used = copies.find(key);
        if (used != null) {
            markUsed();
            return used;
        }
        ask();
        Entry entry = loadedEntry(key);
        if (entry == null || copies.isRemoved(key) || unreadable.contains(key)) {
            return null;
        }
        return read(key, entry);
    }

    private Object read(BeanKey key, Entry entry) {
        try {
            Object bean = sessions.beans.read(key, entry);
            copies.put(key, bean, entry);
            markUsed();
            return bean;
        } catch (UnreadableException e) {
            unreadable.add(key); // a container asks several times before it creates a bean
            LOG.log(
                    Level.WARNING,
                    "Session {0}: the stored {1} cannot be read and is left out: {2}",
                    id,
                    key,
                    e.getMessage());
            return null;
        }
    }

    private Entry loadedEntry(BeanKey key) {
        return loaded == null ? null : loaded.entries().get(key);
    }

    /**
     * The bean, created if the session has none. The first one of a browser makes its session.
     *
     * @param creator what it throws is thrown, and nothing is kept; if it gives null, so does this
     * @throws IllegalStateException a new session is needed, but there is no answer to give its cookie,
     *     or it is on its way already; or the bean uses itself while it is created; or the session is being ended
     */
    public Object findOrCreate(BeanKey key, Supplier<?> creator) {
        Object used = copies.find(key);
        if (used != null) {
            markUsed();
            return used;
        }
        lock.lock();
        try {
            Object found = findLocked(key);
            return found != null ? found : create(key, creator);
        } finally {
            lock.unlock();
        }
    }

    private Object create(BeanKey key, Supplier<?> creator) {
        if (ending) {
            throw new IllegalStateException(
                    key + " cannot be created while its session is being ended");
        }
        boolean isStored = sessions.beans.isStored(key);
        if (isStored && state == State.NONE) {
            checkCookieCanBeGiven(key);
        }
        if (!inCreation.add(key)) {
            throw new IllegalStateException(
                    key
                            + " uses itself through its own proxy while it is being created (constructor,"
                            + " initializer or @PostConstruct), so it would be created without end");
        }
        try {
            Object bean = creator.get();
            if (bean != null) {
                Entry replaced = loadedEntry(key);
                copies.putMade(key, bean, replaced, replaced == null ? asMade(key, bean) : null);
                markUsed();
                if (isStored && state == State.NONE) { // also if its creation has ended the session
                    beginSession();
                }
            }
            return bean;
        } finally {
            inCreation.remove(key);
        }
    }

    private void checkCookieCanBeGiven(BeanKey key) {
        if (!hasAnswer) {
            throw new IllegalStateException(
                    key
                            + " needs a session, and this message has none ("
                            + origin
                            + "). A message begins none, since it has no answer that could carry a cookie:"
                            + " ask MemcachedSession.exists() before, and begin the session in an HTTP"
                            + " request before the WebSocket is opened");
        }
        if (answerCommitted.getAsBoolean()) {
            throw new IllegalStateException(
                    key
                            + " needs a new session, but the answer is on its way to the browser and its"
                            + " cookie cannot be added any more. Use the bean before the answer is"
                            + " flushed, or longer than the response buffer");
        }
    }

    /** Others of this session may make the bean too, and change it: then ours has nothing to say. */
    private Entry asMade(BeanKey key, Object bean) {
        if (state != State.IN_STORE || !sessions.beans.isStored(key)) {
            return null;
        }
        try {
            return sessions.beans.write(key, bean);
        } catch (SessionException notYet) {
            return null;
        }
    }

    private void beginSession() {
        Instant now = now();
        id = SessionId.random(sessions.random);
        loaded =
                new SessionRecord(
                        now,
                        now.plus(sessions.absoluteTimeout),
                        sessions.idleTimeout,
                        List.of(),
                        new TreeMap<>());
        state = State.FRESH;
        origin = SessionOrigin.CREATED;
        sessions.events.begun();
    }

    /**
     * Takes the bean out of the session and gives it for its end; null if there is none, or one that
     * cannot be read, which is taken out all the same.
     */
    public Object remove(BeanKey key) {
        lock.lock();
        try {
            Object bean = findLocked(key);
            if (bean == null && !unreadable.contains(key)) {
                return null;
            }
            markUsed(); // also after a save: the removal is still to be stored
            if (bean == null) {
                copies.removeUnread(key, loadedEntry(key));
                return null;
            }
            return copies.remove(key);
        } finally {
            lock.unlock();
        }
    }

    private void markUsed() {
        if (!usedSinceSave) {
            usedSinceSave = true;
        }
    }

    // ---- load

    private void ask() {
        if (state != State.UNASKED) {
            return;
        }
        if (noAnswer != null) {
            throw new SessionStoreException(noAnswer.getMessage(), noAnswer);
        }
        try {
            load();
        } catch (SessionStoreException e) {
            sessions.warnOfNoAnswer(e);
            noAnswer = e; // one time-out per request is enough
            origin = SessionOrigin.UNAVAILABLE;
            throw e;
        }
    }

    private void load() {
        SessionReader.Found found = sessions.reader.find(presented);
        state = found.session().isPresent() ? State.IN_STORE : State.NONE;
        origin = found.origin();
        found.session()
                .ifPresent(
                        session -> {
                            id = session.id();
                            loaded = session.record();
                            version = Optional.of(session.version());
                        });
    }

    private void forgetLoaded() {
        unreadable.clear();
        state = State.NONE;
        id = null;
        loaded = null;
        version = Optional.empty();
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
            SessionId saved = id;
            Map<BeanKey, ConflictPolicy> conflicts = new TreeMap<>();
            try {
                save(conflicts);
            } finally {
                tellOf(conflicts, saved); // only now, since who hears of them may end the session
            }
        } finally {
            lock.unlock();
        }
    }

    private void save(Map<BeanKey, ConflictPolicy> conflicts) {
        if (closed || (state != State.FRESH && state != State.IN_STORE)) {
            return;
        }
        try {
            usedSinceSave = false;
            Map<BeanKey, Change> changes = copies.changes(sessions.beans);
            if (changes.isEmpty()) {
                return;
            }
            if (state == State.FRESH) {
                create(changes);
            } else {
                replace(changes, conflicts);
            }
        } catch (SessionStoreException e) {
            state = State.ABANDONED;
            sessions.warnOfNoAnswer(e);
            throw e;
        } catch (RuntimeException | Error e) {
            state = State.ABANDONED;
            throw e;
        }
    }

    private void tellOf(Map<BeanKey, ConflictPolicy> conflicts, SessionId saved) {
        conflicts.forEach(
                (bean, policy) -> {
                    LOG.log(
                            Level.WARNING,
                            "Session {0}: two requests changed {1} at once; its policy is {2}",
                            saved,
                            bean,
                            policy);
                    sessions.events.conflicted(saved, bean, policy);
                });
    }

    /**
     * As {@link #save}, but without a look at the beans if none was used since. For the points after
     * the first where something may leave.
     */
    public void saveIfUsed() {
        lock.lock();
        try {
            if (usedSinceSave) {
                save();
            }
        } finally {
            lock.unlock();
        }
    }

    private void create(Map<BeanKey, Change> changes) {
        SessionRecord created = sessions.writer.create(id, loaded, changes);
        cookieChange = new CookieChange.Give(id);
        stored(created, changes);
    }

    private void replace(Map<BeanKey, Change> changes, Map<BeanKey, ConflictPolicy> conflicts) {
        sessions.writer
                .replace(id, loaded, version, changes, conflicts)
                .ifPresentOrElse(session -> stored(session, changes), this::lost);
    }

    private void stored(SessionRecord session, Map<BeanKey, Change> changes) {
        // what others changed meanwhile stays unseen: a bean first used now fits those used before
        Map<BeanKey, Entry> seen = new TreeMap<>(loaded.entries());
        changes.forEach((key, change) -> seen.compute(key, (same, before) -> change.entry()));
        loaded = session.with(seen);
        version = Optional.empty(); // memcached does not tell which one it gave
        state = State.IN_STORE;
        storedHere = true;
        copies.saved(changes);
        if (answerCommitted.getAsBoolean()) {
            warnOfLateChange(changes.keySet());
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
                    id,
                    changed);
        }
    }

    /** Ended by another request, expired or evicted. Storing it again could revive a logged-out one. */
    private void lost() {
        state = State.ABANDONED;
        origin = SessionOrigin.UNKNOWN;
        LOG.log(
                Level.WARNING,
                "Session {0} is gone from memcached (ended by another request, expired or evicted):"
                        + " what this request changed is dropped",
                id);
        sessions.events.lost(id);
    }

    /**
     * What the answer has to do with the cookie. Stays the same until a later save changes it: servers
     * drop headers on some ways (error, include), and then it has to be said again.
     */
    public Optional<CookieChange> cookieChange() {
        lock.lock();
        try {
            return Optional.ofNullable(cookieChange);
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
            if (ending) {
                return;
            }
            ask();
            boolean browserHasCookie = !presented.isEmpty() || storedHere;
            deleteItems(); // first: nothing that a bean or an observer throws may keep it
            if (browserHasCookie) {
                cookieChange = new CookieChange.TakeBack();
            }
            if (state != State.NONE) {
                endSession();
            }
        } finally {
            lock.unlock();
        }
    }

    private void endSession() {
        SessionId ended = id;
        try {
            loaded.entries().keySet().forEach(this::findLocked); // to be destroyed, each
            ending = true;
            sessions.events.ending();
            for (BeanKey key : copies.keys()) {
                if (copies.find(key) != null) { // not destroyed by the end of another bean
                    sessions.beans.destroy(key, copies.remove(key));
                }
            }
        } finally {
            ending = false;
            copies.clear();
            forgetLoaded();
            storedHere = false;
            origin = SessionOrigin.ENDED;
        }
        sessions.events.ended(ended, SessionEnded.Cause.INVALIDATED);
    }

    private void deleteItems() {
        try {
            if (state == State.IN_STORE || state == State.ABANDONED) {
                sessions.store.delete(sessions.codec.itemKey(id));
            } else if (state == State.NONE && presented.size() > 1) { // perhaps two living ones
                presented.forEach(each -> sessions.store.delete(sessions.codec.itemKey(each)));
            }
        } catch (SessionStoreException e) {
            sessions.warnOfNoAnswer(e);
            throw e;
        }
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
            if (usedSinceSave || (handedOn && state == State.IN_STORE)) {
                saveLate();
            }
            slide();
        } finally {
            closed = true;
            copies.clear();
            loaded = null; // a task may keep this unit of work for long
            answerCommitted = () -> true;
            lock.unlock();
        }
    }

    private void saveLate() {
        if (state == State.FRESH) {
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
                    "Session " + id + ": what changed after the answer had left is lost",
                    e);
        }
    }

    private void slide() {
        boolean untouched = state == State.UNASKED && noAnswer == null && presented.size() == 1;
        SessionId sliding = untouched ? presented.get(0) : id;
        if (storedHere) {
            sessions.touches.done(sliding, now());
        } else if (untouched) {
            touch(sliding, sessions.idleTimeout, sessions.idleTimeout);
        } else if (state == State.IN_STORE) {
            touch(sliding, loaded.idleTimeout(), loaded.timeToLive(now()));
        }
    }

    private void touch(SessionId sliding, Duration idleTimeout, Duration timeToLive) {
        if (!sessions.touches.due(sliding, now(), idleTimeout)) {
            return;
        }
        try {
            sessions.store.touch(sessions.codec.itemKey(sliding), timeToLive);
        } catch (SessionStoreException e) {
            LOG.log(Level.DEBUG, "Session " + sliding + ": its idle time was not slid", e);
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
            return id == null ? presented : List.of(id);
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
            return header().map(session -> id.fingerprint()); // while no other thread ends it
        } finally {
            lock.unlock();
        }
    }

    /** When the session was created. */
    public Optional<Instant> createdAt() {
        return header().map(SessionRecord::createdAt);
    }

    /** The end that no request moves. */
    public Optional<Instant> absoluteEnd() {
        return header().map(SessionRecord::absoluteEnd);
    }

    /** How long the session lives without a request. */
    public Optional<Duration> idleTimeout() {
        return header().map(SessionRecord::idleTimeout);
    }

    /** When the session ends if this was the last request. */
    public Optional<Instant> expiresAt() {
        Instant now = now();
        return header().map(session -> now.plus(session.timeToLive(now)));
    }

    /** Why there is a session, or none. */
    public SessionOrigin origin() {
        lock.lock();
        try {
            checkOpen();
            if (noAnswer == null) {
                try {
                    ask();
                } catch (SessionStoreException e) {
                    LOG.log(Level.DEBUG, "No answer, and that is the answer", e);
                }
            }
            return origin;
        } finally {
            lock.unlock();
        }
    }

    private Optional<SessionRecord> header() {
        lock.lock();
        try {
            checkOpen();
            ask();
            boolean exists = state == State.FRESH || state == State.IN_STORE;
            return exists ? Optional.of(loaded) : Optional.empty();
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
