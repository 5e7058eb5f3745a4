package org.memcachedsession.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.Extension;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memcachedsession.MemcachedSessionScoped;
import org.memcachedsession.SessionSettings;
import org.memcachedsession.SessionSettings.Server;
import org.memcachedsession.SessionSettingsException;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.cdi.CookieJar;
import org.memcachedsession.cdi.TestNode;
import org.memcachedsession.embedded.EmbeddedMemcached;

/** What the configuration endpoint of a cloud service tells, and what is made of it. */
@Timeout(120)
class ConfigurationEndpointTest {

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private volatile String answer = "";
    private final ScriptedServer endpoint =
            opened(
                    new ScriptedServer(
                            (line, conversation) ->
                                    line.equals("config get cluster") ? answer : "ERROR\r\n"));

    private <T extends AutoCloseable> T opened(T one) {
        open.push(one);
        return one;
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    private List<Server> asked() {
        return new ConfigurationEndpoint(
                        new Server("127.0.0.1", endpoint.port()),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(30))
                .servers();
    }

    private static String telling(String servers) {
        String list = "12\n" + servers + "\n";
        return "CONFIG cluster 0 " + list.length() + "\r\n" + list + "\r\nEND\r\n";
    }

    @Test
    void theServersAreKnownByTheirNamesInAnOrderOfTheirOwn() {
        answer =
                telling(
                        "b.example.org|10.0.0.2|11211 a.example.org|10.0.0.1|11212"
                                + " |10.0.0.3|11211 c.example.org||11211");

        assertThat(asked())
                .containsExactly(
                        new Server("10.0.0.3", 11211),
                        new Server("a.example.org", 11212),
                        new Server("b.example.org", 11211),
                        new Server("c.example.org", 11211));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ERROR\r\n",
                "END\r\n",
                "CONFIG cluster 0 3\r\n1\n\n\r\nEND\r\n",
                "CONFIG cluster 0 9\r\n1\na|b|c\n\r\nEND\r\n",
                "CONFIG cluster 0 9\r\n1\na|11211\n\r\nEND\r\n",
                "CONFIG cluster 0 9\r\n1\n||11211\n\r\nEND\r\n"
            })
    void whatNamesNoServersIsRefusedWithTheRemedy(String told) {
        answer = told;

        assertThatThrownBy(this::asked)
                .isInstanceOf(SessionStoreException.class)
                .hasMessageStartingWith("MSS-83 the configuration endpoint 127.0.0.1:")
                .hasMessageContaining("memcached.session.servers");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ERROR %s\r\n", "CONFIG cluster 0 9\r\n1\n%s\r\nEND\r\n"})
    void whatItAnswersInsteadIsToldShortenedAndSoThatItDisturbsNoLog(String told) {
        answer = told.formatted("\u001b[2J\u0007" + "x".repeat(10_000));

        assertThatThrownBy(this::asked)
                .isInstanceOf(SessionStoreException.class)
                .message()
                .matches("[ -~]+")
                .contains("?[2J?xxx")
                .hasSizeLessThan(500);
    }

    @Test
    void anEndpointThatHangsUpIsNamed() {
        answer = null;

        assertThatThrownBy(this::asked)
                .isInstanceOf(SessionStoreException.class)
                .hasMessageContaining("does not answer");
    }

    /** The operating system would go on for two minutes. */
    @Test
    void anEndpointThatDoesNotEvenRefuseIsGivenUpAfterTheConnectTimeout() throws Exception {
        try (FullBacklog silent = new FullBacklog()) {
            ConfigurationEndpoint nobody =
                    new ConfigurationEndpoint(
                            new Server("127.0.0.1", silent.port()),
                            Duration.ofMillis(50),
                            Duration.ofSeconds(30));

            assertThatThrownBy(nobody::servers)
                    .isInstanceOf(SessionStoreException.class)
                    .hasMessageStartingWith("MSS-83 ")
                    .hasMessageContaining("does not answer");
        }
    }

    @Test
    void anAnswerWithoutAnEndIsNotReadForEver() {
        answer = "CONFIG cluster 0 9\r\n" + "x".repeat(300_000);

        assertThatThrownBy(this::asked)
                .isInstanceOf(SessionStoreException.class)
                .hasMessageContaining("more than");
    }

    @Test
    void whatIsToldIsCheckedAsIfItHadBeenSet() {
        SessionSettings settings =
                SessionSettings.builder()
                        .application("discovered")
                        .discover(new Server("127.0.0.1", endpoint.port()))
                        .copies(2)
                        .build();
        answer = telling("127.0.0.1||0 127.0.0.1||11211 127.0.0.1||11211");

        assertThatThrownBy(() -> settings.checked(asked()))
                .isInstanceOf(SessionSettingsException.class)
                .hasMessageContaining("MSS-10")
                .hasMessageContaining("MSS-12");

        answer = telling("|10.0.0.1|11211");

        assertThatThrownBy(() -> settings.checked(asked()))
                .isInstanceOf(SessionSettingsException.class)
                .hasMessageContaining("MSS-40")
                .hasMessageContaining("MSS-57");
    }

    @MemcachedSessionScoped
    static class Cart implements Serializable {
        private static final long serialVersionUID = 1L;
        private String item = "";

        String item() {
            return item;
        }

        void put(String bought) {
            item = bought;
        }
    }

    private final class Discovering implements Extension {

        void set(@Observes SessionSettings.Builder settings) {
            settings.application("discovered")
                    .discover(new Server("127.0.0.1", endpoint.port()))
                    .serversRefresh(Duration.ofSeconds(1))
                    .connectTimeout(Duration.ofSeconds(20))
                    .operationTimeout(Duration.ofSeconds(20));
        }
    }

    private TestNode node() {
        return opened(
                TestNode.withSettings(new Discovering())
                        .containerId("node-" + open.size())
                        .beans(Cart.class)
                        .start());
    }

    private String item(TestNode node, CookieJar browser) {
        try {
            return node.request(browser, node.bean(Cart.class)::item);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aPoolThatGrowsIsFollowedAndNobodyIsLoggedOut() throws Exception {
        List<String> servers =
                Stream.generate(EmbeddedMemcached::start)
                        .limit(4)
                        .map(this::opened)
                        .map(server -> "localhost|127.0.0.1|" + server.port())
                        .toList();
        answer = telling(String.join(" ", servers.subList(0, 2)));
        TestNode node = node();
        List<CookieJar> browsers = Stream.generate(CookieJar::new).limit(40).toList();
        for (CookieJar browser : browsers) {
            Cart cart = node.bean(Cart.class);
            node.run(browser, () -> cart.put("book"));
        }

        answer = telling(String.join(" ", servers));
        TestNode grown = node();

        Patience.until(
                "all sessions have moved",
                () ->
                        browsers.stream().allMatch(browser -> item(node, browser).equals("book"))
                                && browsers.stream()
                                        .allMatch(
                                                browser ->
                                                        item(grown, copyOf(browser))
                                                                .equals("book")));
        assertThat(
                        browsers.stream()
                                .map(browser -> item(grown, browser))
                                .collect(Collectors.toSet()))
                .containsExactly("book");
    }

    /** Whoever is not known gets another cookie, and this one is to be asked for again. */
    private static CookieJar copyOf(CookieJar browser) {
        CookieJar copy = new CookieJar();
        copy.take(browser.id().orElseThrow());
        return copy;
    }
}
