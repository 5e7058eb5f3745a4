package org.memcachedsession.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.memcachedsession.store.InMemorySessionStore.Operation.CREATE;
import static org.memcachedsession.store.InMemorySessionStore.Operation.LOAD;
import static org.memcachedsession.store.InMemorySessionStore.Operation.REPLACE;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.memcachedsession.session.UnitOfWork;

/** A body that is read as it comes, by callbacks on threads that know nothing of the request. */
class ReadListenerTest extends ServletTest {

    private final AtomicReference<UnitOfWork> unit = new AtomicReference<>();
    private final BlockingQueue<Character> taken = new LinkedBlockingQueue<>();
    private final CompletableFuture<Throwable> failed = new CompletableFuture<>();
    private final Queue<String> boundAround = new ConcurrentLinkedQueue<>();

    @AfterEach
    void noThreadIsBoundBeforeOrAfterACallback() {
        assertThat(boundAround).isEmpty();
    }

    /** The server's request as our filter gets it. */
    private final class WatchedRequest extends HttpServletRequestWrapper {

        WatchedRequest(HttpServletRequest request) {
            super(request);
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            return new WatchedStream(super.getInputStream());
        }
    }

    private final class WatchedStream extends ServletInputStream {

        private final ServletInputStream stream;

        WatchedStream(ServletInputStream stream) {
            this.stream = stream;
        }

        @Override
        public int read() throws IOException {
            return stream.read();
        }

        @Override
        public boolean isFinished() {
            return stream.isFinished();
        }

        @Override
        public boolean isReady() {
            return stream.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            stream.setReadListener(new WatchedListener(listener));
        }
    }

    private final class WatchedListener implements ReadListener {

        private final ReadListener listener;

        WatchedListener(ReadListener listener) {
            this.listener = listener;
        }

        @Override
        public void onDataAvailable() throws IOException {
            checkUnbound("before onDataAvailable");
            try {
                listener.onDataAvailable();
            } finally {
                checkUnbound("after onDataAvailable");
            }
        }

        @Override
        public void onAllDataRead() throws IOException {
            checkUnbound("before onAllDataRead");
            try {
                listener.onAllDataRead();
            } finally {
                checkUnbound("after onAllDataRead");
            }
        }

        @Override
        public void onError(Throwable failure) {
            checkUnbound("before onError");
            try {
                listener.onError(failure);
            } finally {
                checkUnbound("after onError");
            }
        }

        private void checkUnbound(String where) {
            if (site.isBound()) {
                boundAround.add(where);
            }
        }
    }

    /** Counts each byte in the session, and one more for the end, and answers the count. */
    private class CountingListener implements ReadListener {

        private final AsyncContext async;
        private final ServletInputStream in;

        CountingListener(HttpServletRequest request) throws IOException {
            async = request.startAsync();
            in = request.getInputStream();
            in.setReadListener(this);
        }

        @Override
        public void onDataAvailable() throws IOException {
            while (in.isReady()) {
                int next = in.read();
                if (next < 0) {
                    return;
                }
                site.counter("bytes").add();
                taken.add((char) next);
            }
        }

        @Override
        public void onAllDataRead() throws IOException {
            async.getResponse().getWriter().print(site.counter("bytes").add());
            async.complete();
        }

        @Override
        public void onError(Throwable failure) {
            site.counter("bytes").add();
            async.complete();
            failed.complete(failure);
        }
    }

    private interface Listening {
        void begin(HttpServletRequest request) throws IOException;
    }

    private void serve(Listening listening) {
        site.outerFilter(
                (request, response, chain) ->
                        chain.doFilter(new WatchedRequest(request), response));
        site.page(
                "/",
                (request, response) -> {
                    unit.set(site.unit());
                    listening.begin(request);
                });
        site.page("/start", (request, response) -> site.counter("bytes"));
        site.page(
                "/read",
                (request, response) -> response.getWriter().print(site.find("bytes").value()));
    }

    private Socket post(int length) throws IOException {
        String cookie = browser.id() == null ? "" : "Cookie: sid=" + browser.id() + "\r\n";
        return site.open(
                "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                        + cookie
                        + "Content-Length: "
                        + length
                        + "\r\n\r\n");
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    }

    private void assertTaken(String text) throws InterruptedException {
        for (char each : text.toCharArray()) {
            assertThat(taken.poll(20, TimeUnit.SECONDS)).isEqualTo(each);
        }
    }

    private static String answer(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }

    @Test
    void aBodyThatComesInPartsMayBeginTheSession() throws Exception {
        serve(CountingListener::new);
        try (Socket socket = post(6)) {
            send(socket, "abc");
            assertTaken("abc");
            send(socket, "def");
            assertTaken("def");

            assertThat(answer(socket)).containsOnlyOnce("Set-Cookie: sid=").endsWith("7");
        }
        site.settle();
        assertThat(site.calls()).containsExactly(CREATE);
        assertThat(unit.get().isOpen()).isFalse();
    }

