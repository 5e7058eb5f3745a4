package org.memcachedsession;

import jakarta.enterprise.inject.spi.CDI;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerEndpointConfig;

/**
 * Lets a WebSocket know the session of the browser that opens it, for {@link WebSocketSessions}. Name
 * it in {@code @ServerEndpoint}, or extend it and call {@code super.modifyHandshake}.
 *
 * <p>The handshake is an HTTP request: it may use beans, and where that begins a session, its cookie
 * leaves with the answer. Do that before you call {@code super.modifyHandshake}, so that the messages
 * find it. A session that cannot be saved opens no WebSocket.
 *
 * <p>A browser sends the cookie with a handshake from any site that the cookie's {@code SameSite}
 * allows. With {@code memcached.session.cookie.same-site=None}, override {@code checkOrigin}, or pages
 * of others talk to your endpoint as the user.
 */
public class MemcachedSessionConfigurator extends ServerEndpointConfig.Configurator {

    @Override
    public void modifyHandshake(
            ServerEndpointConfig config, HandshakeRequest request, HandshakeResponse response) {
        CDI.current().select(WebSocketSessions.class).get().keepFor(config);
    }
}
