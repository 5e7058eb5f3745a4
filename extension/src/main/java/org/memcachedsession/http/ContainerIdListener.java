package org.memcachedsession.http;

import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;

/** Hears when the container gives its own session another id: so it does when somebody logs in. */
public final class ContainerIdListener implements HttpSessionIdListener {

    @Override
    public void sessionIdChanged(HttpSessionEvent event, String oldId) {
        WebSessions webSessions = WebSessions.find(event.getSession().getServletContext());
        if (webSessions != null) {
            webSessions.containerChangedId();
        }
    }
}
