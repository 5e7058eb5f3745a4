package org.memcachedsession.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import org.memcachedsession.SessionConflictException;
import org.memcachedsession.SessionException;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.session.CurrentUnitOfWork;
import org.memcachedsession.session.UnitOfWork;
import org.memcachedsession.session.UnitOfWork.CookieChange;

/**
 * One request and its answer on their way through the application, and the save points between: the
 * first is when something is about to send the answer off; what changes after that is saved at the
 * end.
 */
final class Exchange {

    private static final Logger LOG = System.getLogger(Exchange.class.getName());

    /** A little longer than a server needs to be found again. */
    static final String RETRY_AFTER_SECONDS = "5";

    /** Causes may go round in a circle. */
    private static final int CAUSES_LOOKED_AT = 50;

    private static final String RETRY_AFTER = "Retry-After";
    private static final String SET_COOKIE = "Set-Cookie";

    private final WebSessions webSessions;
    private final UnitOfWork unitOfWork;
    private final HttpServletRequest plainRequest;
    private final HttpServletRequest request;
    private final HttpServletResponse plainResponse;
    private final SavingResponse response;
    private CookieChange told;
    private String cookieHeader;
    private volatile SessionException failedOnTheWay;
    private boolean toldInVain;
    private volatile boolean serversDispatcher;
    private boolean upgraded;
    private volatile Thread servingThread;
    private volatile boolean wentAsynchronous;
    private boolean leftOpen;
    private boolean endSaved;
    private boolean keptFromOthers;

    Exchange(
            WebSessions webSessions,
            UnitOfWork unitOfWork,
            HttpServletRequest request,
            HttpServletResponse response) {
        this.webSessions = webSessions;
        this.unitOfWork = unitOfWork;
        this.plainRequest = request;
        this.plainResponse = response;
        this.response = new SavingResponse(response, this);
        this.request = new ExchangeRequest(request, this);
        unitOfWork.answerCommitted(this::isAnswerCommitted);
    }

    /** Also asked when the request is over. */
    private boolean isAnswerCommitted() {
        try {
            return plainResponse.isCommitted();
        } catch (IllegalStateException serversReuseIt) {
            return true;
        }
    }

    HttpServletRequest request() {
        return request;
    }

    HttpServletResponse response() {
        return response;
    }

    /**
     * The calling thread begins to serve the request for the application: who is logged in is known now,
     * and on this thread it is seen when nobody is any more.
     */
    void beginToServe() {
        servingThread = Thread.currentThread();
        unitOfWork.lookAtCaller();
    }

    /** Looks who is logged in: a login gives the session a new id, a logout ends it. */
    private void lookAtCaller() {
        if (Thread.currentThread() == servingThread && !isAsynchronous()) {
            unitOfWork.lookAtCaller();
        }
    }

    /** Another thread may have completed it: a server that reuses requests knows nobody then. */
    private boolean isAsynchronous() {
        return wentAsynchronous || WebSessions.goesOn(plainRequest);
    }

    /** The application has the container look who is there. */
    void beforeAuthentication() {
        unitOfWork.lookForLogin();
    }

    void afterAuthentication() {
        unitOfWork.lookAfterAuthentication();
    }

    /**
     * @throws IllegalStateException it is too late to give the session a new id
     */
    void requireCanRotate() {
        unitOfWork.requireCanRotate();
    }

    /** Somebody has logged in by this request: the session gets a new id. */
    void loggedIn() {
        unitOfWork.rotateId();
    }

    /** The user has logged out by this request: the session ends. */
    void loggedOut() {
        unitOfWork.logOut();
        completeHead();
    }

    CurrentUnitOfWork.Binding bind() {
        return webSessions.current().bind(unitOfWork);
    }

    /**
     * The answer is sent off: the client may act on it as soon as that has happened. Once its head has
     * left, more of it waits for nothing until the end.
     */
    void beforeAnswer() {
        if (!plainResponse.isCommitted()) {
            save(unitOfWork::save);
        }
    }

