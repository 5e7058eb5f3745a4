package org.memcachedsession.servers;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Runs one memcached for all tests of a JVM, on the port that the build reserved: the servers under
 * test learn it by their command line, before they start.
 */
public final class MemcachedOfTheRun implements LauncherSessionListener {

    private AutoCloseable memcached;

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        memcached = Memcached.ofTheRun().start();
        System.out.println("==== These tests use " + memcached);
    }

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        try {
            memcached.close();
        } catch (Exception e) {
            throw new IllegalStateException("memcached did not end", e);
        }
    }
}
