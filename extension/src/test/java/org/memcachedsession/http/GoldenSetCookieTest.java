package org.memcachedsession.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memcachedsession.SessionSettings;
import org.memcachedsession.SessionSettings.CookieSecure;
import org.memcachedsession.SessionSettings.SameSite;
import org.memcachedsession.session.SessionId;

/**
 * Compares every {@code Set-Cookie} that can be with {@code set-cookie.txt}, to the letter. What is
 * sent now goes to {@code target/set-cookie.txt}, to be read and copied after an intended change. The
 * servers are held to lines of the same file.
 */
class GoldenSetCookieTest {

    private static final SessionId ID =
            SessionId.parse("AbCdEfGhIjKlMnOpQrStUvWxYz012345").orElseThrow();

    private static final int DIFFERENCES_TOLD = 10;

    /** What a browser takes, and what of it a path or a domain may have (RFC 6265bis). */
    private static final int COOKIE_BYTES = 4096;

    private static final String HEADING =
            """
            # What a browser is sent, for every combination of request and settings: scheme, host, whether a
            # proxy says that it forwards, cookie.path, .domain, .same-site, .secure and .max-age, and whether
            # the cookie is given or taken back. ID stands for the id.
            """;

    private static List<String> sentNow() {
        List<String> lines = new ArrayList<>();
        for (String scheme : List.of("http", "https")) {
            for (String host : List.of("localhost", "127.0.0.1", "[::1]", "shop.example.org")) {
                for (String proxy : List.of("direct", "forwarded")) {
                    HttpServletRequest request = request(scheme, host, proxy);
                    String by = scheme + " " + host + " " + proxy;
                    for (String path : List.of("/", "/shop")) {
                        for (String domain : List.of("none", "example.org")) {
                            for (SameSite sameSite : SameSite.values()) {
                                for (CookieSecure secure : CookieSecure.values()) {
                                    for (String maxAge : List.of("none", "P14D")) {
                                        if (isAllowed(sameSite, secure)) {
                                            add(
                                                    lines, by, request, path, domain, sameSite,
                                                    secure, maxAge);
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        return lines;
    }

    private static boolean isAllowed(SameSite sameSite, CookieSecure secure) {
        return sameSite != SameSite.NONE || secure != CookieSecure.NEVER;
    }

    private static HttpServletRequest request(String scheme, String host, String proxy) {
        return proxy.equals("direct")
                ? StubRequest.of(scheme, host)
                : StubRequest.of(scheme, host, "X-Forwarded-Proto: https");
    }

    private static void add(
            List<String> lines,
            String by,
            HttpServletRequest request,
            String path,
            String domain,
            SameSite sameSite,
            CookieSecure secure,
            String maxAge) {
        SessionSettings.Builder settings =
                settings().cookiePath(path).cookieSameSite(sameSite).cookieSecure(secure);
        if (!domain.equals("none")) {
            settings.cookieDomain(domain);
        }
        if (!maxAge.equals("none")) {
            settings.cookieMaxAge(Duration.parse(maxAge));
        }
        SessionCookie cookie = new SessionCookie(settings.build());
        String combination =
                "%s path=%s domain=%s same-site=%s secure=%s max-age=%s"
                        .formatted(by, path, domain, word(sameSite), word(secure), maxAge);
        lines.add(
                combination
                        + " give => "
                        + cookie.give(request, ID).replace(ID.cookieValue(), "ID"));
        lines.add(combination + " take back => " + cookie.takeBack(request));
    }

    private static SessionSettings.Builder settings() {
        return SessionSettings.builder().servers("127.0.0.1").application("test");
    }

    private static String word(SameSite sameSite) {
        return switch (sameSite) {
            case LAX -> "Lax";
            case STRICT -> "Strict";
            case NONE -> "None";
        };
    }

    private static String word(CookieSecure secure) {
        return switch (secure) {
            case AUTO -> "auto";
            case ALWAYS -> "true";
            case NEVER -> "false";
        };
    }

    private static List<String> golden() throws IOException {
        try (var in = GoldenSetCookieTest.class.getResourceAsStream("set-cookie.txt")) {
            return new String(in.readAllBytes(), UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        }
    }

    @Test
    void everyCookieIsToTheLetterAsInTheGoldenFile() throws IOException {
        List<String> now = sentNow();
        Files.writeString(
                Path.of("target", "set-cookie.txt"), HEADING + String.join("\n", now) + "\n");

        Set<String> missing = new LinkedHashSet<>(golden());
        now.forEach(missing::remove);
        Set<String> unexpected = new LinkedHashSet<>(now);
        golden().forEach(unexpected::remove);

        assertThat(unexpected.stream().limit(DIFFERENCES_TOLD))
                .as(
                        "%d lines are not in set-cookie.txt, %d of it are sent no more. If that is intended,"
                                + " read the difference and copy extension/target/set-cookie.txt to"
                                + " extension/src/test/resources/org/memcachedsession/http/",
                        unexpected.size(), missing.size())
                .isEmpty();
        assertThat(missing).isEmpty();
    }

    @Test
    void theGoldenFileHasEveryCombinationOnce() throws IOException {
        int requests = 2 * 4 * 2;
        int settings = 2 * 2 * (3 * 3 - 1) * 2;

        assertThat(golden()).hasSize(requests * settings * 2).doesNotHaveDuplicates();
    }

    @Test
    void browsersTakeEveryCookieOfTheGoldenFile() throws IOException {
        assertThat(golden().stream().filter(line -> !isTaken(line)).limit(DIFFERENCES_TOLD))
                .isEmpty();
    }

    private static boolean isTaken(String line) {
        String cookie = line.substring(line.indexOf("=> ") + "=> ".length());
        boolean isSecure = cookie.contains("; Secure;");
        boolean prefixFits = isSecure && cookie.contains("; Path=/;") && !cookie.contains("Domain");
        return cookie.length() <= COOKIE_BYTES
                && cookie.contains("; HttpOnly;")
                && (isSecure || !cookie.contains("SameSite=None"))
                && (prefixFits || !cookie.startsWith("__Host-"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Forwarded: for=192.0.2.1",
                "X-Forwarded-For: 192.0.2.1",
                "X-Forwarded-Proto: http",
                "Via: 1.1 proxy",
                "via: "
            })
    void anyHeaderOfAProxyMakesTheCookieOfALoopbackNameSecure(String header) {
        SessionCookie cookie = new SessionCookie(settings().build());

        assertThat(cookie.give(StubRequest.of("http", "localhost", header), ID))
                .startsWith("__Host-sid=")
                .contains("; Secure");
        assertThat(cookie.give(StubRequest.of("http", "localhost", "X-Mine: 1"), ID))
                .startsWith("sid=")
                .doesNotContain("Secure");
    }

    @Test
    void theLongestCookieThatSettingsAllowIsOneThatBrowsersTake() {
        String domain = "a".repeat(61) + ("." + "b".repeat(63)).repeat(3);
        SessionCookie cookie =
                new SessionCookie(
                        settings()
                                .cookieName("n".repeat(64))
                                .cookiePath("/" + "p".repeat(1023))
                                .cookieDomain(domain)
                                .cookieSameSite(SameSite.STRICT)
                                .cookieSecure(CookieSecure.ALWAYS)
                                .cookieMaxAge(Duration.ofDays(400))
                                .build());
        HttpServletRequest request = StubRequest.of("https", domain);

        assertThat(cookie.give(request, ID)).contains(domain).hasSizeBetween(1400, COOKIE_BYTES);
        assertThat(cookie.takeBack(request)).contains(domain).hasSizeBetween(1400, COOKIE_BYTES);
    }
}
