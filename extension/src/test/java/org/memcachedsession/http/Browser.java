package org.memcachedsession.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** One user's browser: keeps cookies by name, follows no redirect. */
final class Browser {

    private static final HttpClient CLIENT =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .build();

    private final TestSite site;
    private final Map<String, String> cookies = new LinkedHashMap<>();

    Browser(TestSite site) {
        this.site = site;
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return take(CLIENT.send(request(path), BodyHandlers.ofString()));
    }

    /** With name and password, as a browser does after it was asked for them (BASIC). */
    HttpResponse<String> getAs(String user, String path) throws IOException, InterruptedException {
        String credentials = user + ":" + ServletServer.PASSWORD;
        HttpRequest request =
                HttpRequest.newBuilder(request(path), (name, value) -> true)
                        .header(
                                "Authorization",
                                "Basic "
                                        + Base64.getEncoder()
                                                .encodeToString(credentials.getBytes(UTF_8)))
                        .build();
        return take(CLIENT.send(request, BodyHandlers.ofString()));
    }

    /** Sends the request and goes on. */
    CompletableFuture<HttpResponse<String>> begin(String path) {
        return CLIENT.sendAsync(request(path), BodyHandlers.ofString()).thenApply(this::take);
    }

    private HttpRequest request(String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(site.uri(path)).timeout(Duration.ofSeconds(20));
        String header = cookieHeader();
        if (!header.isEmpty()) {
            request.header("Cookie", header);
        }
        return request.build();
    }

    private synchronized String cookieHeader() {
        return cookies.entrySet().stream()
                .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                .collect(Collectors.joining("; "));
    }

    private synchronized HttpResponse<String> take(HttpResponse<String> response) {
        for (String header : response.headers().allValues("Set-Cookie")) {
            String pair = header.substring(0, header.indexOf(';'));
            int equals = pair.indexOf('=');
            if (header.contains("; Max-Age=0;")) {
                cookies.remove(pair.substring(0, equals));
            } else {
                cookies.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        return response;
    }

    /** The value of the session cookie, or null. */
    synchronized String id() {
        return cookies.get("sid");
    }

    synchronized void put(String name, String value) {
        cookies.put(name, value);
    }
}
