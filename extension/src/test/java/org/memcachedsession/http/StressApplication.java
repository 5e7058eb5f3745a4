package org.memcachedsession.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.memcachedsession.session.CurrentUnitOfWork.Binding;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.UnitOfWork;
import org.memcachedsession.store.InMemorySessionStore.Calls;
import org.memcachedsession.store.InMemorySessionStore.Operation;

/**
 * The pages of the stress test. Each leaves the mark of its request in the session, after it has looked
 * at the one that it found there: whose it is, and whether its user can still see one so old.
 */
final class StressApplication implements AutoCloseable {

    /** Answered where there is no mark. */
    static final String NOTHING = "nothing";

    /** What users see. */
    private static final String OWN = "own";

    /** For users who do not wait: what they leave may come late, and not over what is known. */
    private static final String ABANDONED = "abandoned";

    private static final String CAPTURED = "captured";
    private static final String LATE_TASK = StressApplication.class.getName();
    private static final byte[] FILLING =
            ("\n" + "x".repeat(20_000)).getBytes(StandardCharsets.ISO_8859_1);
    private static final int WHEN_ABANDONED_MILLIS = 100;
    private static final int PARTS = 6;
    private static final int PARTS_WITHOUT_END = 5_000;

    private final TestSite site;
    private final Consumer<String> faults;
    private final ThreadLocal<StressFailure.Course> failing = new ThreadLocal<>();
    private final ExecutorService ownThreads = Executors.newFixedThreadPool(4);
    private final Set<String> timedOut = ConcurrentHashMap.newKeySet();

    /**
     * @param faults told what was seen that must not be
     */
    StressApplication(TestSite site, Consumer<String> faults) {
        this.site = site;
        this.faults = faults;
        site.observe(new FailingCalls());
        site.outerFilter(
                (request, response, chain) -> {
                    if (request.getDispatcherType() != DispatcherType.REQUEST) {
                        chain.doFilter(request, response);
                        return;
                    }
                    failing.set(failureOf(request).new Course());
                    try {
                        chain.doFilter(request, response);
                    } finally {
                        failing.remove();
                    }
                });
        site.outerListener(this::runLateTask);
        usualPages();
        failingPages();
        asynchronousPages();
        nestedPages();
    }

    /**
     * A request as its user sends it.
     *
     * @param tag later requests have higher ones
     * @param since the oldest tag that is not stale
     * @param exists whether the user has a session for certain
     */
    record Visit(String user, long tag, long since, boolean exists, boolean abandoned) {

        String query() {
            return "?user=%s&tag=%d&since=%d&exists=%b&abandoned=%b"
                    .formatted(user, tag, since, exists, abandoned);
        }

        static Visit of(ServletRequest request) {
            return new Visit(
                    request.getParameter("user"),
                    Long.parseLong(request.getParameter("tag")),
                    Long.parseLong(request.getParameter("since")),
                    Boolean.parseBoolean(request.getParameter("exists")),
                    Boolean.parseBoolean(request.getParameter("abandoned")));
        }
    }

    static String failWith(StressFailure failure) {
        return "&fail=" + failure;
    }

    private static StressFailure failureOf(HttpServletRequest request) {
        String name = request.getParameter("fail");
        return name == null ? StressFailure.NONE : StressFailure.valueOf(name);
    }

    private final class FailingCalls implements Calls {

        @Override
        public void before(Operation operation, ItemKey key) {
            StressFailure.Course course = failing.get();
            if (course != null) {
                course.before(operation);
            }
        }

        @Override
        public void after(Operation operation, ItemKey key) {
            StressFailure.Course course = failing.get();
            if (course != null) {
                course.after(operation);
            }
        }
    }

    /** Lets the application's own threads end what they do. */
    @Override
    public void close() throws InterruptedException {
        ownThreads.shutdown();
        if (!ownThreads.awaitTermination(20, TimeUnit.SECONDS)) {
            faults.accept("the application's own threads do not end");
        }
    }

    // ---- what pages do

