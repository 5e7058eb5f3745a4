package org.memcachedsession.store;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.memcachedsession.SessionException;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.SessionStore.Written;
import org.memcachedsession.session.StoredItem;

/**
 * Whether a server that holds copies is there, and since when. It is away from the first call without an answer,
 * or from the loss of a connection, until it has taken an item of ours. The version of that tells what it had
 * before: a memcached counts its versions through, whatever the key. Others may have written elsewhere while it was
 * away, so all that it had before is suspect.
 *
 * <p>A thread asks for it, at once and then in the retry interval. It also tells when the server has missed something
 * while it was there, since the request that was to bring it may not wait any longer. Many threads use it at once.
 */
final class Presence implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Presence.class.getName());
    private static final Duration WARNINGS_APART = Duration.ofSeconds(10);
    private static final Duration A_SECOND = Duration.ofSeconds(1);

    private final MemcachedServer server;
    private final Duration retryInterval;
    private final Duration noticing; // by another node
    private final String sessions;
    private final Runnable onReturn;
    private final Thread watching;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    private long lossesBefore; // of the watching thread: before it asked

    // guarded by lock
    private long losses;
    private boolean hasMissed;
    private boolean isToldOnce; // of its return
    private boolean closed;
    private long lastWarning = System.nanoTime() - WARNINGS_APART.toNanos();

    private volatile boolean away; // set under lock
    private volatile long returned; // System.nanoTime(), of the last return
    private volatile Long marker; // of the last return; null: it was never away

    /**
     * @param onReturn told when it is back, when it is not just back any more, and when it has missed something, on a
     *     thread of this
     */
    Presence(MemcachedServer server, MemcachedStoreParameters parameters, Runnable onReturn) {
        this.server = server;
        this.retryInterval = parameters.retryInterval();
        Duration longestInterval = retryInterval.plus(retryInterval.dividedBy(10));
        this.noticing =
                longestInterval
                        .plus(parameters.connectTimeout())
                        .plus(retryInterval)
                        .plus(parameters.operationTimeout());
        this.sessions = parameters.whileAServerIsAway();
        this.onReturn = onReturn;
        watching =
                new Thread(
                        null, this::watch, "memcached-session-return-" + server.name(), 0, false);
        watching.setContextClassLoader(Presence.class.getClassLoader());
        watching.setDaemon(true);
        watching.start();
    }

    boolean isAway() {
        return away;
    }

    /**
     * For so long other nodes may take it for away: an attempt to connect may still be in vain, the next one comes an
     * interval later, and whoever asks for it here up to another one after that. What is begun by then may last as long
     * again.
     */
    boolean isReturning() {
        return marker != null && nanosUntil(noticing.multipliedBy(2)) > 0;
    }

    /** What could not be brought to it by then is removed, before any node believes it again. */
    boolean isJustBack() {
        return marker != null && nanosUntil(noticing) > 0;
    }

    private long nanosUntil(Duration sinceReturn) {
        return returned + sinceReturn.toNanos() - System.nanoTime();
    }

    /** Whether what has this version was there before the server was back for the last time. */
    boolean isSuspect(long version) {
        if (away) {
            return true;
        }
        Long before = marker;
        return before != null && Long.compareUnsigned(version, before) <= 0;
    }

    /** As if it had been away until now. */
    void distrust() {
        lock.lock();
        try {
            losses++;
            away = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until it is back; not for longer than that. */
    void awaitReturn(Duration longest) {
        lock.lock();
        try {
            long left = longest.toNanos();
            while (away && !closed && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** It has not answered. */
    void lost() {
        lock.lock();
        try {
            losses++;
            if (!away && !closed) {
                away = true;
                warn();
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** It is there, and has missed something all the same. */
    void repairSoon() {
        lock.lock();
        try {
            hasMissed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void warn() {
        if (System.nanoTime() - lastWarning >= WARNINGS_APART.toNanos()) {
            lastWarning = System.nanoTime();
            LOG.log(
                    WARNING,
                    "memcached server {0} does not answer: sessions that live there {1} (said at"
                            + " most every {2} seconds)",
                    server.name(),
                    sessions,
                    WARNINGS_APART.toSeconds());
        }
    }

    /** Whatever it meets: without this thread the server would never be back again. */
    private void watch() {
        String lastProblem = "";
        try {
            while (awaitLossOrMiss()) {
                try {
                    look();
                    lastProblem = "";
                } catch (RuntimeException | Error failed) {
                    repairSoon();
                    lastProblem = tell(failed, lastProblem);
                    pause();
                }
            }
        } catch (InterruptedException closing) {
            // whoever interrupts also closes
        }
    }

    /** Once, if it comes again and again. */
    private String tell(Throwable failed, String lastProblem) {
        try {
            String problem = failed.toString();
            if (!problem.equals(lastProblem)) {
                LOG.log(
                        WARNING,
                        "memcached server "
                                + server.name()
                                + " was not looked at, or not given what it has missed; it is tried"
                                + " again",
                        failed);
            }
            return problem;
        } catch (RuntimeException | Error untold) { // no memory is left, say
            return lastProblem;
        }
    }

    private void look() throws InterruptedException {
        if (!away) {
            onReturn.run();
        } else if (!isBack()) {
            pause();
        } else if (!away) {
            LOG.log(INFO, "memcached server {0} answers again", server.name());
            onReturn.run();
        }
    }

    /**
     * @return false when there is nothing more to do
     */
    private boolean awaitLossOrMiss() throws InterruptedException {
        lock.lock();
        try {
            while (!away && !hasMissed && !closed && (!isToldOnce || isJustBack())) {
                if (isToldOnce) {
                    changed.awaitNanos(nanosUntil(noticing));
                } else {
                    changed.await();
                }
            }
            hasMissed = false;
            isToldOnce &= isJustBack();
            lossesBefore = losses;
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private void pause() throws InterruptedException {
        lock.lock();
        try {
            long left = retryInterval.toNanos();
            while (left > 0 && !closed) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isBack() {
        long version;
        try {
            version = versionNow();
        } catch (SessionException notYet) {
            LOG.log(DEBUG, "A memcached server is still away", notYet);
            return false;
        }
        lock.lock();
        try {
            returned = System.nanoTime();
            marker = version;
            isToldOnce = true;
            away = losses != lossesBefore; // lost again meanwhile
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private long versionNow() {
        ItemKey key =
                new ItemKey(
                        "memcached-session-return-"
                                + Long.toUnsignedString(
                                        ThreadLocalRandom.current().nextLong(),
                                        Character.MAX_RADIX));
        int seconds = ItemExpiry.seconds(A_SECOND);
        Written written = server.execute(protocol -> protocol.add(key, new byte[0], seconds));
        return written.version()
                .or(() -> server.load(key, OptionalInt.empty()).map(StoredItem::version))
                .orElseThrow(() -> new SessionException("what was just stored is gone"));
    }

    /** The thread is gone when this returns. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        watching.interrupt();
        Threads.join(watching);
    }
}
