package org.memcachedsession.servers.basic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.net.URL;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.memcachedsession.servers.Browser;
import org.memcachedsession.servers.Browser.Answer;
import org.memcachedsession.servers.Memcached;
import org.memcachedsession.servers.Memcached.Counts;
import org.memcachedsession.servers.RawHttp;
import org.memcachedsession.servers.ScenarioWar;
import org.memcachedsession.servers.ServerLog;

/** A session seen from a browser, from its first bean to its end. */
@ExtendWith(ArquillianExtension.class)
class SessionIT {

    @ArquillianResource private URL site;

    private final Memcached memcached = Memcached.ofTheRun();
    private Browser browser;

    @Deployment(testable = false)
    static WebArchive war() {
        return ScenarioWar.beside(SessionIT.class)
                .addAsResource(
                        new StringAsset("memcached.session.idle-timeout = PT20M\n"),
                        "META-INF/memcached-session.properties");
    }

    @BeforeEach
    void newBrowser() {
        browser = Browser.at(site);
    }

    // ---- state

    @Test
    void stateFollowsTheBrowser() {
        assertThat(browser.post("api/next").body()).isEqualTo("1");
        assertThat(browser.post("api/next").body()).isEqualTo("2");
        assertThat(browser.get("api/count").body()).isEqualTo("2");
        assertThat(browser.post("api/next").body()).isEqualTo("3");
    }

    @Test
    void twoBrowsersHaveTheirOwnState() {
        Browser other = Browser.at(site);
        browser.post("api/next");
        browser.post("api/next");

        assertThat(other.post("api/next").body()).isEqualTo("1");
        assertThat(browser.post("api/next").body()).isEqualTo("3");
        assertThat(browser.cookie("sid")).isNotEqualTo(other.cookie("sid"));
    }

    @Test
    void theServersOwnSessionLivesBesideOurs() {
        assertThat(browser.post("api/both").body()).isEqualTo("1 1");
        assertThat(browser.post("api/both").body()).isEqualTo("2 2");
        assertThat(browser.cookie("JSESSIONID")).isPresent();

        browser.post("api/end");

        assertThat(browser.post("api/both").body()).isEqualTo("1 3");
    }

    @Test
    void aNewSessionBeginsWhenMemcachedHasForgottenTheOldOne() {
        browser.post("api/next");
        browser.post("api/next");
        String before = browser.cookie("sid").orElseThrow();

        memcached.flush();

        assertThat(browser.get("api/origin").body()).isEqualTo("true false UNKNOWN");
        assertThat(browser.post("api/next").body()).isEqualTo("1");
        assertThat(browser.cookie("sid").orElseThrow()).isNotEqualTo(before);
    }

    // ---- what a request costs

