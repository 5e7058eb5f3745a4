package org.memcachedsession.servers.socket;

import jakarta.inject.Inject;
import jakarta.websocket.OnClose;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.PathParam;
import jakarta.websocket.server.ServerEndpoint;
import org.memcachedsession.MemcachedSession;
import org.memcachedsession.MemcachedSessionConfigurator;
import org.memcachedsession.WebSocketSessions;

/** Counts when it is opened and when it is closed, and then leaves a letter. */
@ServerEndpoint(value = "/visits/{name}", configurator = MemcachedSessionConfigurator.class)
public class VisitEndpoint {

    @Inject WebSocketSessions sessions;
    @Inject MemcachedSession session;
    @Inject Visits visits;
    @Inject ByItself byItself;
    @Inject Letters letters;

    @OnOpen
    public void open(Session socket, @PathParam("name") String name) {
        count(socket, name + "-opened");
    }

    @OnClose
    public void close(Session socket, @PathParam("name") String name) {
        count(socket, name + "-closed");
    }

    private void count(Session socket, String letter) {
        String before = byItself.look();
        try {
            sessions.run(
                    socket,
                    () -> {
                        if (session.exists()) {
                            visits.add();
                        }
                    });
        } finally {
            letters.leave(letter, before + "\n" + byItself.look());
        }
    }
}
