package org.memcachedsession.nodes;

import java.net.URI;
import java.nio.file.Path;

/**
 * An application server with one WAR, as a process of its own, bound to 127.0.0.1. It does not
 * outlive this JVM, unless that is killed outright. For one thread at a time.
 */
public interface Node extends AutoCloseable {

    String name();

    /** Of the WAR, with a slash at the end. The same after a restart. */
    URI url();

    /** What the process printed, all restarts in one file. */
    Path log();

    /** Of the process; another one after a restart. */
    long pid();

    boolean isAlive();

    /**
     * Waits until the WAR answers. Several nodes start side by side when all are launched before the
     * first is waited for.
     *
     * @throws NodeException the process ended, the WAR could not be deployed or the deadline of the
     *     settings has passed. The process may still be there: close the node
     */
    void awaitReady();

    /** Ends the process if it is alive, starts it anew on the same ports and waits until the WAR answers. */
    void restart();

    /** Asks the process to end and insists after a while. Without effect on a process that has ended. */
    @Override
    void close();
}
