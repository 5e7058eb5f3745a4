package org.memcachedsession.benchmarks.requests;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.net.URI;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.memcachedsession.benchmarks.application.MeasuredServlet;

/**
 * A session of the application, and what it has to hold. Takes cookies as a browser does: some servers give
 * one with every answer. Used by one thread at a time.
 */
final class MeasuredSession {

    private static final int OK = 200;

    private final URI application;
    private final boolean kept;
    private final int items;
    private final Map<String, String> cookies = new LinkedHashMap<>();
    private final Map<RequestPath, byte[]> requests = new EnumMap<>(RequestPath.class);
    private long changes;
    private int unsettled;

    private MeasuredSession(URI application, boolean kept, int items) {
        this.application = application;
        this.kept = kept;
        this.items = items;
        requests.put(RequestPath.BARE, request(application, MeasuredServlet.PLAIN));
    }

    /**
     * Begins a session with so many items.
     *
     * @param application with a slash at the end
     * @param kept whether anybody keeps it; else every request answers as the first one
     * @throws MeasurementException the answer is not as it has to be
     */
    static MeasuredSession begin(
            HttpConnection connection, URI application, boolean kept, int items)
            throws IOException {
        MeasuredSession session = new MeasuredSession(application, kept, kept ? items : 1);
        String path = MeasuredServlet.BEGIN + "?items=" + items;
        Answer answer = connection.send(session.request(application, path));
        session.take(answer);
        session.prepare();
        if (!isRight(answer, session.content()) || kept == session.cookies.isEmpty()) {
            throw new MeasurementException(
                    "a session with %d items cannot begin at %s: %s"
                            .formatted(items, application, answer));
        }
        return session;
    }

    /**
     * Sends one request and looks at the answer.
     *
     * @param path not {@link RequestPath#MIX}
     * @return whether the answer was right: of 200 and with what the session has to hold
     */
    boolean send(RequestPath path, HttpConnection connection) throws IOException {
        if (path == RequestPath.WRITE && kept) {
            changes++;
        }
        Answer answer = connection.send(requests.get(path));
        if (path != RequestPath.BARE && take(answer)) {
            prepare();
        }
        if (path != RequestPath.READ && path != RequestPath.WRITE) {
            return isRight(answer, MeasuredServlet.NO_SESSION);
        }
        settle(path, answer);
        return isRight(answer, content());
    }

    /**
     * Reads the session at another node.
     *
     * @throws MeasurementException it does not have there what it has to hold
     */
    void requireAt(URI other, HttpConnection connection) throws IOException {
        Answer answer = connection.send(request(other, MeasuredServlet.READ));
        if (take(answer)) {
            prepare();
        }
        if (!isRight(answer, content())) {
            throw new MeasurementException(
                    "the second node answers %s for a session that holds \"%s\""
                            .formatted(answer, content()));
        }
    }

    /**
     * A write that was answered by an error, such as that the store did not answer in time, may have
     * been carried out or not: the next good answer says which. Nothing else excuses a wrong one.
     */
    private void settle(RequestPath path, Answer answer) {
        if (answer.status() != OK) {
            unsettled += path == RequestPath.WRITE && kept ? 1 : 0;
            return;
        }
        for (int notCarriedOut = 1; notCarriedOut <= unsettled; notCarriedOut++) {
            if (answer.body().equals(items + " " + (changes - notCarriedOut))) {
                changes -= notCarriedOut;
                break;
            }
        }
        unsettled = 0;
    }

    private String content() {
        return items + " " + changes;
    }

    /** Whether there were cookies, and one that is new. */
    private boolean take(Answer answer) {
        boolean changed = false;
        for (String cookie : answer.cookies()) {
            int end = cookie.indexOf('=');
            changed |= !cookie.equals(cookies.put(cookie.substring(0, end), cookie));
        }
        return changed;
    }

    private void prepare() {
        requests.put(RequestPath.PLAIN, request(application, MeasuredServlet.PLAIN));
        requests.put(RequestPath.READ, request(application, MeasuredServlet.READ));
        requests.put(RequestPath.WRITE, request(application, MeasuredServlet.WRITE));
    }

    private byte[] request(URI to, String path) {
        String head =
                "GET %s%s HTTP/1.1\r\nHost: %s\r\n"
                        .formatted(to.getPath().replaceFirst("/$", ""), path, to.getAuthority());
        String cookie =
                cookies.isEmpty()
                        ? ""
                        : cookies.values().stream().collect(joining("; ", "Cookie: ", "\r\n"));
        return (head + cookie + "\r\n").getBytes(US_ASCII);
    }

    private static boolean isRight(Answer answer, String body) {
        return answer.status() == OK && answer.body().equals(body);
    }
}