    /** Leaves the mark and gives the tag that was there before. */
    private String mark(Visit visit) {
        if (!visit.abandoned()) {
            return mark(visit, OWN);
        }
        String seen = look(visit);
        mark(visit, ABANDONED);
        return seen;
    }

    private String mark(Visit visit, String bean) {
        Counter counter = site.counter(bean);
        String seen = seen(visit, bean, counter);
        counter.payload = visit.user() + ' ' + visit.tag();
        return seen;
    }

    private String look(Visit visit) {
        return seen(visit, OWN, site.find(OWN));
    }

    private String seen(Visit visit, String bean, Counter counter) {
        if (counter == null || counter.payload.equals("")) {
            if (bean.equals(OWN) && visit.exists() && !visit.abandoned()) {
                faults.accept("lost: " + visit + " found nothing");
            }
            return NOTHING;
        }
        String[] mark = ((String) counter.payload).split(" ");
        if (!mark[0].equals(visit.user())) {
            faults.accept("foreign: " + visit + " saw " + counter.payload + " in " + bean);
        } else if (bean.equals(OWN) && Long.parseLong(mark[1]) < visit.since()) {
            faults.accept("stale: " + visit + " saw " + counter.payload);
        }
        return mark[1];
    }

    /** Runs a task on a thread that serves no request, and serves none afterwards. */
    private void elsewhere(Runnable task) {
        ownThreads.execute(
                () -> {
                    site.checkUnbound("before a task");
                    try {
                        task.run();
                    } catch (RuntimeException | Error e) {
                        faults.accept("a task has thrown " + e);
                    }
                    site.checkUnbound("after a task");
                });
    }

    /** As a task is that {@code MemcachedSession.capture} has wrapped. */
    private Runnable captured(Runnable task) {
        UnitOfWork unit = site.unit();
        return () -> {
            try (Binding binding = site.sessions().current().bind(unit)) {
                task.run();
            }
        };
    }