    @Test
    void aRequestThatUsesNoBeanGetsNoCookieAndAsksMemcachedNothing() {
        Counts before = memcached.counts();

        Answer answer = browser.get("api/no-bean");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.setCookies()).isEmpty();
        assertThat(memcached.counts()).isEqualTo(before);
    }

    @Test
    void aRequestThatUsesNoBeanOfItsLivingSessionAsksMemcachedNothing() {
        browser.post("api/next");
        Counts before = memcached.counts();

        Answer answer = browser.get("api/no-bean");

        assertThat(answer.setCookies()).isEmpty();
        assertThat(memcached.counts()).isEqualTo(before);
    }

    @Test
    void askingForTheSessionMakesNone() {
        Counts before = memcached.counts();

        Answer answer = browser.get("api/origin");

        assertThat(answer.body()).isEqualTo("true false NONE_SENT");
        assertThat(answer.setCookies()).isEmpty();
        assertThat(memcached.counts()).isEqualTo(before);
    }

    @Test
    void theFirstBeanCostsOneWriteAndMakesOneItem() {
        Counts before = memcached.counts();

        browser.post("api/next");

        Counts after = memcached.counts();
        assertThat(after.writes() - before.writes()).isOne();
        assertThat(after.replacements() - before.replacements()).isZero();
        assertThat(after.gets() - before.gets()).isZero();
    }

    @Test
    void aRequestThatOnlyReadsCostsOneRead() {
        browser.post("api/next");
        browser.get("api/count"); // the first reading of an injected bean may change its bytes
        Counts before = memcached.counts();

        Answer answer = browser.get("api/count");

        Counts after = memcached.counts();
        assertThat(answer.body()).isEqualTo("1");
        assertThat(answer.setCookies()).isEmpty();
        assertThat(after.gets() - before.gets()).isOne();
        assertThat(after.writes() - before.writes()).isZero();
    }

    @Test
    void aRequestThatChangesCostsOneReadAndOneWrite() {
        browser.post("api/next");
        Counts before = memcached.counts();

        Answer answer = browser.post("api/next");

        Counts after = memcached.counts();
        assertThat(answer.setCookies()).isEmpty();
        assertThat(after.gets() - before.gets()).isOne();
        assertThat(after.writes() - before.writes()).isOne();
        assertThat(after.replacements() - before.replacements()).isOne();
    }

    // ---- the cookie

    @Test
    void theCookieOfALoopbackHostIsNotSecure() {
        List<String> cookies = browser.post("api/next").sessionCookies();

        assertThat(cookies).hasSize(1);
        assertThat(value(cookies.get(0))).matches("sid=[A-Za-z0-9_-]{32}");
        assertThat(attributes(cookies.get(0)))
                .containsExactlyInAnyOrder("path=/", "httponly", "samesite=lax");
    }

    @Test
    void theCookieOfAnyOtherHostIsSecureAndBoundToIt() {
        Answer answer = RawHttp.get(site, "api/count", "shop.example", List.of());

        assertThat(answer.sessionCookies()).hasSize(1);
        String cookie = answer.sessionCookies().get(0);
        assertThat(value(cookie)).matches("__Host-sid=[A-Za-z0-9_-]{32}");
        assertThat(attributes(cookie))
                .containsExactlyInAnyOrder("path=/", "httponly", "samesite=lax", "secure");
    }

    @Test
    void anotherHostReadsOnlyTheCookieThatIsBoundToIt() {
        Answer first = RawHttp.get(site, "api/count", "shop.example", List.of());
        String id = value(first.sessionCookies().get(0)).substring("__Host-sid=".length());

        Answer bound =
                RawHttp.get(
                        site, "api/origin", "shop.example", List.of("Cookie: __Host-sid=" + id));
        Answer planted =
                RawHttp.get(site, "api/origin", "shop.example", List.of("Cookie: sid=" + id));

        assertThat(bound.body()).contains("LOADED");
        assertThat(planted.body()).contains("NONE_SENT");
    }

    @Test
    void theCookieIsGivenOnce() {
        assertThat(browser.post("api/next").sessionCookies()).hasSize(1);
        assertThat(browser.post("api/next").sessionCookies()).isEmpty();
        assertThat(browser.get("api/count").sessionCookies()).isEmpty();
    }

    // ---- what should not be in a cookie

    static Stream<Arguments> junk() {
        String id = "AbCdEfGhIjKlMnOpQrStUvWxYz012345";
        return Stream.of(
                arguments("nothing", "sid="),
                arguments("no equals sign", "sid"),
                arguments("a character too few", "sid=" + id.substring(1)),
                arguments("a character too many", "sid=" + id + "A"),
                arguments("an alphabet that is not ours", "sid=" + id.replace('A', '+')),
                arguments("a path", "sid=../../../../../../etc/passwd....."),
                arguments("a command of memcached", "sid=x 0 0 1\\r\\nflush_all\\r\\n........"),
                arguments("4 KiB", "sid=" + "A".repeat(4096)),
                arguments("another case of the name", "SID=" + id),
                arguments("a name that only begins like ours", "sid2=" + id),
                arguments("the name for another host", "__Host-sid=" + id),
                arguments("many of them", "sid=junk; ".repeat(50) + "sid=junk"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("junk")
    void junkInTheCookieIsNoSession(String what, String cookie) {
        Counts before = memcached.counts();
        ServerLog log = ServerLog.fromNow();

        Answer answer = RawHttp.get(site, "api/origin", "Cookie: " + cookie);

        assertThat(answer.status()).as(what).isEqualTo(200);
        assertThat(answer.body()).contains("true false NONE_SENT");
        assertThat(answer.setCookies()).isEmpty();
        assertThat(memcached.counts()).isEqualTo(before);
        assertThat(log.text()).doesNotContain("org.memcachedsession");
    }

    static Stream<Arguments> bytesOutsideOfCookies() {
        return Stream.of(
                arguments("NUL", "\u0000"),
                arguments("SOH", "\u0001"),
                arguments("tab", "\t"),
                arguments("escape", "\u001b"),
                arguments("a line feed alone", "\n"),
                arguments("delete", "\u007f"),
                arguments("a byte above ASCII", "\u00e9"),
                arguments("half a character of UTF-8", "\u00c3"));
    }

    /**
     * A server may refuse such a request by itself: Payara Micro with 400, WildFly with 500, as its own
     * session looks at the cookies before any filter or listener of ours.
     */
    @ParameterizedTest(name = "{0}")
    @MethodSource("bytesOutsideOfCookies")
    void aByteThatNoCookieMayHaveIsNoFaultOfOurs(String what, String character) {
        Counts before = memcached.counts();
        ServerLog log = ServerLog.fromNow();

        Answer answer =
                RawHttp.get(
                        site,
                        "api/origin",
                        "Cookie: sid=AbCdEfGhIjKlMnOp" + character + "rStUvWxYz012345");

        assertThat(answer.status()).as(what).isIn(200, 400, 500);
        if (answer.status() == 200) {
            assertThat(answer.body()).contains("true false NONE_SENT");
        }
        assertThat(answer.setCookies()).isEmpty();
        assertThat(answer.body()).doesNotContain("org.memcachedsession");
        assertThat(log.text()).doesNotContain("org.memcachedsession");
        assertThat(memcached.counts()).isEqualTo(before);
    }

    @Test
    void aNewSessionBesideJunkGetsAnIdOfItsOwn() {
        Answer answer = RawHttp.get(site, "api/count", "Cookie: sid=" + "A".repeat(4096));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.sessionCookies()).hasSize(1);
        assertThat(value(answer.sessionCookies().get(0))).hasSize("sid=".length() + 32);
    }

    @Test
    void anIdThatMemcachedDoesNotKnowIsNotAdopted() {
        String planted = "AbCdEfGhIjKlMnOpQrStUvWxYz012345";
        browser.setCookie("sid", planted);

        assertThat(browser.get("api/origin").body()).isEqualTo("true false UNKNOWN");
        assertThat(browser.post("api/next").body()).isEqualTo("1");
        assertThat(browser.cookie("sid").orElseThrow()).isNotEqualTo(planted);
        assertThat(browser.post("api/next").body()).isEqualTo("2");
    }

    @Test
    void twoLivingSessionsInOneRequestAreNone() {
        browser.post("api/next");
        Browser other = Browser.at(site);
        other.post("api/next");

        Answer answer =
                RawHttp.get(
                        site,
                        "api/origin",
                        "Cookie: sid="
                                + browser.cookie("sid").orElseThrow()
                                + "; sid="
                                + other.cookie("sid").orElseThrow());

        assertThat(answer.body()).contains("true false");
    }

    @Test
    void aLivingSessionIsFoundBesideAnotherCookieOfItsName() {
        browser.post("api/next");

        Answer answer =
                RawHttp.get(
                        site,
                        "api/count",
                        "Cookie: sid=planted; theme=dark; sid="
                                + browser.cookie("sid").orElseThrow());

        assertThat(answer.body()).contains("1");
        assertThat(answer.sessionCookies()).isEmpty();
    }

    // ---- what is known about it

    @Test
    void aSessionIsCreatedOnceAndLoadedFromThenOn() {
        browser.post("api/next");

        assertThat(browser.get("api/origin").body()).isEqualTo("true true LOADED");
    }

    @Test
    void theFingerprintStaysAndTellsNothingOfTheId() {
        assertThat(browser.get("api/fingerprint").body()).isEqualTo("none");
        browser.post("api/next");

        String fingerprint = browser.get("api/fingerprint").body();

        assertThat(fingerprint).matches("[0-9a-f]{12}");
        assertThat(browser.get("api/fingerprint").body()).isEqualTo(fingerprint);
        assertThat(browser.cookie("sid").orElseThrow()).doesNotContainIgnoringCase(fingerprint);
    }

    @Test
    void theTimesFollowTheSettingsOfTheWar() {
        browser.post("api/next");

        String[] times = browser.get("api/times").body().split(" ", -1);

        Instant created = Instant.parse(times[1]);
        assertThat(Duration.parse(times[0])).isEqualTo(Duration.ofMinutes(20));
        Instant absoluteEnd = Instant.parse(times[3]);
        assertThat(absoluteEnd).isEqualTo(created.plus(Duration.ofHours(12)));
        assertThat(Instant.parse(times[2]))
                .isBetween(created.plus(Duration.ofMinutes(20)), absoluteEnd);
    }

    // ---- its end

    @Test
    void endingTakesAwayWhatTheItemHoldsAndTheCookie() {
        browser.post("api/next");
        Counts before = memcached.counts();

        Answer answer = browser.post("api/end");

        assertThat(answer.body()).isEqualTo("false ENDED");
        assertThat(memcached.counts().writes() - before.writes()).isOne(); // of a tombstone
        assertThat(answer.sessionCookies()).hasSize(1);
        assertThat(value(answer.sessionCookies().get(0))).isEqualTo("sid=");
        assertThat(attributes(answer.sessionCookies().get(0)))
                .contains("path=/", "httponly", "samesite=lax", "max-age=0");
        assertThat(browser.cookie("sid")).isEmpty();
    }

    @Test
    void anEndedSessionCannotBeUsedAgain() {
        browser.post("api/next");
        String id = browser.cookie("sid").orElseThrow();
        browser.post("api/end");

        browser.setCookie("sid", id);

        assertThat(browser.get("api/origin").body()).isEqualTo("true false ENDED");
        assertThat(browser.post("api/next").body()).isEqualTo("1");
    }

    @Test
    void endingDestroysTheBeansThatTheRequestHasNotTouched() {
        Browser witness = Browser.at(site);
        for (int i = 0; i < 77; i++) {
            browser.post("api/next");
        }

        browser.post("api/end");

        assertThat(witness.get("api/ended").body()).containsOnlyOnce("77");
    }

    @Test
    void endingWithoutASessionDoesNothing() {
        Counts before = memcached.counts();

        Answer answer = browser.post("api/end");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.setCookies()).isEmpty();
        assertThat(memcached.counts()).isEqualTo(before);
    }

    private static String value(String cookie) {
        return cookie.split(";", 2)[0];
    }

    /** In lower case, as their case means nothing; without a date, which says the same as max-age. */
    private static List<String> attributes(String cookie) {
        return Stream.of(cookie.split(";"))
                .skip(1)
                .map(attribute -> attribute.trim().toLowerCase(Locale.ROOT))
                .filter(attribute -> !attribute.startsWith("expires="))
                .toList();
    }
}
