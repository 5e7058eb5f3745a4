package org.memcachedsession.servers.canary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.SoftAssertions.assertSoftly;

import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memcachedsession.servers.Browser;
import org.memcachedsession.servers.Browser.Answer;
import org.memcachedsession.servers.Gates;
import org.memcachedsession.servers.Memcached;
import org.memcachedsession.servers.RawHttp;
import org.memcachedsession.servers.ScenarioWar;
import org.memcachedsession.servers.ServerLog;

/**
 * Ids, item keys, the secret and what beans hold are told to nobody: they are in no log at any level, in
 * no exception, {@code toString}, managed bean or page. All loggers of the server talk as much as they
 * can meanwhile, its own too but for those that {@link AllLoggers} names. Nearly every test finds a line that it
 * knows, lest it pass where nothing was written down.
 */
@ExtendWith(ArquillianExtension.class)
@Timeout(180)
class CanaryIT {

    private static final String SECRET = "Q2FuYXJ5IG9mIHRoZSBzZWNyZXQsIDMyIGJ5dGVzISE=";
    private static final Path RECORD =
            Path.of("target", "canary-" + System.getProperty("arquillian.launch") + ".txt")
                    .toAbsolutePath();

    private static final Memcached MEMCACHED = Memcached.ofTheRun();
    private static final Overheard OVERHEARD = Overheard.inFrontOf(MEMCACHED);

    /** Of all tests: what is told late is told while another one runs. */
    private static final Secrets SECRETS = new Secrets();

    @ArquillianResource private URL site;

    private final List<Answer> answers = new ArrayList<>();
    private final ServerLog told = ServerLog.fromNow(RECORD);
    private Browser browser;

    @Deployment(testable = false)
    static WebArchive war() {
        return ScenarioWar.beside(CanaryIT.class)
                .addClass(Gates.class)
                .addAsLibrary(ScenarioWar.library("slf4j-jdk14"))
                .addAsResource(
                        new StringAsset(
                                """
                                %s = %s
                                %s = %s
                                """
                                        .formatted(
                                                Recorder.MEMCACHED,
                                                OVERHEARD.address(),
                                                Recorder.FILE,
                                                RECORD)),
                        Recorder.PROPERTIES)
                .addAsResource(
                        new StringAsset("memcached.session.secret = " + SECRET + "\n"),
                        "META-INF/memcached-session.properties");
    }

    @BeforeEach
    void begin() {
        SECRETS.addBase64Url("the secret", SECRET);
        SECRETS.add("the diary", Diary.CANARY);
        browser = Browser.at(site);
    }

    @AfterEach
    void nothingThatIsToBeKeptSecretWasTold() {
        OVERHEARD.breakOff(false);
        OVERHEARD.keys().forEach(key -> SECRETS.addBase64Url("an item key", key));

        assertSoftly(
                all -> {
                    all.assertThat(SECRETS.in(told.text())).as("told").isEmpty();
                    for (Answer answer : answers) {
                        all.assertThat(SECRETS.in(answer.body())).as("body").isEmpty();
                        all.assertThat(SECRETS.in(headers(answer))).as("headers").isEmpty();
                    }
                });
    }

    /** But for the one that gives the browser its cookie. */
    private static String headers(Answer answer) {
        return answer.headers().entrySet().stream()
                .filter(header -> !header.getKey().equalsIgnoreCase("set-cookie"))
                .toList()
                .toString();
    }

    /** The server ends the application after that, which then has no connection any more. */
    @AfterAll
    static void close() {
        OVERHEARD.close();
    }

    private Answer get(String path) {
        return keep(browser, browser.get(path));
    }

    private Answer keep(Browser by, Answer answer) {
        by.cookie("sid").ifPresent(id -> SECRETS.addBase64Url("a cookie", id));
        answers.add(answer);
        return answer;
    }

    private Answer getWith(String cookies, String path) {
        Browser other = Browser.at(site);
        return keep(other, other.keepCookies(RawHttp.get(site, path, "Cookie: " + cookies)));
    }

    /**
     * From another window of the browser; goes on to its gate, and waits there.
     *
     * @return waits for the answer
     */
    private Supplier<Answer> getSlowly(String path, String gate) {
        Browser window = browser.copy();
        CompletableFuture<Answer> slow =
                CompletableFuture.supplyAsync(() -> window.get(path + "?gate=" + gate));
        get("deeds/await?gate=" + gate + "-reached");
        return () -> keep(window, slow.join());
    }

    /**
     * @return its fingerprint
     */
    private String beginSession() {
        return sessionOf(get("deeds/write"));
    }

    /**
     * @return the fingerprint in the body
     */
    private static String sessionOf(Answer answer) {
        assertThat(answer.body()).matches("[0-9a-f]{12}");
        return answer.body();
    }

    private String id() {
        return browser.cookie("sid").orElseThrow();
    }

    // ---- in good order

    @Test
    void theLifeOfASessionIsToldByItsFingerprints() {
        String first = beginSession();
        assertThat(get("api/deeds/read").body()).isEqualTo(first);
        get("deeds/log-in");
        String second = get("deeds/write").body();
        get("deeds/log-out");

        assertThat(told.text())
                .contains("SessionCreated[fingerprint=" + first)
                .contains("SessionRotated[fingerprint=" + second)
                .contains("SessionEnded[fingerprint=" + second);
    }

    @Test
    void managedBeansAndThreadsTellNothingOfALivingSession() {
        beginSession();

        get("deeds/look-at-managed-beans");

        assertThat(told.text()).contains("java.lang:type=Runtime", "thread: ");
    }

