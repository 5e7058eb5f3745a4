package org.memcachedsession.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memcachedsession.SessionSettings.Server;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.embedded.EmbeddedMemcached;
import org.memcachedsession.faults.FaultProxy;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.StoredItem;

/** Where a server answers nobody, and more and more call. */
@Timeout(120)
class ManyCallersTest {

    private static final ItemKey KEY = new ItemKey("secret-key");
    private static final int MOST = 3;

    private final EmbeddedMemcached memcached = EmbeddedMemcached.start();
    private final FaultProxy link = FaultProxy.before(memcached.port());
    private final Server address = new Server("127.0.0.1", link.port(), 1);
    private final MemcachedStoreParameters parameters =
            new MemcachedStoreParameters(
                    ServerLists.of(List.of(address)),
                    false,
                    Optional.empty(),
                    Duration.ofMinutes(1),
                    Duration.ofSeconds(30),
                    1,
                    1000,
                    1,
                    Duration.ofSeconds(1),
                    1);
    private final MemcachedServer server =
            new MemcachedServer(parameters, address, InetAddress::getByName, MOST);
    private final ServerPlace place = new ServerPlace(server, parameters);

    @AfterEach
    void close() {
        Lane.closeAll(List.of(new Lane(server, place)));
        link.close();
        memcached.close();
    }

    private Optional<StoredItem> load() {
        return server.load(KEY, OptionalInt.empty());
    }

    /** As many as may wait, and nobody answers them. */
    private List<CompletableFuture<Optional<StoredItem>>> waiting() {
        load(); // so that it is connected
        link.hold();
        List<CompletableFuture<Optional<StoredItem>>> answers = new ArrayList<>();
        for (int i = 0; i < MOST; i++) {
            CompletableFuture<Optional<StoredItem>> answer = new CompletableFuture<>();
            Thread caller = new Thread(() -> answer.complete(load()));
            caller.setDaemon(true);
            caller.start();
            answers.add(answer);
            Patience.until(
                    "the caller waits", () -> caller.getState() == Thread.State.TIMED_WAITING);
        }
        return answers;
    }

    @Test
    void oneTooManyIsToldAtOnceAndTheOthersGetTheirAnswers() {
        List<CompletableFuture<Optional<StoredItem>>> answers = waiting();
        long connections = link.connections();
        long questions = link.questions();

        for (int i = 0; i < 100; i++) {
            assertThatThrownBy(this::load)
                    .isInstanceOf(SessionStoreException.class)
                    .hasMessageContaining("127.0.0.1:" + link.port())
                    .hasMessageContaining(MOST + " calls wait")
                    .hasMessageContaining("nothing was sent")
                    .hasMessageContaining("memcached.session.connections")
                    .hasMessageNotContaining("secret");
        }
        link.release();

        assertThat(answers).allSatisfy(answer -> assertThat(answer.get()).isEmpty());
        assertThat(link.questions()).isLessThanOrEqualTo(questions + MOST);
        assertThat(load()).isEmpty();
        assertThat(link.connections()).isEqualTo(connections);
    }

    @Test
    void aServerWithCopiesIsNotAwaySinceTooManyWaitForIt() {
        List<CompletableFuture<Optional<StoredItem>>> answers = waiting();

        assertThatThrownBy(() -> place.load(KEY, Optional.empty()).await())
                .isInstanceOf(SessionStoreException.class)
                .hasMessageContaining(MOST + " calls wait");

        assertThat(place.isAway()).isFalse();
        link.release();
        assertThat(answers).allSatisfy(answer -> assertThat(answer.get()).isEmpty());
    }

    @Test
    void whoWaitsNoMoreMakesRoomForOthers() {
        for (int i = 0; i < 10 * MOST; i++) {
            assertThat(load()).isEmpty();
        }
        waiting().forEach(answer -> assertThat(answer).isNotDone());
        link.release();
    }

    @Test
    void whatAServerHasMissedThoughItWasThereIsToldOnAThreadOfItsOwn() throws Exception {
        CompletableFuture<Thread> told = new CompletableFuture<>();
        place.onReturn(
                back -> {
                    if (back == place && !back.isAway()) {
                        told.complete(Thread.currentThread());
                    }
                });

        place.repairSoon();

        assertThat(told.get()).isNotSameAs(Thread.currentThread());
    }
}
