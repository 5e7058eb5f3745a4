package org.memcachedsession.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.ContextNotActiveException;
import jakarta.enterprise.event.Observes;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.io.Serializable;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.memcachedsession.MemcachedSession;
import org.memcachedsession.MemcachedSessionConfigurator;
import org.memcachedsession.MemcachedSessionScoped;
import org.memcachedsession.SessionOrigin;
import org.memcachedsession.SessionRefused;
import org.memcachedsession.SessionSettings;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.WebSocketSessions;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.SetClock;
import org.memcachedsession.store.InMemorySessionStore;
import org.memcachedsession.store.InMemorySessionStore.Operation;

/** Messages of a WebSocket that was opened with a session, or without. */
class SocketSessionsTest {

    private static final Duration RENEWAL = Duration.ofMinutes(5);

    private final SetClock clock = new SetClock();
    private final InMemorySessionStore store = new InMemorySessionStore(clock, 1_000_000);
    private final TestNode node =
            TestNode.on(store, clock)
                    .beans(Tally.class, Other.class, Third.class, Renewals.class)
                    .start();
    private final CookieJar browser = new CookieJar();
    private final Tally tally = node.bean(Tally.class);
    private final Other other = node.bean(Other.class);
    private final Third third = node.bean(Third.class);
    private final MemcachedSession session = node.bean(MemcachedSession.class);
    private final WebSocketSessions sessions = node.bean(WebSocketSessions.class);

    @BeforeEach
    void begin() throws Exception {
        node.run(browser, tally::add);
    }

    @AfterEach
    void stop() {
        assertThat(node.sessions().current().get()).isNull();
        node.close();
    }

    private Session open() throws Exception {
        return open(new HashMap<>());
    }

    /** A handshake as servers make it, whose configuration has a copy of the endpoint's properties. */
    private Session open(Map<String, Object> properties) throws Exception {
        ServerEndpointConfig config =
                ServerEndpointConfig.Builder.create(Object.class, "/")
                        .configurator(new MemcachedSessionConfigurator())
                        .build();
        node.run(
                browser,
                () -> {
                    config.getUserProperties().putAll(properties);
                    config.getConfigurator().modifyHandshake(config, null, null);
                    properties.putAll(config.getUserProperties());
                });
        return socket(properties);
    }

    private static Session socket(Map<String, Object> properties) {
        return (Session)
                Proxy.newProxyInstance(
                        SocketSessionsTest.class.getClassLoader(),
                        new Class<?>[] {Session.class},
                        (proxy, method, arguments) -> {
                            assertThat(method.getName()).isEqualTo("getUserProperties");
                            return properties;
                        });
    }

    // ---- load, run, save

    @Test
    void aMessageSeesWhatRequestsDidAndTheySeeWhatItDid() throws Exception {
        Session socket = open();
        assertThat(sessions.<Integer>call(socket, tally::add)).isEqualTo(2);
        assertThat(node.request(browser, tally::add)).isEqualTo(3);
        assertThat(sessions.<Integer>call(socket, tally::add)).isEqualTo(4);
        sessions.run(socket, tally::add);
        assertThat(node.request(browser, tally::value)).isEqualTo(5);
    }

    @Test
    void byItselfAMessageHasNone() throws Exception {
        open();
        assertThat(session.isActive()).isFalse();
        assertThatThrownBy(tally::add).isInstanceOf(ContextNotActiveException.class);
    }

    @Test
    void aMessageCostsWhatARequestCosts() throws Exception {
        Session socket = open();
        List<Operation> calls = new ArrayList<>();
        store.observe(
                new InMemorySessionStore.Calls() {
                    @Override
                    public void before(Operation operation, ItemKey key) {
                        calls.add(operation);
                    }
                });

        sessions.run(socket, () -> {});
        assertThat(calls).isEmpty();
        sessions.call(socket, tally::value);
        assertThat(calls).containsExactly(Operation.LOAD);
        calls.clear();
        sessions.call(socket, tally::add);
        assertThat(calls).containsExactly(Operation.LOAD, Operation.REPLACE);
    }

    @Test
    void messagesKeepTheSessionAlive() throws Exception {
        Session socket = open();
        Duration most = Duration.ofMinutes(29);
        for (int i = 0; i < 3; i++) {
            clock.advance(most);
            sessions.run(socket, () -> {});
        }
        clock.advance(most);
        assertThat(node.request(browser, tally::value)).isOne();
    }

