package org.memcachedsession.session.interleaving;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntUnaryOperator;

/**
 * Threads of which one runs at a time: who has the baton. It is handed on, never taken, so that what
 * happens depends on nothing but whom it is handed to.
 */
final class Crew implements AutoCloseable {

    private final int leader;
    private final List<Thread> members = new ArrayList<>();
    private volatile Thread waitingLeader;
    private volatile int holder;
    private volatile boolean dismissed;
    private volatile IntUnaryOperator work;

    Crew(int size) {
        leader = size;
        holder = leader;
        for (int i = 0; i < size; i++) {
            int number = i;
            Thread member = new Thread(() -> serve(number), "interleaving-" + number);
            member.setDaemon(true);
            member.start();
            members.add(member);
        }
    }

    /** Whoever has the baton when all work is done hands it to this one. */
    int leader() {
        return leader;
    }

    /**
     * Gives member 0 the baton, and waits until it comes back.
     *
     * @param work what a member does when it gets the baton for the first time; gives the one that
     *     gets it then
     */
    void run(IntUnaryOperator work) {
        this.work = work;
        waitingLeader = Thread.currentThread();
        switchTo(leader, 0);
    }

    /** From one that has the baton and works: hands it on and waits until it comes back. */
    void switchTo(int me, int next) {
        handTo(next);
        await(me);
    }

    private void serve(int me) {
        while (await(me)) {
            handTo(work.applyAsInt(me));
        }
    }

    private void handTo(int next) {
        holder = next;
        LockSupport.unpark(next == leader ? waitingLeader : members.get(next));
    }

    private boolean await(int me) {
        while (holder != me && !dismissed) {
            LockSupport.park(this);
        }
        return !dismissed;
    }

    @Override
    public void close() throws InterruptedException {
        dismissed = true;
        for (Thread member : members) {
            LockSupport.unpark(member);
            member.join();
        }
    }
}
