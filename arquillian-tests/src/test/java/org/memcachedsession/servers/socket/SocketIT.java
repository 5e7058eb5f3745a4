package org.memcachedsession.servers.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URL;
import java.net.http.WebSocketHandshakeException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memcachedsession.servers.Browser;
import org.memcachedsession.servers.Browser.Answer;
import org.memcachedsession.servers.BrowserSocket;
import org.memcachedsession.servers.Memcached;
import org.memcachedsession.servers.Memcached.Counts;
import org.memcachedsession.servers.ScenarioWar;

/** What the messages of a WebSocket have of the browser's session. */
@ExtendWith(ArquillianExtension.class)
class SocketIT {

    private static final int ROUNDS = 50;

    @ArquillianResource private URL site;

    private final Memcached memcached = Memcached.ofTheRun();
    private Browser browser;

    @Deployment(testable = false)
    static WebArchive war() {
        return ScenarioWar.beside(SocketIT.class);
    }

    @BeforeEach
    void newBrowser() {
        browser = Browser.at(site);
    }

    private BrowserSocket open(Browser owner) {
        return BrowserSocket.open(owner, "messages");
    }

    private BrowserSocket openWithSession() {
        browser.post("api/add?counter=bids");
        return open(browser);
    }

    // ---- load, run, save

    @Test
    void aMessageSeesWhatRequestsDidAndTheySeeWhatItDid() {
        try (BrowserSocket socket = openWithSession()) {
            for (int count = 2; count < ROUNDS; count += 2) {
                assertThat(socket.ask("add bids")).isEqualTo(Integer.toString(count));
                assertThat(browser.post("api/add?counter=bids").body())
                        .isEqualTo(Integer.toString(count + 1));
            }
        }
    }

    @Test
    void aBinaryMessageHasTheSessionToo() {
        try (BrowserSocket socket = openWithSession()) {
            assertThat(socket.ask(new byte[3])).containsExactly(1, 2, 3);
        }
        assertThat(browser.get("api/counts").body()).isEqualTo("1 3 0");
    }

    @Test
    void aMessageCostsWhatARequestCosts() {
        try (BrowserSocket socket = openWithSession()) {
            Counts before = memcached.counts();
            socket.ask("origin");
            Counts read = memcached.counts();
            socket.ask("add bids");
            Counts changed = memcached.counts();

            assertThat(read.gets() - before.gets()).isOne();
            assertThat(read.writes()).isEqualTo(before.writes());
            assertThat(changed.gets() - read.gets()).isOne();
            assertThat(changed.writes() - read.writes()).isOne();
            assertThat(changed.replacements() - read.replacements()).isOne();
        }
    }

    @Test
    void aMessageThatFailsKeepsWhatItChangedBefore() {
        try (BrowserSocket socket = openWithSession()) {
            assertThat(socket.ask("add-and-fail bids")).isEqualTo("IOException: failed at 2");
            assertThat(browser.get("api/counts").body()).isEqualTo("2 0 0");
            assertThat(socket.ask("add bids")).isEqualTo("3");
        }
    }

    @Test
    void twoWebSocketsAndARequestThatRunAtOnceLoseNothing() {
        Browser witness = Browser.at(site);
        try (BrowserSocket one = openWithSession();
                BrowserSocket other = open(browser)) {
            one.send("add-and-wait bids bids-added all-added");
            other.send("add-and-wait watches watches-added all-added");
            CompletableFuture<Answer> request =
                    CompletableFuture.supplyAsync(
                            () ->
                                    browser.post(
                                            "api/add-and-wait?counter=visits&added=visits-added&go=all-added"));
            for (String counter : List.of("bids", "watches", "visits")) {
                witness.get("api/await?letter=" + counter + "-added");
            }
            witness.post("api/leave?letter=all-added");

            assertThat(one.answer()).isEqualTo("2");
            assertThat(other.answer()).isEqualTo("1");
            assertThat(request.join().body()).isEqualTo("1");
            assertThat(one.ask("counts")).isEqualTo("2 1 1");
        }
        assertThat(browser.get("api/counts").body()).isEqualTo("2 1 1");
    }

