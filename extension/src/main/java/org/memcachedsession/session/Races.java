package org.memcachedsession.session;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/** How often a write is tried that loses races, and how long it waits between. */
final class Races {

    /** Lost races in a row until a save gives up. Fifty saves at once were seen to need ten. */
    static final int ATTEMPTS = 30;

    private static final long FIRST_PAUSE_NANOS = Duration.ofMillis(1).toNanos();
    private static final long LONGEST_PAUSE_NANOS = Duration.ofMillis(64).toNanos();

    private Races() {}

    /** By chance, from a range that doubles: so those who met once do not meet again and again. */
    static void pause(int attempt) {
        if (attempt > 1) {
            long longest =
                    Math.min(FIRST_PAUSE_NANOS << Math.min(attempt, 10), LONGEST_PAUSE_NANOS);
            LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(longest));
        }
    }
}
