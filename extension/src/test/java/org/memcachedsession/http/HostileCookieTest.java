package org.memcachedsession.http;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletRequest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.memcachedsession.SessionOrigin;
import org.memcachedsession.SessionSettings;
import org.memcachedsession.codec.TestCodec;
import org.memcachedsession.session.BeanKey;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.RecordCodec;
import org.memcachedsession.session.SessionId;
import org.memcachedsession.session.SessionRules;
import org.memcachedsession.session.Sessions;
import org.memcachedsession.session.SetClock;
import org.memcachedsession.session.UnitOfWork;
import org.memcachedsession.session.UnitOfWork.CookieChange;
import org.memcachedsession.store.InMemorySessionStore;
import org.memcachedsession.store.InMemorySessionStore.Calls;
import org.memcachedsession.store.InMemorySessionStore.Operation;

/** What attackers put into the Cookie header: none of it is a cookie of ours, or costs anything. */
class HostileCookieTest {

    private static final int HEADERS = 100_000;
    private static final long SEED = 20_261_122;
    private static final BeanKey COUNTER = new BeanKey("counter");

    private static final String BASE64URL =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private final SetClock clock = new SetClock();
    private final InMemorySessionStore store = new InMemorySessionStore(clock, 1_000_000);
    private final SessionSettings settings =
            SessionSettings.builder().servers("127.0.0.1").application("test").build();
    private final SessionCookie cookie = new SessionCookie(settings);
    private final RecordCodec codec = TestCodec.of("test");
    private final SerializedBeans beans = new SerializedBeans();
    private final Sessions sessions =
            new Sessions(
                    store,
                    codec,
                    beans,
                    beans,
                    clock,
                    new SecureRandom(),
                    SessionRules.of(settings, true));
    private final Random random = new Random(SEED);

    private List<SessionId> read(String... cookieHeaders) {
        return cookie.read(request(cookieHeaders));
    }

    private static HttpServletRequest request(String... cookieHeaders) {
        return StubRequest.of(
                "http",
                "localhost",
                Stream.of(cookieHeaders).map(value -> "Cookie: " + value).toArray(String[]::new));
    }

    // ---- by the hundred thousand

    @Test
    void aHundredThousandHostileHeadersAreNoCookieAndAskNoStore() {
        List<Operation> calls = new ArrayList<>();
        store.observe(
                new Calls() {
                    @Override
                    public void before(Operation operation, ItemKey key) {
                        calls.add(operation);
                    }
                });
        Set<String> different = new HashSet<>();
        List<String> taken = new ArrayList<>();

        for (int i = 0; i < HEADERS; i++) {
            String header = hostileHeader();
            different.add(header);
            UnitOfWork unit = sessions.begin(read(header));
            if (unit.find(COUNTER) != null || unit.origin() != SessionOrigin.NONE_SENT) {
                taken.add(header);
            }
            unit.close();
        }

        assertThat(taken).isEmpty();
        assertThat(calls).isEmpty();
        assertThat(different).hasSizeGreaterThan(HEADERS * 9 / 10);
    }

    /** The same junk, and now something is to be found in it: so it is not the test that is blind. */
    @Test
    void anIdIsFoundWithinHostileHeaders() {
        for (int i = 0; i < HEADERS / 10; i++) {
            String id = characters(32, BASE64URL);
            String header = hostileHeader() + ";sid=" + id + ";" + hostileHeader();

            assertThat(read(header)).as(header).containsExactly(SessionId.parse(id).orElseThrow());
        }
    }

    /** Up to eight cookies, of which none is ours. */
    private String hostileHeader() {
        String separator = pick(List.of(";", "; ", " ;\t", ";;", ","));
        return IntStream.rangeClosed(0, random.nextInt(8))
                .mapToObj(i -> hostileCookie())
                .collect(joining(separator));
    }

    private String hostileCookie() {
        String valid = characters(32, BASE64URL);
        return switch (random.nextInt(8)) {
            case 0 -> pick(NOT_OUR_NAMES) + "=" + valid;
            case 1 -> "sid=" + valid.substring(random.nextInt(1, 33));
            case 2 -> "sid=" + valid + characters(random.nextInt(1, 400), BASE64URL);
            case 3 -> "sid=" + withOneStrangeCharacter(valid);
            case 4 -> pick(List.of("", "sid", "=", "sid=", "==", "sid==" + valid, "$Version=1"));
            case 5 -> noise(random.nextInt(60));
            case 6 -> "sid=" + noise(32);
            default -> pick(WRAPPINGS).apply(valid);
        };
    }

