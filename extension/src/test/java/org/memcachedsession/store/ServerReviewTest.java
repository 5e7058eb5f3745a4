package org.memcachedsession.store;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memcachedsession.LoggedMessages;
import org.memcachedsession.SessionSettings.Authentication;
import org.memcachedsession.SessionSettings.Credentials;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.SessionStore;

/** What is said about how a server was started. */
@Timeout(60)
class ServerReviewTest {

    private static final ItemKey KEY = new ItemKey("k");
    private static final byte[] VALUE = {1, 2, 3};
    private static final Duration A_MINUTE = Duration.ofMinutes(1);

    /** This machine, by an address that does not say so. */
    private static final MemcachedServer.Names OUTSIDE =
            host -> InetAddress.getByAddress(host, new byte[4]);

    @Test
    void aServerThatOthersReachAndThatIsOpenIsToldOnceWithTheOptions() throws Exception {
        try (MemcachedProcess open = MemcachedProcess.start();
                LoggedMessages log = LoggedMessages.record();
                SessionStore store = open(StoreParameters.of(open.port()), OUTSIDE)) {
            for (int round = 0; round < 3; round++) {
                assertThat(createWhenBack(store)).isTrue();
                open.kill();
                open.restart();
            }

            assertThat(log.warnings().stream().filter(told -> told.startsWith("MSS-")))
                    .containsExactly(
                            "MSS-80 memcached server 127.0.0.1:"
                                    + open.port()
                                    + " is open to whoever reaches it: it does not ask who that is (-Y,"
                                    + " with memcached.session.username); it lists all keys (-X); it drops"
                                    + " all sessions at one word (-F). Start it with these options, and let"
                                    + " it listen on an inner network alone");
        }
    }

    @Test
    void aServerThatOthersReachAndThatIsClosedIsNotMentioned(@TempDir Path directory)
            throws Exception {
        Path users = Files.writeString(directory.resolve("users"), "shop:word\n");
        Credentials shop = new Credentials("shop", "word", Authentication.TOKEN);
        try (MemcachedProcess closed = MemcachedProcess.start("-X", "-F", "-Y", users.toString());
                LoggedMessages log = LoggedMessages.record();
                SessionStore store = open(StoreParameters.of(closed.port()).as(shop), OUTSIDE)) {
            assertThat(createWhenBack(store)).isTrue();

            assertThat(log.warnings()).isEmpty();
        }
    }

    @Test
    void onLoopbackAServerMayBeOpen() {
        try (MemcachedProcess open = MemcachedProcess.start();
                LoggedMessages log = LoggedMessages.record();
                SessionStore store = new MemcachedSessionStore(StoreParameters.of(open.port()))) {
            assertThat(createWhenBack(store)).isTrue();

            assertThat(log.warnings()).isEmpty();
        }
    }

    @Test
    void aServerThatTakesLessThanTheLimitOrCountsNoVersionsIsToldAnywhere() {
        try (MemcachedProcess small = MemcachedProcess.start("-I", "512k", "-C");
                LoggedMessages log = LoggedMessages.record();
                SessionStore store = new MemcachedSessionStore(StoreParameters.of(small.port()))) {
            assertThat(createWhenBack(store)).isTrue();

            assertThat(log.warnings())
                    .anyMatch(
                            told ->
                                    told.startsWith(
                                                    "MSS-81 memcached server 127.0.0.1:"
                                                            + small.port())
                                            && told.contains("524288")
                                            && told.contains("900000"))
                    .anyMatch(told -> told.startsWith("MSS-82 ") && told.contains("-C"))
                    .hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ERROR\r\n",
                "CLIENT_ERROR what\r\n",
                "END\r\n",
                "RESET\r\n",
                "STAT\r\n",
                "STAT version 1\r\nEND\r\n",
                "STAT item_size_max many\r\nEND\r\n"
            })
    void ofAServerThatTellsNothingNothingIsSaid(String answer) throws Exception {
        ServerCommand<ServerReview> question = ServerReview.ask();
        assertThat(question.read(ByteBuffer.wrap(answer.getBytes(US_ASCII)))).isTrue();

        ServerReview review = question.await(Duration.ZERO);
        assertThat(review.problems("s", true, Integer.MAX_VALUE)).isEmpty();
        assertThat(review.problems("s", false, Integer.MAX_VALUE)).isEmpty();
    }

    @Test
    void ofOneThatTellsAPartThatPartIsSaid() throws Exception {
        assertThat(problems("STAT flush_enabled yes\r\nSTAT dump_enabled no\r\nEND\r\n"))
                .singleElement()
                .asString()
                .contains("(-F)")
                .doesNotContain("(-X)", "(-Y");
        assertThat(problems("STAT auth_enabled_sasl no\r\nEND\r\n"))
                .singleElement()
                .asString()
                .contains("(-Y");
        assertThat(
                        problems(
                                "STAT auth_enabled_sasl no\r\nSTAT auth_enabled_ascii /etc/users\r\n"
                                        + "END\r\n"))
                .isEmpty();
        assertThat(problems("STAT item_size_max 901024\r\nEND\r\n")).isEmpty();
        assertThat(problems("STAT item_size_max 901023\r\nEND\r\n")).hasSize(1);
    }

    private static List<String> problems(String answer) throws Exception {
        ServerCommand<ServerReview> question = ServerReview.ask();
        byte[] bytes = answer.getBytes(US_ASCII);
        ByteBuffer received = ByteBuffer.allocate(bytes.length);
        for (byte next : bytes) {
            received.put(next).flip();
            question.read(received);
            received.compact();
        }
        return question.await(Duration.ZERO).problems("s", false, 900_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "closed"})
    void whatDoesNotBearTheQuestionIsConnectedAnewAndNotAskedAgain(String answer) throws Exception {
        AtomicInteger conversations = new AtomicInteger();
        try (ScriptedServer server =
                new ScriptedServer(
                        (line, conversation) -> {
                            conversations.set(conversation);
                            return "END\r\n";
                        })) {
            server.tell(answer.isEmpty() ? "" : null);
            MemcachedStoreParameters patient =
                    new MemcachedStoreParameters(
                            StoreParameters.of(server.port()).servers(),
                            false,
                            Optional.empty(),
                            A_MINUTE,
                            Duration.ofMillis(200),
                            1,
                            1000,
                            5,
                            Duration.ofHours(1),
                            1);
            try (LoggedMessages log = LoggedMessages.record();
                    SessionStore store = new MemcachedSessionStore(patient)) {
                assertThat(store.load(KEY)).isEmpty();

                assertThat(conversations).hasValue(2);
                assertThat(log.warnings()).isEmpty();
            }
        }
    }

    private static boolean createWhenBack(SessionStore store) {
        return Patience.untilAnswered(
                () -> store.delete(KEY) | store.create(KEY, VALUE, A_MINUTE).isStored());
    }

    private static SessionStore open(
            MemcachedStoreParameters parameters, MemcachedServer.Names names) {
        return new MemcachedSessionStore(parameters, Duration.ofMillis(20), names);
    }
}
