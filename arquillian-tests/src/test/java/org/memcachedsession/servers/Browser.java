package org.memcachedsession.servers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A user's browser: keeps the cookies that it gets and sends them back to every node of the site,
 * as it knows no ports. Redirects are left to the test. For one thread at a time.
 */
public final class Browser {

    private static final HttpClient CLIENT =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .build();

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final URI site;
    private final Map<String, String> cookies;
    private final Map<String, String> headers;

    private Browser(URI site, Map<String, String> cookies, Map<String, String> headers) {
        this.site = site;
        this.cookies = cookies;
        this.headers = headers;
    }

    /** A new one, without cookies. */
    public static Browser at(URI site) {
        return new Browser(site, new TreeMap<>(), new TreeMap<>());
    }

    /** A new one, without cookies. */
    public static Browser at(URL site) {
        return at(URI.create(site.toString()));
    }

    /** The same browser, whose next request goes to another node of the site. */
    public Browser on(URI otherNode) {
        return new Browser(otherNode, cookies, headers);
    }

    /** Another window, which knows what this one knows now, and goes its own way. */
    public Browser copy() {
        return new Browser(site, new TreeMap<>(cookies), new TreeMap<>(headers));
    }

    public Answer get(String path) {
        return keepCookies(send(request(path).GET().build(), HttpResponse.BodyHandlers.ofString()));
    }

    public Answer post(String path) {
        return keepCookies(
                send(
                        request(path).POST(HttpRequest.BodyPublishers.noBody()).build(),
                        HttpResponse.BodyHandlers.ofString()));
    }

    /** Sends a form. Names and values need no encoding. */
    public Answer postForm(String path, Map<String, String> fields) {
        String form =
                fields.entrySet().stream()
                        .map(field -> field.getKey() + "=" + field.getValue())
                        .collect(Collectors.joining("&"));
        HttpRequest request =
                request(path)
                        .POST(HttpRequest.BodyPublishers.ofString(form))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .build();
        return keepCookies(send(request, HttpResponse.BodyHandlers.ofString()));
    }

    public Answer putJson(String path, String json) {
        HttpRequest request =
                request(path)
                        .PUT(HttpRequest.BodyPublishers.ofString(json))
                        .header("Content-Type", "application/json")
                        .build();
        return keepCookies(send(request, HttpResponse.BodyHandlers.ofString()));
    }

    public Answer delete(String path) {
        return keepCookies(
                send(request(path).DELETE().build(), HttpResponse.BodyHandlers.ofString()));
    }

    /** Returns as soon as the status and the headers are there. */
    public OpenAnswer open(String path) {
        HttpResponse<InputStream> response =
                send(request(path).GET().build(), HttpResponse.BodyHandlers.ofInputStream());
        return new OpenAnswer(keepCookies(response, ""), response.body());
    }

    /** The value of a cookie that would be sent now. */
    public Optional<String> cookie(String name) {
        return Optional.ofNullable(cookies.get(name));
    }

    /** As a thief or a tester would. */
    public void setCookie(String name, String value) {
        cookies.put(name, value);
    }

    /** Is sent with every request from now on. */
    public void setHeader(String name, String value) {
        headers.put(name, value);
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).timeout(PATIENCE);
        cookieHeader().ifPresent(header -> request.header("Cookie", header));
        headers.forEach(request::header);
        return request;
    }

    URI uri(String path) {
        return site.resolve(path);
    }

    Optional<String> cookieHeader() {
        return cookies.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        cookies.entrySet().stream()
                                .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                                .collect(Collectors.joining("; ")));
    }

    private static <T> HttpResponse<T> send(
            HttpRequest request, HttpResponse.BodyHandler<T> bodies) {
        try {
            return CLIENT.send(request, bodies);
        } catch (IOException e) {
            throw new UncheckedIOException(request + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in " + request, e);
        }
    }

    private Answer keepCookies(HttpResponse<String> response) {
        return keepCookies(response, response.body());
    }

    private Answer keepCookies(HttpResponse<?> response, String body) {
        return keepCookies(new Answer(response.statusCode(), response.headers().map(), body));
    }

    /** Of an answer that came to it by another way. */
    public Answer keepCookies(Answer answer) {
        for (String line : answer.setCookies()) {
            for (HttpCookie cookie : HttpCookie.parse(line)) {
                if (cookie.hasExpired()) {
                    cookies.remove(cookie.getName());
                } else {
                    cookies.put(cookie.getName(), cookie.getValue());
                }
            }
        }
        return answer;
    }

    /** Holds a body that is still being written. */
    public record OpenAnswer(Answer head, InputStream stream) implements AutoCloseable {

        /** Waits until the server has written all of it. */
        public String rest() {
            try {
                return new String(stream.readAllBytes(), UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            try {
                stream.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** What a server sent. */
    public record Answer(int status, Map<String, List<String>> headers, String body) {

        public List<String> setCookies() {
            return headers("set-cookie");
        }

        /** Those of our session, whatever else the server sets. */
        public List<String> sessionCookies() {
            return setCookies().stream()
                    .filter(line -> line.startsWith("sid=") || line.startsWith("__Host-sid="))
                    .toList();
        }

        public Optional<String> header(String name) {
            return headers(name).stream().findFirst();
        }

        public List<String> headers(String name) {
            return headers.entrySet().stream()
                    .filter(header -> header.getKey().equalsIgnoreCase(name))
                    .flatMap(header -> header.getValue().stream())
                    .toList();
        }
    }
}
