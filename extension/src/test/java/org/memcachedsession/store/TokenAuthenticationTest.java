package org.memcachedsession.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.memcachedsession.LoggedMessages;
import org.memcachedsession.SessionSettings.Authentication;
import org.memcachedsession.SessionSettings.Credentials;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.SessionStore;

/** A memcached that wants to know who asks, by its file of users (-Y). */
@Timeout(60)
class TokenAuthenticationTest {

    private static final Credentials SHOP = credentials("shop", "pässword:2");
    private static final Credentials OTHER = credentials("other", "telltale");
    private static final ItemKey KEY = new ItemKey("k");
    private static final byte[] VALUE = {1, 2, 3};
    private static final Duration A_MINUTE = Duration.ofMinutes(1);

    @TempDir private static Path directory;
    private static MemcachedProcess memcached;

    @BeforeAll
    static void start() {
        memcached = startWithUser(SHOP);
    }

    @AfterAll
    static void stop() {
        if (memcached != null) {
            memcached.close();
        }
    }

    @Test
    void theTokenIsSaidAnewOnEachConnectionAlsoAfterARestart() {
        try (MemcachedProcess restarted = startWithUser(SHOP);
                SessionStore store = open(SHOP, restarted.port())) {
            for (int round = 0; round < 3; round++) {
                assertThat(createWhenBack(store)).isTrue();
                assertThat(store.load(KEY)).isPresent();

                restarted.kill();
                assertThatThrownBy(() -> store.load(KEY)).isInstanceOf(SessionStoreException.class);
                restarted.restart();
            }
            assertThat(createWhenBack(store)).isTrue();
        }
    }

    @Test
    void theLongestTokenThatTheSettingsAllowIsTaken() {
        Credentials longest = credentials("u".repeat(126), "p".repeat(126));
        try (MemcachedProcess other = startWithUser(longest);
                SessionStore store = open(longest, other.port())) {
            assertThat(createWhenBack(store)).isTrue();
        }
    }

    @Test
    void aServerThatRefusesTheTokenIsToldWithItsRemedyAndNothingOfTheToken() {
        try (LoggedMessages log = LoggedMessages.record();
                SessionStore store = open(OTHER, memcached.port())) {
            assertThatThrownBy(() -> store.load(KEY))
                    .isInstanceOf(SessionStoreException.class)
                    .hasMessageContaining("127.0.0.1:" + memcached.port())
                    .hasMessageContaining("memcached.session.password")
                    .hasMessageContaining("(-Y)");
            assertThat(log.warnings())
                    .singleElement()
                    .asString()
                    .contains(
                            "127.0.0.1:" + memcached.port(), "memcached.session.password", "(-Y)");
            assertThat(log.everything()).doesNotContain("telltale");
        }
    }

    @Test
    void aServerThatWantsATokenAndGetsNoneNamesTheSettings() {
        try (LoggedMessages log = LoggedMessages.record();
                SessionStore store =
                        new MemcachedSessionStore(StoreParameters.of(memcached.port()))) {
            assertThatThrownBy(() -> store.load(KEY))
                    .isInstanceOf(SessionStoreException.class)
                    .hasMessageContaining("127.0.0.1:" + memcached.port())
                    .hasMessageContaining("Set memcached.session.username and")
                    .hasMessageContaining("memcached.session.password");
            assertThat(log.warnings()).singleElement().asString().contains("session.username");
        }
    }

    @Test
    void whoIsRefusedTriesAgainUntilTheServerKnowsTheUser() throws IOException {
        try (MemcachedProcess strict = startWithUser(OTHER);
                LoggedMessages log = LoggedMessages.record();
                SessionStore store = open(SHOP, strict.port())) {
            assertThatThrownBy(() -> store.load(KEY)).hasMessageContaining("(-Y)");

            writeUser(usersOf(OTHER), SHOP);
            strict.signal("HUP");

            assertThat(createWhenBack(store)).isTrue();
            assertThat(log.warnings()).hasSize(1);
        }
    }

    @Test
    void aRefusalIsToldAlsoWhereTheServerWasAwayBefore() {
        try (MemcachedProcess strict = startWithUser(OTHER)) {
            strict.kill();
            try (LoggedMessages log = LoggedMessages.record();
                    SessionStore store = open(SHOP, strict.port())) {
                assertThatThrownBy(() -> store.load(KEY)).isInstanceOf(SessionStoreException.class);
                strict.restart();

                Patience.until("the refusal is told", () -> log.warnings().size() == 2);
                assertThat(log.warnings().get(1)).contains("(-Y)");
            }
        }
    }

    @Test
    void aServerThatAsksNobodyKeepsNothingOfTheToken() {
        try (MemcachedProcess open = MemcachedProcess.start();
                SessionStore store = open(SHOP, open.port())) {
            assertThat(createWhenBack(store)).isTrue();

            assertThat(store.load(new ItemKey("memcached-session-token"))).isEmpty();
        }
    }

    @Nested
    class WithTheRightToken extends MemcachedStoreContract {
        @Override
        int port() {
            return memcached.port();
        }

        @Override
        Optional<Credentials> credentials() {
            return Optional.of(SHOP);
        }
    }

    private static boolean createWhenBack(SessionStore store) {
        return Patience.untilAnswered(
                () -> store.delete(KEY) | store.create(KEY, VALUE, A_MINUTE).isStored());
    }

    private static SessionStore open(Credentials credentials, int port) {
        return new MemcachedSessionStore(
                StoreParameters.of(port).as(credentials), Duration.ofMillis(20));
    }

    private static MemcachedProcess startWithUser(Credentials user) {
        Path users = usersOf(user);
        writeUser(users, user);
        return MemcachedProcess.start("-Y", users.toString());
    }

    private static Path usersOf(Credentials user) {
        return directory.resolve("users-" + user.username().charAt(0));
    }

    private static void writeUser(Path users, Credentials user) {
        try {
            Files.writeString(users, user.username() + ':' + user.password() + '\n', UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static Credentials credentials(String username, String password) {
        return new Credentials(username, password, Authentication.TOKEN);
    }
}
