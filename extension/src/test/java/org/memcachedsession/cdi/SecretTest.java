package org.memcachedsession.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.Extension;
import java.io.Serializable;
import java.time.Clock;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.memcachedsession.LoggedMessages;
import org.memcachedsession.MemcachedSession;
import org.memcachedsession.MemcachedSessionScoped;
import org.memcachedsession.SessionOrigin;
import org.memcachedsession.SessionSettings;
import org.memcachedsession.store.InMemorySessionStore;

/** Nodes with secrets of their own on one store. */
class SecretTest {

    private final InMemorySessionStore store =
            new InMemorySessionStore(Clock.systemUTC(), 1_000_000);
    private final CookieJar browser = new CookieJar();

    private static String key(int number) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) number);
        return Base64.getEncoder().encodeToString(key);
    }

    private TestNode node(String id, Settings settings) {
        return TestNode.on(store, Clock.systemUTC())
                .containerId(id)
                .beans(Counter.class)
                .extension(settings)
                .start();
    }

    private int count(TestNode node) throws Exception {
        Counter counter = node.bean(Counter.class);
        return node.request(browser, counter::next);
    }

    @Test
    void aSessionGoesOnWhileTheSecretIsReplacedStepByStep() throws Exception {
        try (TestNode before = node("before", new Settings(key(1)));
                TestNode appended = node("appended", new Settings(key(1) + "," + key(2)));
                TestNode first = node("first", new Settings(key(2) + "," + key(1)));
                TestNode after = node("after", new Settings(key(2)))) {
            assertThat(count(before)).isEqualTo(1);
            assertThat(count(appended)).isEqualTo(2);
            assertThat(count(before)).isEqualTo(3);
            assertThat(count(first)).isEqualTo(4);
            assertThat(count(appended)).isEqualTo(5);
            assertThat(count(first)).isEqualTo(6);
            assertThat(count(after)).isEqualTo(7);
        }
    }

    @Test
    void aNodeWithAnotherSecretOrNoneBeginsANewSession() throws Exception {
        try (TestNode one = node("one", new Settings(key(1)));
                TestNode other = node("other", new Settings(key(2)));
                TestNode none = node("none", new Settings("none"))) {
            for (TestNode node : List.of(other, none)) {
                browser.forget();
                assertThat(count(one)).isEqualTo(1);
                assertThat(count(one)).isEqualTo(2);
                assertThat(origin(node)).isEqualTo(SessionOrigin.UNREADABLE);
                assertThat(count(node)).isEqualTo(1);
                assertThat(count(node)).isEqualTo(2);
                assertThat(origin(one)).isEqualTo(SessionOrigin.UNREADABLE);
            }
        }
    }

    private SessionOrigin origin(TestNode node) throws Exception {
        return node.request(browser, node.bean(MemcachedSession.class)::origin);
    }

    @Test
    void aServerThatIsNotOnLoopbackAndNoSecretFailTheDeployment() {
        assertThatThrownBy(() -> node("open", new Settings("10.0.0.1", "")))
                .hasMessageContainingAll("MSS-40 ", "openssl rand -base64 32", "write none");
    }

    @Test
    void nothingOfASecretIsLogged() throws Exception {
        try (LoggedMessages logged = LoggedMessages.record();
                TestNode node = node("secret", new Settings(key(1) + "," + key(2)))) {
            count(node);
            assertThat(logged.everything()).contains("secret=***").doesNotContain(key(1), key(2));
        }
    }

    static final class Settings implements Extension {

        private final String servers;
        private final String secret;

        Settings(String secret) {
            this("127.0.0.1", secret);
        }

        Settings(String servers, String secret) {
            this.servers = servers;
            this.secret = secret;
        }

        /** After {@link TestSettings}. */
        void set(@Observes @Priority(3000) SessionSettings.Builder builder) {
            builder.servers(servers).secret(secret);
        }
    }

    @MemcachedSessionScoped
    static class Counter implements Serializable {

        private static final long serialVersionUID = 1L;

        private int count;

        int next() {
            return ++count;
        }
    }
}
