package org.memcachedsession.http;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.memcachedsession.LoggedMessages;
import org.memcachedsession.SessionSettings;
import org.memcachedsession.codec.TestCodec;
import org.memcachedsession.session.BeanKey;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.RecordCodec;
import org.memcachedsession.session.SessionId;
import org.memcachedsession.session.SessionRules;
import org.memcachedsession.session.Sessions;
import org.memcachedsession.session.SetClock;
import org.memcachedsession.session.UnitOfWork;
import org.memcachedsession.store.InMemorySessionStore;
import org.memcachedsession.store.InMemorySessionStore.Calls;
import org.memcachedsession.store.InMemorySessionStore.Operation;

/**
 * A web application on an embedded server whose pages each test writes as lambdas. Around our filter
 * stand two others, which see what is done to the server's own answer and whether a thread is left
 * bound.
 */
final class TestSite implements AutoCloseable {

    /** What one path answers. */
    interface Page {
        void serve(HttpServletRequest request, HttpServletResponse response) throws Exception;
    }

    /** What a filter of the test does. */
    interface Around {
        void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws IOException, ServletException;
    }

    static final String ERROR_PAGE = "/error-page";

    private static final String PING = "/ping";
    private static final String ASSEMBLY = "/assembly";
    private static final List<Logger> QUIET =
            List.of(Logger.getLogger("org.apache"), Logger.getLogger("io.undertow"));

    /** As CDI knows it, on every thread that begins a request. */
    private static final ThreadLocal<HttpServletRequest> SERVED = new ThreadLocal<>();

    private static final Logger OURS = Logger.getLogger("org.memcachedsession");

    static {
        QUIET.forEach(logger -> logger.setLevel(Level.OFF)); // exceptions are what many tests want
        OURS.setUseParentHandlers(false);
    }

    private final int workers;
    private final ServletServer server;
    private final Map<String, Page> pages = new ConcurrentHashMap<>();
    private final Queue<String> leftBound = new ConcurrentLinkedQueue<>();
    private final Map<UnitOfWork, String> units = new ConcurrentHashMap<>();
    private final Queue<String> log = new ConcurrentLinkedQueue<>();
    private final Queue<Operation> calls = new ConcurrentLinkedQueue<>();
    private final LoggedMessages logged =
            LoggedMessages.record(warning -> log.add("WARNING " + warning));

    private volatile SetClock clock;
    private volatile InMemorySessionStore store;
    private volatile RecordCodec codec;
    private volatile SessionSettings settings;
    private volatile Sessions sessions;
    private volatile WebSessions webSessions;
    private volatile Calls hook;
    private volatile Around outer;
    private volatile Around inner;
    private volatile BiConsumer<String, HttpServletRequest> outerListener;
    private volatile BiConsumer<String, HttpServletRequest> innerListener;
    private volatile HttpServletResponse plainResponse;

    TestSite(ServletServer.Kind kind, int workers) throws Exception {
        this.workers = workers;
        server =
                kind.start(
                        new ServletServer.Application(
                                new EveryPage(),
                                outerFilter(),
                                filter((rq, rs, chain) -> inner.filter(rq, rs, chain)),
                                outerListener(),
                                listener((phase, rq) -> innerListener.accept(phase, rq)),
                                ERROR_PAGE),
                        workers);
        reset(settings -> {});
    }

    /** A new store and nothing else, on the same server. */
    void reset(Consumer<SessionSettings.Builder> changes) {
        pages.clear();
        leftBound.clear();
        units.clear();
        log.clear();
        logged.forget();
        calls.clear();
        outer = (request, response, chain) -> chain.doFilter(request, response);
        inner = outer;
        outerListener = (phase, request) -> {};
        innerListener = outerListener;
        hook = new Calls() {};
        clock = new SetClock();
        store = new InMemorySessionStore(clock, 1_000_000);
        store.observe(new Recorder());
        SessionSettings.Builder builder =
                SessionSettings.builder()
                        .servers("127.0.0.1:11211")
                        .application("test")
                        .idleTimeout(Duration.ofMinutes(30));
        changes.accept(builder);
        settings = builder.build();
        SecureRandom random = new SecureRandom();
        codec = TestCodec.of("test");
        SerializedBeans beans = new SerializedBeans();
        serve(
                new Sessions(
                        store,
                        codec,
                        beans,
                        beans,
                        clock,
                        random,
                        SessionRules.of(settings, true)));
    }

