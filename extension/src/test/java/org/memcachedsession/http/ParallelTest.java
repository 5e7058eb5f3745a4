package org.memcachedsession.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.memcachedsession.store.InMemorySessionStore.Operation.LOAD;
import static org.memcachedsession.store.InMemorySessionStore.Operation.REPLACE;

import jakarta.servlet.AsyncContext;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Requests of one browser at once, and those of others beside. */
class ParallelTest extends ServletTest {

    private static final int THREADS = 8;
    private static final int REQUESTS_EACH = 250;

    @Override
    int workers() {
        return THREADS;
    }

    @Test
    void twoRequestsThatChangeDifferentBeansAreMerged() throws Exception {
        CyclicBarrier bothHaveLoaded = new CyclicBarrier(2);
        CountDownLatch firstIsSaved = new CountDownLatch(1);
        site.page("/start", (request, response) -> site.counter("a"));
        site.page(
                "/a",
                (request, response) -> {
                    site.counter("a").add();
                    bothHaveLoaded.await(20, TimeUnit.SECONDS);
                });
        site.page(
                "/b",
                (request, response) -> {
                    site.counter("b").add();
                    bothHaveLoaded.await(20, TimeUnit.SECONDS);
                    firstIsSaved.await(20, TimeUnit.SECONDS);
                });
        site.page(
                "/read",
                (request, response) ->
                        response.getWriter()
                                .print(site.find("a").value() + " " + site.find("b").value()));
        browser.get("/start");
        site.forgetCalls();

        CompletableFuture<HttpResponse<String>> a = browser.begin("/a");
        CompletableFuture<HttpResponse<String>> b = browser.begin("/b");
        assertThat(a).succeedsWithin(20, TimeUnit.SECONDS);
        firstIsSaved.countDown();
        assertThat(b).succeedsWithin(20, TimeUnit.SECONDS);

        assertThat(site.calls()).containsExactly(LOAD, LOAD, REPLACE, REPLACE, LOAD, REPLACE);
        assertThat(browser.get("/read").body()).isEqualTo("1 1");
    }

    @Test
    void twoRequestsNeverShareAnInstance() throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);
        List<Counter> seen = new ArrayList<>();
        site.page("/start", (request, response) -> site.counter("a"));
        site.page(
                "/",
                (request, response) -> {
                    Counter counter = site.counter("a");
                    synchronized (seen) {
                        seen.add(counter);
                    }
                    both.await(20, TimeUnit.SECONDS);
                });
        browser.get("/start");

        CompletableFuture<HttpResponse<String>> one = browser.begin("/");
        CompletableFuture<HttpResponse<String>> two = browser.begin("/");
        assertThat(one).succeedsWithin(20, TimeUnit.SECONDS);
        assertThat(two).succeedsWithin(20, TimeUnit.SECONDS);

        assertThat(seen).hasSize(2);
        assertThat(seen.get(0)).isNotSameAs(seen.get(1));
    }

    @Test
    void aRequestThatEndsTheSessionIsNotUndoneByASlowOne() throws Exception {
        CountDownLatch slowHasLoaded = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        site.page("/start", (request, response) -> site.counter("a"));
        site.page(
                "/slow",
                (request, response) -> {
                    site.counter("a").add();
                    slowHasLoaded.countDown();
                    ended.await(20, TimeUnit.SECONDS);
                });
        site.page("/end", (request, response) -> site.unit().invalidate());
        browser.get("/start");

        CompletableFuture<HttpResponse<String>> slow = browser.begin("/slow");
        assertThat(slowHasLoaded.await(20, TimeUnit.SECONDS)).isTrue();
        browser.get("/end");
        ended.countDown();
        assertThat(slow).succeedsWithin(20, TimeUnit.SECONDS);

        assertThat(slow.join().headers().allValues("Set-Cookie")).isEmpty();
        assertThat(site.store().sessions()).isZero();
        assertThat(browser.id()).isNull();
    }

    @Test
    void nobodySeesAForeignValueWhateverIsMixed() throws Exception {
        mixedPages();
        ExecutorService users = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> running = new ArrayList<>();
            Browser shared = new Browser(site);
            shared.get("/mine?user=shared");
            for (int i = 0; i < THREADS; i++) {
                String own = "user" + i;
                int seed = i;
                running.add(users.submit(() -> mixedRequests(own, shared, seed)));
            }
            for (Future<?> user : running) {
                user.get(60, TimeUnit.SECONDS);
            }
        } finally {
            users.shutdownNow();
        }
        assertThat(site.leftBound()).isEmpty();
    }

    /** Each page answers whose session it is; the first one of a session says so. */
    private void mixedPages() {
        site.page(
                "/mine",
                (request, response) ->
                        response.getWriter().print(owner(request.getParameter("user"))));
        site.page(
                "/flush",
                (request, response) -> {
                    response.getWriter().print(owner(request.getParameter("user")));
                    response.flushBuffer();
                    site.counter("count").add();
                });
        site.page(
                "/fail",
                (request, response) -> {
                    owner(request.getParameter("user"));
                    throw new IllegalArgumentException("of the application");
                });
        site.page(
                "/forward",
                (request, response) ->
                        request.getRequestDispatcher("/mine").forward(request, response));
        site.page(
                "/include",
                (request, response) ->
                        request.getRequestDispatcher("/mine").include(request, response));
        site.page("/dispatch", (request, response) -> request.startAsync().dispatch("/mine"));
        site.page(
                "/async",
                (request, response) -> {
                    AsyncContext async = request.startAsync();
                    async.start(
                            () -> {
                                try {
                                    response.getWriter().print(owner(request.getParameter("user")));
                                } catch (Exception e) {
                                    throw new IllegalStateException(e);
                                } finally {
                                    async.complete();
                                }
                            });
                });
        site.page("/unused", (request, response) -> response.getWriter().print("unused"));
    }

    private Object owner(String user) {
        Counter counter = site.counter("owner");
        if (counter.payload.equals("")) {
            counter.payload = user;
        }
        counter.add();
        return counter.payload;
    }

    private Void mixedRequests(String user, Browser shared, int seed) throws Exception {
        String[] paths = {
            "/mine", "/flush", "/fail", "/forward", "/include", "/dispatch", "/async", "/unused"
        };
        SplittableRandom random = new SplittableRandom(seed);
        Browser own = new Browser(site);
        own.get("/mine?user=" + user);
        for (int i = 0; i < REQUESTS_EACH; i++) {
            boolean isShared = random.nextBoolean();
            String owner = isShared ? "shared" : user;
            String path = paths[random.nextInt(paths.length)];
            HttpResponse<String> answer = (isShared ? shared : own).get(path + "?user=" + owner);
            switch (path) {
                case "/fail" -> assertThat(answer.statusCode()).isEqualTo(500);
                case "/unused" -> assertThat(answer.body()).isEqualTo("unused");
                default -> assertThat(answer.body()).as(path).isEqualTo(owner);
            }
        }
        return null;
    }
}
