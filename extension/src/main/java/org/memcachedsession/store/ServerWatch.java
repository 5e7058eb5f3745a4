package org.memcachedsession.store;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.memcachedsession.SessionSettings.Server;

/**
 * Reads again and again which servers there are, and has a store use them. Where nobody says which there were before,
 * it is those that were in force, for as long as a session may be idle: whoever is not back by then would have found
 * nothing anyway.
 */
public final class ServerWatch implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(ServerWatch.class.getName());

    private final MemcachedSessionStore store;
    private final Supplier<ServerLists> source;
    private final Duration idle;
    private final LongSupplier nanoTime;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread watching;

    private String lastProblem = ""; // of the thread
    private boolean remembers; // of the thread: what was before is there though nobody said so
    private long changed; // of the thread

    ServerWatch(
            MemcachedSessionStore store,
            Supplier<ServerLists> source,
            Duration interval,
            Duration idle,
            LongSupplier nanoTime) {
        this.store = store;
        this.source = source;
        this.idle = idle;
        this.nanoTime = nanoTime;
        watching = new Thread(() -> watch(interval), "memcached-session-servers");
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
        watch.watching.start();
        return watch;
    }

    private void watch(Duration interval) {
        try {
            while (!closing.await(interval.toNanos(), TimeUnit.NANOSECONDS)) {
                look();
            }
        } catch (InterruptedException e) {
            // whoever interrupts also closes
        }
    }

    void look() {
        try {
            use(source.get());
            lastProblem = "";
        } catch (RuntimeException | LinkageError e) { // whatever the application's code throws
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
        if (read.before().isEmpty()) {
            if (!read.now().equals(present.now())) {
                remembers = true;
                changed = nanoTime.getAsLong();
                next =
                        new ServerLists(
                                read.now(), withoutThoseThatAreGone(present.now(), read.now()));
            } else if (remembers && nanoTime.getAsLong() - changed < idle.toNanos()) {
                next = present;
            } else {
                remembers = false;
            }
        } else {
            remembers = false;
        }
        store.use(next);
        if (!next.equals(present)) {
            LOG.log(
                    INFO,
                    "memcached servers are now {0}{1}",
                    next.now(),
                    next.before().isEmpty()
                            ? ""
                            : "; sessions are looked for where they were by "
                                    + next.before()
                                    + ", too");
        }
    }

    /** Whoever takes a dead server out of the list gives its sessions up; none of them is to wait for it. */
    private List<Server> withoutThoseThatAreGone(List<Server> before, List<Server> now) {
        return before.stream()
                .filter(server -> now.contains(server) || !store.isAway(server))
                .toList();
    }

    /** The thread is gone when this returns. */
    @Override
    public void close() {
        closing.countDown();
        watching.interrupt();
        Threads.join(watching);
    }
}
