package org.memcachedsession.cdi;

import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.memcachedsession.WebSocketSessions;
import org.memcachedsession.session.CurrentUnitOfWork;
import org.memcachedsession.session.SessionId;
import org.memcachedsession.session.Sessions;
import org.memcachedsession.session.UnitOfWork;

/**
 * Hands the ids of a handshake on to the messages that follow, each with a unit of work of its own. For
 * servers with WebSockets alone.
 */
final class SocketSessions implements WebSocketSessions {

    private static final String PROPERTY = WebSocketSessions.class.getName();

    private final SessionContext.Requests requests;
    private final Supplier<Optional<Sessions>> sessions;

    SocketSessions(SessionContext.Requests requests, Supplier<Optional<Sessions>> sessions) {
        this.requests = requests;
        this.sessions = sessions;
    }

    /** What a WebSocket keeps: ids alone, which print as fingerprints; those that its session has now. */
    private static final class Handshake {
        private volatile List<SessionId> ids;

        Handshake(List<SessionId> ids) {
            this.ids = ids;
        }

        @Override
        public String toString() {
            return "Handshake" + ids;
        }
    }

    @Override
    public void keepFor(ServerEndpointConfig config) {
        Handshake handshake = new Handshake(requests.get().ids());
        Object there = config.getUserProperties().putIfAbsent(PROPERTY, handshake);
        if (there instanceof Handshake other && !other.ids.equals(handshake.ids)) {
            throw new IllegalStateException(
                    "The user properties of this handshake belong to another one too, so its messages"
                            + " would get somebody else's session. A server with Jakarta WebSocket 2.1"
                            + " gives each handshake a copy: use one, and call this from"
                            + " modifyHandshake with the configuration that it is given");
        }
    }

    @Override
    public <T> T call(Session socket, Callable<T> task) throws Exception {
        Handshake handshake = handshake(socket.getUserProperties());
        Sessions ofApplication =
                sessions.get()
                        .orElseThrow(
                                () -> new IllegalStateException("The application has stopped"));
        UnitOfWork unitOfWork = ofApplication.beginWithoutAnswer(handshake.ids);
        try (CurrentUnitOfWork.Binding binding = ofApplication.current().bind(unitOfWork)) {
            return callAndSave(task, unitOfWork);
        } finally {
            handshake.ids = unitOfWork.ids(); // another one, if it was renewed
            unitOfWork.close();
        }
    }

    private static Handshake handshake(Map<String, Object> properties) {
        if (properties.get(PROPERTY) instanceof Handshake handshake) {
            return handshake;
        }
        throw new IllegalStateException(
                "Nothing is known of this WebSocket's session: it was opened without"
                        + " MemcachedSessionConfigurator. Name that as the configurator of its endpoint,"
                        + " or call super.modifyHandshake if yours extends it");
    }

    /** What the task changed before it failed is kept, as that of a request is. */
    private static <T> T callAndSave(Callable<T> task, UnitOfWork unitOfWork) throws Exception {
        T result;
        try {
            result = task.call();
        } catch (Throwable e) {
            try {
                unitOfWork.save();
            } catch (RuntimeException failed) {
                e.addSuppressed(failed);
            }
            throw e;
        }
        unitOfWork.save();
        return result;
    }

    @Override
    public void run(Session socket, Runnable task) {
        try {
            call(
                    socket,
                    () -> {
                        task.run();
                        return null;
                    });
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("a Runnable throws no checked exception", e);
        }
    }
}