    /** The connection is given to a handler of another protocol as soon as the application is done. */
    void upgraded() {
        upgraded = true;
    }

    /** Whether what follows is no request any more: some servers call the handler before listeners. */
    boolean isUpgraded() {
        return upgraded;
    }

    /** The last of the answer is sent off: the client knows then that all is done. */
    void beforeEndOfAnswer() {
        save(unitOfWork::save);
        endSaved = true;
    }

    /**
     * Bytes may send the answer off. They come many times, so beans are looked at only if one was
     * asked for since: what is changed behind our back is seen at the next of the points above.
     *
     * @param last whether they are the last of the answer
     */
    void beforeBytes(boolean last) {
        if (last || !plainResponse.isCommitted()) {
            save(unitOfWork::saveIfUsed);
        }
    }

    private void save(Runnable how) {
        try {
            lookAtCaller(); // what has logged out is not to be saved
            how.run();
        } catch (SessionStoreException | SessionConflictException e) {
            failedOnTheWay = e;
            unitOfWork.whileOpen(response::dropUnsent);
            throw e;
        }
        completeHead();
    }

    /**
     * What the answer's status is to be. A framework that was writing when the save failed may take
     * the failure for one of its own and answer 500 by itself.
     */
    int status(int wanted) {
        boolean wantedOrOurs =
                failedOnTheWay == null || wanted != HttpServletResponse.SC_INTERNAL_SERVER_ERROR;
        return wantedOrOurs ? wanted : prepareStatusFor(failedOnTheWay);
    }

    private int prepareStatusFor(SessionException failure) {
        if (failure instanceof SessionConflictException) {
            return HttpServletResponse.SC_CONFLICT;
        }
        if (failure instanceof SessionStoreException) {
            plainResponse.setHeader(RETRY_AFTER, RETRY_AFTER_SECONDS);
            return HttpServletResponse.SC_SERVICE_UNAVAILABLE;
        }
        return HttpServletResponse.SC_INTERNAL_SERVER_ERROR;
    }

    /** The application has nothing more to do. */
    void saveAtEnd() {
        lookAtCaller();
        saveAll();
        completeHead();
    }

    /** Once more after the last byte only if a bean was asked for since: a look costs as much as a read. */
    private void saveAll() {
        if (endSaved) {
            unitOfWork.saveIfUsed();
        } else {
            unitOfWork.save();
        }
    }

