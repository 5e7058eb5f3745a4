package org.memcachedsession;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** What a thread allocates, for bounds. */
public final class Allocation {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** While new inputs are looked for, Jazzer's hooks in the code allocate too. */
    private static final long BY_HOOKS =
            "false".equals(System.getProperty("jazzer.hooks")) ? 0 : 20_000_000;

    private Allocation() {}

    /**
     * Does something, and once more if it allocates more than it may: the first time it may have loaded
     * classes.
     */
    public static void assertAtMost(long bytes, Runnable action) {
        long most = bytes + BY_HOOKS;
        if (by(action) > most) {
            assertThat(by(action)).as("bytes allocated").isLessThanOrEqualTo(most);
        }
    }

    private static long by(Runnable action) {
        long before = ofThisThread();
        action.run();
        return ofThisThread() - before;
    }

    /** Bytes, since the calling thread began. */
    public static long ofThisThread() {
        return THREADS.getCurrentThreadAllocatedBytes();
    }
}
