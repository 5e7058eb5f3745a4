package org.memcachedsession.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.memcachedsession.store.InMemorySessionStore.Operation.CREATE;
import static org.memcachedsession.store.InMemorySessionStore.Operation.LOAD;
import static org.memcachedsession.store.InMemorySessionStore.Operation.REPLACE;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.memcachedsession.session.SessionId;

/** What is done to the answer after the session was saved, and to the session after the answer. */
class AnswerTest extends ServletTest {

    private void readPage() {
        site.page(
                "/read",
                (request, response) -> {
                    Counter counter = site.find("a");
                    response.getWriter().print(counter == null ? "none" : counter.value());
                });
    }

    @Test
    void aChangeAfterAFlushIsSavedAtTheEnd() throws Exception {
        readPage();
        site.page(
                "/",
                (request, response) -> {
                    site.counter("a").add();
                    response.flushBuffer();
                    site.counter("a").add();
                });

        browser.get("/");
        site.settle();

        assertThat(browser.get("/read").body()).isEqualTo("2");
    }

    @Test
    void aChangeAfterAFlushIsSavedBeforeTheAnswerIsClosed() throws Exception {
        site.page(
                "/",
                (request, response) -> {
                    site.counter("a").add();
                    response.flushBuffer();
                    site.counter("a").add();
                    response.getWriter().close();
                    site.log("closed");
                });

        browser.get("/");
        site.settle();

        assertThat(calls()).containsExactly("CREATE", "REPLACE", "closed");
        assertThat(site.logged().warnings()).singleElement().asString().contains("counter a");
    }

    @Test
    void flushesAfterTheFirstSaveNothing() throws Exception {
        site.page(
                "/",
                (request, response) -> {
                    for (int i = 0; i < 10; i++) {
                        site.counter("a").add();
                        response.getWriter().print("part");
                        response.flushBuffer();
                    }
                    site.log("flushed");
                });

        browser.get("/");
        site.settle();

        assertThat(calls()).containsExactly("CREATE", "flushed", "REPLACE");
    }

    @Test
    void lateChangesAreWarnedOfOncePerRequest() throws Exception {
        site.page(
                "/",
                (request, response) -> {
                    site.counter("a").add();
                    response.flushBuffer();
                    site.counter("a").add();
                    site.unit().save(); // one of many: a stream that is closed, a part that ends
                    site.counter("a").add();
                });

        browser.get("/");
        browser.get("/");
        site.settle();

        String fingerprint = SessionId.parse(browser.id()).orElseThrow().fingerprint();
        assertThat(site.logged().warnings())
                .hasSize(2)
                .allSatisfy(
                        warning ->
                                assertThat(warning)
                                        .startsWith("Session " + fingerprint + ": [counter a]")
                                        .contains("once per request"));
        assertThat(site.calls())
                .containsExactly(CREATE, REPLACE, REPLACE, LOAD, REPLACE, REPLACE, REPLACE);
    }

    @Test
    void aChangeWhileTheAnswerIsStillHereIsNotLate() throws Exception {
        site.page("/part", (request, response) -> {});
        site.page(
                "/",
                (request, response) -> {
                    site.counter("a").add();
                    request.getRequestDispatcher("/part").include(request, response); // saves
                    site.counter("a").add();
                });

        browser.get("/");
        site.settle();

        assertThat(site.calls()).containsExactly(CREATE, REPLACE);
        assertThat(site.logged().warnings()).isEmpty();
    }

    @Test
    void aLateReadIsNotWarnedOf() throws Exception {
        site.page(
                "/",
                (request, response) -> {
                    site.counter("a").add();
                    response.flushBuffer();
                    response.getWriter().print(site.counter("a").value());
                });

        browser.get("/");
        site.settle();

        assertThat(site.logged().warnings()).isEmpty();
    }

    /** What the store was asked and the page logged, in order, without the warnings. */
    private List<String> calls() {
        return site.log().stream().filter(event -> !event.startsWith("WARNING")).toList();
    }