    @Test
    void messagesStayWithTheSessionWhenItsIdIsRenewed() throws Exception {
        Session socket = open();
        for (int i = 0; i < 12; i++) {
            clock.advance(RENEWAL);
            node.run(browser, tally::value);
            clock.advance(Duration.ofMinutes(2)); // longer than the old id leads there
            sessions.run(socket, i % 2 == 0 ? tally::add : () -> {});
        }
        clock.advance(Duration.ofMinutes(25));
        sessions.run(socket, tally::value); // keeps it alive, under its present id
        clock.advance(Duration.ofMinutes(25));

        assertThat(node.request(browser, tally::value)).isEqualTo(7);
        assertThat(node.bean(Renewals.class).refused).isZero();
    }

    @Test
    void twoMessagesBesideARequestLoseNothing() throws Exception {
        Session socket = open();
        Session another = open();
        node.run(
                browser,
                () -> {
                    tally.add();
                    sessions.run(
                            socket,
                            () -> {
                                other.add();
                                sessions.run(another, third::add);
                            });
                    tally.add();
                });
        assertThat(node.request(browser, tally::value)).isEqualTo(3);
        assertThat(node.request(browser, other::value)).isOne();
        assertThat(node.request(browser, third::value)).isOne();
    }

    @Test
    void afterAMessageTheRequestOfTheThreadGoesOn() throws Exception {
        Session socket = open();
        CookieJar stranger = new CookieJar();
        node.run(
                stranger,
                () -> {
                    tally.add();
                    sessions.run(socket, () -> assertThat(tally.value()).isOne());
                    assertThat(tally.add()).isEqualTo(2);
                });
        assertThat(node.request(stranger, tally::value)).isEqualTo(2);
        assertThat(node.request(browser, tally::value)).isOne();
    }

    @Test
    void whatATaskChangedBeforeItFailedIsKept() throws Exception {
        Session socket = open();
        assertThatThrownBy(
                        () ->
                                sessions.call(
                                        socket,
                                        () -> {
                                            tally.add();
                                            throw new IOException("the task fails");
                                        }))
                .isInstanceOf(IOException.class)
                .hasMessage("the task fails");
        assertThat(node.request(browser, tally::value)).isEqualTo(2);
    }

    @Test
    void aSaveThatFailsIsTold() throws Exception {
        Session socket = open();
        store.observe(
                new InMemorySessionStore.Calls() {
                    @Override
                    public void before(Operation operation, ItemKey key) {
                        if (operation == Operation.REPLACE) {
                            throw new SessionStoreException("no answer", null);
                        }
                    }
                });
        assertThatThrownBy(() -> sessions.run(socket, tally::add))
                .isInstanceOf(SessionStoreException.class);
    }

    @Test
    void aTaskOfAMessageEndsWithIt() throws Exception {
        Session socket = open();
        Runnable late = sessions.call(socket, () -> session.capture((Runnable) tally::add));
        assertThatThrownBy(late::run).isInstanceOf(ContextNotActiveException.class);
    }

    // ---- none is begun

    @Test
    void withoutASessionAMessageBeginsNone() throws Exception {
        browser.forget();
        Session socket = open();
        int before = store.sessions();

        assertThat(sessions.<Boolean>call(socket, session::isActive)).isTrue();
        assertThat(sessions.<Boolean>call(socket, session::exists)).isFalse();
        assertThatThrownBy(() -> sessions.call(socket, tally::add))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(
                        "Tally needs a session, and this message has none (NONE_SENT)")
                .hasMessageContaining("HTTP request");
        assertThat(store.sessions()).isEqualTo(before);
    }

    @Test
    void aSessionThatWasEndedMeanwhileIsNotBegunAnew() throws Exception {
        Session socket = open();
        sessions.call(socket, tally::add);
        node.run(browser, session::invalidate);
        int before = store.sessions();

        assertThat(sessions.<Boolean>call(socket, session::exists)).isFalse();
        assertThat(sessions.call(socket, session::origin)).isEqualTo(SessionOrigin.ENDED);
        assertThatThrownBy(() -> sessions.run(socket, tally::add))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("this message has none (ENDED)");
        assertThat(store.sessions()).isEqualTo(before);
    }

