package org.memcachedsession.servers.socket;

import jakarta.inject.Inject;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.memcachedsession.MemcachedSession;
import org.memcachedsession.MemcachedSessionConfigurator;
import org.memcachedsession.WebSocketSessions;

/** Does what a message says, and answers what came of it. */
@ServerEndpoint(value = "/messages", configurator = MemcachedSessionConfigurator.class)
public class MessageEndpoint {

    @Inject WebSocketSessions sessions;
    @Inject MemcachedSession session;
    @Inject Counters counters;
    @Inject ByItself byItself;
    @Inject Letters letters;

    private volatile String afterwards;

    @OnMessage
    public String take(String message, Session socket) throws Exception {
        String[] words = message.split(" ", -1);
        return switch (words[0]) {
            case "add" -> inSession(socket, () -> counters.add(words[1]));
            case "add-and-fail" -> inSession(socket, () -> addAndFail(words[1]));
            case "add-and-wait" ->
                    inSession(socket, () -> addAndWait(words[1], words[2], words[3]));
            case "add-by-itself" -> Integer.toString(counters.add(words[1]));
            case "by-itself" -> byItself.look();
            case "after-the-last" -> afterwards;
            case "counts" -> inSession(socket, counters::counts);
            case "origin" -> inSession(socket, () -> session.exists() + " " + session.origin());
            case "end" -> inSession(socket, this::end);
            default -> throw new IllegalArgumentException(message);
        };
    }

    /** Adds once for each byte, and answers all the counts. */
    @OnMessage
    public byte[] take(byte[] message, Session socket) {
        byte[] counts = new byte[message.length];
        sessions.run(
                socket,
                () -> {
                    for (int i = 0; i < counts.length; i++) {
                        counts[i] = (byte) counters.add("watches");
                    }
                });
        return counts;
    }

    private String inSession(Session socket, Callable<?> task) throws Exception {
        try {
            return sessions.call(socket, task).toString();
        } finally {
            afterwards = byItself.look(); // on the same thread
        }
    }

    private int addAndFail(String counter) throws IOException {
        throw new IOException("failed at " + counters.add(counter));
    }

    private int addAndWait(String counter, String added, String go) throws Exception {
        int count = counters.add(counter);
        letters.leave(added, "");
        letters.await(go);
        return count;
    }

    private String end() {
        session.invalidate();
        return session.exists() + " " + session.origin();
    }

    @OnError
    public void answer(Session socket, Throwable failure) throws IOException {
        socket.getBasicRemote()
                .sendText(failure.getClass().getSimpleName() + ": " + failure.getMessage());
    }
}
