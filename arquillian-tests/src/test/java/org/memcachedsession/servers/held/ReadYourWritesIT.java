package org.memcachedsession.servers.held;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.HttpURLConnection;
import java.net.URL;
import java.util.Optional;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.memcachedsession.servers.ArrivingAnswer;
import org.memcachedsession.servers.Browser;
import org.memcachedsession.servers.Browser.Answer;
import org.memcachedsession.servers.HeldWrites;
import org.memcachedsession.servers.HeldWrites.Write;
import org.memcachedsession.servers.Memcached;
import org.memcachedsession.servers.RawHttp;
import org.memcachedsession.servers.ScenarioWar;
import org.memcachedsession.servers.ServerLog;
import org.memcachedsession.servers.request.RequestIT;

/**
 * Whoever sees the first byte of an answer finds stored what was changed before it left, and whoever
 * sees the last one finds all of it. Memcached's answer to each write is held back here, and nothing
 * of the answer to the client may arrive meanwhile.
 */
@ExtendWith(ArquillianExtension.class)
@Timeout(180)
class ReadYourWritesIT {

    private static final String WAYS = "org.memcachedsession.servers.request.RequestIT#ways";

    private static final HeldWrites WRITES = HeldWrites.inFrontOf(Memcached.ofTheRun());

    @ArquillianResource private URL site;

    private Browser browser;

    @Deployment(testable = false)
    static WebArchive war() {
        return ScenarioWar.beside(ReadYourWritesIT.class)
                .merge(RequestIT.war())
                .addAsResource(new StringAsset(WRITES.address()), HeldMemcached.ADDRESS);
    }

    @BeforeEach
    void newBrowser() {
        browser = Browser.at(site);
    }

    @AfterEach
    void letPass() {
        WRITES.letPass();
    }

    /** The server ends the application after that, which then has no connection any more. */
    @AfterAll
    static void close() {
        WRITES.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource(WAYS)
    void aNewSessionIsStoredBeforeTheFirstByteAndAllOfItBeforeTheLastOne(
            String path, int status, String steps) {
        Answer answer = getHeld(path, "add");

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.sessionCookies()).hasSize(1);
        assertWhole(answer, path);
        assertThat(browser.get("read").body()).isEqualTo(steps);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource(WAYS)
    void aChangeIsStoredBeforeTheFirstByteAndAllOfItBeforeTheLastOne(
            String path, int status, String steps) {
        browser.get("write?step=first");

        Answer answer = getHeld(path, "cas");

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.sessionCookies()).isEmpty();
        assertWhole(answer, path);
        assertThat(browser.get("read").body()).isEqualTo("first," + steps);
    }

    private Answer getHeld(String path, String command) {
        WRITES.hold();
        try (ArrivingAnswer answer = open(path)) {
            releaseFirst(command, answer);
            while (!answer.allOfItArrives()) {
                Optional<Write> next = WRITES.poll();
                if (next.isPresent()) {
                    assertThat(answer.allOfItArrives()).as("the last byte").isFalse();
                    next.get().release();
                }
            }
            assertThat(WRITES.poll()).as("a write after the last byte").isEmpty();
            WRITES.letPass();
            return browser.keepCookies(answer.await());
        }
    }

    /** But for errors: Payara drops its own page where an asynchronous answer comes late. */
    private void assertWhole(Answer answer, String path) {
        if (answer.status() < HttpURLConnection.HTTP_BAD_REQUEST) {
            assertThat(answer.body()).isEqualTo(Browser.at(site).get(path).body());
        }
    }

    private ArrivingAnswer open(String path) {
        return RawHttp.open(
                site, path, browser.cookie("sid").map(id -> "Cookie: sid=" + id).stream().toList());
    }

    private static void releaseFirst(String command, ArrivingAnswer answer) {
        Write first = WRITES.await();
        assertThat(first.command()).isEqualTo(command);
        assertThat(answer.anythingArrives()).as("a byte of the answer").isFalse();
        first.release();
    }

    @ParameterizedTest
    @ValueSource(strings = {"flush", "async?how=flush", "api/steps/streaming-on", "api/events/two"})
    void ofANewSessionWhatChangesOnTheWayIsStoredBeforeTheLastByteAndWarnedOf(String path) {
        Answer answer = getHeldOnTheWay(path, "new of " + path, "add");

        assertThat(answer.sessionCookies()).hasSize(1);
        assertThat(browser.get("read").body()).isEqualTo("before flush,after flush");
    }

    @ParameterizedTest
    @ValueSource(strings = {"flush", "async?how=flush", "api/steps/streaming-on", "api/events/two"})
    void whatChangesOnTheWayIsStoredBeforeTheLastByteAndWarnedOf(String path) {
        browser.get("write?step=first");

        Answer answer = getHeldOnTheWay(path, "living of " + path, "cas");

        assertThat(answer.sessionCookies()).isEmpty();
        assertThat(browser.get("read").body()).isEqualTo("first,before flush,after flush");
    }

    private Answer getHeldOnTheWay(String path, String gate, String command) {
        WRITES.hold();
        ServerLog log = ServerLog.fromNow();
        String gateParameter = "gate=" + gate.replaceAll("[^a-z]", "-");
        String separator = path.contains("?") ? "&" : "?";
        try (ArrivingAnswer answer = open(path + separator + gateParameter)) {
            releaseFirst(command, answer);
            answer.awaitText("head");
            assertThat(log.text()).doesNotContain("had begun to leave");

            Browser.at(site).get("open?" + gateParameter);

            Write late = WRITES.await();
            assertThat(late.command()).isEqualTo("cas");
            assertThat(answer.allOfItArrives()).as("the last byte").isFalse();
            late.release();
            assertThat(answer.await().body()).contains("head", "tail");
            assertThat(log.text()).containsOnlyOnce("had begun to leave");
            assertThat(WRITES.poll()).as("a write after the last byte").isEmpty();
            WRITES.letPass();
            return browser.keepCookies(answer.await());
        }
    }
}
