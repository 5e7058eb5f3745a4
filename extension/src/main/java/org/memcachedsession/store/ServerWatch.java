package org.memcachedsession.store;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.memcachedsession.SessionSettings.Server;

/**
 * Reads again and again which servers there are, and has a store use them. Where nobody says which there were before,
 * it is those that were in force, for as long as a session may be idle, and as all nodes need to read the new list:
 * whoever is not back by then would have found nothing anyway.
 */
public final class ServerWatch implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(ServerWatch.class.getName());

    private final MemcachedSessionStore store;
    private final Supplier<ServerLists> source;
    private final Duration interval;
    private final Duration memory;
    private final LongSupplier nanoTime;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread watching;

    // of the thread
    private String lastProblem = "";
    private boolean remembers; // what was before is there though nobody said so
    private long changed;
    private Set<Server> awayBefore = Set.of();

    ServerWatch(
            MemcachedSessionStore store,
            Supplier<ServerLists> source,
            Duration interval,
            Duration idle,
            LongSupplier nanoTime) {
        this.store = store;
        this.source = source;
        this.interval = interval;
        this.nanoTime = nanoTime;
        memory = idle.plus(interval.multipliedBy(2)); // others may read later what is new
        watching = new Thread(null, this::watch, "memcached-session-servers", 0, false);
        watching.setDaemon(true);
    }

    /**
     * Begins after the first interval.
     *
     * @param source what it throws is told, and the servers stay as they are
     * @param idle for how long sessions may be
     */
    public static ServerWatch start(
            MemcachedSessionStore store,
            Supplier<ServerLists> source,
            Duration interval,
            Duration idle) {
        ServerWatch watch = new ServerWatch(store, source, interval, idle, System::nanoTime);
        watch.watching.setContextClassLoader(Thread.currentThread().getContextClassLoader());
        watch.watching.start();
        return watch;
    }

    private void watch() {
        try {
            while (!isClosingWithin(interval)) {
                look();
                if (!isClosingWithin(store.retirement())) {
                    store.closeRetired();
                }
            }
        } catch (InterruptedException e) {
            // whoever interrupts also closes
        }
    }

    private boolean isClosingWithin(Duration pause) throws InterruptedException {
        return closing.await(pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    void look() {
        try {
            use(source.get());
            lastProblem = "";
        } catch (RuntimeException | Error e) { // whatever the application's code throws
            if (!e.toString().equals(lastProblem)) {
                lastProblem = e.toString();
                LOG.log(
                        WARNING,
                        "The memcached servers cannot be read again, and stay as they are",
                        e);
            }
        }
    }

    private void use(ServerLists read) {
        ServerLists present = store.servers();
        ServerLists next = read;
        long now = nanoTime.getAsLong();
        boolean isSaid = !read.before().isEmpty();
        if (isSaid) {
            remembers = false;
        } else if (!read.now().equals(present.now())) {
            remembers = true;
            changed = now;
            awayBefore = Set.of();
            next = new ServerLists(read.now(), present.now());
        } else if (remembers && now - changed < memory.toNanos()) {
            next = new ServerLists(present.now(), present.before(), gone(present));
        } else {
            remembers = false;
        }
        store.use(next);
        if (!next.equals(present)) {
            LOG.log(INFO, "memcached servers are now {0}{1}", next.now(), tellBefore(next));
        }
    }

    private static String tellBefore(ServerLists lists) {
        return lists.before().isEmpty()
                ? ""
                : "; sessions are looked for where they were by "
                        + lists.before()
                        + ", too"
                        + (lists.gone().isEmpty() ? "" : ", but for " + lists.gone());
    }

    /**
     * Whoever takes a dead server out of the list gives its sessions up: none of them is to wait for it. One that does not
     * answer at two looks is dead.
     */
    private Set<Server> gone(ServerLists present) {
        Set<Server> away =
                present.before().stream()
                        .filter(server -> !isUsed(server, present.now()) && store.isAway(server))
                        .collect(Collectors.toSet());
        Set<Server> gone = new HashSet<>(present.gone());
        away.stream().filter(awayBefore::contains).forEach(gone::add);
        awayBefore = away;
        return gone;
    }

    /** With whatever weight. */
    private static boolean isUsed(Server server, List<Server> now) {
        return now.stream().anyMatch(used -> Pool.address(used).equals(Pool.address(server)));
    }

    /** The thread is gone when this returns. */
    @Override
    public void close() {
        closing.countDown();
        watching.interrupt();
        Threads.join(watching);
    }
}
