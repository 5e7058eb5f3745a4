package org.memcachedsession.faults;

import static org.memcachedsession.history.OperationKind.IDLE;
import static org.memcachedsession.history.OperationKind.INVALIDATE;
import static org.memcachedsession.history.OperationKind.READ;
import static org.memcachedsession.history.OperationKind.READ_AFTER_END;
import static org.memcachedsession.history.OperationKind.WRITE;
import static org.memcachedsession.history.OperationKind.WRITE_SEVERAL;

import java.io.IOException;
import java.net.HttpCookie;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.memcachedsession.history.Answer;
import org.memcachedsession.history.HistoryFormat;
import org.memcachedsession.history.Operation;
import org.memcachedsession.history.OperationKind;
import org.memcachedsession.history.Origin;

/**
 * Many browsers, each with a session, some of them with several requests at once; each request goes to any node. What
 * they see is taken down.
 */
final class Browsers implements AutoCloseable {

    /** Requests at once. */
    static final int THREADS = 8;

    private static final int BEANS = 3;

    /** They get a third of all requests, so that many of theirs meet. */
    private static final int BUSY = 8;

    private static final int ENDED_KEPT = 8;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(4);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String COOKIE = "sid";
    private static final int OK = 200;
    private static final int SERVER_ERROR = 500;

    private final Cluster cluster;
    private final List<Browser> all;
    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(PATIENCE)
                    .build();
    private final AtomicInteger positions = new AtomicInteger();
    private final Collection<Visit> visits = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final List<Future<?>> running = new ArrayList<>();
    private volatile boolean goesOn;

    Browsers(Cluster cluster, int count) {
        this.cluster = cluster;
        all = IntStream.range(0, count).mapToObj(Browser::new).toList();
    }

    private record Cookie(String id, String session) {}

    private static final class Browser {
        private final int number;
        private final Deque<Cookie> ended = new ArrayDeque<>();
        private Cookie cookie;

        Browser(int number) {
            this.number = number;
        }

        synchronized Optional<Cookie> cookie() {
            return Optional.ofNullable(cookie);
        }

        /** The last one that it has ended, or the last but some. */
        synchronized Optional<Cookie> ended(SplittableRandom random) {
            return ended.stream().skip(random.nextInt(Math.max(1, ended.size()))).findFirst();
        }

        /** Its own, and those of sessions that it has ended. */
        synchronized Stream<Cookie> cookies() {
            return Stream.concat(Stream.ofNullable(cookie), List.copyOf(ended).stream());
        }

        /** Does what the answer says, whichever cookie it has by now. */
        synchronized void take(Answer answer, Optional<String> id, Optional<Cookie> sent) {
            if (answer.origin() == Origin.ENDED && sent.isPresent()) {
                ended.addFirst(sent.get());
                if (ended.size() > ENDED_KEPT) {
                    ended.removeLast();
                }
            }
            id.ifPresent(
                    given ->
                            cookie =
                                    given.isEmpty()
                                            ? null
                                            : new Cookie(given, answer.session().orElseThrow()));
        }
    }

    /** Each browser gets a session with all beans. */
    void begin() throws Exception {
        each((browser, random) -> request(browser, WRITE_SEVERAL, all(BEANS), random));
    }

    /** Each browser looks at its session, so that whatever has become of it is seen. */
    void look() throws Exception {
        each((browser, random) -> request(browser, READ, new TreeSet<>(), random));
    }

    /**
     * As {@link #look}, by each node, the last one first.
     *
     * @return what the nodes have said of sessions of which they have not said the same
     */
    List<String> lookByEachNode() throws Exception {
        Collection<String> differing = new ConcurrentLinkedQueue<>();
        each(
                (browser, random) -> {
                    Optional<Cookie> cookie = browser.cookie();
                    Set<String> views = new LinkedHashSet<>();
                    for (int node = Cluster.NODES - 1; node >= 0; node--) {
                        views.add(view(request(browser, READ, new TreeSet<>(), cookie, node)));
                    }
                    if (views.size() > 1) {
                        differing.add(String.join(" and ", views));
                    }
                });
        return List.copyOf(differing);
    }

