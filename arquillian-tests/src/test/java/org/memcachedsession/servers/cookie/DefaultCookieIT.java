package org.memcachedsession.servers.cookie;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.memcachedsession.servers.Browser;
import org.memcachedsession.servers.Browser.Answer;
import org.memcachedsession.servers.Memcached;
import org.memcachedsession.servers.Memcached.Counts;
import org.memcachedsession.servers.RawHttp;
import org.memcachedsession.servers.ServerLog;

/** With no settings: when a cookie is sent, what caches are told, and what is made of hostile cookies. */
class DefaultCookieIT extends CookieIT {

    private static final int COOKIE_BYTES = 4096;

    private final Memcached memcached = Memcached.ofTheRun();
    private Browser browser;

    DefaultCookieIT() {
        super("path=/ domain=none same-site=Lax secure=auto max-age=none");
    }

    @Deployment(testable = false)
    static WebArchive war() {
        return war("");
    }

    @BeforeEach
    void newBrowser() {
        browser = Browser.at(site());
    }

    // ---- when it is sent

    @Test
    void theCookieIsSentAtTheBeginAndAtTheEndAndNotInAHundredRequestsBetween() {
        List<String> sent = new ArrayList<>(browser.get("api/visit").setCookies());
        assertThat(sent).hasSize(1);

        for (int i = 0; i < 50; i++) {
            assertThat(browser.get("api/visit").setCookies()).isEmpty();
            assertThat(browser.get("api/count").setCookies()).isEmpty();
        }
        assertThat(browser.get("api/count").body()).isEqualTo("51");

        sent.addAll(browser.get("api/end").setCookies());
        assertThat(sent).hasSize(2).allMatch(line -> line.length() <= COOKIE_BYTES);
        assertThat(browser.get("api/origin").setCookies()).isEmpty();
    }

    // ---- caches

    private static void assertKeptByNoCache(Answer answer) {
        assertThat(answer.headers("Cache-Control")).containsExactly("no-store");
        assertThat(answer.headers("Vary")).containsExactly("Cookie");
    }

    private static void assertKeptForItsUserAlone(Answer answer) {
        assertThat(answer.headers("Cache-Control")).containsExactly("private");
        assertThat(answer.headers("Vary")).containsExactly("Cookie");
    }

    @Test
    void anAnswerWithTheCookieIsKeptByNoCache() {
        assertKeptByNoCache(browser.get("api/visit"));
        assertKeptByNoCache(browser.get("api/end"));
        assertKeptByNoCache(browser.get("api/said?words=public"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "count",
                "visit",
                "origin",
                "said?words=public",
                "status?status=204",
                "status?status=304",
                "status?status=404",
                "status?status=500",
                "redirect",
                "long",
                "streamed"
            })
    void anAnswerThatTheSessionWentIntoIsKeptForItsUserAlone(String path) {
        browser.get("api/visit");

        assertKeptForItsUserAlone(browser.get("api/" + path));
    }

    static Stream<Arguments> words() {
        return Stream.of(
                arguments("private,max-age=60", "private,max-age=60"),
                arguments("no-cache", "no-cache"),
                arguments("no-store", "no-store"),
                arguments("max-age=60", "private, max-age=60"),
                arguments("public,max-age=60", "private, max-age=60"));
    }

    @ParameterizedTest
    @MethodSource("words")
    void whatTheApplicationSaysStaysUnlessOthersCouldGetTheAnswer(String said, String sent) {
        browser.get("api/visit");

        Answer answer = browser.get("api/said?words=" + said);

        assertThat(answer.headers("Cache-Control")).containsExactly(sent);
        assertThat(answer.headers("Vary")).containsExactly("Cookie");
    }

    @Test
    void anAnswerWithoutTheSessionIsLeftAsItIs() {
        browser.get("api/visit");

        Answer nothingSaid = browser.get("api/none");
        Answer said = browser.get("api/said-without-session?words=public,max-age=60");

        assertThat(nothingSaid.headers("Cache-Control")).isEmpty();
        assertThat(nothingSaid.headers("Vary")).isEmpty();
        assertThat(said.headers("Cache-Control")).containsExactly("public,max-age=60");
        assertThat(said.headers("Vary")).isEmpty();
    }

    // ---- hostile cookies

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SID",
                "__Host-sid",
                "\u0085sid",
                "\u00a0sid",
                "sid\u0085",
                "sid\u00a0",
                "\u00e2\u0080\u0080sid", // U+2000 in UTF-8
                "=sid",
                "sid ",
                "$sid"
            })
    void aNameThatOnlyLooksLikeOursIsNotOurs(String name) {
        browser.get("api/visit");
        String id = browser.cookie("sid").orElseThrow();
        ServerLog log = ServerLog.fromNow();

        Answer answer = RawHttp.get(site(), "api/origin", "Cookie: " + name + "=" + id);

        if (answer.status() == 200) { // else the server has its own opinion of such bytes
            assertThat(answer.body()).contains("NONE_SENT");
        }
        assertThat(answer.status()).isIn(200, 400, 500);
        assertThat(answer.body()).doesNotContain("org.memcachedsession");
        assertThat(log.text()).doesNotContain("org.memcachedsession");
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
    void aHugeHeaderIsRefusedByTheServerOrIsNoCookie(int length, String part) {
        Counts before = memcached.counts();
        ServerLog log = ServerLog.fromNow();

        Optional<Answer> answer =
                RawHttp.getIfAnswered(
                        site(), "api/origin", "Cookie: sid=" + part.repeat(length / part.length()));

        answer.ifPresent(
                sent -> {
                    if (sent.status() == 200) {
                        assertThat(sent.body()).contains("NONE_SENT");
                    } else {
                        assertThat(sent.status()).isBetween(400, 499);
                    }
                    assertThat(sent.setCookies()).isEmpty();
                    assertThat(sent.body()).doesNotContain("org.memcachedsession");
                });
        assertThat(log.text()).doesNotContain("org.memcachedsession");
        assertThat(memcached.counts()).isEqualTo(before);
    }
}
