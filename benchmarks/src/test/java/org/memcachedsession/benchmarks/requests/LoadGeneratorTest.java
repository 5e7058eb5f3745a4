package org.memcachedsession.benchmarks.requests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against an application that keeps counters, and that can lose them. */
class LoadGeneratorTest {

    static {
        // or each answer, sent in two parts, would wait 40 ms for the acknowledgement of the first
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final Map<String, AtomicInteger> sessions = new ConcurrentHashMap<>();
    private final Set<String> asked = ConcurrentHashMap.newKeySet();
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicInteger writes = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    private volatile boolean forgetful;
    private volatile int refused;
    private HttpServer server;
    private URI application;

    @BeforeEach
    void start() throws IOException {
        server =
                HttpServer.create(
                        new InetSocketAddress(
                                InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0),
                        0);
        server.setExecutor(threads);
        server.createContext("/measured", this::answer);
        server.start();
        application =
                URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/measured/");
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String cookie = exchange.getRequestHeaders().getFirst("Cookie");
        String body =
                switch (exchange.getRequestURI().getPath()) {
                    case "/measured/begin" -> {
                        String id = "id=" + sessions.size();
                        sessions.put(id, new AtomicInteger());
                        exchange.getResponseHeaders().add("Set-Cookie", id + "; Path=/");
                        yield "7 0";
                    }
                    case "/measured/plain" -> "no session";
                    case "/measured/read" -> {
                        reads.incrementAndGet();
                        asked.add(cookie);
                        yield "7 " + sessions.get(cookie);
                    }
                    default -> {
                        writes.incrementAndGet();
                        int changes = sessions.get(cookie).incrementAndGet();
                        if (forgetful) {
                            sessions.get(cookie).decrementAndGet();
                        }
                        yield "7 " + changes;
                    }
                };
        byte[] bytes = body.getBytes(StandardCharsets.US_ASCII);
        boolean refuses = refused > 0 && exchange.getRequestURI().getPath().endsWith("write");
        exchange.sendResponseHeaders(refuses ? 503 : 200, bytes.length);
        refused -= refuses ? 1 : 0;
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Test
    void everySessionGetsItsRequestsAndEachAnswerIsRight() {
        LoadGenerator load = LoadGenerator.begin(application, true, 8, 7);

        Load done = load.warmUp(RequestPath.READ, 4, 80);

        assertThat(done.requests()).isEqualTo(80);
        assertThat(done.errors()).isZero();
        assertThat(reads).hasValue(80);
        assertThat(asked).hasSize(8);
    }

    @Test
    void theMixIsNineReadsAndOneWrite() {
        Load done = LoadGenerator.begin(application, true, 4, 7).warmUp(RequestPath.MIX, 2, 200);

        assertThat(done.errors()).isZero();
        assertThat(reads).hasValue(180);
        assertThat(writes).hasValue(20);
    }

    @Test
    void oneConnectionTellsTheLatencyOfEachRequest() {
        LoadGenerator load = LoadGenerator.begin(application, true, 4, 7);

        assertThat(load.warmUp(RequestPath.BARE, 1, 30).latencies()).hasSize(30).doesNotContain(0);
        assertThat(load.warmUp(RequestPath.BARE, 2, 30).latencies()).isEmpty();
    }

    @Test
    void anApplicationThatLosesAChangeIsFoundOut() {
        LoadGenerator load = LoadGenerator.begin(application, true, 1, 7);
        forgetful = true;

        // the first write says what it should have kept
        assertThat(load.warmUp(RequestPath.WRITE, 1, 1).errors()).isZero();
        assertThat(load.warmUp(RequestPath.READ, 1, 10).errors()).isEqualTo(10);
    }

    @Test
    void aWriteThatIsRefusedCountsOnceWhetherItWasCarriedOutOrNot() {
        LoadGenerator load = LoadGenerator.begin(application, true, 1, 7);
        refused = 1;
        assertThat(load.warmUp(RequestPath.WRITE, 1, 1).errors()).isEqualTo(1);
        assertThat(load.warmUp(RequestPath.READ, 1, 10).errors()).isZero();

        refused = 2;
        forgetful = true;
        assertThat(load.warmUp(RequestPath.WRITE, 1, 2).errors()).isEqualTo(2);
        assertThat(load.warmUp(RequestPath.READ, 1, 10).errors()).isZero();
    }

    @Test
    void anApplicationThatIsWrongAllTheTimeEndsTheLoad() {
        LoadGenerator load = LoadGenerator.begin(application, true, 1, 7);
        sessions.values().forEach(AtomicInteger::incrementAndGet);

        assertThatThrownBy(() -> load.warmUp(RequestPath.READ, 1, 1500))
                .isInstanceOf(MeasurementException.class)
                .hasMessageContaining("1000 of 1000 answers to read were wrong");
    }

    @Test
    void anotherNodeHasToHoldTheSame() {
        LoadGenerator load = LoadGenerator.begin(application, true, 2, 7);
        load.requireAt(application);
        sessions.values().forEach(AtomicInteger::incrementAndGet);

        assertThatThrownBy(() -> load.requireAt(application))
                .isInstanceOf(MeasurementException.class)
                .hasMessageContaining("a session that holds \"7 0\"");
    }

    @Test
    void whereNobodyKeepsSessionsThereIsNoCookie() {
        assertThatThrownBy(() -> LoadGenerator.begin(application, false, 1, 7))
                .isInstanceOf(MeasurementException.class);
    }
}