    private static final List<String> NOT_OUR_NAMES =
            List.of(
                    "SID",
                    "Sid",
                    "sId",
                    "__Host-sid",
                    "__host-sid",
                    "__Secure-sid",
                    "sid ",
                    "sid\t",
                    "xsid",
                    "sidx",
                    "$sid",
                    "\"sid\"",
                    "%73id",
                    "s\u0131d",
                    "\u0085sid",
                    "\u00a0sid",
                    "\u2000sid",
                    "\u2028sid",
                    "\u3000sid",
                    "\ufeffsid",
                    "\u0000sid",
                    "\u001fsid",
                    "\u000bsid",
                    "\fsid",
                    "\rsid",
                    "\nsid",
                    "sid\u0000",
                    "sid\u0085",
                    "sid\u00a0",
                    "=sid",
                    "sid=sid",
                    "",
                    "a=b,sid",
                    "{sid}",
                    "sid[]",
                    "sid.");

    private static final List<Function<String, String>> WRAPPINGS =
            List.of(
                    id -> "sid=\"" + id + "\"",
                    id -> "sid=\"" + id,
                    id -> "sid='" + id + "'",
                    id -> "sid= " + id,
                    id -> "sid=\u00a0" + id,
                    id -> "sid=" + id + "\u0085",
                    id -> "sid=" + id + "=",
                    id -> "sid=" + id + "\r\nset x 0 0 1",
                    id -> "sid=" + id + "%0d%0aflush_all",
                    id -> "sid=" + id + "\u0000",
                    id -> "sid=" + id + ",sid=" + id,
                    id -> "sid=" + id + ".node1",
                    id -> "sid=../" + id.substring(3),
                    id -> "sid=%41" + id.substring(3),
                    id -> "sid=+" + id.substring(1),
                    id -> "sid=/" + id.substring(1),
                    // overlong and fullwidth forms of characters that would be right
                    id -> "sid=\u00c1\u0081" + id.substring(2),
                    id -> "sid=\uff21" + id.substring(1),
                    id -> "sid=\ud835\udc00" + id.substring(2));

    private String withOneStrangeCharacter(String valid) {
        int at = random.nextInt(valid.length());
        char strange;
        do {
            strange = (char) random.nextInt(random.nextBoolean() ? 0x100 : 0x10000);
        } while (BASE64URL.indexOf(strange) >= 0 || strange == ';');
        return valid.substring(0, at) + strange + valid.substring(at + 1);
    }

    /** With a character at its begin that no id has: what follows may be anything but a separator. */
    private String noise(int length) {
        StringBuilder noise = new StringBuilder("!");
        while (noise.length() < length) {
            char c = (char) random.nextInt(random.nextBoolean() ? 0x80 : 0x10000);
            noise.append(c == ';' ? '!' : c);
        }
        return noise.toString();
    }

    private String characters(int count, String alphabet) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    // ---- of great length

    @ParameterizedTest
    @ValueSource(ints = {16 * 1024, 64 * 1024, 1024 * 1024})
    void aHeaderOfAnyLengthIsNoCookie(int length) {
        String id = "A".repeat(32);
        for (String unit :
                List.of(
                        "A",
                        ";",
                        "=",
                        "sid",
                        "sid=",
                        "sid;",
                        "sid=;",
                        "SID=" + id + ";",
                        "\"",
                        "\u00a0")) {
            assertThat(read(unit.repeat(length / unit.length()))).as(unit).isEmpty();
            assertThat(read("sid=" + id + unit.replace(';', 'A').repeat(length / unit.length())))
                    .as(unit)
                    .isEmpty();
        }
    }

    // ---- duplicates

    private SessionId begin() {
        UnitOfWork unit = sessions.begin(List.of());
        ((Counter) unit.findOrCreate(COUNTER, Counter::new)).add();
        unit.save();
        SessionId id = ((CookieChange.Give) unit.cookieChange().orElseThrow()).id();
        unit.close();
        return id;
    }

    /** What a request with these cookies has. */
    private String outcome(String header) {
        UnitOfWork unit = sessions.begin(read(header));
        String outcome = unit.origin() + " " + unit.fingerprint().orElse("none");
        unit.close();
        return outcome;
    }

    private static String sid(SessionId id) {
        return "sid=" + id.cookieValue();
    }

    private SessionId unknown() {
        return SessionId.random(new SecureRandom());
    }

