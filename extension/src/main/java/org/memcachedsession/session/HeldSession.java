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
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.memcachedsession.SessionException;
import org.memcachedsession.SessionLost;
import org.memcachedsession.SessionOrigin;
import org.memcachedsession.SessionRefused;
import org.memcachedsession.SessionRotated;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.session.SessionReader.Found;
import org.memcachedsession.session.UnitOfWork.CookieChange;

/**
 * The session as one request knows it: whether there is one, under which id, what the store is to be
 * told, and what the browser. Its beans are the affair of {@link UnitOfWork}, whose lock guards all of
 * this.
 */
final class HeldSession {

    private static final Logger LOG = System.getLogger(HeldSession.class.getName());

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

    private final Sessions sessions;
    private final List<SessionId> presented;
    private final boolean hasAnswer;
    private final Budget budget;

    private State state = State.UNASKED;
    private SessionOrigin origin;
    private SessionStoreException noAnswer;
    private SessionId id;
    private SessionRecord record;
    private Known known; // as the store has it, with what others have changed
    private boolean slidWrongly; // by the load, with an idle time that is not the session's
    private HeaderChange headerChange = HeaderChange.NONE;
    private boolean storedHere; // by this request
    private Optional<Instant> begunAnew = Optional.empty(); // the idle time, by this request
    private boolean slides = true;
    private boolean loginWanted;
    private boolean saveFailed;
    private boolean isUnseen; // nobody else can know its id
    private boolean wasRenewed; // the browser has sent the id from before
    private Optional<SessionLost.Cause> late =
            Optional.empty(); // to keep the browser's newer cookie
    private boolean lateTold;
    private CookieChange cookieChange;
    private final List<Runnable> toTell = new ArrayList<>();
    private volatile BooleanSupplier answerCommitted = () -> false;
    private boolean answerOver;

    HeldSession(Sessions sessions, List<SessionId> presented, boolean hasAnswer) {
        this.sessions = sessions;
        this.presented = presented;
        this.hasAnswer = hasAnswer;
        this.budget = sessions.budget();
    }

    // ---- what is known

    /** Also if the store has not answered. */
    boolean isAsked() {
        return state != State.UNASKED || noAnswer != null;
    }

    boolean exists() {
        return state == State.FRESH || state == State.IN_STORE;
    }

    /** As {@link #exists}, or one that nothing is stored of any more and that this request still shows. */
    boolean isHeld() {
        return exists() || state == State.ABANDONED;
    }

    /** Without asking: also if the browser has sent an id that may lead to one. */
    boolean mayExist() {
        return exists() || saveFailed || (state == State.UNASKED && !presented.isEmpty());
    }

    boolean isInStore() {
        return state == State.IN_STORE;
    }

    boolean isFresh() {
        return state == State.FRESH;
    }

    boolean isNone() {
        return state == State.NONE;
    }

    /** Whether the session is over, though it is still held, so that its beans can be destroyed. */
    boolean isExpired() {
        return origin == SessionOrigin.EXPIRED && state == State.IN_STORE;
    }

    SessionId id() {
        return id;
    }

    List<SessionId> ids() {
        return id == null ? presented : List.of(id);
    }

    SessionOrigin origin() {
        return origin;
    }

    boolean isUnavailable() {
        return noAnswer != null;
    }

    /** What the request may wait for memcached. */
    Budget budget() {
        return budget;
    }

    /** With what this request has changed; of a session that exists. */
    SessionHeader header() {
        Instant access = sessions.idleTimes.last(id).orElse(Instant.MIN);
        return headerChange.in(record.header()).accessedAt(access);
    }

    /** As it was loaded or saved last; null if the session has none. */
    Entry entry(BeanKey key) {
        return record == null ? null : record.entries().get(key);
    }

    Set<BeanKey> keys() {
        return record.entries().keySet();
    }

    Optional<CookieChange> cookieChange() {
        return Optional.ofNullable(cookieChange);
    }

    // ---- load

    /**
     * Asks the store, once in a request.
     *
     * @throws SessionStoreException no answer
     */
    void ask() {
        if (state != State.UNASKED) {
            return;
        }
        if (noAnswer != null) {
            throwNoAnswer();
        }
        try {
            budget.run(this::load);
        } catch (SessionStoreException e) {
            sessions.warnOfNoAnswer(e);
            noAnswer = e; // one time-out per request is enough
            origin = SessionOrigin.UNAVAILABLE;
            if (!sessions.rules.worksWithoutStore()) {
                throw e;
            }
            state = State.NONE; // as if there was none, and none can begin
        } finally {
            tell();
        }
    }

