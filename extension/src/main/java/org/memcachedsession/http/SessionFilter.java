package org.memcachedsession.http;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.memcachedsession.session.CurrentUnitOfWork;
import org.memcachedsession.session.UnitOfWork;

/**
 * Binds a request's unit of work to its thread and saves it before the answer leaves: at the first
 * thing that sends the answer off, else when the application is done.
 */
public final class SessionFilter extends HttpFilter {

    private static final long serialVersionUID = 1L;

    @Override
    protected void doFilter(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        WebSessions webSessions = WebSessions.find(getServletContext());
        if (webSessions == null) {
            chain.doFilter(request, response);
            return;
        }
        UnitOfWork begun = webSessions.find(request);
        boolean listenerWasHere = begun != null;
        UnitOfWork unitOfWork = listenerWasHere ? begun : webSessions.begin(request);
        DispatcherType dispatch = request.getDispatcherType();
        if (isPart(dispatch) && webSessions.current().get() == unitOfWork) {
            chain.doFilter(request, response); // forward or include: the outer call does it all
            return;
        }
        Exchange exchange = new Exchange(webSessions, unitOfWork, request, response);
        try {
            run(exchange, dispatch, chain);
        } finally {
            boolean listenerCloses = listenerWasHere && !exchange.isUpgraded();
            if (!listenerCloses && !WebSessions.goesOn(request)) {
                unitOfWork.close();
            }
        }
    }

    /** An error page is none, wherever it is called from: it gets the server's own answer. */
    private static boolean isPart(DispatcherType dispatch) {
        return dispatch == DispatcherType.FORWARD || dispatch == DispatcherType.INCLUDE;
    }

    private static void run(Exchange exchange, DispatcherType dispatch, FilterChain chain)
            throws IOException, ServletException {
        try (CurrentUnitOfWork.Binding binding = exchange.bind()) {
            if (dispatch == DispatcherType.REQUEST) {
                // not every server remembers in error pages and the like who has asked for them
                exchange.beginToServe();
            }
            try {
                chain.doFilter(exchange.request(), exchange.response());
            } catch (IOException | ServletException | RuntimeException | Error e) {
                exchange.saveBesides(e);
                if (WebSessions.goesOn(exchange.request())) {
                    exchange.leaveOpen(); // the server tells its listeners, then completes it
                }
                throw e;
            }
            if (exchange.request().isAsyncStarted()) {
                exchange.leaveOpen();
            } else {
                exchange.saveAtEnd();
            }
        } catch (IOException | ServletException | RuntimeException e) {
            if (!exchange.answersFailure(e)) {
                throw e;
            }
        }
    }
}
