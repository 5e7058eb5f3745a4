package org.memcachedsession.http;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.AsyncContext;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.memcachedsession.session.SessionId;
import org.memcachedsession.session.UnitOfWork;

/** Another request has changed the same bean, whose policy is to fail. */
class ConflictAnswerTest extends ServletTest {

    /** What the bean is called: its policy. */
    private static final String BEAN = "FAIL";

    private void another() {
        SessionId id = SessionId.parse(browser.id()).orElseThrow();
        UnitOfWork other = site.sessions().begin(List.of(id));
        ((Counter) other.find(TestSite.key(BEAN))).add();
        other.save();
        other.close();
    }

    private void pages() {
        site.page(
                "/",
                (request, response) ->
                        response.getWriter().print("count " + site.counter(BEAN).add()));
        site.page(
                "/conflict",
                (request, response) -> {
                    response.getWriter().print("count " + site.counter(BEAN).add());
                    another();
                });
        site.page(
                "/flush",
                (request, response) -> {
                    response.getWriter().print("count " + site.counter(BEAN).add());
                    another();
                    response.flushBuffer();
                });
        site.page(
                "/framework",
                (request, response) -> {
                    response.getWriter().print("count " + site.counter(BEAN).add());
                    another();
                    try {
                        response.flushBuffer();
                    } catch (RuntimeException taken) {
                        response.sendError(500);
                    }
                });
        site.page(
                "/length",
                (request, response) -> {
                    response.setContentLength(8);
                    response.getOutputStream().print("begu");
                    site.counter(BEAN).add();
                    another();
                    try {
                        response.getOutputStream().print("ount");
                    } catch (RuntimeException mapped) {
                        response.setStatus(500); // and nothing more, as from an exception mapper
                    }
                });
        site.page(
                "/async",
                (request, response) -> {
                    AsyncContext async = request.startAsync();
                    async.start(
                            () -> {
                                site.counter(BEAN).add();
                                another();
                                async.complete();
                            });
                });
    }

    private void assertConflict(String path) throws Exception {
        pages();
        browser.get("/");

        HttpResponse<String> answer = browser.get(path);

        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.headers().firstValue("Retry-After")).isEmpty();
        assertThat(answer.body()).doesNotContain("memcachedsession", "Exception", "count");
        assertThat(browser.get("/").body()).isEqualTo("count 3"); // the other one's, and this
    }

    @Test
    void atTheEndOfARequestItIsAnswered409() throws Exception {
        assertConflict("/conflict");
    }

    @Test
    void atAFlushItIsAnswered409() throws Exception {
        assertConflict("/flush");
    }

    @Test
    void whereAFrameworkTakesItForAnErrorOfItsOwnItIsAnswered409() throws Exception {
        assertConflict("/framework");
    }

    @Test
    void whereTheLengthOfTheAnswerWasToldAlreadyTheOtherAnswerArrivesWhole() throws Exception {
        assertConflict("/length");
        assertThat(browser.get("/length").body()).isEmpty();
    }

    @Test
    void atTheEndOfAnAsynchronousRequestItIsAnswered409() throws Exception {
        assertConflict("/async");
    }
}
