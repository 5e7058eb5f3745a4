package org.memcachedsession.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.memcachedsession.LoggedMessages;
import org.memcachedsession.SessionSettings.Authentication;
import org.memcachedsession.SessionSettings.Credentials;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.SessionTooLargeException;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.SessionStore;

/**
 * A memcached that wants to know by SASL who asks (-S). Where the one on the PATH was built without, or its mechanism
 * PLAIN is not installed, the test is skipped.
 */
@Timeout(60)
class SaslAuthenticationTest {

    private static final Credentials SHOP = credentials("shop", "päss word:2");
    private static final Credentials OTHER = credentials("other", "telltale");
    private static final ItemKey KEY = new ItemKey("k");
    private static final byte[] VALUE = {1, 2, 3};
    private static final Duration A_MINUTE = Duration.ofMinutes(1);

    @TempDir private Path directory;
    private SaslUsers users;
    private MemcachedProcess memcached;

    @BeforeEach
    void start() throws IOException {
        users = new SaslUsers(directory, SHOP);
        memcached = startWithSasl(users);
    }

    @AfterEach
    void stop() {
        if (memcached != null) {
            memcached.close();
        }
        users.close();
    }

    private static MemcachedProcess startWithSasl(SaslUsers users, String... options)
            throws IOException {
        String[] all = new String[options.length + 1];
        all[0] = "-S";
        System.arraycopy(options, 0, all, 1, options.length);
        MemcachedProcess started;
        try {
            started = MemcachedProcess.start(users.environment(), all);
        } catch (IllegalStateException notBuiltIn) {
            assumeSasl(false);
            throw notBuiltIn;
        }
        boolean knowsPlain = mechanisms(started.port()).contains("PLAIN");
        if (!knowsPlain) {
            started.close();
        }
        assumeSasl(knowsPlain);
        return started;
    }

    private static void assumeSasl(boolean isThere) {
        String absent =
                "NOT TESTED with SASL: the memcached on the PATH does without, or has no mechanism PLAIN"
                        + " (package libsasl2-modules)";
        if (!isThere) {
            System.getLogger(SaslAuthenticationTest.class.getName())
                    .log(System.Logger.Level.WARNING, absent);
        }
        assumeTrue(isThere, absent);
    }

