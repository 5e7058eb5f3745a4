package org.memcachedsession.servers.login.site;

import jakarta.inject.Inject;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import org.memcachedsession.MemcachedSession;

/**
 * Does what the last part of the path says, and answers who is there, with which session and what in
 * the cart. What is below {@code closed} is for those who have logged in.
 */
@WebServlet(
        urlPatterns = {"/open/*", "/closed/*", "/login", "/refused"},
        asyncSupported = true)
public class SiteServlet extends HttpServlet {

    private static final long serialVersionUID = 1;

    /** As the container hands it out: not the one that our filter has wrapped. */
    @Inject private transient HttpServletRequest injected;

    @Inject private transient Cart cart;
    @Inject private transient Attempts attempts;
    @Inject private transient MemcachedSession session;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        switch (step(request)) {
            case "look" -> {}
            case "unused" -> {
                response.getWriter().print(user(request));
                return;
            }
            case "add" -> cart.add(request.getParameter("item"));
            case "begin-container-session" -> request.getSession();
            case "log-in" -> logIn(request, request);
            case "log-in-injected" -> logIn(injected, request);
            case "look-and-log-in" -> {
                cart.items();
                logIn(request, request);
            }
            case "log-out" -> request.logout();
            case "log-out-injected" -> injected.logout();
            case "log-out-injected-and-redirect" -> {
                injected.logout();
                response.sendRedirect("look");
                return;
            }
            case "change-id" -> request.changeSessionId();
            case "change-id-injected" -> injected.changeSessionId();
            case "authenticate" -> {
                request.setAttribute(Users.CREDENTIALS, request.getParameter("as"));
                request.authenticate(response);
            }
            case "fail" -> throw new IllegalStateException("on purpose");
            case "missing" -> {
                response.sendError(HttpServletResponse.SC_NOT_FOUND);
                return;
            }
            case "elsewhere" -> {
                elsewhere(request);
                return;
            }
            case "attempts" -> {
                response.getWriter().print(attempts.count());
                return;
            }
            case "" -> {
                response.getWriter().print("log in");
                return;
            }
            default -> {} // pages of a mechanism
        }
        response.getWriter().print(state(request));
    }

    private static String step(HttpServletRequest request) {
        String path = request.getPathInfo();
        return path == null ? "" : path.substring(1);
    }

    private static void logIn(HttpServletRequest by, HttpServletRequest request)
            throws ServletException {
        by.login(request.getParameter("as"), Users.PASSWORD);
    }

    private void elsewhere(HttpServletRequest request) {
        AsyncContext async = request.startAsync();
        async.start(
                () -> {
                    try {
                        cart.add("from elsewhere");
                        async.getResponse().getWriter().print(state(request));
                    } catch (IOException e) {
                        log("elsewhere", e);
                    } finally {
                        async.complete();
                    }
                });
    }

    private String state(HttpServletRequest request) {
        return user(request)
                + " "
                + session.origin()
                + " "
                + (session.exists() ? cart.items() : "nothing");
    }

    private static String user(HttpServletRequest request) {
        Principal principal = request.getUserPrincipal();
        return principal == null ? "nobody" : principal.getName();
    }
}
