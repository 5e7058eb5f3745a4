package org.memcachedsession.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.Extension;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Serializable;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.memcachedsession.MemcachedSession;
import org.memcachedsession.MemcachedSessionScoped;
import org.memcachedsession.SessionException;
import org.memcachedsession.SessionOrigin;
import org.memcachedsession.SessionSettings;
import org.memcachedsession.cdi.CookieJar;
import org.memcachedsession.cdi.TestNode;
import org.memcachedsession.codec.TestCodec;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.SessionId;

/** Sessions on the real memcached, with the client and the clock of every day. */
class SessionsOnMemcachedTest {

    private final MemcachedProcess memcached = MemcachedProcess.start();
    private final List<TestNode> nodes = new ArrayList<>();

    @AfterEach
    void stop() {
        nodes.forEach(TestNode::close);
        memcached.close();
    }

    private TestNode node(Duration idleTimeout) {
        return node(memcached.port(), idleTimeout, 20_000);
    }

    private TestNode node(int port, Duration idleTimeout, int sizeLimit) {
        TestNode node =
                TestNode.withSettings(new On(port, idleTimeout, sizeLimit))
                        .containerId("node-" + nodes.size())
                        .beans(Secret.class)
                        .start();
        nodes.add(node);
        return node;
    }

    /** Settings by code. */
    static final class On implements Extension {
        private final int port;
        private final Duration idleTimeout;
        private final int sizeLimit;

        On(int port, Duration idleTimeout, int sizeLimit) {
            this.port = port;
            this.idleTimeout = idleTimeout;
            this.sizeLimit = sizeLimit;
        }

        void set(@Observes SessionSettings.Builder settings) {
            settings.application("canary")
                    .servers("127.0.0.1:" + port)
                    .operationTimeout(Duration.ofSeconds(10))
                    .sizeLimit(sizeLimit)
                    .sizeWarn(10_000)
                    .compressNever()
                    .idleTimeout(idleTimeout);
        }
    }

    @MemcachedSessionScoped
    static class Secret implements Serializable {
        private static final long serialVersionUID = 1L;
        private String text = "";
        private Object more;

        String text() {
            return text;
        }

        void keep(String kept) {
            text = kept;
        }

        void keepAlso(Object other) {
            more = other;
        }

        @Override
        public String toString() {
            return "Secret " + (more == null);
        }
    }

    @Test
    void aSessionThatNobodyUsesIsGoneAfterItsIdleTime() throws Exception {
        TestNode node = node(Duration.ofSeconds(2));
        Secret secret = node.bean(Secret.class);
        CookieJar browser = new CookieJar();
        node.run(browser, () -> secret.keep("kept"));
        assertThat(node.request(browser, secret::text)).isEqualTo("kept");

        ItemKey key = key(browser.id().orElseThrow());
        try (MemcachedSessionStore store =
                new MemcachedSessionStore(StoreParameters.of(memcached.port()))) {
            Patience.untilAnswered(() -> store.load(key));
            Patience.until("the session has expired", () -> store.load(key).isEmpty());
        }
        MemcachedSession session = node.bean(MemcachedSession.class);
        assertThat(node.request(browser, session::origin)).isEqualTo(SessionOrigin.UNKNOWN);
        assertThat(node.request(browser, secret::text)).isEmpty();
    }

    private static ItemKey key(SessionId id) {
        return TestCodec.of("canary").itemKey(id);
    }

    /** A {@code set} that it refused would have dropped what was there. */
    @Test
    void aSessionThatIsTooLargeIsNotSentAndTheOldOneIsThereStill() throws Exception {
        TestNode node = node(Duration.ofMinutes(30));
        Secret secret = node.bean(Secret.class);
        CookieJar browser = new CookieJar();
        node.run(browser, () -> secret.keep("small"));
        String sent = statistic("cmd_set");
        String read = statistic("bytes_read");

        String told = failure(node, browser, () -> secret.keep("x".repeat(2_000_000)));

        assertThat(told)
                .contains(
                        "SessionTooLargeException",
                        "20000 are the most",
                        "(memcached.session.size.limit)")
                .contains("class " + Secret.class.getName() + " 2000")
                .contains("Nothing was sent");
        assertThat(statistic("cmd_set")).isEqualTo(sent);
        assertThat(Long.parseLong(statistic("bytes_read")) - Long.parseLong(read)).isLessThan(1000);
        assertThat(node.request(browser, secret::text)).isEqualTo("small");
    }

    @Test
    void aSessionThatMemcachedRefusesForItsSizeIsToldAndTheOldOneIsThereStill() throws Exception {
        try (MemcachedProcess narrow = MemcachedProcess.start("-I", "512k")) {
            TestNode node = node(narrow.port(), Duration.ofMinutes(30), 900_000);
            Secret secret = node.bean(Secret.class);
            CookieJar browser = new CookieJar();
            node.run(browser, () -> secret.keep("small"));
            SessionId id = browser.id().orElseThrow();

            String told = failure(node, browser, () -> secret.keep("x".repeat(600_000)));

            assertThat(told)
                    .contains("SessionTooLargeException: Session " + id.fingerprint())
                    .contains("memcached.session.size.limit (900000) allows, but memcached server")
                    .contains("SERVER_ERROR object too large for cache", "(-I, 1 MiB unless set)")
                    .contains("class " + Secret.class.getName() + " 600");
            assertThat(node.request(browser, secret::text)).isEqualTo("small");
            node.run(browser, () -> secret.keep("works on"));
            assertThat(node.request(browser, secret::text)).isEqualTo("works on");

            MemcachedSession session = node.bean(MemcachedSession.class);
            failure(
                    node,
                    browser,
                    () -> {
                        secret.keep("x".repeat(600_000));
                        session.rotateId();
                    });
            assertThat(browser.id()).as("no login").contains(id);
            assertThat(node.request(browser, secret::text)).isEqualTo("works on");
            assertThat(statistic(narrow, "curr_items")).as("nothing is left over").isEqualTo("1");
        }
    }