    /** What the application changed before it failed is kept, as a container's own session keeps it. */
    void saveBesides(Throwable failure) {
        try {
            saveAtEnd();
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    /** Sees to it that the answer has our headers, also where server or application dropped them. */
    void completeHead() {
        unitOfWork.whileOpen(this::addHeaders);
    }

    private void addHeaders() {
        if (!unitOfWork.isAsked()) {
            return;
        }
        Optional<CookieChange> change = unitOfWork.cookieChange();
        if (change.isPresent()) {
            tellBrowser(change.get());
            webSessions.caching().keepFromAll(plainResponse);
        } else if (!keptFromOthers || !plainResponse.isCommitted()) {
            keptFromOthers = webSessions.caching().keepFromOthers(plainResponse);
        }
    }

    private void tellBrowser(CookieChange change) {
        if (!change.equals(told)) {
            told = change;
            toldInVain = false;
            cookieHeader =
                    change instanceof CookieChange.Give give
                            ? webSessions.cookie().give(request, give.id())
                            : webSessions.cookie().takeBack(request);
        }
        if (cookieHeader.equals(lastCookieOfOurs())) {
            return;
        }
        if (!plainResponse.isCommitted()) {
            // past our own wrapper: in an include, servers put one in between that takes no headers
            plainResponse.addHeader(SET_COOKIE, cookieHeader);
        } else if (!toldInVain) {
            toldInVain = true;
            LOG.log(
                    Level.WARNING,
                    "The answer had left before the session cookie could be {0}",
                    change instanceof CookieChange.Give ? "given" : "taken back");
        }
    }

    /** The one that a browser keeps: a session may end and another begin in one request. */
    private String lastCookieOfOurs() {
        String nameAndEquals = cookieHeader.substring(0, cookieHeader.indexOf('=') + 1);
        return plainResponse.getHeaders(SET_COOKIE).stream()
                .filter(header -> header.startsWith(nameAndEquals))
                .reduce(null, (before, header) -> header);
    }

    /**
     * The last save before the server ends an asynchronous answer. Throws nothing: the answer says
     * that the save failed if it still can, and the caller has to end it either way.
     */
    void beforeCompletion() {
        try {
            save(this::saveAll);
        } catch (RuntimeException | Error e) {
            LOG.log(
                    Level.WARNING,
                    "The session could not be saved at the end of an asynchronous request",
                    e);
            unitOfWork.whileOpen(() -> answerInPlace(e));
        }
    }

    private void answerInPlace(Throwable failure) {
        if (!plainResponse.isCommitted()) {
            response.reset();
            plainResponse.setStatus(
                    causedBy(SessionException.class, failure)
                            .map(this::prepareStatusFor)
                            .orElse(HttpServletResponse.SC_INTERNAL_SERVER_ERROR));
        }
    }

    /**
     * Answers a failure of the session for the application that let it through: memcached does not
     * answer, another request has changed the same bean, or the session cannot be written. The
     * server's own page would show our stack trace.
     *
     * @return false if it is no failure of the session, or an answer is on its way already
     */
    boolean answersFailure(Throwable failure) throws IOException {
        Optional<SessionException> ours = causedBy(SessionException.class, failure);
        if (ours.isEmpty() || plainResponse.isCommitted()) {
            return false;
        }
        // what was written so far goes; the cookie stays, since a session may be stored already
        response.reset();
        int status = prepareStatusFor(ours.get());
        if (status == HttpServletResponse.SC_INTERNAL_SERVER_ERROR) {
            LOG.log(Level.ERROR, "A request failed with its session", failure);
        }
        plainResponse.sendError(status);
        completeIfStarted();
        return true;
    }

    /** Nobody tells the server of the failure, so it would wait for an end that never comes. */
    private void completeIfStarted() {
        if (WebSessions.goesOn(plainRequest)) {
            try {
                plainRequest.getAsyncContext().complete();
            } catch (IllegalStateException e) {
                LOG.log(Level.DEBUG, "Another thread has completed it already", e);
            }
        }
    }

    private static <T extends Throwable> Optional<T> causedBy(Class<T> type, Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < CAUSES_LOOKED_AT; depth++) {
            if (type.isInstance(cause)) {
                return Optional.of(type.cast(cause));
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }

    /** The request goes on after this thread has left it. */
    void leaveOpen() {
        servingThread = null;
        if (!leftOpen) {
            leftOpen = true;
            try {
                AsyncContext async = plainRequest.getAsyncContext();
                async.addListener(new SaveAtFailure(this));
                async.addListener(new CloseAtCompletion(unitOfWork));
            } catch (IllegalStateException e) {
                unitOfWork.close(); // another thread has completed it already
            }
        }
    }

    /**
     * Lets the server dispatch an asynchronous request: Payara asks the request for a dispatcher
     * then, and takes only one of its own.
     */
    void withServersDispatcher(Runnable dispatch) {
        serversDispatcher = true;
        try {
            dispatch.run();
        } finally {
            serversDispatcher = false;
        }
    }

    boolean wantsServersDispatcher() {
        return serversDispatcher;
    }

    /** The application has made the request asynchronous. */
    AsyncContext started(AsyncContext context) {
        wentAsynchronous = true;
        return withSession(context);
    }

    /** Wraps what the application starts, so that its runs and callbacks have the session. */
    AsyncContext withSession(AsyncContext context) {
        return new ExchangeAsyncContext(context, this);
    }
}
