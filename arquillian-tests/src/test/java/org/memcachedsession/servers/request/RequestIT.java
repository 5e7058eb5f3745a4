package org.memcachedsession.servers.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.net.URL;
import java.util.concurrent.CompletableFuture;
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
import org.junit.jupiter.params.provider.ValueSource;
import org.memcachedsession.servers.Browser;
import org.memcachedsession.servers.Browser.Answer;
import org.memcachedsession.servers.Gates;
import org.memcachedsession.servers.Memcached;
import org.memcachedsession.servers.Memcached.Counts;
import org.memcachedsession.servers.RawHttp;
import org.memcachedsession.servers.ScenarioWar;

/** Whatever way an answer takes, the next request sees what this one did. */
@ExtendWith(ArquillianExtension.class)
public class RequestIT {

    private static final int ROUNDS = 50;

    @ArquillianResource private URL site;

    private final Memcached memcached = Memcached.ofTheRun();
    private Browser browser;

    @Deployment(testable = false)
    public static WebArchive war() {
        return ScenarioWar.beside(RequestIT.class)
                .addClass(Gates.class)
                .setWebXML(
                        new StringAsset(
                                """
                                <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
                                  <error-page>
                                    <error-code>418</error-code>
                                    <location>/error-page</location>
                                  </error-page>
                                  <error-page>
                                    <exception-type>%s</exception-type>
                                    <location>/error-page</location>
                                  </error-page>
                                </web-app>
                                """
                                        .formatted(StepServlets.Foreseen.class.getName())));
    }

    @BeforeEach
    void newBrowser() {
        browser = Browser.at(site);
    }

    /** Path, status of the answer, and the steps that the session has then. */
    static Stream<Arguments> ways() {
        return Stream.of(
                arguments("write?step=plain", 200, "plain"),
                arguments("forward", 200, "before,forwarded"),
                arguments("include", 200, "before,included,after"),
                arguments("include-first", 200, "included"),
                arguments("redirect?step=redirected", 302, "redirected"),
                arguments("no-content", 204, "no content"),
                arguments("length?step=short", 200, "short"),
                arguments("close", 200, "before close"),
                arguments("reset", 200, "before reset"),
                arguments("large", 200, "before much,after much"),
                arguments("fail?how=status", 409, "failing"),
                arguments("fail?how=status-with-page", 418, "failing,error page"),
                arguments("fail?how=exception-with-page", 500, "failing,error page"),
                arguments("nothing/inner", 200, "inner in,inner out"),
                arguments("nothing/outer", 200, "outer in,outer out"),
                arguments("nothing/listener", 200, "listener in"),
                arguments("async?how=start", 200, "started"),
                arguments("async?how=start-with-arguments", 200, "before,started"),
                arguments("async?how=dispatch", 200, "before,dispatched"),
                arguments("async?how=dispatch-first", 200, "dispatched"),
                arguments("async?how=timeout", 200, "timed out"),
                arguments("async?how=timeout-unanswered", 500, "before"),
                arguments("async?how=own-thread", 200, "before"),
                arguments("api/steps/sync", 200, "sync"),
                arguments("api/steps/large", 200, "large"),
                arguments("api/steps/no-content", 204, "no content"),
                arguments("api/steps/see-other", 303, "see other"),
                arguments("api/steps/suspended", 200, "suspended"),
                arguments("api/steps/resumed-elsewhere", 200, "suspended"),
                arguments("api/steps/timed-out", 200, "suspended"),
                arguments("api/steps/timed-out-unanswered", 503, "suspended"),
                arguments("api/steps/stage", 200, "stage"),
                arguments("api/steps/stage-done", 200, "stage"),
                arguments("api/steps/stage-failed", 500, "stage"),
                arguments("api/steps/streaming", 200, "streaming"),
                arguments("api/events/one", 200, "event"),
                arguments("api/steps/mapped", 422, "mapped"),
                arguments(
                        "api/steps/filtered", 200, "request filter,method,response filter,writing"),
                arguments("api/steps/aborted", 401, "aborted"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ways")
    void theFirstRequestGivesOneCookieAndTheNextSeesItsSteps(
            String path, int status, String steps) {
        Answer answer = browser.get(path);

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.sessionCookies()).hasSize(1);
        assertThat(browser.get("read").body()).isEqualTo(steps);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ways")
    void aLaterRequestGivesNoCookieAndTheNextSeesItsSteps(String path, int status, String steps) {
        browser.get("write?step=first");

        Answer answer = browser.get(path);

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.sessionCookies()).isEmpty();
        assertThat(browser.get("read").body()).isEqualTo("first," + steps);
    }

    @ParameterizedTest
    @ValueSource(strings = {"redirect?step=", "length?step=", "write?step="})
    void theNextRequestAlwaysSeesTheOneBefore(String path) {
        StringBuilder expected = new StringBuilder("begin");
        browser.get("write?step=begin");
        for (int i = 0; i < ROUNDS; i++) {
            browser.post(path + i);
            expected.append(',').append(i);

            assertThat(browser.get("read").body()).isEqualTo(expected.toString());
        }
    }

    @Test
    void redirectLeadsToAPageThatSeesThePost() {
        Answer redirect = browser.post("redirect?step=posted");

        assertThat(redirect.status()).isEqualTo(302);
        assertThat(browser.get(redirect.header("location").orElseThrow()).body())
                .isEqualTo("posted");
    }

    @Test
    void aLivingSessionKeepsWhatWasDoneBeforeAnException() {
        browser.get("write?step=first");

        assertThat(browser.get("fail?how=exception").status()).isEqualTo(500);

        assertThat(browser.get("read").body()).isEqualTo("first,failing");
    }

    @Test
    void theErrorPageOfTheApplicationIsShown() {
        assertThat(browser.get("fail?how=status-with-page").body()).isEqualTo("sorry: 418");
        assertThat(browser.get("fail?how=exception-with-page").body()).isEqualTo("sorry: 500");
    }

    @Test
    void aLargeAnswerArrivesWhole() {
        assertThat(browser.get("large").body()).isEqualTo("x".repeat(StepServlets.LARGE));
        assertThat(browser.get("api/steps/large").body()).isEqualTo("x".repeat(StepServlets.LARGE));
    }

    @Test
    void aBodyThatIsReadAsItComesIsReadWithTheSession() {
        Answer answer = browser.putJson("body", "x".repeat(StepServlets.LARGE));

        assertThat(answer.body()).isEqualTo("read");
        assertThat(answer.sessionCookies()).hasSize(1);
        assertThat(browser.get("read").body()).isEqualTo("begun,read " + StepServlets.LARGE);
    }

    @Test
    void aResetAnswerKeepsItsNewText() {
        assertThat(browser.get("reset").body()).isEqualTo("kept");
    }

    @Test
    void whoeverSeesTheHeadOfAnAnswerSeesWhatWasDoneBeforeIt() {
        try (Browser.OpenAnswer answer = browser.open("flush?gate=head")) {
            assertThat(answer.head().sessionCookies()).hasSize(1);
            assertThat(browser.get("read").body()).isEqualTo("before flush");

            browser.get("open?gate=head");

            assertThat(answer.rest().lines()).containsExactly("head", "tail");
        }
        assertThat(browser.get("read").body()).isEqualTo("before flush,after flush");
    }

    @ParameterizedTest
    @ValueSource(strings = {"late", "api/steps/late"})
    void aFirstBeanAfterTheHeadHasLeftIsRefused(String path) {
        Counts before = memcached.counts();

        Answer answer = browser.get(path);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).startsWith("head\n").contains("refused");
        assertThat(answer.sessionCookies()).isEmpty();
        assertThat(memcached.counts().writes()).isEqualTo(before.writes());
    }

    @Test
    void theRefusalSaysWhatToDo() {
        assertThat(browser.get("late").body()).contains("Note", "before the answer is flushed");
    }

    @Test
    void theUserSeesNothingOfARefusalThatNobodyHandled() {
        browser.get("write?step=kept");

        Answer answer = RawHttp.get(site, "late-and-careless");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).contains("head").doesNotContain("org.memcachedsession");
        assertThat(answer.sessionCookies()).isEmpty();
        assertThat(browser.get("read").body()).isEqualTo("kept");
    }