    @Test
    void aBeanFirstCreatedAfterTheAnswerHasLeftIsRefused() throws Exception {
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        site.page(
                "/",
                (request, response) -> {
                    response.flushBuffer();
                    try {
                        site.counter("a");
                    } catch (IllegalStateException e) {
                        thrown.complete(e);
                    }
                });

        HttpResponse<String> answer = browser.get("/");
        site.settle();

        assertThat(thrown)
                .succeedsWithin(20, TimeUnit.SECONDS)
                .asInstanceOf(InstanceOfAssertFactories.THROWABLE)
                .hasMessageContaining("before the answer is flushed");
        assertThat(answer.headers().allValues("Set-Cookie")).isEmpty();
        assertThat(site.calls()).isEmpty();
    }

    @Test
    void aSecondBeanOfAStoredSessionMayBeCreatedAfterTheAnswerHasLeft() throws Exception {
        site.page(
                "/",
                (request, response) -> {
                    site.counter("a").add();
                    response.flushBuffer();
                    site.counter("b").add();
                });
        site.page(
                "/read", (request, response) -> response.getWriter().print(site.find("b").value()));

        browser.get("/");
        site.settle();

        assertThat(browser.get("/read").body()).isEqualTo("1");
    }

    @Test
    void resetKeepsTheCookieOfASessionThatIsStored() throws Exception {
        readPage();
        site.page(
                "/",
                (request, response) -> {
                    site.counter("a").add();
                    response.setCharacterEncoding("UTF-8");
                    response.addHeader("X-Mine", "gone");
                    response.getWriter().print("a".repeat(response.getBufferSize() * 3 / 4));
                    assertThat(site.calls()).as("saved").contains(CREATE);
                    response.reset();
                    response.getWriter().print("anew");
                });

        HttpResponse<String> answer = browser.get("/");

        assertThat(answer.body()).isEqualTo("anew");
        assertThat(answer.headers().firstValue("X-Mine")).isEmpty();
        assertThat(answer.headers().allValues("Set-Cookie")).hasSize(1);
        assertThat(browser.get("/read").body()).isEqualTo("1");
    }

    @Test
    void resetBufferKeepsTheCookieAndCountsAnew() throws Exception {
        readPage();
        site.page(
                "/",
                (request, response) -> {
                    response.setCharacterEncoding("UTF-8");
                    response.getWriter().print("a".repeat(response.getBufferSize() / 4));
                    response.resetBuffer();
                    site.counter("a").add();
                    response.getWriter().print("a".repeat(response.getBufferSize() / 4));
                    assertThat(site.calls()).as("not full yet").isEmpty();
                });

        HttpResponse<String> answer = browser.get("/");

        assertThat(answer.headers().allValues("Set-Cookie")).hasSize(1);
        assertThat(browser.get("/read").body()).isEqualTo("1");
    }

    @Test
    void anEmptyAnswerWithAKnownLengthIsSaved() throws Exception {
        readPage();
        site.page(
                "/",
                (request, response) -> {
                    response.setContentLength(0);
                    site.counter("a").add();
                });

        browser.get("/");

        assertThat(browser.get("/read").body()).isEqualTo("1");
    }

    @Test
    void textArrivesAsWritten() throws Exception {
        site.page(
                "/",
                (request, response) -> {
                    response.setContentType("text/plain;charset=UTF-8");
                    response.getWriter().printf("%s %d%n", "ä€😀", 3);
                    response.getWriter().append('c').append("sequence").write(new char[] {'d'});
                    response.getWriter().println(true);
                });

        assertThat(browser.get("/").body())
                .isEqualTo(
                        "ä€😀 3"
                                + System.lineSeparator()
                                + "csequencedtrue"
                                + System.lineSeparator());
    }

    @Test
    void bytesArriveAsWritten() throws Exception {
        site.page(
                "/",
                (request, response) -> {
                    response.getOutputStream().print("a");
                    response.getOutputStream().write('b');
                    response.getOutputStream().write(new byte[] {'x', 'c', 'x'}, 1, 1);
                    response.getOutputStream().print(4);
                });

        assertThat(browser.get("/").body()).isEqualTo("abc4");
    }