    /** From now on requests have these sessions: other ones than those of the {@link #store}. */
    void serve(Sessions served) {
        sessions = served;
        webSessions = WebSessions.install(server.context(), served, settings, SERVED::get);
    }

    // ---- what the test says

    void page(String path, Page page) {
        pages.put(path, page);
    }

    /** A filter around ours; it is not asked for {@link #settle}. */
    void outerFilter(Around around) {
        outer = around;
    }

    void innerFilter(Around around) {
        inner = around;
    }

    /** Told {@code initialized} and {@code destroyed}; registered before our listener. */
    void outerListener(BiConsumer<String, HttpServletRequest> listener) {
        outerListener = listener;
    }

    /** Told {@code initialized} and {@code destroyed}; registered after our listener. */
    void innerListener(BiConsumer<String, HttpServletRequest> listener) {
        innerListener = listener;
    }

    void observe(Calls observer) {
        hook = observer;
    }

    // ---- for pages

    /** The bean of the session that the thread serves, created if it has none. */
    Counter counter(String name) {
        return (Counter) unit().findOrCreate(key(name), Counter::new);
    }

    /** The bean of the session that the thread serves, or null. */
    Counter find(String name) {
        return (Counter) unit().find(key(name));
    }

    UnitOfWork unit() {
        UnitOfWork unit = sessions.current().get();
        if (unit == null) {
            throw new IllegalStateException("this thread serves no request");
        }
        return unit;
    }

    /** Whether the calling thread serves a request, as far as the thread knows. */
    boolean isBound() {
        return sessions.current().get() != null;
    }

    static BeanKey key(String name) {
        return new BeanKey("counter " + name);
    }

    void log(String event) {
        log.add(event);
    }

    // ---- for assertions

    URI uri(String path) {
        return server.uri().resolve(path);
    }

    InMemorySessionStore store() {
        return store;
    }

    SetClock clock() {
        return clock;
    }

    Sessions sessions() {
        return sessions;
    }

    WebSessions webSessions() {
        return webSessions;
    }

    ItemKey itemKey(String cookieValue) {
        return codec.itemKey(SessionId.parse(cookieValue).orElseThrow());
    }

    /** What the store was asked, in order. */
    List<Operation> calls() {
        return List.copyOf(calls);
    }

    void forgetCalls() {
        calls.clear();
    }

    /** What was logged by {@link #log}, and what we warned of, as {@code WARNING message}. */
    List<String> log() {
        return List.copyOf(log);
    }

    /** What we logged. */
    LoggedMessages logged() {
        return logged;
    }

    /** Where a thread was found bound that should not be. */
    List<String> leftBound() {
        return List.copyOf(leftBound);
    }

    /** Of all requests since the reset. */
    Set<UnitOfWork> units() {
        return Set.copyOf(units.keySet());
    }

    /** The paths of requests whose unit of work is open. */
    List<String> open() {
        return units.entrySet().stream()
                .filter(unit -> unit.getKey().isOpen())
                .map(Map.Entry::getValue)
                .toList();
    }

    /** The server's own answer to the last request. */
    HttpServletResponse plainResponse() {
        return plainResponse;
    }

    /**
     * Serves one more request. On a server of one worker all that came before is done then, also what
     * comes after the answer.
     */
    void settle() throws IOException {
        raw(get(PING));
    }

