package org.memcachedsession.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.memcachedsession.SessionSettings.Server;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.embedded.EmbeddedMemcached;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.Place;
import org.memcachedsession.session.SessionStore;

/** What a store leaves behind when it is closed, as it is with every redeployment. */
@Timeout(120)
class NothingIsLeftTest {

    private static final int ROUNDS = 50;

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "descriptors are counted in /proc")
    void fiftyStoresLeaveNoThreadAndNoDescriptor() throws Exception {
        try (EmbeddedMemcached memcached = EmbeddedMemcached.start()) {
            long pollsBefore = Descriptors.polls();
            round(memcached.port());
            Set<Thread> threadsBefore = threads();
            long descriptorsBefore = Descriptors.all();

            for (int i = 0; i < ROUNDS; i++) {
                round(memcached.port());
            }

            Set<Thread> left = threads();
            left.removeAll(threadsBefore);
            for (Thread thread : left) {
                thread.join(5000);
            }
            assertThat(left).noneMatch(Thread::isAlive);
            assertThat(Descriptors.polls()).isEqualTo(pollsBefore);
            assertThat(Descriptors.all()).isLessThanOrEqualTo(descriptorsBefore + 3);
        }
    }

    @Test
    void theThreadsOfAStoreHaveTheLoaderOfTheLibraryNotThatOfWhoeverOpenedIt() {
        Thread opener = Thread.currentThread();
        ClassLoader before = opener.getContextClassLoader();
        Set<Thread> known = threads();
        ClassLoader application = new ClassLoader(before) {};
        opener.setContextClassLoader(application);
        try (EmbeddedMemcached memcached = EmbeddedMemcached.start();
                SessionStore store =
                        new MemcachedSessionStore(StoreParameters.of(memcached.port()))) {
            assertThat(store.load(new ItemKey("k"))).isEmpty();

            assertThat(threads())
                    .filteredOn(thread -> !known.contains(thread))
                    .filteredOn(
                            thread ->
                                    thread.getName().startsWith("memcached-session")
                                            || thread.getName().startsWith("Xmemcached"))
                    .hasSizeGreaterThanOrEqualTo(2)
                    .allMatch(Thread::isDaemon)
                    .noneMatch(thread -> thread.getContextClassLoader() == application);
        } finally {
            opener.setContextClassLoader(before);
        }
    }

    @Test
    void aStoreThatIsClosedWhileItConnectsLeavesNoThread() throws Exception {
        Set<Thread> known = threads();
        try (EmbeddedMemcached memcached = EmbeddedMemcached.start()) {
            for (int i = 0; i < 20; i++) {
                new MemcachedSessionStore(StoreParameters.of(memcached.port())).close();
            }
        }

        Set<Thread> left = threads();
        left.removeAll(known);
        for (Thread thread : left) {
            thread.join(5000);
        }
        assertThat(left).noneMatch(Thread::isAlive);
    }

    @Test
    void aStoreWithCopiesLeavesNoThreadThoughAServerIsAway() throws Exception {
        Set<Thread> known = threads();
        try (EmbeddedMemcached memcached = EmbeddedMemcached.start()) {
            for (int i = 0; i < 20; i++) {
                MemcachedStoreParameters parameters =
                        StoreParameters.of(memcached.port(), MemcachedProcess.freePort())
                                .withCopies(2);
                try (SessionStore store = new MemcachedSessionStore(parameters)) {
                    for (Place place : store.placement(new ItemKey("k")).places()) {
                        Patience.until("an answer", () -> isAnswered(place) != place.isAway());
                    }
                }
            }
        }

        Set<Thread> left = threads();
        left.removeAll(known);
        assertThat(left).noneMatch(Thread::isAlive);
    }

    private static boolean isAnswered(Place place) {
        try {
            place.load(new ItemKey("k"), Optional.empty()).await();
            return true;
        } catch (SessionStoreException e) {
            return false;
        }
    }

    @Test
    void closingOneStoreDoesNotDisturbAnother() {
        try (EmbeddedMemcached memcached = EmbeddedMemcached.start();
                SessionStore stays =
                        new MemcachedSessionStore(StoreParameters.of(memcached.port()))) {
            ItemKey key = new ItemKey("k");
            stays.create(key, new byte[] {1}, Duration.ofMinutes(1));

            for (int i = 0; i < 5; i++) {
                SessionStore goes = new MemcachedSessionStore(StoreParameters.of(memcached.port()));
                assertThat(goes.load(key)).isPresent();
                goes.close();

                assertThat(stays.load(key)).isPresent();
            }
        }
    }

    /** Some seconds of waiting for each of them would not fit in the time. */
    @Test
    @Timeout(40)
    void aNameServiceThatHangsIsWaitedForOnceAndNotForEachServer() throws Exception {
        int unknown = 20;
        CountDownLatch asked = new CountDownLatch(unknown);
        CountDownLatch answer = new CountDownLatch(1);
        Set<Thread> known = threads();
        try (EmbeddedMemcached memcached = EmbeddedMemcached.start()) {
            List<Server> servers = new ArrayList<>();
            for (int i = 0; i < unknown; i++) {
                servers.add(new Server("cache" + i + ".example.org", 11211, 1));
            }
            servers.add(new Server("127.0.0.1", memcached.port(), 1)); // the last one to be closed
            try (SessionStore store =
                    new MemcachedSessionStore(
                            new MemcachedStoreParameters(
                                    servers,
                                    Duration.ofSeconds(30),
                                    Duration.ofSeconds(30),
                                    1,
                                    1000),
                            Duration.ofSeconds(1),
                            host -> {
                                if (host.startsWith("cache")) {
                                    asked.countDown();
                                    awaitInSpiteOfInterrupts(answer);
                                }
                                return InetAddress.getLoopbackAddress();
                            })) {
                asked.await();
                assertThat(store.load(keyOf(unknown, servers))).isEmpty(); // is connected
            }

            assertThat(threads())
                    .filteredOn(thread -> !known.contains(thread))
                    .allMatch(thread -> thread.getName().contains("-connect-cache"));
        } finally {
            answer.countDown();
        }
        for (Thread thread : threads()) {
            thread.join(5000);
        }
        assertThat(threads()).isSubsetOf(known);
    }

    private static ItemKey keyOf(int index, List<Server> servers) {
        KetamaRing ring = new KetamaRing(servers);
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> new ItemKey("k" + i))
                .filter(key -> ring.serverOf(key.text()) == index)
                .findFirst()
                .orElseThrow();
    }

    /** As who asks the operating system for an address. */
    private static void awaitInSpiteOfInterrupts(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException unheard) {
                // goes on
            }
        }
    }

    /** A store of which one server is there and one is not. */
    private static void round(int port) {
        MemcachedStoreParameters parameters =
                new MemcachedStoreParameters(
                        List.of(
                                new Server("127.0.0.1", port, 1),
                                new Server("no-such-host.invalid", 11211, 1)),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(1),
                        2,
                        1000);
        KetamaRing ring = new KetamaRing(parameters.servers().now());
        try (SessionStore store = new MemcachedSessionStore(parameters)) {
            for (int i = 0; i < 20; i++) {
                if (ring.serverOf("k" + i) == 0) {
                    store.create(new ItemKey("k" + i), new byte[100], Duration.ofMinutes(1));
                }
            }
        }
    }

    private static Set<Thread> threads() {
        Set<Thread> alive = new HashSet<>(Thread.getAllStackTraces().keySet());
        alive.removeIf(
                thread -> {
                    String name = thread.getName();
                    return !(name.startsWith("Xmemcached")
                            || name.startsWith("XMemcached")
                            || name.startsWith("Heal-Session")
                            || name.startsWith("memcached-session"));
                });
        return alive;
    }
}