    @Test
    void aBodyThatComesInPartsMayChangeTheSession() throws Exception {
        serve(CountingListener::new);
        browser.get("/start");
        try (Socket socket = post(6)) {
            send(socket, "abc");
            assertTaken("abc");
            send(socket, "def");

            assertThat(answer(socket)).doesNotContain("Set-Cookie").endsWith("7");
        }
        assertThat(site.calls()).containsExactly(CREATE, LOAD, REPLACE);
        assertThat(browser.get("/read").body()).isEqualTo("7");
    }

    @Test
    void aCallbackThatFailsIsToldToTheListenerWithTheSession() throws Exception {
        serve(
                request ->
                        new CountingListener(request) {
                            @Override
                            public void onDataAvailable() throws IOException {
                                super.onDataAvailable();
                                throw new IllegalArgumentException("of the application");
                            }
                        });
        browser.get("/start");
        try (Socket socket = post(6)) {
            send(socket, "abc");

            assertThat(failed).succeedsWithin(20, TimeUnit.SECONDS);
            assertThat(failed.join()).hasStackTraceContaining("of the application");
        }
        assertThat(browser.get("/read").body()).isEqualTo("4");
        assertThat(unit.get().isOpen()).isFalse();
    }

    @Test
    void aClientThatGoesAwayIsToldToTheListenerWithTheSession() throws Exception {
        serve(CountingListener::new);
        browser.get("/start");
        try (Socket socket = post(6)) {
            send(socket, "abc");
            assertTaken("abc");
        }

        assertThat(failed).succeedsWithin(20, TimeUnit.SECONDS);
        assertThat(browser.get("/read").body()).isEqualTo("4");
        assertThat(unit.get().isOpen()).isFalse();
    }

    // ---- all else is the server's

    private String post(String body) throws IOException {
        try (Socket socket = post(body.length())) {
            send(socket, body);
            return answer(socket);
        }
    }

    @Test
    void aBodyIsReadInEveryWay() throws Exception {
        site.page(
                "/",
                (request, response) -> {
                    ServletInputStream in = request.getInputStream();
                    byte[] line = new byte[10];
                    assertThat(in.readLine(line, 0, line.length)).isEqualTo("line\n".length());
                    assertThat(in.read()).isEqualTo('a');
                    assertThat(in.skip(2)).isEqualTo(2);
                    byte[] some = new byte[3];
                    assertThat(in.readNBytes(some, 1, 2)).isEqualTo(2);
                    assertThat(some).containsExactly(0, 'd', 'e');
                    assertThat(in.isFinished()).isFalse();
                    response.getOutputStream().write(in.readAllBytes());
                    assertThat(in.isFinished()).isTrue();
                    assertThat(in.read()).isNegative();
                });

        assertThat(post("line\nabcdef")).startsWith("HTTP/1.1 200").endsWith("\r\n\r\nf");
    }

    @Test
    void theStreamStaysTheSameAndForbidsTheReader() throws Exception {
        site.page(
                "/",
                (request, response) -> {
                    ServletInputStream in = request.getInputStream();
                    assertThat(request.getInputStream()).isSameAs(in);
                    assertThatThrownBy(request::getReader)
                            .isInstanceOf(IllegalStateException.class);
                    assertThat(request.getInputStream()).isSameAs(in);
                    response.getWriter().print("asserted");
                });

        assertThat(post("body")).endsWith("asserted");
    }

    @Test
    void theReaderStaysTheSameAndForbidsTheStream() throws Exception {
        site.page(
                "/",
                (request, response) -> {
                    assertThat(request.getReader()).isSameAs(request.getReader());

                    assertThatThrownBy(request::getInputStream)
                            .isInstanceOf(IllegalStateException.class);
                    response.getWriter().print(request.getReader().readLine());
                });

        assertThat(post("body")).endsWith("\r\n\r\nbody");
    }

    @Test
    void aListenerIsRefusedWhereTheServerRefusesIt() throws Exception {
        ReadListener listener =
                new ReadListener() {
                    @Override
                    public void onDataAvailable() {}

                    @Override
                    public void onAllDataRead() {}

                    @Override
                    public void onError(Throwable failure) {}
                };
        site.page(
                "/",
                (request, response) -> {
                    ServletInputStream in = request.getInputStream();
                    assertThatThrownBy(() -> in.setReadListener(listener))
                            .as("without an asynchronous request")
                            .isInstanceOf(IllegalStateException.class);
                    AsyncContext async = request.startAsync();
                    assertThatThrownBy(() -> in.setReadListener(null))
                            .isInstanceOfAny(
                                    NullPointerException.class, IllegalArgumentException.class);
                    in.setReadListener(listener);
                    assertThatThrownBy(() -> in.setReadListener(listener))
                            .as("a second one")
                            .isInstanceOf(IllegalStateException.class);
                    response.getWriter().print("asserted");
                    async.complete();
                });

        assertThat(post("body")).endsWith("asserted");
    }
}
