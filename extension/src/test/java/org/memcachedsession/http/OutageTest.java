package org.memcachedsession.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.memcachedsession.store.InMemorySessionStore.Operation.CREATE;
import static org.memcachedsession.store.InMemorySessionStore.Operation.LOAD;
import static org.memcachedsession.store.InMemorySessionStore.Operation.REPLACE;
import static org.memcachedsession.store.InMemorySessionStore.Operation.TOUCH;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.memcachedsession.SessionSettings;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.session.BeanKey;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.store.InMemorySessionStore.Calls;
import org.memcachedsession.store.InMemorySessionStore.Operation;

/** The store does not answer, or has lost what it had. */
class OutageTest extends ServletTest {

    private void fail(Operation first, Operation... more) {
        Set<Operation> failing = EnumSet.of(first, more);
        site.observe(
                new Calls() {
                    @Override
                    public void before(Operation operation, ItemKey key) {
                        if (failing.contains(operation)) {
                            throw new SessionStoreException("no answer from the server");
                        }
                    }
                });
    }

    private void pages() {
        site.page("/", (request, response) -> response.getWriter().print(site.counter("a").add()));
        site.page(
                "/read", (request, response) -> response.getWriter().print(site.find("a").value()));
        site.page("/unused", (request, response) -> response.getWriter().print("page"));
    }