    private void throwNoAnswer() {
        throw new SessionStoreException(noAnswer.getMessage(), noAnswer);
    }

    /** When it is known what this request gets: whoever hears of it may ask. */
    private void tellRefused(SessionId refused, SessionRefused.Cause cause) {
        toTell.add(() -> sessions.events.refused(refused, cause));
    }

    private void load() {
        Found found = sessions.reader.find(presented, !hasAnswer, slides, this::tellRefused);
        boolean hold = found.isLiving() || found.session().filter(this::endsExpired).isPresent();
        state = hold ? State.IN_STORE : State.NONE;
        origin = found.origin();
        late = loginWanted ? Optional.empty() : found.late();
        if (hold) {
            SessionReader.Living session = found.session().orElseThrow();
            id = session.id();
            known = session.known();
            record = known.record();
            Duration idle = record.header().idleTimeout();
            begunAnew = session.slid().map(by -> now());
            slidWrongly = session.slid().filter(by -> !by.equals(idle)).isPresent();
            wasRenewed = !presented.contains(id);
        }
    }

    /** Of all requests that find it over, one ends it. */
    private boolean endsExpired(SessionReader.Living session) {
        try {
            byte[] tombstone =
                    sessions.items.seal(
                            session.id(),
                            Tombstone.of(Tombstone.Cause.END, now(), sessions.random.nextLong()));
            return sessions.items
                    .replace(
                            session.id(),
                            tombstone,
                            session.known().version().orElseThrow(),
                            sessions.rules.idleTimeout())
                    .isStored();
        } catch (SessionStoreException e) {
            LOG.log(Level.DEBUG, "Session " + session.id() + " is over, and left to its time", e);
            return false;
        }
    }

    // ---- the answer

    void answerCommitted(BooleanSupplier committed) {
        answerCommitted = committed;
    }

    boolean isAnswerCommitted() {
        return answerCommitted.getAsBoolean();
    }

    /** Whether somebody has got the head of it, or all. */
    boolean hasAnswerBegun() {
        return answerOver || isAnswerCommitted();
    }

    /** Nobody looks for a cookie any more: not where a container has answered before every filter either. */
    void answerIsOver() {
        answerOver = true;
    }

    /** The request is over, and asks for nothing any more. */
    void forgetAll() {
        record = null;
        known = null;
        answerCommitted = () -> true;
    }

    boolean canGiveCookie() {
        return hasAnswer && !answerOver && !isAnswerCommitted();
    }

    /**
     * @throws IllegalStateException a session that begins now would reach no browser
     */
    void requireCookieCanBeGiven(BeanKey key) {
        if (!hasAnswer) {
            throw new IllegalStateException(
                    key
                            + " needs a session, and this message has none ("
                            + origin
                            + "). A message begins none, since it has no answer that could carry a cookie:"
                            + " ask MemcachedSession.exists() before, and begin the session in an HTTP"
                            + " request before the WebSocket is opened");
        }
        if (isAnswerCommitted()) {
            throw new IllegalStateException(
                    key
                            + " needs a new session, but the answer is on its way to the browser and its"
                            + " cookie cannot be added any more. Use the bean before the answer is"
                            + " flushed, or longer than the response buffer");
        }
    }

    /**
     * @throws IllegalStateException there may be a session, and a new id of it would reach no browser or
     *     not be stored
     */
    void requireCanRotate() {
        if (saveFailed) {
            throw new IllegalStateException(
                    "The session can get no new id: a save of this request has failed, and it stores"
                            + " nothing more. Log in with another request");
        }
        if (mayExist() && !canGiveCookie()) {
            throw new IllegalStateException(
                    "The session can get no new id: "
                            + (hasAnswer
                                    ? "the answer is on its way to the browser and its cookie cannot be"
                                            + " added any more. Do it before the answer is flushed, or"
                                            + " longer than the response buffer"
                                    : "a message has no answer that could carry its cookie. Do it in an"
                                            + " HTTP request"));
        }
    }

    // ---- begin

