package org.memcachedsession.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.memcachedsession.store.InMemorySessionStore.Operation.CREATE;
import static org.memcachedsession.store.InMemorySessionStore.Operation.REPLACE;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.net.http.HttpResponse;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.UnitOfWork;
import org.memcachedsession.store.InMemorySessionStore.Calls;
import org.memcachedsession.store.InMemorySessionStore.Operation;

/** A request that goes on after its first thread has left it. */
class AsyncTest extends ServletTest {

    private final AtomicReference<UnitOfWork> unit = new AtomicReference<>();

    private final CountDownLatch left = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);

    /** Tells when the first thread has left, and when all listeners, ours too, know of the end. */
    private void watch() {
        site.outerFilter(
                (request, response, chain) -> {
                    try {
                        chain.doFilter(request, response);
                    } finally {
                        request.getAsyncContext()
                                .addListener(
                                        new Listener() {
                                            @Override
                                            public void onComplete(AsyncEvent event) {
                                                ended.countDown();
                                            }
                                        });
                        left.countDown();
                    }
                });
    }

    private void awaitLeft() {
        try {
            assertThat(left.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void assertEnds() throws Exception {
        assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(unit.get().isOpen()).isFalse();
    }

    /** An asynchronous listener that does one thing. */
    private static class Listener implements AsyncListener {
        @Override
        public void onComplete(AsyncEvent event) throws IOException {}

        @Override
        public void onTimeout(AsyncEvent event) throws IOException {}

        @Override
        public void onError(AsyncEvent event) throws IOException {}

        @Override
        public void onStartAsync(AsyncEvent event) throws IOException {}
    }

    @Test
    void aTaskHasTheSessionAndItsChangeIsSavedBeforeTheAnswerLeaves() throws Exception {
        site.page(
                "/",
                (request, response) -> {
                    unit.set(site.unit());
                    AsyncContext async = request.startAsync();
                    async.start(
                            () -> {
                                try {
                                    async.getResponse().getWriter().print(site.counter("a").add());
                                } catch (IOException e) {
                                    throw new IllegalStateException(e);
                                }
                                async.complete();
                            });
                });

        HttpResponse<String> first = browser.get("/");

        assertThat(first.body()).isEqualTo("1");
        assertThat(first.headers().allValues("Set-Cookie")).hasSize(1);
        assertThat(browser.get("/").body()).isEqualTo("2");
        site.settle();
        assertThat(unit.get().isOpen()).isFalse();
        assertThat(site.calls()).containsOnlyOnce(CREATE).containsOnlyOnce(REPLACE);
    }

    @Test
    void aDispatchFromATaskSeesTheSameBeans() throws Exception {
        site.page(
                "/",
                (request, response) -> {
                    unit.set(site.unit());
                    site.counter("a").add();
                    AsyncContext async = request.startAsync();
                    async.start(
                            () -> {
                                site.counter("a").add();
                                async.dispatch("/target");
                            });
                });
        site.page(
                "/target",
                (request, response) -> {
                    assertThat(request.getDispatcherType()).isEqualTo(DispatcherType.ASYNC);
                    assertThat(site.unit()).isSameAs(unit.get());
                    response.getWriter().print(site.counter("a").add());
                });

        HttpResponse<String> first = browser.get("/");

        assertThat(first.body()).isEqualTo("3");
        assertThat(first.headers().allValues("Set-Cookie")).hasSize(1);
        site.settle();
        assertThat(site.calls()).containsExactly(CREATE);
        assertThat(site.units()).hasSize(1);
        assertThat(unit.get().isOpen()).isFalse();
    }

    @Test
    void aDispatchBeforeTheFirstThreadHasLeftSeesTheSameBeans() throws Exception {
        site.page(
                "/",
                (request, response) -> {
                    unit.set(site.unit());
                    site.counter("a").add();
                    request.startAsync().dispatch("/target");
                });
        site.page(
                "/target",
                (request, response) -> {
                    assertThat(site.unit()).isSameAs(unit.get());
                    response.getWriter().print(site.counter("a").add());
                });

        HttpResponse<String> first = browser.get("/");

        assertThat(first.body()).isEqualTo("2");
        assertThat(first.headers().allValues("Set-Cookie")).hasSize(1);
        site.settle();
        assertThat(site.units()).hasSize(1);
        assertThat(unit.get().isOpen()).isFalse();
        assertThat(browser.get("/").body()).isEqualTo("4");
    }

    @Test
    void asynchronousCyclesMayFollowOneAnother() throws Exception {
        site.page(
                "/",
                (request, response) -> {
                    unit.set(site.unit());
                    site.counter("a").add();
                    request.startAsync().dispatch("/second");
                });
        site.page(
                "/second",
                (request, response) -> {
                    site.counter("a").add();
                    AsyncContext async = request.startAsync();
                    async.start(() -> async.dispatch("/third"));
                });
        site.page(
                "/third",
                (request, response) -> {
                    assertThat(site.unit()).isSameAs(unit.get());
                    response.getWriter().print(site.counter("a").add());
                });

        HttpResponse<String> first = browser.get("/");

        assertThat(first.body()).isEqualTo("3");
        assertThat(first.headers().allValues("Set-Cookie")).hasSize(1);
        site.settle();
        assertThat(unit.get().isOpen()).isFalse();
        assertThat(browser.get("/").body()).isEqualTo("6");
    }

    @Test
    void aListenerMayAnswerAtTimeoutWithTheSession() throws Exception {
        watch();
        site.page(
                "/",
                (request, response) -> {
                    unit.set(site.unit());
                    AsyncContext async = request.startAsync();
                    async.setTimeout(1);
                    async.addListener(
                            new Listener() {
                                @Override
                                public void onTimeout(AsyncEvent event) throws IOException {
                                    response.getWriter().print(site.counter("a").add());
                                    event.getAsyncContext().complete();
                                }
                            });
                });

        HttpResponse<String> first = browser.get("/");

        assertThat(first.body()).isEqualTo("1");
        assertThat(browser.id()).isNotNull();
        assertEnds();
        assertThat(browser.get("/").body()).isEqualTo("2");
    }

    @Test
    void aRequestThatTimesOutWithoutAListenerIsClosed() throws Exception {
        watch();
        site.page(
                "/",
                (request, response) -> {
                    unit.set(site.unit());
                    site.counter("a").add();
                    AsyncContext async = request.startAsync();
                    async.setTimeout(1);
                });

        browser.get("/");

        assertEnds();
    }

    @Test
    void aSaveThatFailsAtATimeoutEndsTheRequestAllTheSame() throws Exception {
        watch();
        site.observe(
                new Calls() {
                    @Override
                    public void before(Operation operation, ItemKey key) {
                        throw new SessionStoreException("no answer");
                    }
                });
        site.page(
                "/",
                (request, response) -> {
                    unit.set(site.unit());
                    site.counter("a").add();
                    request.startAsync().setTimeout(1);
                });

        HttpResponse<String> answer = browser.get("/");

        assertThat(answer.statusCode()).isGreaterThanOrEqualTo(500);
        assertThat(browser.id()).isNull();
        assertEnds();
        assertThat(site.calls()).containsOnlyOnce(CREATE);
    }

    @Test
    void whatChangedBeforeATimeoutThatNobodyHearsIsSavedBeforeTheAnswerLeaves() throws Exception {
        site.page(
                "/",
                (request, response) -> {
                    site.counter("a").add();
                    AsyncContext async = request.startAsync();
                    async.setTimeout(1);
                });
        site.observe(
                new Calls() {
                    @Override
                    public void before(Operation operation, ItemKey key) {
                        site.log(site.plainResponse().isCommitted() ? "late" : "in time");
                    }
                });

        HttpResponse<String> answer = browser.get("/");
        site.settle();

        assertThat(answer.headers().allValues("Set-Cookie")).hasSize(1);
        assertThat(site.log()).containsExactly("CREATE", "in time");
    }

    @Test
    void aListenerThatAnswersATimeoutOfASecondCycleIsNotBelievedIfItsSaveHasFailed()
            throws Exception {
        site.page(
                "/",
                (request, response) -> {
                    site.counter("a").add();
                    request.startAsync().dispatch("/second");
                });
        site.page(
                "/second",
                (request, response) -> {
                    AsyncContext async = request.startAsync();
                    async.setTimeout(1);
                    async.addListener(
                            new Listener() {
                                @Override
                                public void onTimeout(AsyncEvent event) {
                                    response.setStatus(200);
                                    event.getAsyncContext().complete();
                                }
                            });
                });
        site.observe(
                new Calls() {
                    @Override
                    public void before(Operation operation, ItemKey key) {
                        throw new SessionStoreException("no answer");
                    }
                });

        assertThat(browser.get("/").statusCode()).isEqualTo(503);
    }

    @Test
    void aFailureAfterTheStartIsToldToListenersThatHaveTheSession() throws Exception {
        watch();
        CompletableFuture<Boolean> bound = new CompletableFuture<>();
        site.page(
                "/",
                (request, response) -> {
                    unit.set(site.unit());
                    AsyncContext async = request.startAsync();
                    async.addListener(
                            new Listener() {
                                @Override
                                public void onError(AsyncEvent event) {
                                    bound.complete(site.isBound());
                                    event.getAsyncContext().complete();
                                }
                            });
                    throw new IllegalArgumentException("of the application");
                });

        browser.get("/");

        assertThat(bound).succeedsWithin(20, TimeUnit.SECONDS).isEqualTo(true);
        assertEnds();
    }

    @Test
    void completeFromAThreadThatKnowsNothingOfUsSaves() throws Exception {
        watch();
        site.page(
                "/",
                (request, response) -> {
                    unit.set(site.unit());
                    Counter counter = site.counter("a");
                    AsyncContext async = request.startAsync();
                    new Thread(
                                    () -> {
                                        awaitLeft();
                                        counter.add();
                                        async.complete();
                                    })
                            .start();
                });
        site.page(
                "/read", (request, response) -> response.getWriter().print(site.find("a").value()));

        HttpResponse<String> first = browser.get("/");

        assertThat(first.headers().allValues("Set-Cookie")).hasSize(1);
        assertEnds();
        site.outerFilter((request, response, chain) -> chain.doFilter(request, response));
        assertThat(browser.get("/read").body()).isEqualTo("1");
    }

    @Test
    void aChangeBetweenFlushAndCompleteIsSavedBeforeTheAnswerEnds() throws Exception {
        site.page(
                "/",
                (request, response) -> {
                    site.counter("a").add();
                    AsyncContext async = request.startAsync();
                    async.start(
                            () -> {
                                try {
                                    response.getWriter().print("part one");
                                    response.flushBuffer();
                                } catch (IOException e) {
                                    throw new IllegalStateException(e);
                                }
                                site.counter("a").add();
                                async.complete();
                                site.log("completed");
                            });
                });

        browser.get("/");
        site.settle();

        assertThat(site.log())
                .filteredOn(event -> !event.startsWith("WARNING"))
                .containsExactly("CREATE", "REPLACE", "completed");
    }

    @Test
    void aWriteListenerHasTheSession() throws Exception {
        site.page("/start", (request, response) -> site.counter("a").add());
        site.page(
                "/",
                (request, response) -> {
                    AsyncContext async = request.startAsync();
                    ServletOutputStream stream = response.getOutputStream();
                    stream.setWriteListener(
                            new WriteListener() {
                                @Override
                                public void onWritePossible() throws IOException {
                                    if (stream.isReady()) {
                                        int value = site.find("a").add();
                                        stream.write(Integer.toString(value).getBytes(ISO_8859_1));
                                        async.complete();
                                    }
                                }

                                @Override
                                public void onError(Throwable failure) {
                                    async.complete();
                                }
                            });
                });
        browser.get("/start");

        assertThat(browser.get("/").body()).isEqualTo("2");
        assertThat(browser.get("/").body()).isEqualTo("3");
    }

    @Test
    void noWriteListenerAtAllIsRefusedAtOnce() throws Exception {
        site.page(
                "/",
                (request, response) -> {
                    AsyncContext async = request.startAsync();
                    ServletOutputStream stream = response.getOutputStream();
                    assertThatThrownBy(() -> stream.setWriteListener(null))
                            .isInstanceOfAny(
                                    NullPointerException.class, IllegalArgumentException.class);
                    stream.print("asserted");
                    async.complete();
                });

        assertThat(browser.get("/").body()).isEqualTo("asserted");
    }

    @Test
    void aSaveThatFailsAtCompleteEndsTheRequestAllTheSameAndSaysSo() throws Exception {
        site.observe(
                new Calls() {
                    @Override
                    public void before(Operation operation, ItemKey key) {
                        throw new SessionStoreException("no answer");
                    }
                });
        site.page(
                "/",
                (request, response) -> {
                    site.counter("a").add();
                    AsyncContext async = request.startAsync();
                    async.setTimeout(0); // never
                    async.start(async::complete);
                });

        HttpResponse<String> answer = browser.get("/");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).contains("5");
        assertThat(browser.id()).isNull();
    }

    @Test
    void aTaskThatGoesOnAfterTheEndGivesNoCookieToWhomTheServerAnswersNext() throws Exception {
        CompletableFuture<AsyncContext> context = new CompletableFuture<>();
        AtomicReference<HttpServletResponse> answer = new AtomicReference<>();
        site.outerFilter(
                (request, response, chain) -> {
                    chain.doFilter(request, new ReusedResponse(response));
                    request.getAsyncContext()
                            .addListener(
                                    new Listener() {
                                        @Override
                                        public void onComplete(AsyncEvent event) {
                                            ended.countDown();
                                        }
                                    });
                });
        site.page(
                "/",
                (request, response) -> {
                    unit.set(site.unit());
                    site.counter("a").add();
                    AsyncContext async = request.startAsync();
                    async.setTimeout(1);
                    answer.set(response);
                    context.complete(async);
                });
        browser.get("/");
        assertEnds();
        site.log("reused");

        catchThrowable(() -> context.join().complete()); // not every server minds
        answer.get().flushBuffer();

        assertThat(site.log()).endsWith("reused");
    }

    /** What the server answers next, after the end of the request, by the same object. */
    private final class ReusedResponse extends HttpServletResponseWrapper {

        ReusedResponse(HttpServletResponse response) {
            super(response);
        }

        private boolean isReused() {
            return ended.getCount() == 0;
        }

        @Override
        public boolean isCommitted() {
            return !isReused() && super.isCommitted();
        }

        @Override
        public Collection<String> getHeaders(String name) {
            return isReused() ? List.of() : super.getHeaders(name);
        }

        @Override
        public void addHeader(String name, String value) {
            if (isReused()) {
                site.log(name);
            } else {
                super.addHeader(name, value);
            }
        }

        @Override
        public void flushBuffer() throws IOException {
            if (!isReused()) {
                super.flushBuffer();
            }
        }
    }

    @Test
    void anErrorPageThatATaskCallsUsesTheSession() throws Exception {
        site.page(
                "/",
                (request, response) -> {
                    unit.set(site.unit());
                    AsyncContext async = request.startAsync();
                    async.start(
                            () -> {
                                try {
                                    response.sendError(ServletServer.STATUS_WITH_PAGE);
                                    async.complete();
                                } catch (IOException e) {
                                    throw new IllegalStateException(e);
                                }
                            });
                });
        site.page(
                TestSite.ERROR_PAGE,
                (request, response) -> {
                    assertThat(site.unit()).isSameAs(unit.get());
                    response.getWriter().print(site.counter("a").add());
                    response.getWriter().flush();
                    site.log("answered");
                });

        HttpResponse<String> first = browser.get("/");

        assertThat(first.body()).isEqualTo("1");
        assertThat(site.log()).containsExactly("CREATE", "answered");
        assertThat(first.headers().allValues("Set-Cookie")).hasSize(1);
        assertThat(browser.get("/").body()).isEqualTo("2");
    }

    @Test
    void whatIsChangedThroughAReferenceAfterAFlushIsSavedAtComplete() throws Exception {
        site.page(
                "/",
                (request, response) -> {
                    Counter held = site.counter("a");
                    AsyncContext async = request.startAsync();
                    async.start(
                            () -> {
                                try {
                                    async.getResponse().flushBuffer();
                                } catch (IOException e) {
                                    throw new IllegalStateException(e);
                                }
                                held.add();
                                async.complete();
                            });
                });
        site.page(
                "/read", (request, response) -> response.getWriter().print(site.find("a").value()));

        browser.get("/");

        assertThat(browser.get("/read").body()).isEqualTo("1");
    }

    private static final class ThrowsAnError implements Serializable {
        private static final long serialVersionUID = 1L;

        private void writeObject(ObjectOutputStream out) {
            throw new AssertionError("a bean's own");
        }
    }

    @Test
    void anErrorInTheSaveAtCompleteEndsTheRequestAllTheSame() throws Exception {
        site.page(
                "/",
                (request, response) -> {
                    site.counter("a").payload = new ThrowsAnError();
                    AsyncContext async = request.startAsync();
                    async.setTimeout(0); // never
                    async.start(async::complete);
                });

        assertThat(browser.get("/").statusCode()).isEqualTo(500);
    }

    @Test
    void aRequestWhoseSessionFailsAfterTheStartIsAnsweredAndEnds() throws Exception {
        site.page(
                "/",
                (request, response) -> {
                    unit.set(site.unit());
                    AsyncContext async = request.startAsync();
                    async.setTimeout(0); // never
                    throw new SessionStoreException("no answer");
                });

        HttpResponse<String> answer = browser.get("/");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).contains("5");
        site.settle();
        assertThat(unit.get().isOpen()).isFalse();
    }
}