    /** As the server lists them to whoever asks. */
    private static String mechanisms(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            byte[] list = ByteBuffer.allocate(24).put(0, (byte) 0x80).put(1, (byte) 0x20).array();
            socket.getOutputStream().write(list);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            int length = ByteBuffer.wrap(in.readNBytes(24)).getInt(8);
            return new String(in.readNBytes(length), UTF_8);
        }
    }

    @Test
    void whoAsksIsSaidAnewOnEachConnectionAlsoAfterARestart() {
        try (SessionStore store = open(SHOP)) {
            for (int round = 0; round < 3; round++) {
                assertThat(createWhenBack(store)).isTrue();
                assertThat(store.load(KEY)).isPresent();

                memcached.kill();
                assertThatThrownBy(() -> store.load(KEY)).isInstanceOf(SessionStoreException.class);
                memcached.restart();
            }
            assertThat(createWhenBack(store)).isTrue();
        }
    }

    @Test
    void aServerThatRefusesAPasswordIsToldWithItsRemedyAndNothingOfThePassword() {
        try (LoggedMessages log = LoggedMessages.record();
                SessionStore store = open(OTHER)) {
            assertThatThrownBy(() -> store.load(KEY))
                    .isInstanceOf(SessionStoreException.class)
                    .hasMessageContaining("127.0.0.1:" + memcached.port())
                    .hasMessageContaining("memcached.session.password")
                    .hasMessageContaining("saslpasswd2");
            assertThat(log.warnings())
                    .singleElement()
                    .asString()
                    .contains("127.0.0.1:" + memcached.port(), "memcached.session.password");
            assertThat(log.everything()).doesNotContain("telltale");
        }
    }

    @Test
    void whoIsRefusedTriesAgainUntilTheServerKnowsTheUser() {
        try (SessionStore store = open(OTHER)) {
            assertThatThrownBy(() -> store.load(KEY)).hasMessageContaining("saslpasswd2");

            users.know(OTHER);

            assertThat(createWhenBack(store)).isTrue();
        }
    }

    @Test
    void aServerWithSaslThatIsToldNobodyNamesTheSetting() {
        try (SessionStore store = new MemcachedSessionStore(StoreParameters.of(memcached.port()))) {
            assertThatThrownBy(() -> store.load(KEY))
                    .isInstanceOf(SessionStoreException.class)
                    .hasMessageContaining("SASL")
                    .hasMessageContaining("memcached.session.authentication");
        }
    }

    @Test
    void aServerWithoutSaslNamesTheSetting() {
        try (MemcachedProcess without = MemcachedProcess.start();
                SessionStore store =
                        new MemcachedSessionStore(StoreParameters.of(without.port()).as(SHOP))) {
            assertThatThrownBy(() -> store.load(KEY))
                    .isInstanceOf(SessionStoreException.class)
                    .hasMessageContaining("it has no SASL")
                    .hasMessageContaining("memcached.session.authentication");
        }
    }

    @Test
    void whatIsTooLargeForItIsToldAndTheOldItemIsThereStill() throws IOException {
        try (MemcachedProcess small = startWithSasl(users, "-I", "512k");
                SessionStore store =
                        new MemcachedSessionStore(StoreParameters.of(small.port()).as(SHOP))) {
            store.create(KEY, VALUE, A_MINUTE);
            long version = store.load(KEY).orElseThrow().version();
            byte[] large = new byte[512 * 1024 + 1];

            for (Runnable write :
                    new Runnable[] {
                        () -> store.replace(KEY, large, version, A_MINUTE),
                        () -> store.overwrite(KEY, large, A_MINUTE),
                        () -> store.create(new ItemKey("other"), large, A_MINUTE)
                    }) {
                assertThatThrownBy(write::run)
                        .isInstanceOf(SessionTooLargeException.class)
                        .hasMessageContaining("Too large")
                        .hasMessageContaining("memcached.session.size.limit");
            }
            assertThat(store.load(KEY).orElseThrow().value()).isEqualTo(VALUE);
            assertThat(store.replace(KEY, VALUE, version, A_MINUTE).isStored()).isTrue();
        }
    }

    @Test
    void anIdleConnectionIsAskedInTheProtocolThatItSpeaks() throws IOException {
        ServerClient client =
                new ServerClient(
                        StoreParameters.of(memcached.port()).as(SHOP),
                        new OpenConnections(),
                        "idle");
        client.shutdown();
        client.awaitEnd(Threads.deadline());

        assertThat(client.getProtocol()).isEqualTo(net.rubyeye.xmemcached.utils.Protocol.Binary);
    }

    /** But for the time that is left of an item, which such a server tells nobody. */
    @Nested
    class WithTheRightPassword extends SessionStoreContract {

        @Override
        protected SessionStore open() {
            return new MemcachedSessionStore(StoreParameters.of(memcached.port()).as(SHOP));
        }

        @Override
        protected long secondsLeft(ItemKey key) {
            return org.junit.jupiter.api.Assumptions.abort("a server with SASL tells no time left");
        }

        @Override
        protected void awaitExpiry(SessionStore store, ItemKey key) {
            Patience.until("the item has expired", () -> store.load(key).isEmpty());
        }

        @Override
        protected boolean tellsTimeLeft() {
            return false;
        }
    }

    private static boolean createWhenBack(SessionStore store) {
        return Patience.untilAnswered(
                () -> store.delete(KEY) | store.create(KEY, VALUE, A_MINUTE).isStored());
    }

    private SessionStore open(Credentials credentials) {
        return new MemcachedSessionStore(
                StoreParameters.of(memcached.port()).as(credentials), Duration.ofMillis(20));
    }

    private static Credentials credentials(String username, String password) {
        return new Credentials(username, password, Authentication.SASL);
    }
}