    /**
     * Has all workers serve at once, so that each is looked at by the filters around ours, and what they
     * did before is done; then looks at the other threads of the server.
     */
    void assemble() throws IOException {
        CyclicBarrier all = new CyclicBarrier(workers);
        page(ASSEMBLY, (request, response) -> all.await(20, TimeUnit.SECONDS));
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < workers; i++) {
                sockets.add(open(get(ASSEMBLY)));
            }
            for (Socket socket : sockets) {
                readUntil(socket.getInputStream(), "HTTP/1.1 200");
                socket.getInputStream().readAllBytes();
            }
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
        server.onOtherThreads(() -> checkUnbound("between two requests"));
    }

    /** A request after which the server closes the connection. */
    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    }

    /** Sends a text and gives all that comes until the server closes. */
    String raw(String request) throws IOException {
        try (Socket socket = open(request)) {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    /** Sends a text on a new connection. */
    Socket open(String request) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.uri().getPort());
        socket.setSoTimeout(20_000); // a test that fails should end
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
        return socket;
    }

    /** What comes up to and with a text. */
    static String readUntil(InputStream in, String end) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf(end) < 0) {
            int c = in.read();
            if (c < 0) {
                throw new IOException("the connection ended after: " + text);
            }
            text.append((char) c);
        }
        return text.toString();
    }

    @Override
    public void close() throws Exception {
        logged.close();
        server.close();
    }

    // ---- the application

    private final class EveryPage extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        @SuppressWarnings("serial")
        protected void service(HttpServletRequest request, HttpServletResponse response)
                throws ServletException, IOException {
            Page page = pages.get(path(request));
            if (page == null) {
                response.sendError(HttpServletResponse.SC_NOT_FOUND);
                return;
            }
            try {
                page.serve(request, response);
            } catch (IOException | ServletException | RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new ServletException(e);
            }
        }
    }

    private static String path(HttpServletRequest request) {
        return request.getDispatcherType() == DispatcherType.INCLUDE
                ? (String) request.getAttribute(RequestDispatcher.INCLUDE_SERVLET_PATH)
                : request.getServletPath();
    }

    private Filter outerFilter() {
        return filter(
                (request, response, chain) -> {
                    if (path(request).equals(PING)) {
                        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
                        return;
                    }
                    boolean isFirst = request.getDispatcherType() == DispatcherType.REQUEST;
                    boolean isOutermost =
                            isFirst || request.getDispatcherType() == DispatcherType.ASYNC;
                    if (isFirst) {
                        plainResponse = response;
                    }
                    if (isOutermost) {
                        checkUnbound("before " + request.getDispatcherType());
                    }
                    UnitOfWork unit = webSessions.find(request);
                    if (unit != null) {
                        units.putIfAbsent(unit, path(request));
                    }
                    try {
                        outer.filter(request, response, chain);
                    } finally {
                        if (isOutermost) {
                            checkUnbound("after " + path(request));
                        }
                    }
                });
    }

    private ServletRequestListener outerListener() {
        return listener(
                (phase, request) -> {
                    checkUnbound(phase);
                    if (phase.equals("initialized")) {
                        SERVED.set(request);
                    } else {
                        SERVED.remove();
                    }
                    outerListener.accept(phase, request);
                });
    }

    /** The calling thread serves no request now: if it is bound, it was left so. */
    void checkUnbound(String where) {
        if (isBound()) {
            leftBound.add(where + " on " + Thread.currentThread().getName());
        }
    }

    private static Filter filter(Around around) {
        return new HttpFilter() {
            private static final long serialVersionUID = 1L;

            @Override
            protected void doFilter(
                    HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                    throws IOException, ServletException {
                around.filter(request, response, chain);
            }
        };
    }

    private static ServletRequestListener listener(
            BiConsumer<String, HttpServletRequest> consumer) {
        return new ServletRequestListener() {
            @Override
            public void requestInitialized(ServletRequestEvent event) {
                consumer.accept("initialized", (HttpServletRequest) event.getServletRequest());
            }

            @Override
            public void requestDestroyed(ServletRequestEvent event) {
                consumer.accept("destroyed", (HttpServletRequest) event.getServletRequest());
            }
        };
    }

    private final class Recorder implements Calls {

        @Override
        public void before(Operation operation, ItemKey key) {
            calls.add(operation);
            log.add(operation.name());
            hook.before(operation, key);
        }

        @Override
        public void after(Operation operation, ItemKey key) {
            hook.after(operation, key);
        }
    }
}