    /** Under this id there is something that does not open. */
    private SessionId unreadable() {
        SessionId id = unknown();
        store.create(codec.itemKey(id), new byte[] {1, 2, 3}, settings.idleTimeout());
        return id;
    }

    @Test
    void oneIdAmongJunkIsFoundInEveryOrder() {
        SessionId own = begin();
        List<String> cookies =
                List.of(sid(own), "sid=junk", "sid=", "SID=" + "A".repeat(32), "theme=dark", "sid");

        for (String header : ordersOf(cookies)) {
            assertThat(read(header)).as(header).containsExactly(own);
            assertThat(outcome(header)).isEqualTo("LOADED " + own.fingerprint());
        }
    }

    @Test
    void aLivingSessionIsFoundAmongDeadOnesInEveryOrder() {
        SessionId own = begin();
        List<String> cookies =
                List.of(sid(own), sid(unknown()), sid(unreadable()), sid(own), sid(unknown()));

        for (String header : ordersOf(cookies)) {
            assertThat(outcome(header)).as(header).isEqualTo("LOADED " + own.fingerprint());
        }
    }

    @Test
    void ofTwoLivingSessionsNeitherIsFoundInAnyOrder() {
        List<String> cookies = List.of(sid(begin()), sid(begin()), sid(unknown()), "sid=junk");

        for (String header : ordersOf(cookies)) {
            assertThat(outcome(header)).as(header).isEqualTo("UNKNOWN none");
        }
    }

    @Test
    void whyThereIsNoSessionIsTheSameInEveryOrder() {
        List<String> cookies = List.of(sid(unknown()), sid(unreadable()), sid(unknown()), "sid=");

        Set<String> outcomes = new HashSet<>();
        ordersOf(cookies).forEach(header -> outcomes.add(outcome(header)));

        assertThat(outcomes).hasSize(1);
    }

    @Test
    void moreIdsThanABrowserHasAreNoneInEveryOrder() {
        List<String> cookies =
                List.of(
                        sid(begin()),
                        sid(unknown()),
                        sid(unknown()),
                        sid(unknown()),
                        sid(unknown()));

        for (String header : ordersOf(cookies)) {
            assertThat(outcome(header)).as(header).isEqualTo("NONE_SENT none");
        }
    }

    @Test
    void fiftyCopiesOfACookieAreOne() {
        SessionId own = begin();

        assertThat(read(String.join("; ", Collections.nCopies(50, sid(own))))).containsExactly(own);
        assertThat(read(Collections.nCopies(50, sid(own)).toArray(String[]::new)))
                .containsExactly(own);
    }

    private static List<String> ordersOf(List<String> cookies) {
        List<String> headers = new ArrayList<>();
        permute(new ArrayList<>(cookies), 0, headers);
        return headers;
    }

    private static void permute(List<String> cookies, int from, List<String> headers) {
        if (from == cookies.size()) {
            headers.add(String.join("; ", cookies));
            return;
        }
        for (int i = from; i < cookies.size(); i++) {
            Collections.swap(cookies, from, i);
            permute(cookies, from + 1, headers);
            Collections.swap(cookies, from, i);
        }
    }

    // ---- names

    static Stream<String> notOurNames() {
        return NOT_OUR_NAMES.stream();
    }

    @ParameterizedTest
    @MethodSource("notOurNames")
    void aNameThatOnlyLooksLikeOursIsNotOurs(String name) {
        String id = "A".repeat(32);

        assertThat(read(name + "=" + id)).isEmpty();
        assertThat(read("a=b; " + name + "=" + id + "; c=d")).isEmpty();
        assertThat(read("sid=" + id)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sid",
                "__host-sid",
                "__HOST-sid",
                "__Host-SID",
                "__Secure-sid",
                "__Host-__Host-sid",
                "\u0085__Host-sid",
                "\u00a0__Host-sid",
                "\u2000__Host-sid",
                "=__Host-sid",
                "__Host-sid ",
                "__Host-\u00a0sid",
                "$__Host-sid"
            })
    void whereTheNameHasThePrefixANameThatOnlyLooksLikeItIsNotOurs(String name) {
        String id = "A".repeat(32);

        assertThat(
                        cookie.read(
                                StubRequest.of(
                                        "https", "shop.example", "Cookie: " + name + "=" + id)))
                .isEmpty();
        assertThat(cookie.read(StubRequest.of("https", "shop.example", "Cookie: __Host-sid=" + id)))
                .hasSize(1);
    }
}
