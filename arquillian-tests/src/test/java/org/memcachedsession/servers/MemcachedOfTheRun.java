package org.memcachedsession.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Runs one memcached for all tests of a JVM, on the port that the build reserved: the servers under
 * test learn it by their command line, before they start.
 */
public final class MemcachedOfTheRun implements LauncherSessionListener {

    private Process memcached;

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        int port = Memcached.ofTheRun().port();
        try {
            memcached =
                    new ProcessBuilder(
                                    "memcached",
                                    "-l",
                                    "127.0.0.1",
                                    "-p",
                                    "" + port,
                                    "-U",
                                    "0",
                                    "-m",
                                    "64",
                                    "-u",
                                    "nobody")
                            .inheritIO()
                            .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        memcached.destroy();
    }
}