    private String statistic(String name) throws IOException {
        return statistic(memcached, name);
    }

    private static String statistic(MemcachedProcess of, String name) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), of.port())) {
            socket.getOutputStream().write("stats\r\nquit\r\n".getBytes(ISO_8859_1));
            String all = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
            return all.lines()
                    .filter(line -> line.startsWith("STAT " + name + " "))
                    .map(line -> line.substring(6 + name.length()))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void nothingThatIsToBeKeptSecretIsInALogAMessageOrAManagedBean() throws Exception {
        String canary = "CANARY-" + Long.toHexString(System.nanoTime());
        List<SessionId> ids = new ArrayList<>();
        try (Everything told = new Everything()) {
            TestNode node = node(Duration.ofMinutes(30));
            Secret secret = node.bean(Secret.class);
            MemcachedSession session = node.bean(MemcachedSession.class);
            CookieJar browser = new CookieJar();

            node.run(browser, () -> secret.keep(canary));
            ids.add(browser.id().orElseThrow());
            told.note(node.request(browser, () -> session + " " + session.fingerprint() + secret));
            node.run(browser, session::rotateId);
            ids.add(browser.id().orElseThrow());
            CookieJar stale = new CookieJar();
            stale.take(ids.get(0));
            node.run(stale, () -> secret.keep(canary + " of an old tab"));

            told.note(failure(node, browser, () -> secret.keepAlso(new Object())));
            told.note(failure(node, browser, () -> secret.keep(canary.repeat(2_000))));
            node.run(browser, () -> secret.keep(canary.repeat(500))); // enough for a warning

            CookieJar garbled = new CookieJar();
            node.run(garbled, () -> secret.keep(canary));
            ids.add(garbled.id().orElseThrow());
            try (MemcachedSessionStore store =
                    new MemcachedSessionStore(StoreParameters.of(memcached.port()))) {
                ItemKey key = key(ids.get(2));
                byte[] item = Patience.untilAnswered(() -> store.load(key)).orElseThrow().value();
                item[item.length - 1]++;
                store.overwrite(key, item, Duration.ofMinutes(1));
            }
            node.run(garbled, secret::text);
            node.run(browser, session::invalidate);
            node.run(browser, () -> secret.keep(canary));
            ids.add(browser.id().orElseThrow());
            memcached.kill();
            told.note(failure(node, browser, () -> secret.keep(canary + "!")));
            told.note(ids + " " + key(ids.get(0)) + " " + browser.id());
            for (ObjectName name :
                    ManagementFactory.getPlatformMBeanServer().queryNames(null, null)) {
                told.note(name.toString());
            }
            Thread.getAllStackTraces().keySet().forEach(thread -> told.note(thread.getName()));

            String everything = told.text();
            assertThat(everything).contains("org.memcachedsession", "xmemcached", "yanf4j");
            for (String secretText : secrets(canary, ids)) {
                assertThat(everything).doesNotContain(secretText);
            }
        }
    }

    /** In the forms in which somebody might print them. */
    private static Set<String> secrets(String canary, List<SessionId> ids) {
        Set<String> secrets = new HashSet<>();
        secrets.add(canary);
        secrets.add(HexFormat.of().formatHex(canary.getBytes(UTF_8)));
        secrets.add(Base64.getEncoder().withoutPadding().encodeToString(canary.getBytes(UTF_8)));
        for (SessionId id : ids) {
            secrets.add(id.cookieValue());
            secrets.add(HexFormat.of().formatHex(id.bytes()));
            secrets.add(Arrays.toString(id.bytes()));
            secrets.add(new String(id.bytes(), ISO_8859_1));
            secrets.add(key(id).text());
        }
        return secrets;
    }

    private static String failure(TestNode node, CookieJar browser, Runnable request) {
        StringWriter written = new StringWriter();
        assertThatThrownBy(() -> node.run(browser, request))
                .isInstanceOf(SessionException.class)
                .satisfies(e -> e.printStackTrace(new PrintWriter(written, true)));
        return written.toString();
    }

    /** All loggers at their most talkative. */
    private static final class Everything extends Handler implements AutoCloseable {
        private final Logger root = Logger.getLogger("");
        private final List<Logger> talkative =
                List.of(
                        Logger.getLogger("org.memcachedsession"),
                        Logger.getLogger("net.rubyeye"),
                        Logger.getLogger("com.google.code.yanf4j"));
        private final SimpleFormatter formatter = new SimpleFormatter();
        private final StringBuffer text = new StringBuffer();

        Everything() {
            setLevel(Level.ALL);
            for (Logger logger : talkative) {
                logger.setLevel(Level.ALL);
                logger.addHandler(this);
            }
        }

        void note(String what) {
            text.append(what).append('\n');
        }

        String text() {
            return text.toString();
        }

        @Override
        public void publish(LogRecord logged) {
            text.append(logged.getLoggerName()).append(formatter.format(logged));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            for (Logger logger : talkative) {
                logger.removeHandler(this);
            }
        }
    }
}