    /**
     * Whether a bean that is made now can be kept. Not by a request that was on its way when its id was
     * given up: its cookie would take the place of the one that the browser has got since. Nor by one whose
     * session could not be loaded: that may be there.
     */
    boolean canBegin() {
        boolean isLate = late.isPresent() && hasAnswer; // a message is refused it, and told so
        return !isLate && noAnswer == null;
    }

    /** For a bean that was made. Nothing is stored yet. */
    void begin() {
        id = SessionId.random(sessions.random);
        SessionHeader header =
                SessionHeader.begun(
                        now(), sessions.rules.idleTimeout(), sessions.rules.absoluteTimeout());
        record = new SessionRecord(header, List.of(), new TreeMap<>());
        known = Known.perhaps(record);
        state = State.FRESH;
        origin = SessionOrigin.CREATED;
        sessions.events.begun();
    }

    /** Beans that could begin no session will not be stored: once. */
    void tellLate() {
        if (state == State.NONE && late.isPresent() && !lateTold) {
            lateTold = true;
            LOG.log(
                    Level.WARNING,
                    "Session {0} was given up while this request was on its way ({1}): what it changed"
                            + " is dropped, and it begins no other one, since the browser has a newer"
                            + " cookie",
                    presented,
                    late.get());
            SessionLost.Cause cause = late.get();
            presented.forEach(gone -> toTell.add(() -> sessions.events.lost(gone, cause)));
        }
    }

    // ---- changes

    void change(HeaderChange change) {
        headerChange = change;
    }

    HeaderChange headerChange() {
        return headerChange;
    }

    void doNotSlide() {
        slides = false;
    }

    /** Somebody has logged in: at the next save the session gets another id. */
    void wantLogin() {
        loginWanted = !isUnseen;
        late = Optional.empty(); // the browser gets a newer cookie
    }

    /** Somebody has logged in to a session that is stored as nobody's: another id, also after a fresh one. */
    void wantOwner() {
        isUnseen = false;
        wantLogin();
    }

    boolean isLoginWanted() {
        return loginWanted;
    }

    /** Whether nobody else can know the session's id, which it has since it began or since a login. */
    boolean isUnseen() {
        return isUnseen;
    }

    // ---- save

    /**
     * Stores what changed, under a new id if one is due.
     *
     * @param caller who is logged in
     * @return whether anything was stored; false also if the session is gone
     */
    boolean save(Map<BeanKey, Change> beans, Optional<PrincipalHash> caller) {
        return budget.call(() -> store(beans, caller));
    }

    private boolean store(Map<BeanKey, Change> beans, Optional<PrincipalHash> caller) {
        if (state == State.FRESH) {
            return !beans.isEmpty() && create(changes(beans), caller);
        }
        Optional<SessionRotated.Cause> rotation = rotation();
        if (rotation.isEmpty() && beans.isEmpty() && headerChange.isEmpty()) {
            giveCookieAgain(false);
            return false;
        }
        Changes changes = changes(beans);
        if (rotation.isPresent()) {
            Outcome outcome =
                    new Rotation(
                                    sessions,
                                    rotation.get(),
                                    id,
                                    known,
                                    changes,
                                    underNewId(rotation.get(), caller))
                            .run();
            if (outcome instanceof Outcome.Rotated moved) {
                return rotated(moved, rotation.get(), changes);
            }
            return settled(outcome, changes);
        }
        return settled(sessions.writer.replace(id, known, changes), changes);
    }

    private Changes changes(Map<BeanKey, Change> beans) {
        return new Changes(
                beans,
                headerChange,
                slides,
                slides ? now() : header().lastAccessedAt(),
                toTell::add);
    }

    private boolean create(Changes changes, Optional<PrincipalHash> caller) {
        SessionHeader header =
                caller.isPresent() || loginWanted
                        ? loggedIn(record.header(), caller)
                        : record.header();
        Known stored = sessions.writer.create(id, record.with(header), changes).session();
        cookieChange = new CookieChange.Give(id);
        sessions.cookiesGiven.done(id, now(), record.header().idleTimeout());
        loginWanted = false;
        isUnseen = true;
        stored(stored, changes);
        SessionId created = id;
        toTell.add(() -> sessions.events.created(created));
        return true;
    }

