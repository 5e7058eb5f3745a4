package org.memcachedsession.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.lang.reflect.Constructor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.spi.ConfigProviderResolver;
import org.junit.jupiter.api.Test;
import org.memcachedsession.store.MemcachedProcess;

/**
 * An application that comes and goes leaves nothing in its server. As there, each deployment has a
 * class loader of its own with the library and what it brings, and the container is the server's.
 */
class RedeploymentTest {

    private static final int ROUNDS = 50;

    private static final String FORY = "org.apache.fory.";

    /** Until what is made once in a JVM is made. */
    private static final int WARM_UP = 2;

    private static final long PATIENCE_MILLIS = 10_000;

    private final ReferenceQueue<ClassLoader> collected = new ReferenceQueue<>();

    @Test
    void fiftyDeploymentsWithAServerInsideLeaveNoThreadNoLoaderAndNoFile() throws Exception {
        redeploy(0, List.of());
    }

    @Test
    void fiftyDeploymentsWithoutForyLeaveNoThreadNoLoaderAndNoFile() throws Exception {
        redeploy(0, List.of(FORY));
    }

    @Test
    void fiftyDeploymentsOnMemcachedLeaveNoThreadNoLoaderAndNoFile() throws Exception {
        try (MemcachedProcess memcached = MemcachedProcess.start()) {
            redeploy(memcached.port(), List.of());
        }
    }

    /** Whose thread would hold the application that is the first to use it. */
    @Test
    void whereTheServerHasForyNothingIsLeftInItEither() throws Exception {
        ClassLoader ours = Thread.currentThread().getContextClassLoader();
        deployOnce(0, List.of()); // what is made once in a JVM
        try (ApplicationLoader server = ApplicationLoader.ofServer(ours, FORY)) {
            Set<Reference<ClassLoader>> first = new HashSet<>();
            first.add(deployOnce(ApplicationLoader.without(server, FORY), 0));
            deployOnce(ApplicationLoader.without(server, FORY), 0);
            assertCollected(first);
        }
    }

    private void redeploy(int port, List<String> absent) throws Exception {
        for (int i = 0; i < WARM_UP; i++) {
            deployOnce(port, absent);
        }
        Set<Thread> threads = Thread.getAllStackTraces().keySet();
        long files = openFiles();

        Set<Reference<ClassLoader>> loaders = new HashSet<>();
        for (int i = 0; i < ROUNDS; i++) {
            loaders.add(deployOnce(port, absent));
            assertNoNewThread(threads);
        }
        // The JDK keeps the types of the record whose equals() was linked last, and with them their
        // loader, until the next one is linked (a method handle's cache in ObjectMethods).
        deployOnce(port, absent);
        assertCollected(loaders);
        // the JVM itself opens a file now and then, but not one in each round
        assertThat(openFiles()).as("open files").isLessThan(files + ROUNDS / 2);
    }

    private WeakReference<ClassLoader> deployOnce(int port, List<String> absent) throws Exception {
        ClassLoader ours = Thread.currentThread().getContextClassLoader();
        return deployOnce(new ApplicationLoader(ours, absent), port);
    }

    private WeakReference<ClassLoader> deployOnce(ApplicationLoader application, int port)
            throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader ours = thread.getContextClassLoader();
        try (ApplicationLoader loader = application) {
            thread.setContextClassLoader(loader);
            Constructor<?> constructor =
                    loader.loadClass(
                                    RedeploymentTest.class.getPackageName()
                                            + ".RedeployedApplication")
                            .getDeclaredConstructor(int.class);
            constructor.setAccessible(true);
            Callable<?> deployed = (Callable<?>) constructor.newInstance(port);
            assertThat(deployed.getClass().getClassLoader()).isSameAs(loader);
            assertThat(deployed.call()).isEqualTo(4);
            releaseConfig(loader);
            return new WeakReference<>(loader, collected);
        } finally {
            thread.setContextClassLoader(ours);
        }
    }

    /** A server with MicroProfile Config has one for each application, and does this when it goes. */
    private static void releaseConfig(ClassLoader application) {
        ConfigProviderResolver configs = ConfigProviderResolver.instance();
        configs.releaseConfig(configs.getConfig(application));
    }

    private static void assertNoNewThread(Set<Thread> before) throws InterruptedException {
        Set<Thread> after = new HashSet<>(Thread.getAllStackTraces().keySet());
        after.removeAll(before);
        for (Thread thread : after) {
            thread.join(PATIENCE_MILLIS);
        }
        assertThat(after).filteredOn(Thread::isAlive).as("threads left").isEmpty();
    }

    private void assertCollected(Set<? extends Reference<ClassLoader>> loaders)
            throws InterruptedException {
        Set<Reference<? extends ClassLoader>> left = new HashSet<>(loaders);
        Reference<? extends ClassLoader> gone;
        do {
            System.gc();
            gone = collected.remove(PATIENCE_MILLIS);
            left.remove(gone);
        } while (gone != null && !left.isEmpty());
        assertThat(left).as("class loaders left").isEmpty();
    }

    private static long openFiles() throws IOException {
        Path descriptors = Path.of("/proc/self/fd");
        assumeTrue(Files.isDirectory(descriptors), "open files are counted on Linux only");
        try (Stream<Path> open = Files.list(descriptors)) {
            return open.count();
        }
    }
}
