package org.memcachedsession.servers.broken;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.memcachedsession.nodes.Node;
import org.memcachedsession.nodes.NodeSettings;
import org.memcachedsession.servers.Browser;
import org.memcachedsession.servers.Browser.Answer;
import org.memcachedsession.servers.Memcached;
import org.memcachedsession.servers.ScenarioWar;
import org.memcachedsession.servers.ServerKind;

/** A memcached that is not there at deployment, comes, and goes again. */
class UnavailableIT {

    private static final String ID = "AbCdEfGhIjKlMnOpQrStUvWxYz012345";

    private static final Memcached ABSENT = new Memcached(Integer.getInteger("absent.port"));
    private static final Map<ServerKind, Node> NODES = new EnumMap<>(ServerKind.class);

    @BeforeAll
    static void startAll() {
        Path directory = Path.of("target", "nodes");
        Path war =
                ScenarioWar.export(
                        ScenarioWar.beside(UnavailableIT.class),
                        directory.resolve("unavailable.war"));
        for (ServerKind kind : ServerKind.values()) {
            NodeSettings settings =
                    NodeSettings.of(kind + "-unavailable", war, directory)
                            .withReadyPath("api/no-bean")
                            .withSystemProperty("memcached.session.servers", ABSENT.address())
                            .withSystemProperty("memcached.session.operation-timeout", "PT10S");
            NODES.put(kind, kind.launch(settings));
        }
        NODES.values().forEach(Node::awaitReady);
    }

    @AfterAll
    static void endAll() {
        NODES.values().forEach(Node::close);
    }

    static Stream<Arguments> kindsAndPages() {
        return Stream.of(ServerKind.values())
                .flatMap(
                        kind ->
                                Stream.of("draft", "api/draft")
                                        .map(page -> Arguments.of(kind, page)));
    }

    @ParameterizedTest
    @EnumSource
    void aPageThatNeedsNoSessionWorks(ServerKind kind) {
        Answer answer = browserWithCookie(kind).get("api/no-bean");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("no bean");
    }

    @ParameterizedTest
    @MethodSource("kindsAndPages")
    void aPageThatNeedsItsSessionAsksToComeAgain(ServerKind kind, String page) {
        assertUnavailable(browserWithCookie(kind).get(page));
    }

    @ParameterizedTest
    @MethodSource("kindsAndPages")
    void aPageThatNeedsANewSessionAsksToComeAgain(ServerKind kind, String page) {
        assertUnavailable(browser(kind).get(page));
    }

    @ParameterizedTest
    @EnumSource
    void aSessionThatCannotBeEndedKeepsItsCookie(ServerKind kind) {
        assertUnavailable(browserWithCookie(kind).post("api/end"));
    }

    @ParameterizedTest
    @EnumSource
    void theApplicationMayAskWhyThereIsNoSession(ServerKind kind) {
        assertThat(browserWithCookie(kind).get("api/origin").body()).isEqualTo("UNAVAILABLE");
        assertThat(browser(kind).get("api/origin").body()).isEqualTo("NONE_SENT");
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(120)
    void sessionsWorkAsSoonAsMemcachedIsThere(ServerKind kind) throws Exception {
        Browser browser = browser(kind);
        try (AutoCloseable memcached = ABSENT.start()) {
            awaitSessions(browser);
            browser.post("api/draft?text=kept");

            assertThat(browser.get("api/draft").body()).isEqualTo("kept");
        }

        assertUnavailable(browser.get("api/draft"));
        assertThat(browser.get("api/no-bean").status()).isEqualTo(200);
        assertThat(browser.cookie("sid")).isPresent();
    }

    /** A server that was away is not asked again at once; the test's timeout ends what lasts. */
    private static void awaitSessions(Browser browser) {
        Answer answer;
        do {
            answer = browser.get("api/draft");
        } while (answer.status() == 503);
        assertThat(answer.status()).isEqualTo(200);
    }

    private static void assertUnavailable(Answer answer) {
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("retry-after"))
                .hasValueSatisfying(seconds -> assertThat(Integer.parseInt(seconds)).isPositive());
        assertThat(answer.setCookies()).isEmpty();
        assertThat(answer.body()).doesNotContain("org.memcachedsession", "\tat ");
    }

    private static Browser browser(ServerKind kind) {
        return Browser.at(NODES.get(kind).url());
    }

    private static Browser browserWithCookie(ServerKind kind) {
        Browser browser = browser(kind);
        browser.setCookie("sid", ID);
        return browser;
    }
}
