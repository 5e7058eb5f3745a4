package org.memcachedsession.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.memcachedsession.store.InMemorySessionStore.Operation.CREATE;
import static org.memcachedsession.store.InMemorySessionStore.Operation.REPLACE;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpUpgradeHandler;
import jakarta.servlet.http.WebConnection;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.store.InMemorySessionStore.Calls;
import org.memcachedsession.store.InMemorySessionStore.Operation;

/** Nothing of the answer leaves before what the request changed is stored. */
class SavePointTest extends ServletTest {

    private static final int MORE_THAN_ANY_BUFFER = 100_000;

    /** What sends an answer off. */
    @SuppressWarnings("ImmutableEnumChecker") // the pages have no state
    enum Exit {
        RETURN((request, response) -> {}),
        REDIRECT((request, response) -> response.sendRedirect("/elsewhere")),
        ERROR((request, response) -> response.sendError(404)),
        ERROR_WITH_MESSAGE((request, response) -> response.sendError(404, "not here")),
        ERROR_WITH_PAGE((request, response) -> response.sendError(ServletServer.STATUS_WITH_PAGE)),
        FLUSH_BUFFER((request, response) -> response.flushBuffer()),
        STREAM_FLUSH(
                (request, response) -> {
                    response.getOutputStream().print("text");
                    response.getOutputStream().flush();
                }),
        STREAM_CLOSE((request, response) -> response.getOutputStream().close()),
        WRITER_FLUSH(
                (request, response) -> {
                    response.getWriter().print("text");
                    response.getWriter().flush();
                }),
        WRITER_CLOSE((request, response) -> response.getWriter().close()),
        WRITER_CHECK_ERROR((request, response) -> response.getWriter().checkError()),
        CONTENT_LENGTH_BY_STREAM(
                (request, response) -> {
                    response.setContentLength(4);
                    response.getOutputStream().write("text".getBytes(ISO_8859_1));
                }),
        CONTENT_LENGTH_BY_SINGLE_BYTES(
                (request, response) -> {
                    response.setContentLengthLong(2);
                    response.getOutputStream().write('o');
                    response.getOutputStream().write('k');
                }),
        CONTENT_LENGTH_BY_WRITER(
                (request, response) -> {
                    response.setContentLength(4);
                    response.getWriter().write("text");
                }),
        CONTENT_LENGTH_HEADER(
                (request, response) -> {
                    response.setHeader("content-length", "4");
                    response.getOutputStream().print("text");
                }),
        CONTENT_LENGTH_HEADER_ADDED(
                (request, response) -> {
                    response.addHeader("Content-Length", "4");
                    response.getOutputStream().print("text");
                }),
        CONTENT_LENGTH_INT_HEADER(
                (request, response) -> {
                    response.setIntHeader("Content-Length", 4);
                    response.getWriter().print("text");
                }),
        CONTENT_LENGTH_SAID_AFTER_THE_BYTES(
                (request, response) -> {
                    response.getOutputStream().print("text");
                    response.setContentLength(4);
                }),
        BUFFER_FULL_BY_STREAM(
                (request, response) ->
                        response.getOutputStream().write(new byte[MORE_THAN_ANY_BUFFER])),
        BUFFER_FULL_BY_PIECES(
                (request, response) -> {
                    for (int i = 0; i < MORE_THAN_ANY_BUFFER / 10; i++) {
                        response.getOutputStream().print("0123456789");
                    }
                }),
        BUFFER_FULL_BY_ASCII(
                (request, response) -> fill(response, "UTF-8", "a", MORE_THAN_ANY_BUFFER)),
        BUFFER_FULL_BY_TWO_BYTES_EACH(
                (request, response) -> fill(response, "UTF-8", "ä", MORE_THAN_ANY_BUFFER / 2)),
        BUFFER_FULL_BY_FOUR_BYTES_EACH(
                (request, response) -> fill(response, "UTF-8", "😀", MORE_THAN_ANY_BUFFER / 4)),
        BUFFER_FULL_BY_UTF_16(
                (request, response) -> fill(response, "UTF-16", "a", MORE_THAN_ANY_BUFFER / 2)),
        BUFFER_FULL_BY_LATIN_1(
                (request, response) -> fill(response, "ISO-8859-1", "ä", MORE_THAN_ANY_BUFFER)),
        SMALL_BUFFER_FULL(
                (request, response) -> {
                    response.setBufferSize(1);
                    response.getOutputStream().write(new byte[response.getBufferSize() + 1]);
                }),
        WRITE_LISTENER(
                (request, response) -> {
                    AsyncContext async = request.startAsync();
                    ServletOutputStream stream = response.getOutputStream();
                    stream.setWriteListener(
                            new WriteListener() {
                                @Override
                                public void onWritePossible() throws IOException {
                                    if (stream.isReady()) {
                                        stream.write("text".getBytes(ISO_8859_1));
                                        async.complete();
                                    }
                                }

                                @Override
                                public void onError(Throwable failure) {
                                    async.complete();
                                }
                            });
                }),
        INCLUDE_THAT_FLUSHES(
                (request, response) ->
                        request.getRequestDispatcher("/flush").include(request, response)),
        FORWARD(
                (request, response) ->
                        request.getRequestDispatcher("/text").forward(request, response)),
        COMPLETE((request, response) -> request.startAsync().complete()),
        COMPLETE_ON_ANOTHER_THREAD(
                (request, response) -> {
                    AsyncContext async = request.startAsync();
                    new Thread(async::complete).start();
                }),
        COMPLETE_IN_A_TASK(
                (request, response) -> {
                    AsyncContext async = request.startAsync();
                    async.start(async::complete);
                }),
        TIME_OUT((request, response) -> request.startAsync().setTimeout(1)),
        UPGRADE((request, response) -> request.upgrade(Farewell.class)),
        EXCEPTION(
                (request, response) -> {
                    throw new IllegalArgumentException("of the application");
                }),
        EXCEPTION_WITH_PAGE(
                (request, response) -> {
                    throw new ServletServer.PageException();
                }),
        JAVA_ERROR(
                (request, response) -> {
                    throw new AssertionError("of the application");
                });

