package org.memcachedsession.nodes;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A process that ends with this JVM: at its normal end, SIGINT and SIGTERM. Nothing can be done at
 * SIGKILL.
 */
final class ChildProcess implements AutoCloseable {

    // WildFly and Payara Micro end within 4 seconds on a quiet machine
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Set<Process> living = new HashSet<>();
    private static boolean jvmEnds;

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(ChildProcess::endAll, "end of children"));
    }

    private final Process process;

    private ChildProcess(Process process) {
        this.process = process;
    }

    /** The output of the process goes to the end of the log. */
    static ChildProcess start(List<String> command, Path directory, Path log) {
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        synchronized (living) {
            if (jvmEnds) {
                throw new NodeException(command.get(0) + " was not started: this JVM is ending");
            }
            try {
                Process process = builder.start();
                living.add(process);
                return new ChildProcess(process);
            } catch (IOException e) {
                throw new NodeException("cannot start " + String.join(" ", command), e);
            }
        }
    }

    /** Whether the children are about to be ended with this JVM. */
    static boolean isJvmEnding() {
        synchronized (living) {
            return jvmEnds;
        }
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Only after the process has ended. */
    int exitCode() {
        return process.exitValue();
    }

    /** Whether the process ended in this time. */
    boolean awaitEnd(Duration atMost) {
        try {
            return process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NodeException("interrupted while waiting for a process", e);
        }
    }

    @Override
    public void close() {
        end(List.of(process));
        synchronized (living) {
            living.remove(process);
        }
    }

    private static void endAll() {
        List<Process> all;
        synchronized (living) {
            jvmEnds = true;
            all = new ArrayList<>(living);
        }
        end(all);
    }

    private static void end(List<Process> processes) {
        processes.forEach(Process::destroy);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            for (Process process : processes) {
                if (!process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    process.destroyForcibly().waitFor();
                }
            }
        } catch (InterruptedException e) {
            processes.forEach(Process::destroyForcibly);
            Thread.currentThread().interrupt();
        }
    }
}
