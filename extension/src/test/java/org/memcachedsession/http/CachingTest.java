package org.memcachedsession.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.memcachedsession.store.InMemorySessionStore.Operation.LOAD;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.UnitOfWork;
import org.memcachedsession.store.InMemorySessionStore.Calls;
import org.memcachedsession.store.InMemorySessionStore.Operation;

/** No cache that users share keeps what a session went into, whatever way the answer takes. */
class CachingTest extends ServletTest {

    /** The head of an answer. */
    private record Head(String text) {

        String status() {
            return text.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length());
        }

        List<String> all(String name) {
            String begin = name.toLowerCase(Locale.ROOT) + ":";
            return text.lines()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(begin))
                    .map(line -> line.substring(begin.length()).trim())
                    .toList();
        }

        void isKeptByNoCache() {
            assertThat(all("Cache-Control")).as(text).containsExactly("no-store");
            assertThat(all("Vary")).as(text).containsExactly("Cookie");
        }

        void isKeptForItsUserAlone() {
            assertThat(all("Cache-Control")).as(text).containsExactly("private");
            assertThat(all("Vary")).as(text).containsExactly("Cookie");
        }

        void saysNothingToCaches() {
            assertThat(all("Cache-Control")).as(text).isEmpty();
            assertThat(all("Vary")).as(text).isEmpty();
        }
    }

    private Head head(String path, String... lines) throws IOException {
        StringBuilder request = new StringBuilder("GET ").append(path).append(" HTTP/1.1\r\n");
        request.append("Host: localhost\r\nConnection: Upgrade\r\nUpgrade: test\r\n");
        for (String line : lines) {
            request.append(line).append("\r\n");
        }
        try (Socket socket = site.open(request.append("\r\n").toString())) {
            return new Head(TestSite.readUntil(socket.getInputStream(), "\r\n\r\n"));
        }
    }

    private String cookie() throws Exception {
        site.page("/start", (request, response) -> site.counter("a").add());
        browser.get("/start");
        return "Cookie: sid=" + browser.id();
    }

    private void pages(TestSite.Page page) {
        site.page("/", page);
        site.page(
                "/flush",
                (request, response) -> {
                    response.getWriter().print("included");
                    response.flushBuffer();
                });
        site.page("/text", (request, response) -> response.getWriter().print("forwarded"));
        site.page("/part", (request, response) -> {});
        site.page(
                TestSite.ERROR_PAGE, (request, response) -> response.getWriter().print("an error"));
    }

    // ---- whatever sends the answer off

    @ParameterizedTest
    @EnumSource(SavePointTest.Exit.class)
    void anAnswerThatGivesTheCookieIsKeptByNoCache(SavePointTest.Exit exit) throws Exception {
        pages(
                (request, response) -> {
                    response.setHeader("Cache-Control", "public, max-age=60");
                    site.counter("a").add();
                    exit.page.serve(request, response);
                });

        Head head = head("/");

        if (serverClearsHeaders(exit)) {
            assertThat(head.status()).isEqualTo("500");
            head.saysNothingToCaches();
            assertThat(head.all("Set-Cookie")).isEmpty();
        } else {
            assertThat(head.all("Set-Cookie")).hasSize(1);
            head.isKeptByNoCache();
        }
        assertThat(site.logged().warnings()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(SavePointTest.Exit.class)
    void anAnswerThatTakesTheCookieBackIsKeptByNoCache(SavePointTest.Exit exit) throws Exception {
        String cookie = cookie();
        pages(
                (request, response) -> {
                    site.unit().invalidate();
                    exit.page.serve(request, response);
                });

        Head head = head("/", cookie);

        if (serverClearsHeaders(exit)) {
            assertThat(head.status()).isEqualTo("500");
            assertThat(head.all("Set-Cookie")).isEmpty();
        } else {
            assertThat(head.all("Set-Cookie")).hasSize(1);
            head.isKeptByNoCache();
        }
    }

    @ParameterizedTest
    @EnumSource(SavePointTest.Exit.class)
    void anAnswerThatASessionWentIntoIsKeptForItsUserAlone(SavePointTest.Exit exit)
            throws Exception {
        String cookie = cookie();
        pages(
                (request, response) -> {
                    site.find("a").value();
                    exit.page.serve(request, response);
                });

        Head head = head("/", cookie);

        assertThat(head.all("Set-Cookie")).isEmpty();
        if (serverClearsHeaders(exit)) {
            assertThat(head.status()).isEqualTo("500");
            head.saysNothingToCaches();
        } else {
            head.isKeptForItsUserAlone();
        }
        assertThat(site.logged().warnings()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(SavePointTest.Exit.class)
    void anAnswerWithoutTheSessionIsLeftAsItIs(SavePointTest.Exit exit) throws Exception {
        String cookie = cookie();
        pages(exit.page);

        head("/", cookie).saysNothingToCaches();
        head("/").saysNothingToCaches();
    }

    /** After an exception that has no error page, when no filter is asked any more. */
    private boolean serverClearsHeaders(SavePointTest.Exit exit) {
        return kind == ServletServer.Kind.UNDERTOW
                && (exit == SavePointTest.Exit.EXCEPTION || exit == SavePointTest.Exit.JAVA_ERROR);
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 206, 301, 304, 404, 410, 500})
    void everyStatusIsKeptForItsUserAlone(int status) throws Exception {
        pages(
                (request, response) -> {
                    site.find("a");
                    response.setStatus(status);
                });

        Head head = head("/");

        assertThat(head.status()).isEqualTo(Integer.toString(status));
        head.isKeptForItsUserAlone();
    }

    // ---- what the application says

    static Stream<Arguments> words() {
        return Stream.of(
                arguments("private", "private"),
                arguments("private, max-age=60", "private, max-age=60"),
                arguments("Private", "Private"),
                arguments("no-cache", "no-cache"),
                arguments("NO-CACHE, must-revalidate", "NO-CACHE, must-revalidate"),
                arguments("no-store", "no-store"),
                arguments("max-age=60,private", "max-age=60,private"),
                arguments("public, no-cache", "public, no-cache"),
                arguments("max-age=60", "private, max-age=60"),
                arguments("must-revalidate", "private, must-revalidate"),
                arguments("x=\"a, private, b\"", "private, x=\"a, private, b\""),
                arguments("x=\"no-cache", "private, x=\"no-cache"),
                arguments(
                        "no-cache=\"Set-Cookie\", max-age=9",
                        "private, no-cache=\"Set-Cookie\", max-age=9"),
                arguments("private=\"X-Mine\"", "private, private=\"X-Mine\""),
                arguments("privately", "private, privately"),
                arguments(",", "private"),
                arguments("public", "private"),
                arguments("Public , max-age=60", "private, max-age=60"),
                arguments("s-maxage=60", "private"),
                arguments("max-age=1, S-MaxAge=60, immutable", "private, max-age=1, immutable"));
    }

    @ParameterizedTest
    @MethodSource("words")
    void whatTheApplicationSaysStaysUnlessOthersCouldGetTheAnswer(String said, String sent)
            throws Exception {
        pages(
                (request, response) -> {
                    response.setHeader("cache-control", said);
                    site.find("a");
                });

        Head head = head("/");

        assertThat(head.all("Cache-Control")).containsExactly(sent);
        assertThat(head.all("Vary")).containsExactly("Cookie");
    }

    @Test
    void wordsInSeveralHeadersAreTakenTogether() throws Exception {
        pages(
                (request, response) -> {
                    response.addHeader("Cache-Control", "max-age=60");
                    response.addHeader("Cache-Control", "public");
                    site.find("a");
                });
        site.page(
                "/restricted",
                (request, response) -> {
                    response.addHeader("Cache-Control", "max-age=60");
                    response.addHeader("Cache-Control", "no-cache");
                    site.find("a");
                });

        assertThat(head("/").all("Cache-Control")).containsExactly("private, max-age=60");
        assertThat(head("/restricted").all("Cache-Control"))
                .containsExactly("max-age=60", "no-cache");
    }

    @Test
    void noWordOfTheApplicationStaysBesideOurCookie() throws Exception {
        pages(
                (request, response) -> {
                    response.addHeader("Cache-Control", "no-store");
                    response.addHeader("Cache-Control", "public, max-age=60");
                    site.counter("a").add();
                });

        head("/").isKeptByNoCache();
    }

    @Test
    void thatAnAnswerWasMeantForSharedCachesIsWarnedOfOncePerApplication() throws Exception {
        pages(
                (request, response) -> {
                    response.setHeader("Cache-Control", "public, max-age=60");
                    site.find("a");
                });

        head("/");
        head("/");

        assertThat(site.logged().warnings())
                .singleElement()
                .asString()
                .contains("public or s-maxage", "said once");
    }

    @Test
    void anAnswerWithoutTheSessionMayBeForEverybody() throws Exception {
        pages((request, response) -> response.setHeader("Cache-Control", "public, s-maxage=60"));

        assertThat(head("/", cookie()).all("Cache-Control")).containsExactly("public, s-maxage=60");
        assertThat(site.logged().warnings()).isEmpty();
    }

    static Stream<Arguments> variants() {
        return Stream.of(
                arguments(List.of("Accept-Encoding"), List.of("Accept-Encoding", "Cookie")),
                arguments(List.of("Cookie"), List.of("Cookie")),
                arguments(List.of("cookie"), List.of("cookie")),
                arguments(List.of("Accept, COOKIE"), List.of("Accept, COOKIE")),
                arguments(List.of("Accept", "cookie ,Origin"), List.of("Accept", "cookie ,Origin")),
                arguments(List.of("Cookie2"), List.of("Cookie2", "Cookie")),
                arguments(List.of("*"), List.of("*")),
                arguments(List.of("Accept, *"), List.of("Accept, *")));
    }

    @ParameterizedTest
    @MethodSource("variants")
    void theCookieIsAddedOnceToWhatElseTheAnswerVariesBy(List<String> said, List<String> sent)
            throws Exception {
        pages(
                (request, response) -> {
                    said.forEach(value -> response.addHeader("Vary", value));
                    site.find("a");
                });

        assertThat(head("/").all("Vary")).containsExactlyElementsOf(sent);
    }

    // ---- what counts as use

    @Test
    void askingWhetherThereIsASessionCounts() throws Exception {
        pages((request, response) -> response.getWriter().print(site.unit().exists()));
        site.page("/why", (request, response) -> response.getWriter().print(site.unit().origin()));

        head("/").isKeptForItsUserAlone();
        head("/why").isKeptForItsUserAlone();
    }

    @Test
    void aBeanUsedByAFilterBeforeOursCounts() throws Exception {
        String cookie = cookie();
        pages((request, response) -> {});
        site.outerFilter(
                (request, response, chain) -> {
                    site.webSessions().find(request).find(TestSite.key("a"));
                    chain.doFilter(request, response);
                });

        head("/", cookie).isKeptForItsUserAlone();
    }

    @Test
    void aBeanUsedByAListenerCounts() throws Exception {
        String cookie = cookie();
        pages((request, response) -> {});
        site.innerListener(
                (phase, request) -> {
                    UnitOfWork unit = site.webSessions().find(request);
                    if (phase.equals("initialized") && request.getServletPath().equals("/")) {
                        unit.find(TestSite.key("a"));
                    }
                });

        head("/", cookie).isKeptForItsUserAlone();
    }

    @Test
    void aSessionThatCouldNotBeHadCounts() throws Exception {
        String cookie = cookie();
        pages((request, response) -> site.find("a"));
        site.page(
                "/caught",
                (request, response) -> {
                    try {
                        site.find("a");
                    } catch (SessionStoreException e) {
                        response.getWriter().print("no session today");
                    }
                });
        site.observe(
                new Calls() {
                    @Override
                    public void before(Operation operation, ItemKey key) {
                        if (operation == LOAD) {
                            throw new SessionStoreException("no answer");
                        }
                    }
                });

        Head unavailable = head("/", cookie);
        Head caught = head("/caught", cookie);

        assertThat(unavailable.status()).isEqualTo("503");
        unavailable.isKeptForItsUserAlone();
        assertThat(caught.status()).isEqualTo("200");
        caught.isKeptForItsUserAlone();
    }

    @Test
    void aBeanFirstUsedAfterTheHeadHasLeftIsTooLateWhichIsWarnedOfOncePerApplication()
            throws Exception {
        String cookie = cookie();
        pages(
                (request, response) -> {
                    response.flushBuffer();
                    site.find("a");
                });

        head("/", cookie).saysNothingToCaches();
        site.settle();
        head("/", cookie).saysNothingToCaches();
        site.settle();

        assertThat(site.logged().warnings())
                .singleElement()
                .asString()
                .contains("Cache-Control: private", "said once");
    }

    @Test
    void whoSaysItBeforehandIsNotWarnedOfABeanFirstUsedAfterTheHeadHasLeft() throws Exception {
        pages(
                (request, response) -> {
                    response.setHeader("Cache-Control", "private");
                    response.flushBuffer();
                    site.find("a");
                });

        assertThat(head("/").all("Cache-Control")).containsExactly("private");
        site.settle();
        assertThat(site.logged().warnings()).isEmpty();
    }

    // ---- on all ways through the server

    @Test
    void wordsSaidAfterAnEarlierSavePointAreLookedAtToo() throws Exception {
        String cookie = cookie();
        pages(
                (request, response) -> {
                    site.find("a");
                    request.getRequestDispatcher("/part").include(request, response); // saves
                    assertThat(response.getHeader("Cache-Control")).isEqualTo("private");
                    response.setHeader("Cache-Control", "public, max-age=60");
                    response.setHeader("Vary", "Accept");
                });
        site.page(
                "/new",
                (request, response) -> {
                    site.counter("a").add();
                    request.getRequestDispatcher("/part").include(request, response); // saves
                    assertThat(response.getHeader("Cache-Control")).isEqualTo("no-store");
                    response.setHeader("Cache-Control", "public, max-age=60");
                    response.setHeader("Vary", "Accept");
                });

        Head read = head("/", cookie);
        Head created = head("/new");

        assertThat(read.all("Cache-Control")).containsExactly("private, max-age=60");
        assertThat(read.all("Vary")).containsExactly("Accept", "Cookie");
        assertThat(created.all("Cache-Control")).containsExactly("no-store");
        assertThat(created.all("Vary")).containsExactly("Accept", "Cookie");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anAnswerThatIsBegunAnewSaysItAgain(boolean saysSomethingAfterwards) throws Exception {
        String cookie = cookie();
        pages(
                (request, response) -> {
                    site.find("a");
                    request.getRequestDispatcher("/part").include(request, response); // saves
                    response.reset();
                    if (saysSomethingAfterwards) {
                        response.setHeader("Cache-Control", "s-maxage=60");
                        response.setHeader("Vary", "cookie");
                    }
                    response.getWriter().print("anew");
                    response.flushBuffer();
                });

        Head head = head("/", cookie);

        assertThat(head.all("Cache-Control")).containsExactly("private");
        assertThat(head.all("Vary")).singleElement().asString().isEqualToIgnoringCase("Cookie");
    }

    @Test
    void aBeanThatAForwardUsesCounts() throws Exception {
        pages(
                (request, response) ->
                        request.getRequestDispatcher("/target").forward(request, response));
        site.page(
                "/target",
                (request, response) -> {
                    site.find("a");
                    response.setHeader("Cache-Control", "max-age=60");
                    response.getWriter().print("text");
                });

        assertThat(head("/").all("Cache-Control")).containsExactly("private, max-age=60");
    }

    @Test
    void aBeanThatAnIncludeUsesCounts() throws Exception {
        pages(
                (request, response) ->
                        request.getRequestDispatcher("/part").include(request, response));
        site.page("/part", (request, response) -> response.getWriter().print(site.find("a")));

        head("/").isKeptForItsUserAlone();
    }

    @Test
    void aBeanThatAnIncludeUsesAndThenFlushesCounts() throws Exception {
        pages(
                (request, response) ->
                        request.getRequestDispatcher("/part").include(request, response));
        site.page(
                "/part",
                (request, response) -> {
                    response.getWriter().print(site.find("a"));
                    response.flushBuffer();
                });

        head("/").isKeptForItsUserAlone();
    }

    @Test
    void aBeanFirstUsedInAnIncludeThatFillsTheBufferCountsOrAWarningSaysThatItCannot()
            throws Exception {
        pages(
                (request, response) ->
                        request.getRequestDispatcher("/part").include(request, response));
        site.page(
                "/part",
                (request, response) -> {
                    site.find("a");
                    response.getWriter().print("a".repeat(100_000));
                });

        Head head = head("/");
        site.settle();

        if (kind == ServletServer.Kind.UNDERTOW) {
            head.saysNothingToCaches();
            assertThat(site.logged().warnings())
                    .singleElement()
                    .asString()
                    .contains("within an include");
        } else {
            head.isKeptForItsUserAlone();
            assertThat(site.logged().warnings()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/status", "/exception"})
    void aBeanThatAnErrorPageUsesCounts(String path) throws Exception {
        pages((request, response) -> {});
        site.page(
                "/status",
                (request, response) -> response.sendError(ServletServer.STATUS_WITH_PAGE));
        site.page(
                "/exception",
                (request, response) -> {
                    throw new ServletServer.PageException();
                });
        site.page(
                TestSite.ERROR_PAGE,
                (request, response) -> {
                    response.setHeader("Cache-Control", "max-age=60");
                    response.getWriter().print(site.find("a"));
                });

        Head head = head(path);

        assertThat(head.all("Cache-Control")).containsExactly("private, max-age=60");
        assertThat(head.all("Vary")).containsExactly("Cookie");
    }

    @Test
    void aBeanThatATaskUsesCounts() throws Exception {
        pages(
                (request, response) -> {
                    AsyncContext async = request.startAsync();
                    async.start(
                            () -> {
                                site.find("a");
                                response(async).setHeader("Cache-Control", "public");
                                async.complete();
                            });
                });

        head("/").isKeptForItsUserAlone();
    }

    private static HttpServletResponse response(AsyncContext async) {
        return (HttpServletResponse) async.getResponse();
    }

    @Test
    void aBeanUsedAfterAnAsynchronousDispatchCounts() throws Exception {
        pages((request, response) -> request.startAsync().dispatch("/later"));
        site.page(
                "/later",
                (request, response) -> {
                    site.find("a");
                    response.setHeader("Cache-Control", "max-age=60");
                    response.getWriter().print("text");
                });

        assertThat(head("/").all("Cache-Control")).containsExactly("private, max-age=60");
    }

    @Test
    void aBeanThatIsUsedAtATimeOutCounts() throws Exception {
        pages(
                (request, response) -> {
                    AsyncContext async = request.startAsync();
                    async.setTimeout(1);
                    async.addListener(
                            new AsyncListener() {
                                @Override
                                public void onTimeout(AsyncEvent event) throws IOException {
                                    site.find("a");
                                    response(event.getAsyncContext()).setStatus(418);
                                    event.getAsyncContext().complete();
                                }

                                @Override
                                public void onComplete(AsyncEvent event) {}

                                @Override
                                public void onError(AsyncEvent event) {}

                                @Override
                                public void onStartAsync(AsyncEvent event) {}
                            });
                });

        Head head = head("/");

        assertThat(head.status()).isEqualTo("418");
        head.isKeptForItsUserAlone();
    }

    @Test
    void aBeanFirstUsedWhenTheServerIsReadyToWriteCounts() throws Exception {
        pages(
                (request, response) -> {
                    AsyncContext async = request.startAsync();
                    ServletOutputStream stream = response.getOutputStream();
                    stream.setWriteListener(
                            new WriteListener() {
                                @Override
                                public void onWritePossible() throws IOException {
                                    site.find("a");
                                    if (stream.isReady()) {
                                        stream.print("text");
                                        async.complete();
                                    }
                                }

                                @Override
                                public void onError(Throwable failure) {
                                    async.complete();
                                }
                            });
                });

        head("/").isKeptForItsUserAlone();
    }
}