    @Test
    void aClientThatGoesAwayInTheMiddleLeavesNothingBehind() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        site.page(
                "/",
                (request, response) -> {
                    site.counter("a").add();
                    response.flushBuffer();
                    gone.await(20, TimeUnit.SECONDS);
                    try {
                        for (int i = 0; i < 1_000; i++) {
                            response.getOutputStream().write(new byte[100_000]);
                            response.flushBuffer();
                        }
                        thrown.complete(new AssertionError("nothing thrown"));
                    } catch (IOException e) {
                        thrown.complete(e);
                        throw e;
                    }
                });

        Socket socket = site.open("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        TestSite.readUntil(socket.getInputStream(), "\r\n\r\n");
        socket.setSoLinger(true, 0); // a reset and no polite end
        socket.close();
        gone.countDown();

        assertThat(thrown).succeedsWithin(20, TimeUnit.SECONDS).isInstanceOf(IOException.class);
        site.settle();
        assertThat(site.units()).allMatch(unit -> !unit.isOpen());
        assertThat(site.leftBound()).isEmpty();
    }

    @Test
    void afterEveryKindOfEndTheUnitOfWorkIsClosed() throws Exception {
        site.page("/normal", (request, response) -> site.counter("a").add());
        site.page(
                "/exception",
                (request, response) -> {
                    site.counter("a").add();
                    throw new IllegalArgumentException("of the application");
                });
        site.page(
                "/error",
                (request, response) -> {
                    site.counter("a").add();
                    throw new AssertionError("of the application");
                });
        site.page(
                "/page",
                (request, response) -> {
                    site.counter("a").add();
                    throw new ServletServer.PageException();
                });
        site.page("/unused", (request, response) -> {});
        for (String path : new String[] {"/normal", "/exception", "/error", "/page", "/unused"}) {
            new Browser(site).get(path);
        }
        site.settle();

        assertThat(site.units()).hasSize(5).allMatch(unit -> !unit.isOpen());
    }

    @Test
    void whatIsChangedThroughAReferenceAfterASaveIsSavedBeforeTheRedirectLeaves() throws Exception {
        site.page("/begin", (request, response) -> site.counter("a").add());
        site.page("/part", (request, response) -> {});
        site.page(
                "/",
                (request, response) -> {
                    Counter held = site.counter("a");
                    request.getRequestDispatcher("/part").include(request, response); // saves
                    held.add();
                    response.sendRedirect("/read");
                    site.log("redirected");
                });
        browser.get("/begin");

        browser.get("/");

        site.settle();
        assertThat(site.log()).containsExactly("CREATE", "LOAD", "REPLACE", "redirected");
    }

    @Test
    void whatIsChangedThroughAReferenceAfterASaveIsSavedBeforeTheLastByteLeaves() throws Exception {
        site.page("/begin", (request, response) -> site.counter("a").add());
        site.page("/part", (request, response) -> {});
        site.page(
                "/",
                (request, response) -> {
                    Counter held = site.counter("a");
                    request.getRequestDispatcher("/part").include(request, response); // saves
                    held.add();
                    response.setContentLength(4);
                    response.getOutputStream().print("body");
                    site.log("written");
                });
        browser.get("/begin");

        assertThat(browser.get("/").body()).isEqualTo("body");

        site.settle();
        assertThat(site.log()).containsExactly("CREATE", "LOAD", "REPLACE", "written");
    }

    @Test
    void causesThatGoRoundInACircleAreTheApplicationsFailure() throws Exception {
        site.page(
                "/",
                (request, response) -> {
                    Exception first = new Exception("first");
                    Exception second = new Exception("second", first);
                    first.initCause(second);
                    throw second;
                });

        assertThat(browser.get("/").statusCode()).isEqualTo(500);
    }
}
