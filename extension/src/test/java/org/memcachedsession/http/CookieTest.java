package org.memcachedsession.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.memcachedsession.store.InMemorySessionStore.Operation.CREATE;
import static org.memcachedsession.store.InMemorySessionStore.Operation.LOAD;
import static org.memcachedsession.store.InMemorySessionStore.Operation.REPLACE;
import static org.memcachedsession.store.InMemorySessionStore.Operation.TOUCH;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.memcachedsession.SessionSettings;
import org.memcachedsession.SessionSettings.CookieSecure;
import org.memcachedsession.SessionSettings.SameSite;
import org.memcachedsession.session.SessionId;

/** The cookie to the letter, and what is made of the ones that browsers and others send. */
class CookieTest extends ServletTest {

    private static final Pattern ID = Pattern.compile("sid=([A-Za-z0-9_-]{32})");

    private void pages() {
        site.page("/", (request, response) -> response.getWriter().print(site.counter("a").add()));
        site.page("/unused", (request, response) -> response.getWriter().print("page"));
        site.page("/end", (request, response) -> site.unit().invalidate());
    }

    private void configure(Consumer<SessionSettings.Builder> settings) {
        site.reset(settings);
        pages();
    }

    private String send(String path, String host, String... headers) throws IOException {
        StringBuilder request = new StringBuilder("GET " + path + " HTTP/1.1\r\n");
        request.append("Host: ").append(host).append("\r\nConnection: close\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        return site.raw(request.append("\r\n").toString());
    }

    /** The lines that set a cookie, with the id left out. */
    private static List<String> setCookies(String answer) {
        return answer.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("set-cookie:"))
                .map(line -> line.substring("set-cookie:".length()).trim())
                .map(line -> ID.matcher(line).replaceFirst("sid=ID"))
                .toList();
    }

    private static String body(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }

    private String idOf(String answer) {
        var matcher = ID.matcher(answer);
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    private String liveSession() throws Exception {
        return idOf(send("/", "localhost"));
    }

    private static String unknownId() {
        return SessionId.random(new SecureRandom()).cookieValue();
    }

    // ---- none

    @Test
    void aRequestThatUsesNoBeanGetsNoCookieAndAsksNoStore() throws Exception {
        pages();

        String answer = send("/unused", "localhost");
        site.settle();

        assertThat(setCookies(answer)).isEmpty();
        assertThat(site.calls()).isEmpty();
        assertThat(site.store().sessions()).isZero();
    }

    @Test
    void lookingForABeanBeginsNoSession() throws Exception {
        site.page("/", (request, response) -> response.getWriter().print(site.find("a")));

        String answer = send("/", "localhost");
        site.settle();

        assertThat(body(answer)).endsWith("null");
        assertThat(setCookies(answer)).isEmpty();
        assertThat(site.calls()).isEmpty();
    }

    @Test
    void aRequestWithACookieThatUsesNoBeanTouchesOncePerTenthOfTheIdleTime() throws Exception {
        pages();
        String cookie = "Cookie: sid=" + liveSession();
        site.settle();
        site.forgetCalls();

        for (int minute = 0; minute < 10; minute++) {
            assertThat(setCookies(send("/unused", "localhost", cookie))).isEmpty();
            site.settle();
            site.clock().advance(Duration.ofMinutes(1));
        }

        // stored at minute 0, idle time 30 minutes
        assertThat(site.calls()).containsExactly(TOUCH, TOUCH, TOUCH);
    }

    // ---- given

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LocalHost:8080",
                "127.0.0.1",
                "127.8.9.10:80",
                "[::1]:8080",
                "shop.localhost"
            })
    void onPlainHttpToALoopbackNameTheCookieIsNotSecure(String host) throws Exception {
        pages();

        assertThat(setCookies(send("/", host)))
                .containsExactly("sid=ID; Path=/; HttpOnly; SameSite=Lax");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "shop.example",
                "shop.example:8080",
                "192.168.1.10",
                "localhost.example",
                "127.0.0.1.example",
                "[2001:db8::1]"
            })
    void forEveryOtherHostTheCookieIsSecureAndForThisHostAlone(String host) throws Exception {
        pages();

        assertThat(setCookies(send("/", host)))
                .containsExactly("__Host-sid=ID; Path=/; Secure; HttpOnly; SameSite=Lax");
    }

    @Test
    void secureMayBeDemandedForLoopbackNames() throws Exception {
        configure(settings -> settings.cookieSecure(CookieSecure.ALWAYS));

        assertThat(setCookies(send("/", "localhost")))
                .containsExactly("__Host-sid=ID; Path=/; Secure; HttpOnly; SameSite=Lax");
    }

    @Test
    void secureMayBeDeclined() throws Exception {
        configure(settings -> settings.cookieSecure(CookieSecure.NEVER));

        assertThat(setCookies(send("/", "shop.example")))
                .containsExactly("sid=ID; Path=/; HttpOnly; SameSite=Lax");
    }

    @Test
    void aPathOfItsOwnTakesThePrefixAway() throws Exception {
        configure(settings -> settings.cookiePath("/shop"));

        assertThat(setCookies(send("/", "shop.example")))
                .containsExactly("sid=ID; Path=/shop; Secure; HttpOnly; SameSite=Lax");
    }

    @Test
    void aDomainTakesThePrefixAway() throws Exception {
        configure(settings -> settings.cookieDomain("example.org"));

        assertThat(setCookies(send("/", "shop.example.org")))
                .containsExactly(
                        "sid=ID; Path=/; Domain=example.org; Secure; HttpOnly; SameSite=Lax");
    }

    @Test
    void nameSameSiteAndMaxAgeAreAsSet() throws Exception {
        configure(
                settings ->
                        settings.cookieName("shop.sid")
                                .cookieSameSite(SameSite.STRICT)
                                .cookieMaxAge(Duration.ofDays(14)));

        assertThat(setCookies(send("/", "localhost")))
                .containsExactly("shop.sid=ID; Max-Age=1209600; Path=/; HttpOnly; SameSite=Strict");
    }

    @Test
    void sameSiteNoneIsSecure() throws Exception {
        configure(
                settings ->
                        settings.cookieSameSite(SameSite.NONE).cookieSecure(CookieSecure.ALWAYS));

        assertThat(setCookies(send("/", "localhost")))
                .containsExactly("__Host-sid=ID; Path=/; Secure; HttpOnly; SameSite=None");
    }

    @Test
    void theCookieIsGivenOnceAndNotWithEveryAnswer() throws Exception {
        pages();
        String cookie = "Cookie: sid=" + liveSession();

        String second = send("/", "localhost", cookie);

        assertThat(setCookies(second)).isEmpty();
        assertThat(body(second)).endsWith("2");
    }

    @Test
    void anAnswerWithASessionHasOneCookieOfOursBesideThoseOfTheApplication() throws Exception {
        site.page(
                "/",
                (request, response) -> {
                    response.addHeader("Set-Cookie", "mine=1");
                    site.counter("a").add();
                    response.addHeader("Set-Cookie", "mine=2");
                });

        assertThat(setCookies(send("/", "localhost")))
                .containsExactly("mine=1", "mine=2", "sid=ID; Path=/; HttpOnly; SameSite=Lax");
    }

    // ---- taken back

    @Test
    void theEndOfASessionTakesTheCookieBack() throws Exception {
        pages();
        String cookie = "Cookie: sid=" + liveSession();
        site.settle();
        site.forgetCalls();

        String answer = send("/end", "localhost", cookie);

        assertThat(setCookies(answer))
                .containsExactly(
                        "sid=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/; HttpOnly;"
                                + " SameSite=Lax");
        site.settle();
        assertThat(site.calls()).containsExactly(LOAD, REPLACE);
        assertThat(site.store().sessions()).isZero();
    }

    @Test
    void theCookieIsTakenBackWithTheAttributesThatItWasGivenWith() throws Exception {
        configure(settings -> settings.cookieDomain("example.org").cookiePath("/shop"));
        String id = idOf(send("/", "www.example.org"));

        String answer = send("/end", "www.example.org", "Cookie: sid=" + id);

        assertThat(setCookies(answer))
                .containsExactly(
                        "sid=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/shop;"
                                + " Domain=example.org; Secure; HttpOnly; SameSite=Lax");
    }

    @Test
    void whereThereWasNoCookieNoneIsTakenBack() throws Exception {
        pages();

        assertThat(setCookies(send("/end", "localhost"))).isEmpty();
        assertThat(setCookies(send("/end", "localhost", "Cookie: sid=junk"))).isEmpty();
    }

    @Test
    void aSessionBegunAfterTheEndOfAnotherHasAnIdOfItsOwn() throws Exception {
        site.page(
                "/again",
                (request, response) -> {
                    site.unit().invalidate();
                    response.getWriter().print(site.counter("a").add());
                });
        site.page("/", (request, response) -> response.getWriter().print(site.counter("a").add()));
        String id = liveSession();

        String answer = send("/again", "localhost", "Cookie: sid=" + id);

        assertThat(body(answer)).endsWith("1");
        assertThat(setCookies(answer)).containsExactly("sid=ID; Path=/; HttpOnly; SameSite=Lax");
        assertThat(idOf(answer)).isNotEqualTo(id);
        assertThat(site.store().sessions()).isOne();
    }

    // ---- read

    static Stream<String> malformed() {
        String valid = "A".repeat(32);
        return Stream.of(
                "sid",
                "sid=",
                "sid=" + "x".repeat(4096),
                "sid=" + "A".repeat(31),
                "sid=" + "A".repeat(33),
                "sid=\"" + valid + "\"",
                "sid=" + "A".repeat(31) + "=",
                "sid=" + "A".repeat(31) + "\u0001",
                "sid=\u0001" + "A".repeat(31),
                "sid=" + "A".repeat(31) + "\u007f",
                "sid=" + "A".repeat(31) + "\u00e4",
                "sid=" + "A".repeat(15) + " " + "A".repeat(16),
                "sid=" + "A".repeat(31) + "+",
                "sid=" + "A".repeat(31) + "/",
                "sid=%41" + "A".repeat(29),
                "sid =" + valid,
                "sid= " + valid,
                "SID=" + valid,
                "Sid=" + valid,
                "xsid=" + valid,
                "sidx=" + valid,
                "__Host-sid=" + valid,
                "__host-sid=" + valid,
                "$sid=" + valid,
                "=sid=" + valid,
                "\u0085sid=" + valid,
                "\u00a0sid=" + valid,
                "sid\u0085=" + valid,
                "sid\u00a0=" + valid,
                "\u00e2\u0080\u0080sid=" + valid, // U+2000 in UTF-8
                "\u00ef\u00bb\u00bfsid=" + valid, // U+FEFF in UTF-8
                "\"sid\"=" + valid,
                "\"; sid=x" + valid,
                ";;;;;;",
                "=",
                "sid==" + valid,
                "a=\"; b; sid=\\\"" + valid);
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void whatIsNoIdOfOursAsksNoStoreAndHarmsNothing(String cookie) throws Exception {
        pages();

        String unused = send("/unused", "localhost", "Cookie: " + cookie);
        site.settle();
        // the server's own opinion of it, with or without us
        boolean refused = unused.startsWith("HTTP/1.1 400 ") || unused.contains("UT000173");
        assertThat(unused).doesNotContain("memcachedsession");
        if (!refused) {
            assertThat(unused).startsWith("HTTP/1.1 200");
        }
        assertThat(site.calls()).isEmpty();

        String used = send("/", "localhost", "Cookie: " + cookie);
        site.settle();
        if (!refused) {
            assertThat(setCookies(used)).hasSize(1);
            assertThat(site.calls()).containsExactly(CREATE);
        }
    }

    static Stream<Arguments> hugeCookies() {
        return Stream.of(16 * 1024, 64 * 1024)
                .flatMap(
                        length ->
                                Stream.of("A", "sid=junk; ", ";", "SID=" + "A".repeat(32) + ";")
                                        .map(part -> arguments(length, part)));
    }

    @ParameterizedTest
    @MethodSource("hugeCookies")
    void aHugeHeaderIsRefusedByTheServerOrIsNoCookie(int length, String part) throws Exception {
        pages();
        String cookies = "Cookie: sid=" + part.repeat(length / part.length());

        String answer =
                allThatComes(
                        "GET /unused HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                                + cookies
                                + "\r\n\r\n");
        site.settle();

        if (kind == ServletServer.Kind.TOMCAT) { // takes 8 KiB in all
            assertThat(answer).matches("(?s)(HTTP/1.1 4\\d\\d .*)?");
        } else {
            assertThat(answer).startsWith("HTTP/1.1 200 ");
        }
        assertThat(answer).doesNotContain("memcachedsession");
        assertThat(setCookies(answer)).isEmpty();
        assertThat(site.calls()).isEmpty();
    }

    /** Also from a server that closes before it has read all, which may cost its answer. */
    private String allThatComes(String request) throws IOException {
        StringBuilder answer = new StringBuilder();
        try (Socket socket = site.open(request)) {
            for (int c = socket.getInputStream().read();
                    c >= 0;
                    c = socket.getInputStream().read()) {
                answer.append((char) c);
            }
        } catch (SocketException closed) {
            // what came, came
        }
        return answer.toString();
    }

    static Stream<String> aroundALiveId() {
        return Stream.of(
                "sid=LIVE",
                "  sid=LIVE  ",
                "\tsid=LIVE\t",
                "a=b;sid=LIVE",
                "a=b ; sid=LIVE ; c=d",
                "$Version=1; sid=LIVE; $Path=/",
                "sid=LIVE; sid=LIVE",
                "sid=junk; sid=LIVE",
                "sid=LIVE; sid=junk",
                "sid=; sid=LIVE",
                "SID=other; sid=LIVE",
                "sid; sid=LIVE",
                "sid=LIVE;",
                ";;sid=LIVE",
                "a=\"quoted\"; sid=LIVE",
                "a=\"; sid=LIVE",
                "sid=LIVE; sid=UNKNOWN",
                "sid=UNKNOWN; sid=LIVE",
                "MANY; sid=LIVE");
    }

    @ParameterizedTest
    @MethodSource("aroundALiveId")
    void aLiveIdIsFoundAmongWhatElseIsThere(String cookie) throws Exception {
        pages();
        String id = liveSession();
        String many =
                IntStream.range(0, 100)
                        .mapToObj(i -> "c" + i + "=v" + i)
                        .collect(Collectors.joining("; "));

        String answer =
                send(
                        "/",
                        "localhost",
                        "Cookie: "
                                + cookie.replace("LIVE", id)
                                        .replace("UNKNOWN", unknownId())
                                        .replace("MANY", many));

        assertThat(body(answer)).endsWith("2");
        assertThat(setCookies(answer)).isEmpty();
    }

    @Test
    void aLiveIdIsFoundInASecondHeader() throws Exception {
        pages();
        String id = liveSession();

        String answer = send("/", "localhost", "Cookie: a=b", "Cookie: sid=" + id);

        assertThat(body(answer)).endsWith("2");
    }

    @Test
    void anUnknownIdIsNeverTakenOver() throws Exception {
        pages();
        String unknown = unknownId();

        String answer = send("/", "localhost", "Cookie: sid=" + unknown);

        assertThat(idOf(answer)).isNotEqualTo(unknown);
        assertThat(body(answer)).endsWith("1");
        assertThat(site.store().timeLeft(site.itemKey(unknown))).isEmpty();
    }

    @Test
    void twoUnknownIdsAreNeverTakenOver() throws Exception {
        pages();
        String one = unknownId();
        String two = unknownId();

        String answer = send("/", "localhost", "Cookie: sid=" + one + "; sid=" + two);

        assertThat(idOf(answer)).isNotIn(one, two);
        assertThat(site.store().sessions()).isOne();
    }

    /** One of them may be planted, and nobody can tell which. */
    @Test
    void ofTwoLiveSessionsNeitherIsUsed() throws Exception {
        pages();
        String one = liveSession();
        String two = liveSession();

        String answer = send("/", "localhost", "Cookie: sid=" + one + "; sid=" + two);

        assertThat(body(answer)).endsWith("1");
        assertThat(idOf(answer)).isNotIn(one, two);
        assertThat(body(send("/", "localhost", "Cookie: sid=" + one))).endsWith("2");
        assertThat(body(send("/", "localhost", "Cookie: sid=" + two))).endsWith("2");
    }

    @Test
    void whereTheCookieHasThePrefixOnlyThatNameIsRead() throws Exception {
        pages();
        String id = idOf(send("/", "shop.example"));

        assertThat(body(send("/", "shop.example", "Cookie: sid=" + id))).endsWith("1");
        assertThat(body(send("/", "shop.example", "Cookie: __HOST-sid=" + id))).endsWith("1");
        assertThat(body(send("/", "shop.example", "Cookie: __Host-sid=" + id))).endsWith("2");
    }

    @Test
    void aHundredIdsCostNoRead() throws Exception {
        pages();
        String cookies =
                IntStream.range(0, 100)
                        .mapToObj(i -> "sid=" + unknownId())
                        .collect(Collectors.joining("; "));

        send("/", "localhost", "Cookie: " + cookies);
        site.settle();

        assertThat(site.calls()).containsExactly(CREATE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":", "[", "[::1", "a b", "localhost:x", "\u0001"})
    void aHostThatIsNoneIsTheServersBusiness(String host) throws Exception {
        pages();

        String answer = send("/unused", host);

        assertThat(answer).matches("(?s)HTTP/1.1 (200|400) .*");
        site.settle();
        assertThat(site.calls()).isEmpty();
    }

    @Test
    void aPlantedIdIsNotUsedBecauseJunkHidesTheUsersOwn() throws Exception {
        pages();
        String planted = liveSession();
        String own = liveSession();
        String junk =
                IntStream.range(0, 3)
                        .mapToObj(i -> "sid=" + unknownId())
                        .collect(Collectors.joining("; "));

        String answer =
                send("/", "localhost", "Cookie: sid=" + planted + "; " + junk + "; sid=" + own);

        assertThat(body(answer)).endsWith("1");
        assertThat(idOf(answer)).isNotIn(planted, own);
    }

    @Test
    void aSessionThatEndsAfterAnotherInOneRequestLeavesNoCookie() throws Exception {
        pages();
        site.page("/part", (request, response) -> {});
        site.page(
                "/both",
                (request, response) -> {
                    site.unit().invalidate();
                    request.getRequestDispatcher("/part").include(request, response);
                    site.counter("a").add();
                    request.getRequestDispatcher("/part").include(request, response);
                    site.unit().invalidate();
                });
        browser.get("/");

        browser.get("/both");

        assertThat(browser.id()).isNull();
        site.settle();
        assertThat(site.store().sessions()).isZero();
    }
}