    // ---- cookies that are none of ours

    @Test
    void anUnknownIdIsNotTold() {
        String unknown = "UnknownToMemcached-4fRq8LmZ0xWc2";
        SECRETS.addBase64Url("an unknown id", unknown);

        assertBeginsSession(getWith("sid=" + unknown, "deeds/read"));
        assertBeginsSession(getWith("sid=" + unknown, "api/deeds/read"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Password-of-somebody-which-is-far-too-long-for-an-id",
                "\"Quoted-password-of-somebody\"",
                "Password.of.somebody.with.dots!!",
                "Kq7vT-Zx81mW"
            })
    void whatIsNoIdAtAllIsNotTold(String value) {
        SECRETS.add("a strange cookie", value);

        assertBeginsSession(getWith("sid=" + value, "deeds/read"));
        assertBeginsSession(getWith("sid=" + value, "api/deeds/read"));
    }

    private void assertBeginsSession(Answer answer) {
        assertThat(answer.sessionCookies()).hasSize(1);
        assertThat(told.text()).contains("SessionCreated[fingerprint=" + sessionOf(answer));
    }

    @Test
    void twoSessionsOfOneBrowserAreToldByTheirFingerprints() {
        String first = beginSession();
        String idOfFirst = id();
        browser = Browser.at(site);
        String second = beginSession();

        getWith("sid=" + idOfFirst + "; sid=" + id(), "deeds/read");

        assertThat(told.text())
                .containsPattern(
                        "the ids of two living sessions, (%1$s and %2$s|%2$s and %1$s)"
                                .formatted(first, second))
                .contains("cause=TWO_SESSIONS");
    }

    // ---- requests that meet

    @ParameterizedTest
    @ValueSource(strings = {"deeds", "api/deeds"})
    void aConflictIsToldByTheFingerprint(String deeds) {
        String session = beginSession();
        String gate = "conflict-in-" + deeds.replace('/', '-');
        Supplier<Answer> slow = getSlowly(deeds + "/write-slowly", gate);
        get("deeds/write");

        get("deeds/open?gate=" + gate);

        assertThat(slow.get().status()).isEqualTo(409);
        assertThat(told.text())
                .contains("Session " + session + ": two requests changed")
                .contains("SessionConflicted[fingerprint=" + session);
    }

    @ParameterizedTest
    @ValueSource(strings = {"log-in", "log-out"})
    void aRequestThatComesTooLateToBeSavedIsToldByTheFingerprint(String meanwhile) {
        String session = beginSession();
        Supplier<Answer> slow = getSlowly("deeds/write-slowly", meanwhile);
        get("deeds/" + meanwhile);

        get("deeds/open?gate=" + meanwhile);

        slow.get();
        assertThat(told.text())
                .contains("Session " + session + " is gone")
                .contains("SessionLost[fingerprint=" + session);
    }

    @Test
    void aRequestThatArrivesUnderAnIdGivenUpIsToldByTheFingerprint() {
        String session = beginSession();
        String stale = id();
        get("deeds/log-in");

        getWith("sid=" + stale, "deeds/write");

        assertThat(told.text())
                .contains("Session [" + session + "] was given up")
                .contains("SessionLost[fingerprint=" + session);
    }

    // ---- what fails

    @ParameterizedTest
    @ValueSource(strings = {"deeds", "api/deeds"})
    void aFailureOfTheApplicationIsToldWithoutItsSession(String deeds) {
        beginSession();

        assertThat(get(deeds + "/write-and-fail").status()).isEqualTo(500);
        assertThat(told.text()).contains("on purpose");
    }

    @ParameterizedTest
    @ValueSource(strings = {"deeds", "api/deeds"})
    void whatCannotBeSerializedIsToldByItsPath(String deeds) {
        beginSession();

        assertThat(get(deeds + "/paste-in").status()).isEqualTo(500);
        assertThat(told.text()).contains("Diary.pages.value[0]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"deeds", "api/deeds"})
    void whatIsTooLargeIsToldByItsSize(String deeds) {
        beginSession();

        assertThat(get(deeds + "/write-too-much").status()).isEqualTo(500);
        assertThat(told.text()).contains("SessionTooLargeException");
    }

    @Test
    void anItemThatCannotBeReadIsToldByTheFingerprint() {
        String session = beginSession();
        OVERHEARD.keys().forEach(key -> MEMCACHED.overwrite(key, "garbage " + Diary.CANARY));

        assertThat(get("deeds/look").body()).isEqualTo("UNREADABLE");
        assertThat(told.text())
                .contains("Session " + session + " cannot be read")
                .contains("SessionRefused[fingerprint=" + session);
    }

    @ParameterizedTest
    @ValueSource(strings = {"deeds", "api/deeds"})
    void aMemcachedThatBreaksOffIsToldByItsAddress(String deeds) {
        beginSession();
        OVERHEARD.breakOff(true);

        assertThat(get(deeds + "/write").status()).isEqualTo(503);

        OVERHEARD.breakOff(false);
        awaitMemcached();
        assertThat(told.text()).contains("SessionStoreException").contains(OVERHEARD.address());
    }

    /** A server that was away is not asked again at once; the test's timeout ends what lasts. */
    private void awaitMemcached() {
        Answer answer;
        do {
            answer = get("deeds/read");
        } while (answer.status() == 503);
        assertThat(answer.status()).isEqualTo(200);
    }
}
