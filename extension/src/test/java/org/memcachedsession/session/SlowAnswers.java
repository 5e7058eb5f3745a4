package org.memcachedsession.session;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.store.InMemorySessionStore.Calls;
import org.memcachedsession.store.InMemorySessionStore.Operation;

/** Answers of a store that take their time, by a clock that nothing else moves. Every call is carried out. */
final class SlowAnswers implements Calls {

    static final Duration NEVER = Duration.ofDays(1);

    private final Duration operationTimeout;
    private final AtomicLong now = new AtomicLong(); // nanoseconds
    private Duration delay = Duration.ZERO;
    private int answersBefore;
    private int calls;
    private int timeouts;

    SlowAnswers(Duration operationTimeout) {
        this.operationTimeout = operationTimeout;
    }

    /** What {@link System#nanoTime} is to others. */
    long tick() {
        return now.get();
    }

    /** From now on each answer comes so late. */
    void delay(Duration each) {
        delayAfter(0, each);
    }

    /** So many answers come at once, all others so late. */
    void delayAfter(int answers, Duration each) {
        answersBefore = answers;
        delay = each;
        calls = 0;
        timeouts = 0;
    }

    /** Since the last change of delay. */
    int calls() {
        return calls;
    }

    /** Waits that took as long as one may, and were in vain. */
    int timeouts() {
        return timeouts;
    }

    void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    /** How long all waits of something take. */
    Duration waitsOf(Runnable task) {
        long begin = now.get();
        task.run();
        return Duration.ofNanos(now.get() - begin);
    }

    @Override
    public void after(Operation operation, ItemKey key) {
        calls++;
        Duration late = calls > answersBefore ? delay : Duration.ZERO;
        try {
            Budget.await(operationTimeout, time -> answerWithin(time, late));
        } catch (Budget.SpentException spent) {
            throw new SessionStoreException("may wait no longer", spent);
        } catch (TimeoutException none) {
            timeouts++;
            throw new SessionStoreException("no answer", none);
        } catch (InterruptedException | ExecutionException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private Void answerWithin(Duration time, Duration late) throws TimeoutException {
        boolean isInTime = late.compareTo(time) <= 0;
        pass(isInTime ? late : time);
        if (!isInTime) {
            throw new TimeoutException();
        }
        return null;
    }
}