    private static void print(HttpServletResponse response, String text) {
        try {
            response.getWriter().print(text);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The server has ended it by itself where the client is gone. */
    private void complete(AsyncContext async, Visit visit) {
        try {
            async.complete();
        } catch (IllegalStateException e) {
            if (!visit.abandoned()) {
                throw e;
            }
        }
    }

    // ---- pages

    private interface Page {
        void serve(Visit visit, HttpServletRequest request, HttpServletResponse response)
                throws Exception;
    }

    private void page(String path, Page page) {
        site.page(path, (request, response) -> page.serve(Visit.of(request), request, response));
    }

    private void usualPages() {
        page("/read", (visit, request, response) -> print(response, look(visit)));
        page("/write", (visit, request, response) -> print(response, mark(visit)));
        page(
                "/body",
                (visit, request, response) -> {
                    mark(visit);
                    request.getInputStream().readAllBytes();
                });
        page(
                "/streamed",
                (visit, request, response) -> {
                    ServletOutputStream out = response.getOutputStream();
                    site.counter(visit.abandoned() ? ABANDONED : OWN); // begins the session
                    out.print(look(visit));
                    out.flush();
                    for (int i = 0; i < parts(visit); i++) {
                        out.write(FILLING);
                    }
                    mark(visit);
                });
        page(
                "/invalidate",
                (visit, request, response) -> {
                    look(visit);
                    site.unit().invalidate();
                });
        page(
                "/invalidate-and-begin",
                (visit, request, response) -> {
                    look(visit);
                    site.unit().invalidate();
                    site.counter(OWN).payload = visit.user() + ' ' + visit.tag();
                });
        page(
                "/captured",
                (visit, request, response) -> {
                    print(response, mark(visit));
                    elsewhere(captured(() -> markUnlessFinished(visit)));
                    request.setAttribute(LATE_TASK, captured(() -> markWhenFinished(visit)));
                });
    }

    private static int parts(Visit visit) {
        return visit.abandoned() ? PARTS_WITHOUT_END : PARTS;
    }

    private void markUnlessFinished(Visit visit) {
        try {
            mark(visit, CAPTURED);
        } catch (IllegalStateException e) {
            if (!isFinished(e)) {
                throw e;
            }
        }
    }

    private void markWhenFinished(Visit visit) {
        try {
            mark(visit, CAPTURED);
            faults.accept("a task worked on a request that was over: " + visit);
        } catch (IllegalStateException e) {
            if (!isFinished(e)) {
                throw e;
            }
        }
    }

    private static boolean isFinished(IllegalStateException e) {
        return e.getMessage().equals("request already finished");
    }

    /** Our own listener has closed the request. */
    private void runLateTask(String phase, HttpServletRequest request) {
        if (phase.equals("destroyed") && request.getAttribute(LATE_TASK) instanceof Runnable task) {
            elsewhere(task);
        }
    }

    private void failingPages() {
        page(
                "/checked",
                (visit, request, response) -> {
                    mark(visit);
                    throw new ServletException("of the application");
                });
        page(
                "/runtime",
                (visit, request, response) -> {
                    mark(visit);
                    throw new IllegalArgumentException("of the application");
                });
        page(
                "/error",
                (visit, request, response) -> {
                    mark(visit);
                    throw new AssertionError("of the application");
                });
        page(
                "/exception-with-page",
                (visit, request, response) -> {
                    mark(visit);
                    throw new ServletServer.PageException();
                });
        page(
                "/failed-creation",
                (visit, request, response) -> {
                    mark(visit);
                    site.unit()
                            .findOrCreate(
                                    TestSite.key("never"),
                                    () -> {
                                        throw new IllegalArgumentException("of the bean");
                                    });
                });
        page(
                "/unserializable",
                (visit, request, response) -> {
                    mark(visit);
                    site.counter("unserializable").payload = new Object();
                });
        page(
                "/send-error",
                (visit, request, response) -> {
                    mark(visit);
                    response.sendError(HttpServletResponse.SC_BAD_REQUEST);
                });
        page(
                "/send-error-with-page",
                (visit, request, response) -> {
                    mark(visit);
                    response.sendError(ServletServer.STATUS_WITH_PAGE);
                });
        page(TestSite.ERROR_PAGE, (visit, request, response) -> print(response, mark(visit)));
        page(
                "/broken-off",
                (visit, request, response) -> {
                    print(response, mark(visit));
                    response.flushBuffer();
                    throw new IllegalArgumentException("of the application");
                });
    }

    private void asynchronousPages() {
        page(
                "/async",
                (visit, request, response) -> {
                    AsyncContext async = request.startAsync();
                    async.start(
                            () -> {
                                print(response, mark(visit));
                                complete(async, visit);
                            });
                });
        page(
                "/async-elsewhere",
                (visit, request, response) -> {
                    AsyncContext async = request.startAsync();
                    Runnable captured = captured(() -> print(response, mark(visit)));
                    elsewhere(
                            () -> {
                                captured.run();
                                complete(async, visit);
                            });
                });
        page(
                "/async-failure",
                (visit, request, response) -> {
                    mark(visit);
                    request.startAsync()
                            .addListener(
                                    new AsyncEnd() {
                                        @Override
                                        public void onError(AsyncEvent event) {
                                            response.setStatus(
                                                    HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
                                            event.getAsyncContext().complete();
                                        }
                                    });
                    throw new IllegalArgumentException("of the application");
                });
        page(
                "/timeout-answered",
                (visit, request, response) -> {
                    AsyncContext async = request.startAsync();
                    async.setTimeout(1);
                    async.addListener(
                            new AsyncEnd() {
                                @Override
                                public void onTimeout(AsyncEvent event) {
                                    print(response, mark(visit));
                                    event.getAsyncContext().complete();
                                }
                            });
                });
        page(
                "/timeout-unheard",
                (visit, request, response) -> {
                    mark(visit);
                    request.startAsync().setTimeout(1);
                });
        page("/dispatch", (visit, request, response) -> request.startAsync().dispatch("/write"));
        page(
                "/dispatch-elsewhere",
                (visit, request, response) -> {
                    AsyncContext async = request.startAsync();
                    elsewhere(() -> async.dispatch("/write"));
                });
        page(
                "/non-blocking",
                (visit, request, response) -> {
                    AsyncContext async = request.startAsync();
                    if (visit.abandoned()) {
                        endAfterTimeout(async, visit); // Undertow does not end it before
                    }
                    ServletOutputStream out = response.getOutputStream();
                    site.counter(visit.abandoned() ? ABANDONED : OWN); // begins the session
                    out.setWriteListener(new ManyParts(async, out, visit));
                });
        page(
                "/non-blocking-body",
                (visit, request, response) -> {
                    AsyncContext async = request.startAsync();
                    endAfterTimeout(async, visit); // should a server not notice that nobody sends
                    ServletInputStream in = request.getInputStream();
                    in.setReadListener(new WholeBody(async, in, visit));
                });
    }

    private void endAfterTimeout(AsyncContext async, Visit visit) {
        async.setTimeout(WHEN_ABANDONED_MILLIS);
        async.addListener(
                new AsyncEnd() {
                    @Override
                    public void onTimeout(AsyncEvent event) {
                        timedOut.add(visit.toString());
                    }
                });
    }

    /** Whether the server was too slow, and has ended by itself what was to be left. */
    boolean hasTimedOut(Visit visit) {
        return timedOut.contains(visit.toString());
    }

    /** An asynchronous listener that hears of one thing. */
    private static class AsyncEnd implements AsyncListener {

        @Override
        public void onComplete(AsyncEvent event) {}

        @Override
        public void onTimeout(AsyncEvent event) {}

        @Override
        public void onError(AsyncEvent event) {}

        @Override
        public void onStartAsync(AsyncEvent event) {}
    }

    /** A long answer, in parts that the server asks for. */
    private final class ManyParts implements WriteListener {

        private final AsyncContext async;
        private final ServletOutputStream out;
        private final Visit visit;
        private int part;

        ManyParts(AsyncContext async, ServletOutputStream out, Visit visit) {
            this.async = async;
            this.out = out;
            this.visit = visit;
        }

        @Override
        public void onWritePossible() throws IOException {
            while (out.isReady()) {
                if (part == 0) {
                    out.print(look(visit));
                } else if (part <= parts(visit)) {
                    out.write(FILLING);
                } else {
                    mark(visit);
                    complete(async, visit);
                    return;
                }
                part++;
            }
        }

        @Override
        public void onError(Throwable failure) {
            complete(async, visit);
        }
    }

    /** A request's body, as far as it comes. */
    private final class WholeBody implements ReadListener {

        private final AsyncContext async;
        private final ServletInputStream in;
        private final Visit visit;

        WholeBody(AsyncContext async, ServletInputStream in, Visit visit) {
            this.async = async;
            this.in = in;
            this.visit = visit;
        }

        @Override
        public void onDataAvailable() throws IOException {
            mark(visit);
            while (in.isReady() && in.read() >= 0) {}
        }

        @Override
        public void onAllDataRead() {
            complete(async, visit);
        }

        @Override
        public void onError(Throwable failure) {
            complete(async, visit);
        }
    }

    private void nestedPages() {
        page(
                "/includes",
                (visit, request, response) -> {
                    print(response, look(visit));
                    site.counter(OWN); // begins the session
                    request.getRequestDispatcher("/forwards").include(request, response);
                });
        page(
                "/forwards",
                (visit, request, response) ->
                        request.getRequestDispatcher("/inner-includes").forward(request, response));
        page(
                "/inner-includes",
                (visit, request, response) -> {
                    request.getRequestDispatcher("/write").include(request, response);
                    request.getRequestDispatcher("/read-again").include(request, response);
                });
        page(
                "/read-again",
                (visit, request, response) -> print(response, " " + site.find(OWN).payload));
        page(
                "/failed-includes",
                (visit, request, response) -> {
                    site.counter(OWN); // begins the session
                    request.getRequestDispatcher("/failed-forwards").include(request, response);
                });
        page(
                "/failed-forwards",
                (visit, request, response) ->
                        request.getRequestDispatcher("/runtime").forward(request, response));
    }
}
