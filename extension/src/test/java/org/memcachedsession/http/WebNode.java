package org.memcachedsession.http;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import org.memcachedsession.SessionSettings;
import org.memcachedsession.session.Sessions;

/** Embedded Undertow with one servlet and our listener and filter around it, for tests of other packages. */
public final class WebNode implements AutoCloseable {

    /** As CDI knows it, on every thread that begins a request. */
    private static final ThreadLocal<HttpServletRequest> SERVED = new ThreadLocal<>();

    private final ServletServer server;

    private WebNode(ServletServer server) {
        this.server = server;
    }

    /**
     * On a free port of the loopback address, ready for use.
     *
     * @param servlet serves every path
     * @param workers threads that serve requests
     */
    public static WebNode start(
            Sessions sessions, SessionSettings settings, HttpServlet servlet, int workers)
            throws Exception {
        ServletServer server =
                ServletServer.Kind.UNDERTOW.start(
                        new ServletServer.Application(
                                servlet,
                                passing(),
                                passing(),
                                knowing(),
                                new ServletRequestListener() {},
                                "/error"),
                        workers);
        WebSessions.install(server.context(), sessions, settings, SERVED::get);
        return new WebNode(server);
    }

    private static Filter passing() {
        return new HttpFilter() {
            private static final long serialVersionUID = 1L;

            @Override
            protected void doFilter(
                    HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                    throws IOException, ServletException {
                chain.doFilter(request, response);
            }
        };
    }

    private static ServletRequestListener knowing() {
        return new ServletRequestListener() {
            @Override
            public void requestInitialized(ServletRequestEvent event) {
                SERVED.set((HttpServletRequest) event.getServletRequest());
            }

            @Override
            public void requestDestroyed(ServletRequestEvent event) {
                SERVED.remove();
            }
        };
    }

    public URI uri() {
        return server.uri();
    }

    @Override
    public void close() throws Exception {
        server.close();
    }
}
