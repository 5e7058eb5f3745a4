package org.memcachedsession.servers.socket;

import jakarta.inject.Inject;
import jakarta.websocket.OnMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import org.memcachedsession.WebSocketSessions;

/** Tells with each answer what its handshake knew. */
@ServerEndpoint(value = "/greeting", configurator = GreetingConfigurator.class)
public class GreetingEndpoint {

    @Inject WebSocketSessions sessions;
    @Inject Counters counters;

    @OnMessage
    public String take(String counter, Session socket) throws Exception {
        int count = sessions.call(socket, () -> counters.add(counter));
        return socket.getUserProperties().get(GreetingConfigurator.GREETING)
                + ", "
                + counter
                + " "
                + count;
    }
}