    @ParameterizedTest
    @ValueSource(strings = {"late", "api/steps/late"})
    void aLivingSessionTakesANewBeanEvenAfterTheHeadHasLeft(String path) {
        browser.get("write?step=first");

        assertThat(browser.get(path).status()).isEqualTo(200);

        assertThat(browser.get("note").body()).isEqualTo("late");
        assertThat(browser.get("read").body()).isEqualTo("first");
    }

    @Test
    void aLivingSessionKeepsWhatWasDoneBeforeAnExceptionThatEndsTheAnswer() {
        browser.get("write?step=first");

        RawHttp.get(
                site, "late-and-careless", "Cookie: sid=" + browser.cookie("sid").orElseThrow());

        assertThat(browser.get("note").body()).isEqualTo("late");
        assertThat(browser.get("read").body()).isEqualTo("first");
    }

    @ParameterizedTest
    @ValueSource(strings = {"vote-slowly", "vote-in-a-stage"})
    void ofTwoRequestsThatChangeOneBeanAtOnceTheLaterOneIsAnswered409WherePolicyIsToFail(
            String path) {
        browser.get("api/steps/vote");
        CompletableFuture<Answer> slow =
                CompletableFuture.supplyAsync(
                        () ->
                                browser.get(
                                        "api/steps/%1$s?voted=voted-%1$s&gate=gate-%1$s"
                                                .formatted(path)));
        browser.get("api/steps/pass?gate=voted-" + path);

        assertThat(browser.get("api/steps/vote").body()).isEqualTo("2");
        browser.get("open?gate=gate-" + path);

        Answer answer = slow.join();
        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.body()).doesNotContain("org.memcachedsession");
        assertThat(browser.get("api/steps/vote").body()).isEqualTo("3");
    }

    @Test
    void whatAStageChangesOnAThreadOfTheServersExecutorIsSaved() {
        assertThat(browser.get("api/steps/count-in-a-stage").body()).isEqualTo("done");

        assertThat(browser.get("read").body()).isEqualTo("method,stage");
    }

    @Test
    void aBeanIsOutOfReachOnAThreadOfTheApplication() {
        Answer answer = browser.get("async?how=bean-on-own-thread");

        assertThat(answer.body()).startsWith("refused: ").contains("MemcachedSessionScoped");
        assertThat(answer.sessionCookies()).isEmpty();
    }
}
