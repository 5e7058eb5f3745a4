package org.memcachedsession.benchmarks.requests;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.memcachedsession.benchmarks.application.MeasuredServlet;

/** A session of the application, and what it has to hold. Used by one thread at a time. */
final class MeasuredSession {

    private static final int OK = 200;

    private final byte[] bare;
    private final byte[] plain;
    private final byte[] read;
    private final byte[] write;
    private final boolean kept;
    private final int items;
    private long changes;

    private MeasuredSession(URI application, String cookies, boolean kept, int items) {
        this.bare = request(application, MeasuredServlet.PLAIN, "");
        this.plain = request(application, MeasuredServlet.PLAIN, cookies);
        this.read = request(application, MeasuredServlet.READ, cookies);
        this.write = request(application, MeasuredServlet.WRITE, cookies);
        this.kept = kept;
        this.items = items;
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
        String path = MeasuredServlet.BEGIN + "?items=" + items;
        Answer answer = connection.send(request(application, path, ""));
        MeasuredSession session =
                new MeasuredSession(
                        application, String.join("; ", answer.cookies()), kept, kept ? items : 1);
        if (!session.isRight(answer, session.content())) {
            throw new MeasurementException(
                    "a session with %d items cannot begin at %s: %s"
                            .formatted(items, application, answer));
        }
        if (kept == answer.cookies().isEmpty()) {
            throw new MeasurementException(
                    "the answer of %s sets these cookies: %s"
                            .formatted(application, answer.cookies()));
        }
        return session;
    }

    /** The same session, asked for at another node. */
    Answer readAt(HttpConnection connection, URI application, URI other) throws IOException {
        String host = "Host: " + application.getAuthority();
        String text = new String(read, US_ASCII);
        return connection.send(
                text.replace(host, "Host: " + other.getAuthority()).getBytes(US_ASCII));
    }

    /**
     * Sends one request and looks at the answer.
     *
     * @param path not {@link RequestPath#MIX}
     * @return whether the answer was right: of 2xx and with what the session has to hold
     */
    boolean send(RequestPath path, HttpConnection connection) throws IOException {
        return switch (path) {
            case BARE -> isRight(connection.send(bare), MeasuredServlet.NO_SESSION);
            case PLAIN -> isRight(connection.send(plain), MeasuredServlet.NO_SESSION);
            case READ -> isRight(connection.send(read), content());
            case WRITE -> {
                if (kept) {
                    changes++;
                }
                yield isRight(connection.send(write), content());
            }
            case MIX -> throw new IllegalArgumentException("a request reads or writes");
        };
    }

    /** What a read has to answer. */
    String content() {
        return items + " " + changes;
    }

    boolean isRight(Answer answer, String expected) {
        return answer.status() == OK && answer.body().equals(expected);
    }

    private static byte[] request(URI application, String path, String cookies) {
        String address = application.getPath().replaceFirst("/$", "") + path;
        List<String> lines =
                cookies.isEmpty()
                        ? List.of(
                                "GET " + address + " HTTP/1.1",
                                "Host: " + application.getAuthority())
                        : List.of(
                                "GET " + address + " HTTP/1.1",
                                "Host: " + application.getAuthority(),
                                "Cookie: " + cookies);
        return (String.join("\r\n", lines) + "\r\n\r\n").getBytes(US_ASCII);
    }
}
