package org.memcachedsession.history;

import java.io.IOException;
import java.net.HttpCookie;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Sends requests and gives out the positions of the history. */
final class Clients {

    private static final String COOKIE = "sid";
    private static final String VIEW = "History";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final int OK = 200;
    private static final int SEE_OTHER = 303;
    private static final int SERVER_ERROR = 500;

    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(PATIENCE)
                    .build();
    private final AtomicInteger positions = new AtomicInteger();

    /**
     * What came back.
     *
     * @param answer what the node tells about the session
     * @param cookie the id that the browser got; empty text if the cookie was taken back
     */
    record Reply(Answer answer, Optional<String> cookie) {}

    private record Head(int position, int status, HttpHeaders headers) {}

    int nextPosition() {
        return positions.getAndIncrement();
    }

    /**
     * Sends a request and waits for all of the answer. What counts is when its head came: whoever has
     * that may act on it.
     *
     * @param cookie empty if the browser has none
     * @return empty if there was no answer, or one that leaves open what was done
     * @throws IllegalStateException the answer is none of the WAR that belongs to this driver
     */
    Optional<Reply> send(String method, URI uri, Optional<String> cookie)
            throws InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri)
                        .timeout(PATIENCE)
                        .method(method, HttpRequest.BodyPublishers.noBody());
        cookie.ifPresent(id -> request.header("Cookie", COOKIE + "=" + id));
        Head head;
        try {
            head = client.send(request.build(), this::receive).body();
        } catch (IOException e) {
            return Optional
                    .empty(); // what was done by then is the question that the checker answers
        }
        if (head.status() >= SERVER_ERROR) {
            return Optional.empty();
        }
        Optional<String> view = head.headers().firstValue(VIEW);
        if ((head.status() != OK && head.status() != SEE_OTHER) || view.isEmpty()) {
            throw new IllegalStateException(
                    "%s %s was answered with %d and the headers %s; the WAR of the history checker"
                                    .formatted(method, uri, head.status(), head.headers().map())
                            + " answers 200 or 303 with a header "
                            + VIEW);
        }
        return Optional.of(
                new Reply(
                        HistoryFormat.parseView(head.position(), view.get()),
                        sessionCookie(head.headers())));
    }

    private HttpResponse.BodySubscriber<Head> receive(HttpResponse.ResponseInfo info) {
        Head head = new Head(nextPosition(), info.statusCode(), info.headers());
        return HttpResponse.BodySubscribers.replacing(head);
    }

    /** The last one counts, as for a browser. */
    private static Optional<String> sessionCookie(HttpHeaders headers) {
        Optional<String> id = Optional.empty();
        for (String line : headers.allValues("Set-Cookie")) {
            for (HttpCookie cookie : HttpCookie.parse(line)) {
                if (cookie.getName().equals(COOKIE)) {
                    id = Optional.of(cookie.hasExpired() ? "" : cookie.getValue());
                }
            }
        }
        return id;
    }
}
