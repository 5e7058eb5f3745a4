package org.memcachedsession.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
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

    private final WebSessions webSessions;
    private final UnitOfWork unitOfWork;
    private final HttpServletRequest plainRequest;
    private final HttpServletRequest request;
    private final HttpServletResponse plainResponse;
    private final SavingResponse response;
    private volatile boolean savedBeforeAnswer;
    private boolean leftOpen;

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
        unitOfWork.answerCommitted(response::isCommitted);
    }

    HttpServletRequest request() {
        return request;
    }

    HttpServletResponse response() {
        return response;
    }

    CurrentUnitOfWork.Binding bind() {
        return webSessions.current().bind(unitOfWork);
    }

    /** Something sends the answer off: the client may act on it as soon as that has happened. */
    void beforeAnswer() {
        if (!savedBeforeAnswer) {
            savedBeforeAnswer = true;
            saveAndTellBrowser();
        }
    }

    /** The application has nothing more to do. */
    void saveAtEnd() {
        savedBeforeAnswer = true;
        saveAndTellBrowser();
    }

    private void saveAndTellBrowser() {
        unitOfWork.save();
        unitOfWork.takeCookieChange().ifPresent(this::tellBrowser);
    }

    private void tellBrowser(CookieChange change) {
        String header =
                change instanceof CookieChange.Give give
                        ? webSessions.cookie().give(request, give.id())
                        : webSessions.cookie().takeBack(request);
        if (plainResponse.isCommitted()) {
            LOG.log(
                    Level.WARNING,
                    "The answer had left before the session cookie could be {0}",
                    change instanceof CookieChange.Give ? "given" : "taken back");
        } else {
            response.addSessionCookie(header);
        }
    }

    /**
     * Answers that memcached does not answer, which is not the application's fault and may pass.
     *
     * @return false if an answer is on its way already
     */
    boolean answerUnavailable() throws IOException {
        if (plainResponse.isCommitted()) {
            return false;
        }
        plainResponse.reset();
        plainResponse.setHeader("Retry-After", RETRY_AFTER_SECONDS);
        plainResponse.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        return true;
    }

    /** The request goes on after this thread has left it. */
    void leaveOpen() {
        if (!leftOpen) {
            leftOpen = true;
            try {
                plainRequest.getAsyncContext().addListener(new CloseAtCompletion());
            } catch (IllegalStateException e) {
                unitOfWork.close(); // another thread has completed it already
            }
        }
    }

    /** The last chance, on whatever thread the server completes the request. */
    private final class CloseAtCompletion implements AsyncListener {

        @Override
        public void onComplete(AsyncEvent event) {
            unitOfWork.close();
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            event.getAsyncContext().addListener(this); // a new cycle drops the listeners
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            // completion follows
        }

        @Override
        public void onError(AsyncEvent event) {
            // completion follows
        }
    }

    /** Wraps what the application starts, so that its runs and callbacks have the session. */
    AsyncContext withSession(AsyncContext context) {
        return new ExchangeAsyncContext(context, this);
    }
}
