package org.memcachedsession;

import jakarta.enterprise.context.ContextNotActiveException;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.concurrent.Callable;

/**
 * Runs what a WebSocket message does with the session that the browser had when it opened the
 * WebSocket, and what the endpoint does when it is opened or closed. By itself none of that has a
 * session: it is no HTTP request, and beans of the scope are out of reach there. Inject it into the
 * endpoint, and name {@link MemcachedSessionConfigurator} there:
 *
 * <pre>{@code
 * @ServerEndpoint(value = "/offers", configurator = MemcachedSessionConfigurator.class)
 * public class Offers {
 *     @Inject WebSocketSessions sessions;
 *     @Inject Cart cart;
 *
 *     @OnMessage
 *     public String take(String item, Session socket) throws Exception {
 *         return sessions.call(socket, () -> cart.add(item));
 *     }
 * }
 * }</pre>
 *
 * <p>Each call is a unit of work like a request: it loads the session when a bean is used, works on
 * its own copies, and saves what it changed when the task ends, also if that throws. So let it be one
 * message, not the life of the WebSocket; one inside of another is a unit of its own. An id that was renewed
 * meanwhile ({@code memcached.session.rotation.interval}) makes no difference. It keeps the
 * session alive as a request does. To send something only after the save, send it after the call.
 *
 * <p>A session never <em>begins</em> here, since no cookie can be given: where there is none, or it was
 * ended meanwhile, {@link MemcachedSession#exists()} is false, and the first use of a bean is an {@link
 * IllegalStateException}. Ending it with {@link MemcachedSession#invalidate()} works; the cookie then
 * stays in the browser and leads to nothing. A WebSocket stays with the session that it was opened
 * with: one that began later is not seen.
 *
 * <p>A bean where Jakarta WebSocket 2.1 is on the server; none elsewhere.
 */
public interface WebSocketSessions {

    /**
     * Runs a task with the session of a WebSocket, and saves it.
     *
     * @param socket one that was opened through {@link MemcachedSessionConfigurator}
     * @return what the task returns
     * @throws IllegalStateException the WebSocket was opened without {@link
     *     MemcachedSessionConfigurator}; the task did not run
     * @throws SessionException the session could not be saved: as with a request, all that the task
     *     changed is dropped, or with {@link SessionStoreException} nobody knows
     * @throws Exception what the task throws; what it changed before is saved
     */
    <T> T call(Session socket, Callable<T> task) throws Exception;

    /** As {@link #call}, for a task that returns nothing. */
    void run(Session socket, Runnable task);

    /**
     * What {@link MemcachedSessionConfigurator} does, for a configurator that extends another one: from
     * {@code modifyHandshake}, with the configuration given there. If the handshake itself begins the
     * session, that has to happen before.
     *
     * @throws ContextNotActiveException not called during a handshake
     * @throws IllegalStateException the server gives WebSockets no properties of their own, as Jakarta
     *     WebSocket does before 2.1
     */
    void keepFor(ServerEndpointConfig handshake);
}