    @Test
    void aSessionThatIsEndedWhileAMessageRunsStaysEnded() throws Exception {
        Session socket = open();
        sessions.run(
                socket,
                () -> {
                    tally.add();
                    runUnchecked(
                            () -> {
                                node.run(browser, session::invalidate);
                                return null;
                            });
                });
        assertThat(store.sessions()).isZero();
    }

    @Test
    void aMessageMayEndTheSessionAndBeginsNoneAfterThat() throws Exception {
        Session socket = open();
        sessions.run(
                socket,
                () -> {
                    session.invalidate();
                    assertThat(session.exists()).isFalse();
                    assertThatThrownBy(tally::add)
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("this message has none (ENDED)");
                });
        assertThat(store.sessions()).isZero();
        assertThat(node.request(browser, tally::add)).isOne();
    }

    // ---- the handshake

    @Test
    void aSessionThatTheHandshakeBeginsIsThatOfTheMessages() throws Exception {
        browser.forget();
        Map<String, Object> properties = new HashMap<>();
        node.run(
                browser,
                () -> {
                    tally.add();
                    sessions.keepFor(configWith(properties));
                });
        assertThat(sessions.<Integer>call(socket(properties), tally::add)).isEqualTo(2);
        assertThat(node.request(browser, tally::value)).isEqualTo(2);
    }

    private static ServerEndpointConfig configWith(Map<String, Object> properties) {
        return (ServerEndpointConfig)
                Proxy.newProxyInstance(
                        SocketSessionsTest.class.getClassLoader(),
                        new Class<?>[] {ServerEndpointConfig.class},
                        (proxy, method, arguments) -> properties);
    }

    @Test
    void propertiesThatHandshakesShareNeverLeadToSomebodyElsesSession() throws Exception {
        Map<String, Object> shared = new HashMap<>();
        Session mine = open(shared);
        open(shared); // the same browser once more
        browser.forget();
        node.run(browser, tally::add);

        assertThatThrownBy(() -> open(shared))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("somebody else's session");
        assertThat(sessions.<Integer>call(mine, tally::add)).isEqualTo(2);
        assertThat(node.request(browser, tally::value)).isOne();
    }

    @Test
    void aSessionIsKeptDuringAHandshakeAlone() {
        Map<String, Object> properties = new HashMap<>();
        assertThatThrownBy(() -> sessions.keepFor(configWith(properties)))
                .isInstanceOf(ContextNotActiveException.class)
                .hasMessageContaining("need an HTTP request");
        assertThat(properties).isEmpty();
    }

    @Test
    void theIdIsNotPrinted() throws Exception {
        Map<String, Object> properties = new HashMap<>();
        open(properties);
        assertThat(properties).hasSize(1);
        assertThat(properties.toString())
                .contains(browser.id().orElseThrow().fingerprint())
                .doesNotContain(browser.id().orElseThrow().cookieValue());
    }

    @Test
    void aWebSocketOfAnotherConfiguratorIsRefusedInWords() {
        boolean[] ran = new boolean[1];
        assertThatThrownBy(
                        () ->
                                sessions.run(
                                        socket(Map.of()),
                                        () -> {
                                            ran[0] = true;
                                        }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("MemcachedSessionConfigurator");
        assertThat(ran[0]).isFalse();
    }

    private interface Unchecked<T> {
        T call() throws Exception;
    }

    private static <T> T runUnchecked(Unchecked<T> task) {
        try {
            return task.call();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    abstract static class Counted implements Serializable {

        private static final long serialVersionUID = 1L;

        private int value;

        int add() {
            return ++value;
        }

        int value() {
            return value;
        }
    }

    @MemcachedSessionScoped
    static class Tally extends Counted {
        private static final long serialVersionUID = 1L;
    }

    @MemcachedSessionScoped
    static class Other extends Counted {
        private static final long serialVersionUID = 1L;
    }

    @MemcachedSessionScoped
    static class Third extends Counted {
        private static final long serialVersionUID = 1L;
    }

    @ApplicationScoped
    static class Renewals {
        private int refused;

        void set(@Observes SessionSettings.Builder settings) {
            settings.rotationInterval(RENEWAL);
        }

        void refused(@Observes SessionRefused event) {
            refused++;
        }
    }
}
