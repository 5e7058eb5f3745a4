package org.memcachedsession.http;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.memcachedsession.SessionSettings;
import org.memcachedsession.SessionSettings.CookieSecure;
import org.memcachedsession.SessionSettings.SameSite;
import org.memcachedsession.session.SessionId;

/** What is given, as a browser understands it, and what a browser sends back. */
class SessionCookiePropertyTest {

    private static final String TOKEN_MARKS = "!#$%&'*+.^_`|~-";

    @Provide
    Arbitrary<SessionId> ids() {
        return Arbitraries.bytes()
                .array(byte[].class)
                .ofSize(SessionId.BYTES)
                .map(bytes -> Base64.getUrlEncoder().encodeToString(bytes))
                .map(text -> SessionId.parse(text).orElseThrow());
    }

    /** What can be set for a cookie. */
    @Provide
    Arbitrary<SessionSettings> settings() {
        Arbitrary<String> names =
                Arbitraries.strings()
                        .alpha()
                        .numeric()
                        .withChars(TOKEN_MARKS)
                        .ofMinLength(1)
                        .ofMaxLength(64)
                        .filter(name -> !name.startsWith("__") && !name.equals("JSESSIONID"));
        Arbitrary<String> paths =
                Arbitraries.strings()
                        .withCharRange('!', ':')
                        .withCharRange('<', '~')
                        .ofMaxLength(20)
                        .map(path -> "/" + path);
        Arbitrary<String> domains =
                Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(10).map(s -> s + ".org");
        Arbitrary<Duration> ages =
                Arbitraries.longs().between(1000, 400L * 24 * 3600 * 1000).map(Duration::ofMillis);
        return Combinators.combine(
                        names,
                        Arbitraries.oneOf(Arbitraries.just("/"), paths),
                        domains.optional(),
                        ages.optional(),
                        Arbitraries.of(SameSite.class),
                        Arbitraries.of(CookieSecure.AUTO, CookieSecure.ALWAYS))
                .as(SessionCookiePropertyTest::settings);
    }

    private static SessionSettings settings(
            String name,
            String path,
            Optional<String> domain,
            Optional<Duration> age,
            SameSite sameSite,
            CookieSecure secure) {
        SessionSettings.Builder builder =
                SessionSettings.builder()
                        .servers("127.0.0.1")
                        .application("test")
                        .cookieName(name)
                        .cookiePath(path)
                        .cookieSameSite(sameSite)
                        .cookieSecure(secure);
        domain.ifPresent(builder::cookieDomain);
        age.ifPresent(builder::cookieMaxAge);
        return builder.build();
    }

    @Provide
    Arbitrary<String> hosts() {
        return Arbitraries.of("localhost", "shop.example.org");
    }

    private static HttpServletRequest request(String host, String... headers) {
        return StubRequest.of("http", host, headers);
    }

    /** As browsers read it: RFC 6265, section 5.2. */
    private record Received(String name, String value, Map<String, String> attributes) {

        static Received from(String header) {
            String[] parts = header.split(";", -1);
            int equals = parts[0].indexOf('=');
            Map<String, String> attributes = new LinkedHashMap<>();
            for (String part : List.of(parts).subList(1, parts.length)) {
                int sign = part.indexOf('=');
                String name = sign < 0 ? part : part.substring(0, sign);
                attributes.put(
                        name.strip().toLowerCase(Locale.ROOT),
                        sign < 0 ? "" : part.substring(sign + 1).strip());
            }
            return new Received(
                    parts[0].substring(0, equals).strip(),
                    parts[0].substring(equals + 1).strip(),
                    attributes);
        }
    }

    @Property
    void aBrowserUnderstandsWhatWasSet(
            @ForAll("settings") SessionSettings settings,
            @ForAll("hosts") String host,
            @ForAll("ids") SessionId id) {
        Received received = Received.from(new SessionCookie(settings).give(request(host), id));

        assertThat(SessionId.parse(received.value())).contains(id);
        assertThat(received.name()).endsWith(settings.cookieName());
        Map<String, String> attributes = received.attributes();
        assertThat(attributes).containsEntry("path", settings.cookiePath());
        assertThat(Optional.ofNullable(attributes.get("domain")))
                .isEqualTo(settings.cookieDomain());
        assertThat(Optional.ofNullable(attributes.get("max-age")).map(Long::valueOf))
                .isEqualTo(settings.cookieMaxAge().map(Duration::toSeconds));
        assertThat(attributes)
                .containsEntry("samesite", settings.cookieSameSite().attribute())
                .containsEntry("httponly", "");
        assertThat(attributes.keySet())
                .isSubsetOf(Set.of("path", "domain", "max-age", "samesite", "httponly", "secure"));
        if (settings.cookieSecure() == CookieSecure.ALWAYS
                || settings.cookieSameSite() == SameSite.NONE) {
            assertThat(attributes).containsKey("secure");
        }
    }

    /** What RFC 6265bis asks of the prefix; a browser drops the cookie otherwise. */
    @Property
    void theNameHasThePrefixExactlyWhereABrowserAllowsIt(
            @ForAll("settings") SessionSettings settings,
            @ForAll("hosts") String host,
            @ForAll("ids") SessionId id) {
        Received received = Received.from(new SessionCookie(settings).give(request(host), id));

        boolean isAllowed =
                received.attributes().containsKey("secure")
                        && received.attributes().get("path").equals("/")
                        && !received.attributes().containsKey("domain");
        assertThat(received.name()).isEqualTo((isAllowed ? "__Host-" : "") + settings.cookieName());
    }

    @Property
    void whatIsTakenBackIsTheCookieThatWasGiven(
            @ForAll("settings") SessionSettings settings,
            @ForAll("hosts") String host,
            @ForAll("ids") SessionId id) {
        SessionCookie cookie = new SessionCookie(settings);
        Received given = Received.from(cookie.give(request(host), id));
        Received taken = Received.from(cookie.takeBack(request(host)));

        assertThat(taken.name()).isEqualTo(given.name());
        assertThat(taken.value()).isEmpty();
        assertThat(taken.attributes()).containsEntry("max-age", "0");
        for (String each : List.of("path", "domain", "secure")) {
            assertThat(taken.attributes().get(each)).isEqualTo(given.attributes().get(each));
        }
    }

    @Property
    void whatTheBrowserSendsBackIsTheIdAmongWhateverOtherCookies(
            @ForAll("settings") SessionSettings settings,
            @ForAll("hosts") String host,
            @ForAll("ids") SessionId id,
            @ForAll("others") List<String> before,
            @ForAll("others") List<String> after) {
        SessionCookie cookie = new SessionCookie(settings);
        Received received = Received.from(cookie.give(request(host), id));
        String ours = received.name() + "=" + received.value();
        StringBuilder header = new StringBuilder();
        before.forEach(other -> header.append(other).append("; "));
        header.append(ours);
        after.forEach(other -> header.append("; ").append(other));

        assertThat(cookie.read(request(host, "Cookie: " + header))).containsExactly(id);
    }

    /** Longer names than ours can be. */
    @Provide
    Arbitrary<List<String>> others() {
        Arbitrary<String> values = Arbitraries.strings().ascii().excludeChars(';').ofMaxLength(40);
        return values.map(value -> "x".repeat(80) + "=" + value).list().ofMaxSize(3);
    }
}
