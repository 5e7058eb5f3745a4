package org.memcachedsession.servers.socket;

import jakarta.enterprise.inject.spi.CDI;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerEndpointConfig;
import org.memcachedsession.MemcachedSessionConfigurator;

/** Extends ours, and uses a bean of the session during the handshake. */
public class GreetingConfigurator extends MemcachedSessionConfigurator {

    static final String GREETING = "greeting";

    @Override
    public void modifyHandshake(
            ServerEndpointConfig config, HandshakeRequest request, HandshakeResponse response) {
        Visits visits = CDI.current().select(Visits.class).get();
        config.getUserProperties().put(GREETING, "visit " + visits.add());
        if ("unstorable".equals(request.getQueryString())) {
            visits.keep(new Object());
        }
        super.modifyHandshake(config, request, response);
    }
}