    @Test
    void theWebSocketsOfTwoBrowsersKnowNothingOfEachOther() {
        Browser stranger = Browser.at(site);
        stranger.post("api/add?counter=bids");
        try (BrowserSocket mine = openWithSession();
                BrowserSocket theirs = open(stranger);
                BrowserSocket nobodys = open(Browser.at(site));
                BrowserSocket mineAgain = open(browser)) {
            mine.ask("add bids");
            theirs.ask("add watches");
            mineAgain.ask("add visits");

            assertThat(mine.ask("counts")).isEqualTo("2 0 1");
            assertThat(theirs.ask("counts")).isEqualTo("1 1 0");
            assertThat(mineAgain.ask("counts")).isEqualTo("2 0 1");
            assertThat(nobodys.ask("origin")).isEqualTo("false NONE_SENT");
        }
        assertThat(browser.get("api/counts").body()).isEqualTo("2 0 1");
        assertThat(stranger.get("api/counts").body()).isEqualTo("1 1 0");
    }

    // ---- nothing by itself

    @Test
    void byItselfAMessageHasNoSession() {
        try (BrowserSocket socket = openWithSession()) {
            assertThat(socket.ask("by-itself"))
                    .startsWith("none: @MemcachedSessionScoped beans need an HTTP request")
                    .contains("serves none", "WebSocketSessions");
            assertThat(socket.ask("add-by-itself bids")).startsWith("ContextNotActiveException: ");
        }
        assertThat(browser.get("api/counts").body()).isEqualTo("1 0 0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"add bids", "add-and-fail bids", "end", "counts"})
    void afterAMessageItsThreadHasNoSession(String message) {
        try (BrowserSocket socket = openWithSession()) {
            socket.ask(message);

            assertThat(socket.ask("after-the-last")).startsWith("none: ").contains("serves none");
            assertThat(socket.ask("by-itself")).startsWith("none: ").contains("serves none");
        }
    }

    @Test
    void aWebSocketWhoseHandshakeKeptNothingIsToldWhatToDo() {
        browser.post("api/add?counter=bids");
        try (BrowserSocket socket = BrowserSocket.open(browser, "unknown")) {
            assertThat(socket.ask("bids")).contains("MemcachedSessionConfigurator");
        }
        assertThat(browser.get("api/counts").body()).isEqualTo("1 0 0");
    }

    // ---- none is begun

    @Test
    void withoutASessionAMessageBeginsNone() {
        Counts before = memcached.counts();
        try (BrowserSocket socket = open(browser)) {
            assertThat(socket.ask("origin")).isEqualTo("false NONE_SENT");
            assertThat(socket.ask("add bids"))
                    .startsWith("IllegalStateException: ")
                    .contains("Bids needs a session, and this message has none (NONE_SENT)")
                    .contains("begin the session in an HTTP request");
        }
        assertThat(browser.cookie("sid")).isEmpty();
        assertThat(memcached.counts()).isEqualTo(before);
    }

    @Test
    void aSessionThatBeginsAfterTheHandshakeIsNotSeen() {
        try (BrowserSocket early = open(browser);
                BrowserSocket late = openWithSession()) {
            assertThat(early.ask("origin")).isEqualTo("false NONE_SENT");
            assertThat(late.ask("origin")).isEqualTo("true LOADED");
        }
    }

    @Test
    void aSessionThatWasEndedMeanwhileStaysEnded() {
        try (BrowserSocket socket = openWithSession()) {
            browser.post("api/end");
            Counts before = memcached.counts();

            assertThat(socket.ask("origin")).isEqualTo("false ENDED");
            assertThat(socket.ask("add bids"))
                    .contains("Bids needs a session, and this message has none (ENDED)");
            assertThat(memcached.counts().writes()).isEqualTo(before.writes());
        }
    }

    @Test
    void aSessionThatIsEndedWhileAMessageRunsStaysEnded() {
        try (BrowserSocket socket = openWithSession()) {
            String id = browser.cookie("sid").orElseThrow();
            socket.send("add-and-wait bids before-the-end after-the-end");
            browser.get("api/await?letter=before-the-end");
            browser.post("api/end");
            browser.post("api/leave?letter=after-the-end");

            assertThat(socket.answer()).isEqualTo("2");
            assertThat(socket.ask("origin")).isEqualTo("false ENDED");
            browser.setCookie("sid", id);
            assertThat(browser.get("api/origin").body()).isEqualTo("false ENDED");
        }
    }

    @Test
    void aMessageMayEndTheSession() {
        try (BrowserSocket socket = openWithSession()) {
            assertThat(socket.ask("end")).isEqualTo("false ENDED");
        }
        assertThat(browser.cookie("sid")).isPresent();
        assertThat(browser.get("api/origin").body()).isEqualTo("false ENDED");
    }

    // ---- opening and closing

    @Test
    void openingAndClosingHaveTheSessionAsAMessageHas() {
        browser.post("api/add?counter=visits");
        BrowserSocket.open(browser, "visits/with").close();

        assertThatBothHadNothingByThemselves("with");
        assertThat(browser.get("api/counts").body()).isEqualTo("0 0 3");
    }

    @Test
    void openingAndClosingBeginNoSession() {
        Counts before = memcached.counts();
        BrowserSocket.open(browser, "visits/without").close();

        assertThatBothHadNothingByThemselves("without");
        assertThat(browser.cookie("sid")).isEmpty();
        assertThat(memcached.counts()).isEqualTo(before);
    }

    /** Neither before nor after what they did with the session. */
    private void assertThatBothHadNothingByThemselves(String name) {
        for (String letter : List.of(name + "-opened", name + "-closed")) {
            assertThat(browser.get("api/await?letter=" + letter).body().lines())
                    .as(letter)
                    .hasSize(2)
                    .allMatch(line -> line.startsWith("none: "));
        }
    }

    // ---- the handshake

    @Test
    void aHandshakeThatUsesNoBeanGivesNoCookieAndAsksMemcachedNothing() {
        Counts before = memcached.counts();
        open(browser).close();

        assertThat(browser.cookie("sid")).isEmpty();
        assertThat(memcached.counts()).isEqualTo(before);
    }

    @Test
    void aSessionThatTheHandshakeBeginsIsThatOfTheBrowserAndOfTheMessages() {
        try (BrowserSocket socket = BrowserSocket.open(browser, "greeting")) {
            assertThat(browser.cookie("sid")).isPresent();
            assertThat(browser.get("api/counts").body()).isEqualTo("0 0 1");

            assertThat(socket.ask("visits")).isEqualTo("visit 1, visits 2");
        }
        assertThat(browser.get("api/counts").body()).isEqualTo("0 0 2");
    }

    @Test
    void aHandshakeChangesTheSessionThatIsThere() {
        browser.post("api/add?counter=bids");
        String id = browser.cookie("sid").orElseThrow();

        try (BrowserSocket socket = BrowserSocket.open(browser, "greeting");
                BrowserSocket again = BrowserSocket.open(browser, "greeting")) {
            assertThat(socket.ask("bids")).isEqualTo("visit 1, bids 2");
            assertThat(again.ask("bids")).isEqualTo("visit 2, bids 3");
        }
        assertThat(browser.cookie("sid")).contains(id);
        assertThat(browser.get("api/counts").body()).isEqualTo("3 0 2");
    }

    @Test
    void aHandshakeWhoseSessionCannotBeSavedOpensNothing() {
        Counts before = memcached.counts();

        assertThatThrownBy(() -> BrowserSocket.open(browser, "greeting?unstorable"))
                .hasCauseInstanceOf(WebSocketHandshakeException.class)
                .cause()
                .extracting(e -> ((WebSocketHandshakeException) e).getResponse().statusCode())
                .isEqualTo(500);
        assertThat(browser.cookie("sid")).isEmpty();
        assertThat(memcached.counts()).isEqualTo(before);
    }
}