    private static String view(Optional<Answer> answer) {
        return answer.map(there -> there.origin() + " " + there.session() + " " + there.beans())
                .orElse("no answer");
    }

    /** Each browser changes its session. */
    void change() throws Exception {
        each((browser, random) -> request(browser, WRITE_SEVERAL, all(BEANS), random));
    }

    /** Each browser ends its session. */
    void end() throws Exception {
        each((browser, random) -> request(browser, INVALIDATE, new TreeSet<>(), random));
    }

    /** Each browser tries to read, and to write, sessions that it has ended. */
    void tryEnded() throws Exception {
        each(
                (browser, random) -> {
                    request(browser, READ_AFTER_END, new TreeSet<>(), random);
                    request(
                            browser,
                            WRITE_SEVERAL,
                            all(BEANS),
                            browser.ended(random),
                            anyNode(random));
                    request(browser, READ_AFTER_END, new TreeSet<>(), random);
                });
    }

    private interface Deed {
        void by(Browser browser, SplittableRandom random) throws InterruptedException;
    }

    private void each(Deed deed) throws Exception {
        AtomicInteger next = new AtomicInteger();
        List<Future<?>> each = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            each.add(
                    threads.submit(
                            () -> {
                                SplittableRandom random = new SplittableRandom();
                                for (int number = next.getAndIncrement();
                                        number < all.size();
                                        number = next.getAndIncrement()) {
                                    deed.by(all.get(number), random);
                                }
                                return null;
                            }));
        }
        for (Future<?> one : each) {
            one.get();
        }
    }

    /** From now on they send requests, until {@link #stop()}. */
    void start() {
        goesOn = true;
        for (int i = 0; i < THREADS; i++) {
            running.add(threads.submit(this::surf));
        }
    }

    private Void surf() throws InterruptedException {
        SplittableRandom random = new SplittableRandom();
        while (goesOn) {
            boolean busy = random.nextInt(3) == 0;
            Browser browser =
                    all.get(random.nextInt(busy ? Math.min(BUSY, all.size()) : all.size()));
            OperationKind kind = anyKind(random);
            request(browser, kind, beans(kind, random), random);
            LockSupport.parkNanos(random.nextLong(2 * PAUSE_NANOS));
        }
        return null;
    }

    /** When the requests that are under way are answered. */
    void stop() throws Exception {
        goesOn = false;
        for (Future<?> each : running) {
            each.get();
        }
        running.clear();
    }

    /** In the order of their ends. */
    List<Visit> visits() {
        return List.copyOf(visits);
    }

    /** Of the sessions that they have now, as far as they know. */
    List<String> ids() {
        return all.stream().flatMap(each -> each.cookie().stream()).map(Cookie::id).toList();
    }

    /** Of all sessions that they have, or have ended not long ago. */
    List<String> idsAndEnded() {
        return all.stream().flatMap(Browser::cookies).map(Cookie::id).toList();
    }

    int count() {
        return all.size();
    }

    private static OperationKind anyKind(SplittableRandom random) {
        int dice = random.nextInt(100);
        if (dice < 40) {
            return WRITE;
        } else if (dice < 55) {
            return WRITE_SEVERAL;
        } else if (dice < 84) {
            return READ;
        } else if (dice < 91) {
            return READ_AFTER_END;
        }
        return dice < 97 ? IDLE : INVALIDATE;
    }

    private static SortedSet<Integer> beans(OperationKind kind, SplittableRandom random) {
        SortedSet<Integer> beans = new TreeSet<>();
        if (kind == WRITE) {
            beans.add(random.nextInt(BEANS));
        } else if (kind == WRITE_SEVERAL) {
            beans.addAll(all(BEANS));
            beans.remove(random.nextInt(BEANS + 1)); // none, if it is the last
        }
        return beans;
    }

    private static SortedSet<Integer> all(int count) {
        return IntStream.range(0, count).boxed().collect(Collectors.toCollection(TreeSet::new));
    }

    private void request(
            Browser browser, OperationKind kind, SortedSet<Integer> writes, SplittableRandom random)
            throws InterruptedException {
        if (kind != READ_AFTER_END) {
            request(browser, kind, writes, browser.cookie(), anyNode(random));
            return;
        }
        Optional<Cookie> ended = browser.ended(random);
        if (ended.isPresent()) { // else it has ended none yet
            request(browser, kind, writes, ended, anyNode(random));
        }
    }

    private static int anyNode(SplittableRandom random) {
        return random.nextInt(Cluster.NODES);
    }

    private Optional<Answer> request(
            Browser browser,
            OperationKind kind,
            SortedSet<Integer> writes,
            Optional<Cookie> cookie,
            int node)
            throws InterruptedException {
        long begin = System.nanoTime(); // before it is decided which process is the node
        int start = positions.getAndIncrement();
        Optional<String> tag = writes.isEmpty() ? Optional.empty() : Optional.of("x." + start);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(cluster.node(node).resolve(path(kind, writes, tag)))
                        .timeout(PATIENCE)
                        .method(
                                kind == READ || kind == READ_AFTER_END || kind == IDLE
                                        ? "GET"
                                        : "POST",
                                HttpRequest.BodyPublishers.noBody());
        cookie.ifPresent(sent -> request.header("Cookie", COOKIE + "=" + sent.id()));
        int status = 0;
        Optional<Answer> answer = Optional.empty();
        try {
            HttpResponse<Void> response =
                    client.send(request.build(), HttpResponse.BodyHandlers.discarding());
            int end = positions.getAndIncrement();
            status = response.statusCode();
            if (status < SERVER_ERROR) {
                answer = Optional.of(answer(response, end));
                browser.take(answer.get(), sessionCookie(response.headers()), cookie);
            }
        } catch (IOException noAnswer) {
            // what was done by then is the question that the checker answers
        }
        visits.add(
                new Visit(
                        new Operation(
                                start,
                                browser.number,
                                "n" + (node + 1),
                                kind,
                                cookie.map(Cookie::session),
                                tag,
                                writes,
                                answer),
                        node,
                        cookie.map(Cookie::id),
                        begin,
                        System.nanoTime(),
                        status));
        return answer;
    }

    private static Answer answer(HttpResponse<Void> response, int position) {
        String view =
                response.headers()
                        .firstValue(KeptServlet.VIEW)
                        .filter(there -> response.statusCode() == OK)
                        .orElseThrow(
                                () -> new IllegalStateException("a strange answer: " + response));
        return HistoryFormat.parseView(position, view);
    }

    private static URI path(OperationKind kind, SortedSet<Integer> writes, Optional<String> tag) {
        return URI.create(
                switch (kind) {
                    case INVALIDATE -> "/end";
                    case IDLE -> "/idle";
                    default ->
                            tag.map(
                                            text ->
                                                    "/write?beans=%s&tag=%s"
                                                            .formatted(
                                                                    writes.stream()
                                                                            .map(String::valueOf)
                                                                            .collect(
                                                                                    Collectors
                                                                                            .joining(
                                                                                                    ",")),
                                                                    text))
                                    .orElse("/read");
                });
    }

    /** The last one counts, as for a browser; empty text if it was taken back. */
    private static Optional<String> sessionCookie(HttpHeaders headers) {
        Optional<String> id = Optional.empty();
        for (String line : headers.allValues("Set-Cookie")) {
            for (HttpCookie cookie : HttpCookie.parse(line)) {
                if (cookie.getName().equals(COOKIE)) {
                    id = Optional.of(cookie.hasExpired() ? "" : cookie.getValue());
                }
            }
        }
        return id;
    }

    @Override
    public void close() {
        goesOn = false;
        threads.shutdownNow();
    }
}
