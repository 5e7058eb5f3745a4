package org.memcachedsession.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.memcachedsession.SessionSettings.Authentication;
import org.memcachedsession.SessionSettings.Credentials;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.SessionStore;

/** The store on the real memcached. */
class MemcachedSessionStoreTest {

    private static MemcachedProcess memcached;

    @BeforeAll
    static void start() {
        memcached = MemcachedProcess.start();
    }

    @AfterAll
    static void stop() {
        if (memcached != null) {
            memcached.close();
        }
    }

    @Test
    void callsThatTimeOutAmongOthersMixNothingUp() throws Exception {
        AtomicInteger timeouts = new AtomicInteger();
        AtomicInteger loads = new AtomicInteger();
        Set<String> foreign = ConcurrentHashMap.newKeySet();
        try (SessionStore hasty =
                new MemcachedSessionStore(
                        StoreParameters.of(Duration.ofMillis(1), memcached.port()),
                        Duration.ofMillis(1))) {
            List<Thread> threads =
                    IntStream.range(0, 16)
                            .mapToObj(
                                    number ->
                                            new Thread(
                                                    () ->
                                                            hurry(
                                                                    hasty, number, timeouts, loads,
                                                                    foreign)))
                            .toList();
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
        }

        assertThat(foreign).isEmpty();
        assertThat(loads).hasPositiveValue();
        assertThat(timeouts).hasPositiveValue();
    }

    private static void hurry(
            SessionStore store,
            int number,
            AtomicInteger timeouts,
            AtomicInteger loads,
            Set<String> foreign) {
        Random random = new Random(number);
        for (int i = 0; i < 1000; i++) {
            ItemKey key = new ItemKey("hasty-" + random.nextInt(16));
            byte[] value = (key.text() + "=" + "x".repeat(random.nextInt(50_000))).getBytes(UTF_8);
            try {
                store.load(key)
                        .map(item -> new String(item.value(), UTF_8))
                        .ifPresentOrElse(
                                text -> {
                                    loads.incrementAndGet();
                                    if (!text.startsWith(key.text() + "=")) {
                                        foreign.add(text);
                                    }
                                },
                                () -> store.create(key, value, Duration.ofMinutes(1)));
                if (random.nextInt(8) == 0) {
                    store.delete(key);
                }
            } catch (SessionStoreException noAnswer) {
                timeouts.incrementAndGet();
            }
        }
    }

    @Nested
    class WithOneConnection extends MemcachedStoreContract {
        @Override
        int port() {
            return memcached.port();
        }
    }

    @Nested
    class WithThreeConnections extends MemcachedStoreContract {
        @Override
        int port() {
            return memcached.port();
        }

        @Override
        int connections() {
            return 3;
        }
    }

    @Nested
    class WhereItDoesNotKnowTheMetaCommands extends MemcachedStoreContract {

        private final Doorkeeper old = Doorkeeper.ofOldMemcached(memcached.port());

        @AfterEach
        void stop() throws IOException {
            old.close();
        }

        @Override
        int port() {
            return memcached.port();
        }

        @Override
        int storePort() {
            return old.port();
        }

        @Override
        protected boolean tellsTimeLeft() {
            return false;
        }

        @Override
        protected boolean tellsVersions() {
            return false;
        }
    }

    @Nested
    class InTheBinaryProtocol extends MemcachedStoreContract {

        private final Doorkeeper door = Doorkeeper.ofSasl(memcached.port());

        @AfterEach
        void stop() throws IOException {
            door.close();
        }

        @Override
        int port() {
            return memcached.port();
        }

        @Override
        int storePort() {
            return door.port();
        }

        @Override
        Optional<Credentials> credentials() {
            return Optional.of(new Credentials("any", "body", Authentication.SASL));
        }

        @Override
        protected boolean tellsTimeLeft() {
            return false;
        }
    }
}