    private static void assertUnavailable(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).contains("5");
        assertThat(answer.body())
                .doesNotContain("memcachedsession", "Exception", "no answer from the server");
        assertThat(answer.headers().allValues("Set-Cookie")).isEmpty();
    }

    @Test
    void aLoadThatFailsIsAnsweredUnavailable() throws Exception {
        pages();
        browser.get("/");
        fail(LOAD);

        assertUnavailable(browser.get("/"));

        site.observe(new Calls() {});
        assertThat(browser.get("/").body()).isEqualTo("2");
    }

    @Test
    void withTransientBeansThePageComesAllTheSame() throws Exception {
        site.reset(settings -> settings.outage(SessionSettings.Outage.TRANSIENT));
        pages();
        browser.get("/");
        String before = browser.id();
        fail(LOAD, CREATE, REPLACE, TOUCH);

        HttpResponse<String> answer = browser.get("/");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("1");
        assertThat(answer.headers().allValues("Set-Cookie")).isEmpty();
        site.observe(new Calls() {});
        assertThat(browser.get("/").body()).isEqualTo("2");
        assertThat(browser.id()).isEqualTo(before);
    }

    @Test
    void anItemThatIsGarbledGivesThePageToANewSession() throws Exception {
        pages();
        browser.get("/");
        browser.get("/");
        String before = browser.id();
        ItemKey key = site.itemKey(before);
        byte[] garbled = site.store().load(key).orElseThrow().value().clone();
        garbled[garbled.length / 2] ^= 1;
        site.store().overwrite(key, garbled, Duration.ofMinutes(30));

        HttpResponse<String> answer = browser.get("/");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("1");
        assertThat(browser.id()).isNotEqualTo(before);
        assertThat(site.logged().warnings())
                .singleElement()
                .asString()
                .contains("cannot be read and is not used: its seal is broken");
        assertThat(browser.get("/").body()).isEqualTo("2");
    }

    @Test
    void aSaveThatFailsIsAnsweredUnavailableAndNotWithThePage() throws Exception {
        pages();
        browser.get("/");
        fail(REPLACE);

        assertUnavailable(browser.get("/"));

        site.observe(new Calls() {});
        assertThat(browser.get("/").body()).isEqualTo("2");
    }

    @Test
    void aSessionThatCannotBeWrittenIsAnErrorWithoutOurStackTraceAndTheOldOneStays()
            throws Exception {
        pages();
        site.page(
                "/unwritable",
                (request, response) -> {
                    site.counter("a").add();
                    site.sessions()
                            .current()
                            .get()
                            .findOrCreate(new BeanKey("unwritable"), Object::new);
                    response.getWriter().print("page");
                });
        browser.get("/");

        HttpResponse<String> answer = browser.get("/unwritable");

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).doesNotContain("memcachedsession", "Exception", "page");
        assertThat(browser.get("/").body()).isEqualTo("2");
    }

    @Test
    void aNewSessionThatCannotBeStoredGivesNoCookie() throws Exception {
        pages();
        fail(CREATE);

        assertUnavailable(browser.get("/"));
    }

    @Test
    void oneRequestWaitsForOneTimeoutOnly() throws Exception {
        site.page(
                "/",
                (request, response) -> {
                    for (int i = 0; i < 3; i++) {
                        try {
                            site.counter("a");
                        } catch (SessionStoreException e) {
                            site.log("caught");
                        }
                    }
                });
        site.page("/start", (request, response) -> site.counter("a"));
        browser.get("/start");
        site.settle();
        site.forgetCalls();
        fail(LOAD, TOUCH);

        assertThat(browser.get("/").statusCode()).isEqualTo(200);
        site.settle();
        assertThat(site.calls()).containsExactly(LOAD);
    }

    @Test
    void aPageThatUsesNoSessionWorks() throws Exception {
        pages();
        browser.get("/");
        fail(LOAD, CREATE, REPLACE, TOUCH);
        site.clock().advance(Duration.ofMinutes(10));

        HttpResponse<String> answer = browser.get("/unused");
        site.settle();

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("page");
        assertThat(site.calls()).contains(TOUCH);
    }

    @Test
    void aSaveThatFailsAtAFlushIsAnsweredUnavailable() throws Exception {
        site.page(
                "/",
                (request, response) -> {
                    site.counter("a").add();
                    response.getWriter().print("the page");
                    response.flushBuffer();
                    site.log("flushed");
                });
        fail(CREATE);

        HttpResponse<String> answer = browser.get("/");

        assertUnavailable(answer);
        assertThat(answer.body()).doesNotContain("the page");
        assertThat(site.log()).doesNotContain("flushed");
    }

    @Test
    void aSaveThatFailsAtARedirectIsNoRedirect() throws Exception {
        site.page(
                "/",
                (request, response) -> {
                    site.counter("a").add();
                    response.sendRedirect("/read");
                });
        fail(CREATE);

        HttpResponse<String> answer = browser.get("/");

        assertUnavailable(answer);
        assertThat(answer.headers().firstValue("Location")).isEmpty();
    }

    @Test
    void aSaveThatFailsAfterTheAnswerHasLeftIsLoggedOnly() throws Exception {
        pages();
        browser.get("/");
        site.outerFilter(
                (request, response, chain) -> {
                    chain.doFilter(request, response);
                    ((Counter) site.webSessions().find(request).find(TestSite.key("a"))).add();
                });
        site.page("/flushed", (request, response) -> response.flushBuffer());
        fail(REPLACE);

        HttpResponse<String> answer = browser.get("/flushed");
        site.settle();

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(site.logged().warnings())
                .anyMatch(
                        warning ->
                                warning.endsWith(
                                        ": what changed after the answer had left is lost"));
        assertThat(site.logged().everything()).doesNotContain(browser.id());
    }

    @Test
    void aSessionStoredBeforeTheFailureKeepsItsCookie() throws Exception {
        pages();
        site.page(
                "/twice",
                (request, response) -> {
                    site.counter("a").add();
                    response.setCharacterEncoding("UTF-8");
                    response.getWriter().print("a".repeat(response.getBufferSize() * 3 / 4));
                    assertThat(site.calls()).as("saved").contains(CREATE);
                    site.counter("a").add();
                });
        fail(REPLACE);

        HttpResponse<String> answer = browser.get("/twice");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(browser.id()).isNotNull();
        assertThat(browser.get("/read").body()).isEqualTo("1");
    }

    @Test
    void anApplicationThatCatchesTheFailureAnswersWhatItLikes() throws Exception {
        pages();
        browser.get("/");
        site.page(
                "/caught",
                (request, response) -> {
                    try {
                        site.counter("a");
                    } catch (SessionStoreException e) {
                        response.setStatus(218);
                        response.getWriter().print("this is fine");
                    }
                });
        fail(LOAD);

        HttpResponse<String> answer = browser.get("/caught");

        assertThat(answer.statusCode()).isEqualTo(218);
        assertThat(answer.body()).isEqualTo("this is fine");
        assertThat(answer.headers().allValues("Set-Cookie")).isEmpty();
    }

    @Test
    void anApplicationThatCatchesAFailedSaveAnswersWhatItLikes() throws Exception {
        site.page(
                "/",
                (request, response) -> {
                    site.counter("a").add();
                    try {
                        response.flushBuffer();
                    } catch (SessionStoreException e) {
                        response.reset();
                        response.setStatus(218);
                        response.getWriter().print("not saved");
                    }
                });
        fail(CREATE);

        HttpResponse<String> answer = browser.get("/");

        assertThat(answer.statusCode()).isEqualTo(218);
        assertThat(answer.body()).isEqualTo("not saved");
        assertThat(answer.headers().allValues("Set-Cookie")).isEmpty();
    }

    @Test
    void aBeanThatCannotBeSerializedLeavesWhatIsStoredAsItWas() throws Exception {
        pages();
        browser.get("/");
        site.page(
                "/bad",
                (request, response) -> {
                    site.counter("a").add();
                    site.counter("a").payload = new Object();
                });

        assertThat(browser.get("/bad").statusCode()).isEqualTo(500);

        assertThat(browser.get("/read").body()).isEqualTo("1");
    }

    @Test
    void aSessionTooLargeLeavesWhatIsStoredAsItWas() throws Exception {
        pages();
        browser.get("/");
        byte[] incompressible = new byte[950_000];
        new Random(1).nextBytes(incompressible);
        site.page("/bad", (request, response) -> site.counter("a").payload = incompressible);

        HttpResponse<String> answer = browser.get("/bad");

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body())
                .doesNotContain("counter a", "size.limit", "950", "memcachedsession", "Exception");
        assertThat(answer.headers().map()).doesNotContainKeys("Set-Cookie", "Retry-After");
        assertThat(site.logged().everything())
                .contains("memcached.session.size.limit", "before compression: counter a 950");
        assertThat(browser.get("/read").body()).isEqualTo("1");
    }

    @Test
    void aSessionLostMeanwhileIsNotMadeAgainAndTheAnswerGoesOn() throws Exception {
        pages();
        browser.get("/");
        String id = browser.id();
        site.page(
                "/lost",
                (request, response) -> {
                    site.counter("a").add();
                    site.store().evictAll();
                    response.getWriter().print(site.counter("a").add());
                });

        HttpResponse<String> answer = browser.get("/lost");
        site.settle();

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("3");
        assertThat(answer.headers().allValues("Set-Cookie")).isEmpty();
        assertThat(site.store().size()).isZero();
        assertThat(browser.id()).isEqualTo(id);
        assertThat(browser.get("/").body()).isEqualTo("1");
        assertThat(browser.id()).isNotEqualTo(id);
    }

    @Test
    void aSessionLostAfterAnEarlySaveIsNotMadeAgain() throws Exception {
        site.page(
                "/",
                (request, response) -> {
                    site.counter("a").add();
                    response.flushBuffer();
                    site.store().evictAll();
                    site.counter("a").add();
                });

        browser.get("/");
        site.settle();

        assertThat(site.calls()).containsExactly(CREATE, REPLACE);
        assertThat(site.store().size()).isZero();
    }
}
