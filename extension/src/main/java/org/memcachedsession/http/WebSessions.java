package org.memcachedsession.http;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.Optional;
import org.memcachedsession.SessionSettings;
import org.memcachedsession.session.CurrentUnitOfWork;
import org.memcachedsession.session.Sessions;
import org.memcachedsession.session.UnitOfWork;

/**
 * The sessions of one web application, as its listener and filter find them: an attribute of the
 * servlet context. The unit of work of a request is an attribute of the request, under a name that
 * tells applications apart, since a dispatch may cross from one to the other.
 */
public final class WebSessions {

    private static final String ATTRIBUTE = WebSessions.class.getName();

    private final Sessions sessions;
    private final SessionCookie cookie;
    private final PathPatterns slideExcluded;
    private final CachingHeaders caching = new CachingHeaders();
    private final String requestAttribute;

    private WebSessions(Sessions sessions, SessionSettings settings) {
        this.sessions = sessions;
        this.cookie = new SessionCookie(settings);
        this.slideExcluded = new PathPatterns(settings.slideExclude());
        this.requestAttribute = UnitOfWork.class.getName() + " " + settings.application();
    }

    /** From now on the application's requests have sessions. */
    public static WebSessions install(
            ServletContext context, Sessions sessions, SessionSettings settings) {
        WebSessions webSessions = new WebSessions(sessions, settings);
        context.setAttribute(ATTRIBUTE, webSessions);
        return webSessions;
    }

    /** Empty before the application has started, and where CDI is not at work. */
    static Optional<WebSessions> find(ServletContext context) {
        return context.getAttribute(ATTRIBUTE) instanceof WebSessions webSessions
                ? Optional.of(webSessions)
                : Optional.empty();
    }

    /** The unit of work that this request has, or null. */
    UnitOfWork find(ServletRequest request) {
        return request.getAttribute(requestAttribute) instanceof UnitOfWork unitOfWork
                ? unitOfWork
                : null;
    }

    /** Whether the request goes on asynchronously after its thread has left it. */
    static boolean goesOn(ServletRequest request) {
        try {
            return request.isAsyncStarted();
        } catch (IllegalStateException afterAnError) {
            return false; // Tomcat, where an asynchronous request failed
        }
    }

    /** The request's unit of work, begun if a listener of the application comes before ours. */
    public UnitOfWork findOrBegin(HttpServletRequest request) {
        UnitOfWork begun = find(request);
        return begun != null ? begun : begin(request);
    }

    /** Begins the unit of work of a request that has none. */
    UnitOfWork begin(HttpServletRequest request) {
        UnitOfWork unitOfWork = sessions.begin(cookie.read(request), () -> caller(request));
        if (slideExcluded.matches(path(request))) {
            unitOfWork.doNotSlide();
        }
        request.setAttribute(requestAttribute, unitOfWork);
        return unitOfWork;
    }

    /** Within the application, as the URL had it: a forward comes later. */
    private static String path(HttpServletRequest request) {
        String rest = request.getPathInfo();
        return rest == null ? request.getServletPath() : request.getServletPath() + rest;
    }

    /** Servers reuse requests that are over, and throw then. */
    private static Optional<String> caller(HttpServletRequest request) {
        try {
            return Optional.ofNullable(request.getUserPrincipal()).map(Principal::getName);
        } catch (IllegalStateException over) {
            return Optional.empty();
        }
    }

    CurrentUnitOfWork current() {
        return sessions.current();
    }

    SessionCookie cookie() {
        return cookie;
    }

    CachingHeaders caching() {
        return caching;
    }
}
