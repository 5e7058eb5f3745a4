package org.memcachedsession.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
