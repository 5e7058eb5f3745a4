package org.memcachedsession.servers.socket;

import jakarta.inject.Inject;
import jakarta.websocket.OnMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import org.memcachedsession.WebSocketSessions;

/** Asks for a session that its handshake has not kept. */
@ServerEndpoint("/unknown")
public class UnknownEndpoint {

    @Inject WebSocketSessions sessions;
    @Inject Counters counters;

    @OnMessage
    public String take(String counter, Session socket) throws Exception {
        try {
            return sessions.call(socket, () -> counters.add(counter)).toString();
        } catch (IllegalStateException e) {
            return e.getMessage();
        }
    }
}