    private Optional<SessionRotated.Cause> rotation() {
        if (loginWanted) {
            if (!canGiveCookie()) {
                throw new SessionException(
                        "Session "
                                + id
                                + " needs a new id since somebody has logged in, but the answer is on"
                                + " its way and its cookie cannot be added any more; what the request"
                                + " changed is not stored. Log in before the answer is flushed, or"
                                + " longer than the response buffer");
            }
            return Optional.of(SessionRotated.Cause.LOGIN);
        }
        boolean renewalDue =
                sessions.rules
                        .rotationInterval()
                        .filter(
                                interval ->
                                        !record.header().idSince().plus(interval).isAfter(now()))
                        .isPresent();
        return renewalDue && canGiveCookie() && !wasRenewed
                ? Optional.of(SessionRotated.Cause.RENEWAL)
                : Optional.empty();
    }

    private UnaryOperator<SessionHeader> underNewId(
            SessionRotated.Cause cause, Optional<PrincipalHash> caller) {
        if (cause == SessionRotated.Cause.RENEWAL) {
            Instant now = now();
            return header -> header.renewed(now);
        }
        SessionHeader example = loggedIn(record.header(), caller); // asks the store, so once
        return header ->
                header.loggedIn(
                        example.idSince(),
                        example.principal(),
                        header.principal().equals(example.principal())
                                ? header.epochs()
                                : example.epochs());
    }

    /**
     * A caller that the container does not know any more is not taken out. Whose session it was already
     * gets no newer epoch: all of theirs may have been ended since this one was loaded.
     */
    private SessionHeader loggedIn(SessionHeader header, Optional<PrincipalHash> caller) {
        Optional<PrincipalHash> principal = caller.or(header::principal);
        if (principal.equals(header.principal()) || !sessions.rules.endsEverywhere()) {
            return header.loggedIn(now(), principal, header.epochs());
        }
        List<Long> epochs = principal.map(sessions.epochs::current).stream().toList();
        return header.loggedIn(now(), principal, epochs);
    }

    private boolean rotated(Outcome.Rotated moved, SessionRotated.Cause cause, Changes changes) {
        SessionId before = id;
        id = moved.id();
        cookieChange = new CookieChange.Give(id);
        sessions.cookiesGiven.done(id, now(), record.header().idleTimeout());
        loginWanted = false;
        wasRenewed = false;
        isUnseen = cause == SessionRotated.Cause.LOGIN; // after a renewal the old id leads there
        stored(moved.session(), changes);
        toTell.add(() -> sessions.events.rotated(moved.id(), before, cause));
        return true;
    }

    private boolean settled(Outcome outcome, Changes changes) {
        if (outcome instanceof Outcome.Gone gone) {
            lost(gone.cause());
            return false;
        }
        Outcome.Stored done = (Outcome.Stored) outcome;
        if (!done.id().equals(id)) {
            id = done.id();
            wasRenewed = true;
        }
        if (changes.isEmpty()) {
            known = done.session();
        } else {
            stored(done.session(), changes);
        }
        giveCookieAgain(!changes.isEmpty());
        return !changes.isEmpty();
    }

    private void stored(Known session, Changes changes) {
        // what others changed meanwhile stays unseen: a bean first used now fits those used before
        SortedMap<BeanKey, Entry> seen = new TreeMap<>(record.entries());
        changes.beans().forEach((key, change) -> seen.compute(key, (same, old) -> change.entry()));
        record = session.record().with(seen);
        known = session;
        headerChange = HeaderChange.NONE;
        state = State.IN_STORE;
        storedHere = true;
        begunAnew = changes.slides() ? Optional.of(now()) : begunAnew;
        slidWrongly = false;
    }

    /** Ended by another request, expired or evicted. Storing it again could revive a logged-out one. */
    private void lost(SessionLost.Cause cause) {
        state = State.ABANDONED;
        if (cookieChange instanceof CookieChange.Give && origin != SessionOrigin.CREATED) {
            cookieChange = null; // it would lead to nothing
        }
        boolean isMissing = cause == SessionLost.Cause.MISSING;
        origin = isMissing ? SessionOrigin.UNKNOWN : SessionOrigin.ENDED;
        LOG.log(
                Level.WARNING,
                "Session {0} is gone from memcached ({1}): what this request changed is dropped",
                id,
                switch (cause) {
                    case MISSING -> "expired, evicted, or its server was restarted";
                    case ENDED -> "ended by another request";
                    case LOGGED_IN -> "another request has logged in, and it has a new id";
                });
        SessionId lost = id;
        toTell.add(() -> sessions.events.lost(lost, cause));
    }

