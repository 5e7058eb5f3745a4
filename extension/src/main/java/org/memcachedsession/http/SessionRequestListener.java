package org.memcachedsession.http;

import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpServletRequest;
import org.memcachedsession.session.UnitOfWork;

/**
 * Begins and closes the unit of work of a request. On most servers it comes before authentication and
 * before every filter. It binds nothing to the thread: a request that goes asynchronous ends on
 * another one, and not every server tells the first.
 */
public final class SessionRequestListener implements ServletRequestListener {

    @Override
    public void requestInitialized(ServletRequestEvent event) {
        WebSessions webSessions = WebSessions.find(event.getServletContext());
        if (webSessions != null
                && event.getServletRequest() instanceof HttpServletRequest request) {
            webSessions.requestBegins(request);
        }
    }

    @Override
    public void requestDestroyed(ServletRequestEvent event) {
        WebSessions webSessions = WebSessions.find(event.getServletContext());
        if (webSessions == null) {
            return;
        }
        UnitOfWork unitOfWork = webSessions.find(event.getServletRequest());
        if (unitOfWork != null && !WebSessions.goesOn(event.getServletRequest())) {
            unitOfWork.close();
        }
    }
}