        final TestSite.Page page;

        Exit(TestSite.Page page) {
            this.page = page;
        }

        private static void fill(
                HttpServletResponse response, String encoding, String character, int count)
                throws IOException {
            response.setContentType("text/plain");
            response.setCharacterEncoding(encoding);
            for (int i = 0; i < count; i++) {
                response.getWriter().write(character);
            }
        }
    }

    /** Takes a connection over and ends it. */
    public static final class Farewell implements HttpUpgradeHandler {
        @Override
        public void init(WebConnection connection) {
            try {
                connection.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void destroy() {}
    }

    /** Holds the first write to the store until the test lets it go. */
    private final class Gate implements Calls {

        private final BlockingQueue<Boolean> committedAtArrival = new LinkedBlockingQueue<>();
        private final CountDownLatch open = new CountDownLatch(1);

        @Override
        public void before(Operation operation, ItemKey key) {
            if (operation == CREATE || operation == REPLACE) {
                committedAtArrival.add(site.plainResponse().isCommitted());
                try {
                    assertThat(open.await(20, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    private void pages(Exit exit) {
        site.page(
                "/",
                (request, response) -> {
                    site.counter("a").add();
                    exit.page.serve(request, response);
                });
        site.page(
                "/flush",
                (request, response) -> {
                    response.getWriter().print("included");
                    response.flushBuffer();
                });
        site.page("/text", (request, response) -> response.getWriter().print("forwarded"));
        site.page(
                TestSite.ERROR_PAGE, (request, response) -> response.getWriter().print("an error"));
        site.page("/read", (request, response) -> response.getWriter().print(value("a")));
    }

    private int value(String name) {
        Counter counter = site.find(name);
        return counter == null ? 0 : counter.value();
    }

    private static final String UPGRADING =
            "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: test\r\n";

    @ParameterizedTest
    @EnumSource(Exit.class)
    void noByteLeavesBeforeTheNewSessionIsStored(Exit exit) throws Exception {
        pages(exit);
        Gate gate = new Gate();
        site.observe(gate);

        try (Socket socket = site.open(UPGRADING + "\r\n")) {
            Boolean committed = gate.committedAtArrival.poll(20, TimeUnit.SECONDS);
            assertThat(committed).as("committed when the store is called").isFalse();
            assertThat(socket.getInputStream().available()).isZero();
            gate.open.countDown();
            String head = TestSite.readUntil(socket.getInputStream(), "\r\n\r\n");
            if (serverClearsHeaders(exit)) {
                assertThat(head).startsWith("HTTP/1.1 500 ").doesNotContain("Set-Cookie");
            } else {
                assertThat(head).containsOnlyOnce("Set-Cookie: sid=");
            }
        }
        site.settle();
        assertThat(site.calls()).containsOnlyOnce(CREATE);
        assertThat(site.units()).hasSize(1);
    }

    /** Its handler speaks another protocol, for as long as it likes. */
    @Test
    void aRequestThatIsUpgradedEndsWithItsFilter() throws Exception {
        pages(Exit.UPGRADE);
        BlockingQueue<Boolean> open = new LinkedBlockingQueue<>();
        site.outerFilter(
                (request, response, chain) -> {
                    chain.doFilter(request, response);
                    open.add(site.webSessions().find(request).isOpen());
                });

        try (Socket socket = site.open(UPGRADING + "\r\n")) {
            TestSite.readUntil(socket.getInputStream(), "\r\n\r\n");
        }

        assertThat(open.poll(20, TimeUnit.SECONDS)).isFalse();
    }

    /** After an exception that has no error page, when no filter is asked any more. */
    private boolean serverClearsHeaders(Exit exit) {
        return kind == ServletServer.Kind.UNDERTOW
                && (exit == Exit.EXCEPTION || exit == Exit.JAVA_ERROR);
    }

    @ParameterizedTest
    @EnumSource(Exit.class)
    void noByteLeavesBeforeTheChangeIsStored(Exit exit) throws Exception {
        pages(exit);
        site.page("/start", (request, response) -> site.counter("a").add());
        browser.get("/start");
        Gate gate = new Gate();
        site.observe(gate);

        try (Socket socket = site.open(UPGRADING + "Cookie: sid=" + browser.id() + "\r\n\r\n")) {
            Boolean committed = gate.committedAtArrival.poll(20, TimeUnit.SECONDS);
            assertThat(committed).as("committed when the store is called").isFalse();
            assertThat(socket.getInputStream().available()).isZero();
            gate.open.countDown();
            String head = TestSite.readUntil(socket.getInputStream(), "\r\n\r\n");
            assertThat(head).doesNotContain("Set-Cookie");
        }
        site.settle();
        assertThat(site.calls()).containsOnlyOnce(REPLACE);
        assertThat(browser.get("/read").body()).isEqualTo("2");
    }

    /** The first save point is not always the last one before the answer leaves. */
    @ParameterizedTest
    @EnumSource(
            value = Exit.class,
            names = {
                "REDIRECT",
                "ERROR",
                "FLUSH_BUFFER",
                "STREAM_FLUSH",
                "STREAM_CLOSE",
                "CONTENT_LENGTH_BY_STREAM",
                "BUFFER_FULL_BY_STREAM",
                "COMPLETE",
                "COMPLETE_ON_ANOTHER_THREAD"
            })
    void aChangeAfterAnEarlySaveIsStoredBeforeTheAnswerLeaves(Exit exit) throws Exception {
        pages(exit);
        site.page(
                "/",
                (request, response) -> {
                    site.counter("a").add();
                    response.setCharacterEncoding("UTF-8");
                    // more bytes than the buffer takes, for all that is known beforehand
                    response.getWriter().write("a".repeat(response.getBufferSize() * 3 / 4));
                    response.reset();
                    site.counter("a").add();
                    exit.page.serve(request, response);
                });
        List<Boolean> committed = new CopyOnWriteArrayList<>();
        site.observe(
                new Calls() {
                    @Override
                    public void before(Operation operation, ItemKey key) {
                        if (operation == CREATE || operation == REPLACE) {
                            committed.add(site.plainResponse().isCommitted());
                        }
                    }
                });

        String answer = site.raw("GET / HTTP/1.0\r\nHost: localhost\r\n\r\n");

        assertThat(answer).containsOnlyOnce("Set-Cookie: sid=");
        site.settle();
        assertThat(site.calls()).containsSubsequence(CREATE, REPLACE);
        assertThat(committed).containsExactly(false, false);
    }
}