    /** What a load or a save has to tell, once it is over: whoever hears of it may end the session. */
    void tell() {
        while (!toTell.isEmpty()) {
            toTell.remove(0).run();
        }
    }

    /** A save failed: beans work on, nothing is stored any more. */
    void abandon() {
        loginWanted = false; // it has failed, and its caller is told
        if (exists()) {
            state = State.ABANDONED;
            saveFailed = true;
        }
    }

    /**
     * A cookie that ends by itself is given again now and then, as the session goes on; and the one of a
     * renewed id to a browser that has not got it.
     *
     * @param isThere whether this save has found the session in the store
     */
    private void giveCookieAgain(boolean isThere) {
        if (!canGiveCookie()) {
            return;
        }
        CookieChange give = new CookieChange.Give(id);
        boolean isNew = wasRenewed && !give.equals(cookieChange);
        boolean isOld =
                sessions.rules.cookieSlides()
                        && sessions.cookiesGiven.due(id, now(), record.header().idleTimeout());
        if ((isNew || isOld) && (isThere || isStillThere())) {
            cookieChange = give;
        }
    }

    /** Somebody may have logged in meanwhile, and then the browser has a newer cookie. */
    private boolean isStillThere() {
        try {
            return sessions.items
                    .load(id)
                    .filter(item -> item.content() instanceof SessionRecord)
                    .isPresent();
        } catch (SessionStoreException | UnreadableException e) {
            LOG.log(Level.DEBUG, "The cookie of session " + id + " is not given again", e);
            return false;
        }
    }

    // ---- end

    /**
     * Ends the session in the store, and takes back the cookie.
     *
     * @throws SessionStoreException no answer; nothing was ended for this request, while it may be gone
     */
    void endInStore() {
        if (noAnswer != null) {
            throwNoAnswer(); // also where requests go on without: an end is not to be taken for
            // done
        }
        boolean browserHasCookie = !presented.isEmpty() || storedHere;
        try {
            budget.run(this::endItems);
        } catch (SessionStoreException e) {
            sessions.warnOfNoAnswer(e);
            throw e;
        }
        if (browserHasCookie) {
            cookieChange = new CookieChange.TakeBack();
        }
        lateTold = false;
    }

    private void endItems() {
        if (state == State.IN_STORE || state == State.ABANDONED) {
            sessions.writer.end(id, known.version(), record.header().idleTimeout());
        } else if (state == State.NONE && presented.size() > 1) { // perhaps two living ones
            presented.forEach(
                    each ->
                            sessions.writer.end(
                                    each, Optional.empty(), sessions.rules.idleTimeout()));
        }
    }

    /** The session is over for this request; another may begin. */
    void forget(SessionOrigin reason) {
        state = State.NONE;
        origin = reason;
        id = null;
        record = null;
        known = null;
        begunAnew = Optional.empty();
        slidWrongly = false;
        headerChange = HeaderChange.NONE;
        storedHere = false;
        loginWanted = false;
        isUnseen = false;
        saveFailed = false;
        wasRenewed = false;
    }

    // ---- slide

    void slide() {
        if (!slides) {
            return; // also with what was stored: its idle time has not begun anew
        }
        try {
            budget.run(this::slideItems);
        } catch (SessionStoreException e) {
            LOG.log(Level.DEBUG, "Session " + ids() + ": its idle time was not slid", e);
        }
    }

    private void slideItems() {
        if (state == State.IN_STORE) {
            slideKnown();
        } else if (isUnread() && sessions.rules.unusedSlides()) {
            sessions.idleTimes.slideUnread(presented.get(0));
        }
        if (state == State.IN_STORE) {
            sessions.epochs.slide(id, record.header());
        }
    }

    /** A request that takes long slides it twice: at its load or save, and at its end. */
    private void slideKnown() {
        SessionHeader header = record.header();
        if (slidWrongly) {
            sessions.idleTimes.correct(id, header);
            return;
        }
        begunAnew.ifPresent(when -> sessions.idleTimes.begun(id, header, when));
        sessions.idleTimes.slide(
                id, header, begunAnew.isPresent() ? Optional.empty() : known.end());
    }

    private boolean isUnread() {
        return state == State.UNASKED && noAnswer == null && presented.size() == 1;
    }

    private Instant now() {
        return sessions.clock.instant();
    }
}
