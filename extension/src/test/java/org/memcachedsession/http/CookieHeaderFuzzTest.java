package org.memcachedsession.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.memcachedsession.Allocation;
import org.memcachedsession.SessionSettings;
import org.memcachedsession.session.SessionId;

/** The bytes of Cookie headers, one a line, as servers hand them on: a character for each byte. */
class CookieHeaderFuzzTest {

    private static final int MOST_IDS = 4;
    private static final SessionId OURS =
            SessionId.parse("the-id-of-the-session-of-the-use").orElseThrow();

    /** The rule of RFC 6265, section 4.2.1, in words of its own. */
    private static final String PAIR = "(?<![^;])[ \t]*%s=([A-Za-z0-9_-]{32})[ \t]*(?![^;])";

    private static final Pattern PLAIN = Pattern.compile(PAIR.formatted("sid"));
    private static final Pattern OF_HOST = Pattern.compile(PAIR.formatted("__Host-sid"));

    private static final SessionCookie COOKIE =
            new SessionCookie(
                    SessionSettings.builder().servers("127.0.0.1").application("test").build());

    @FuzzTest(maxDuration = "2m")
    void anyHeadersGiveTheIdsThatAreInThemAndNoOthers(byte[] bytes) {
        String[] headers = new String(bytes, ISO_8859_1).split("\n", -1);
        check("localhost", PLAIN, headers);
        check("shop.example.org", OF_HOST, headers);
    }

    private static void check(String host, Pattern pair, String... headers) {
        HttpServletRequest request = request(host, headers);
        SortedSet<SessionId> expected = new TreeSet<>();
        long length = 0;
        for (String header : headers) {
            length += header.length();
            for (Matcher found = pair.matcher(header); found.find(); ) {
                expected.add(SessionId.parse(found.group(1)).orElseThrow());
            }
        }

        Allocation.assertAtMost(200_000 + 500 * length, () -> COOKIE.read(request));
        assertThat(COOKIE.read(request)).isEqualTo(lookedAt(expected));

        expected.add(OURS);
        String given = COOKIE.give(request, OURS).split(";", -1)[0];
        String[] more = Stream.concat(Stream.of(headers), Stream.of(given)).toArray(String[]::new);
        assertThat(COOKIE.read(request(host, more))).isEqualTo(lookedAt(expected));
    }

    private static List<SessionId> lookedAt(SortedSet<SessionId> ids) {
        return ids.size() > MOST_IDS ? List.of() : List.copyOf(ids);
    }

    private static HttpServletRequest request(String host, String... headers) {
        return StubRequest.of(
                "http",
                host,
                Stream.of(headers).map(value -> "Cookie: " + value).toArray(String[]::new));
    }
}
