package org.memcachedsession.http;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.Optional;
import java.util.function.Supplier;
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
    private static final String AUTHORIZATION = "Authorization";
    private static final String CLIENT_CERTIFICATE = "jakarta.servlet.request.X509Certificate";

    private final Sessions sessions;
    private final SessionCookie cookie;
    private final PathPatterns slideExcluded;
    private final CachingHeaders caching = new CachingHeaders();
    private final String requestAttribute;
    private final Supplier<HttpServletRequest> currentRequest;

    private WebSessions(
            Sessions sessions,
            SessionSettings settings,
            Supplier<HttpServletRequest> currentRequest) {
        this.sessions = sessions;
        this.currentRequest = currentRequest;
        this.cookie = new SessionCookie(settings);
        this.slideExcluded = new PathPatterns(settings.slideExclude());
        this.requestAttribute = UnitOfWork.class.getName() + " " + settings.application();
    }

    /**
     * From now on the application's requests have sessions.
     *
     * @param currentRequest what the calling thread serves, or a stand-in for it; null where nobody knows
     */
    public static WebSessions install(
            ServletContext context,
            Sessions sessions,
            SessionSettings settings,
            Supplier<HttpServletRequest> currentRequest) {
        WebSessions webSessions = new WebSessions(sessions, settings, currentRequest);
        context.setAttribute(ATTRIBUTE, webSessions);
        return webSessions;
    }

    /** Null before the application has started, and where CDI is not at work. */
    static WebSessions find(ServletContext context) {
        return context.getAttribute(ATTRIBUTE) instanceof WebSessions webSessions
                ? webSessions
                : null;
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

    /** The request's unit of work, begun if it has none yet. */
    UnitOfWork findOrBegin(HttpServletRequest request) {
        UnitOfWork begun = find(request);
        return begun != null ? begun : begin(request);
    }

    /**
     * The unit of work of the calling thread's request, where the filter has not bound it to the thread:
     * before our filter, in listeners, and during authentication. Begun if a listener of the application
     * comes before ours; null on a thread without a request.
     */
    public UnitOfWork findOfThread() {
        try {
            HttpServletRequest request = currentRequest.get();
            return request == null ? null : findOrBegin(request);
        } catch (RuntimeException noRequest) {
            return null; // containers differ in what they throw on a thread without one
        }
    }

    /** The server begins a request, and this is the request itself. */
    void requestBegins(HttpServletRequest request) {
        UnitOfWork begun = find(request);
        if (begun == null) {
            begin(request);
        } else {
            begun.askCallerFrom(
                    () -> caller(request)); // a stand-in knows the calling thread's only
        }
    }

    /**
     * The container has given its own session another id, on the thread of a request. Where it does so
     * for credentials that come along with the request, nobody has logged in: with the next request they
     * come again.
     */
    void containerChangedId() {
        UnitOfWork unitOfWork = current().get();
        if (unitOfWork == null && !bringsCredentials()) {
            unitOfWork = findOfThread();
        }
        if (unitOfWork != null) {
            unitOfWork.containerChangedId();
        }
    }

    private boolean bringsCredentials() {
        try {
            HttpServletRequest request = currentRequest.get();
            return request != null
                    && (request.getHeader(AUTHORIZATION) != null
                            || request.getAttribute(CLIENT_CERTIFICATE) != null);
        } catch (RuntimeException noRequest) {
            return false;
        }
    }

    /** Begins the unit of work of a request that has none. */
    UnitOfWork begin(HttpServletRequest request) {
        UnitOfWork unitOfWork = sessions.begin(cookie.read(request), () -> caller(request));
        if (!slideExcluded.isEmpty() && slideExcluded.matches(path(request))) {
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

    private static Optional<String> caller(HttpServletRequest request) {
        try {
            Principal principal = request.getUserPrincipal();
            return principal == null ? Optional.empty() : Optional.of(name(principal));
        } catch (RuntimeException noRequest) {
            return Optional.empty(); // it is over and may be reused, or is another thread's
        }
    }

    /** Somebody without a name is somebody all the same. */
    private static String name(Principal principal) {
        String name = principal.getName();
        return name != null ? name : String.valueOf(principal);
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
