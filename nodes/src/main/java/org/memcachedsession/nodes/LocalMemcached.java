package org.memcachedsession.nodes;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.memcachedsession.embedded.EmbeddedMemcached;

/**
 * A memcached on 127.0.0.1: the real one as a process, which does not outlive this JVM, or the
 * embedded one inside this JVM.
 */
public final class LocalMemcached implements AutoCloseable {

    private static final Duration START_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(50);
    private static final int ANSWER_MILLIS = 2000;
    private static final int LOG_LINES = 20;
    private static final int MEMORY_MEGABYTES = 64;

    private final String description;
    private final int port;
    private final OptionalLong pid;
    private final Runnable end;

    private LocalMemcached(String description, int port, OptionalLong pid, Runnable end) {
        this.description = description;
        this.port = port;
        this.pid = pid;
        this.end = end;
    }

    /** The real one where it is on the PATH, else the embedded one; on a free port, ready for use. */
    public static LocalMemcached start() {
        return executable().isPresent() ? startReal() : startEmbedded();
    }

    /** Whether {@link #startReal()} has something to start. */
    public static boolean isRealOnPath() {
        return executable().isPresent();
    }

    /**
     * On a free port, ready for use.
     *
     * @throws NodeException there is none on the PATH, or it does not start
     */
    public static LocalMemcached startReal() {
        return startReal(LoopbackPorts.free(1).get(0));
    }

    /**
     * On this port, ready for use.
     *
     * @throws NodeException as {@link #startReal()}
     */
    public static LocalMemcached startReal(int port) {
        return startReal(port, MEMORY_MEGABYTES);
    }

    /**
     * On a free port, ready for use, with so much memory for items.
     *
     * @throws NodeException as {@link #startReal()}
     */
    public static LocalMemcached startRealWithMemory(int megabytes) {
        return startReal(LoopbackPorts.free(1).get(0), megabytes);
    }

    private static LocalMemcached startReal(int port, int megabytes) {
        Path executable =
                executable()
                        .orElseThrow(
                                () ->
                                        new NodeException(
                                                "memcached is not on the PATH. Install it (Debian:"
                                                        + " apt-get install memcached)."));
        Path log = temporaryLog();
        boolean superuser = System.getProperty("user.name").equals("root");
        ChildProcess process =
                ChildProcess.start(
                        command(executable, port, megabytes, superuser),
                        log.toAbsolutePath().getParent(),
                        log);
        try {
            awaitVersion(process, port, new LogFile(log));
        } catch (NodeException e) {
            process.close();
            throw e;
        }
        return new LocalMemcached(
                executable.toString(),
                port,
                OptionalLong.of(process.pid()),
                () -> {
                    process.close();
                    delete(log);
                });
    }

    /** On a free port, ready for use. */
    public static LocalMemcached startEmbedded() {
        EmbeddedMemcached embedded = EmbeddedMemcached.start();
        return new LocalMemcached(
                "the embedded one, inside this JVM",
                embedded.port(),
                OptionalLong.empty(),
                embedded::close);
    }

    static List<String> command(Path executable, int port, int megabytes, boolean superuser) {
        List<String> command = new ArrayList<>();
        command.add(executable.toString());
        command.addAll(List.of("-l", "127.0.0.1", "-p", String.valueOf(port), "-U", "0"));
        command.addAll(List.of("-m", String.valueOf(megabytes)));
        if (superuser) {
            // it refuses to run as root
            command.addAll(List.of("-u", "nobody"));
        }
        return command;
    }

    public int port() {
        return port;
    }

    /** Of the process; the embedded one has none. */
    public OptionalLong pid() {
        return pid;
    }

    /** As the setting of the servers wants it. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    /** Which memcached this is, for people. */
    @Override
    public String toString() {
        return "memcached at " + address() + " (" + description + ")";
    }

    /** Ends it with all it holds. Without effect the second time. */
    @Override
    public void close() {
        end.run();
    }

    private static Optional<Path> executable() {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.of(path.split(File.pathSeparator))
                .filter(directory -> !directory.isBlank())
                .flatMap(
                        directory ->
                                Stream.of(
                                        Path.of(directory, "memcached"),
                                        Path.of(directory, "memcached.exe")))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }

    private static void awaitVersion(ChildProcess process, int port, LogFile log) {
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        while (!answersVersion(port) || !process.isAlive()) {
            if (process.awaitEnd(POLL_INTERVAL)) {
                throw new NodeException(
                        "memcached ended at once with exit code %d:%n%s"
                                .formatted(process.exitCode(), log.tail(LOG_LINES)));
            }
            if (System.nanoTime() >= deadline) {
                throw new NodeException(
                        "memcached on port %d does not answer:%n%s"
                                .formatted(port, log.tail(LOG_LINES)));
            }
        }
    }

    private static boolean answersVersion(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(LoopbackPorts.address(), port), ANSWER_MILLIS);
            socket.setSoTimeout(ANSWER_MILLIS);
            socket.getOutputStream().write("version\r\n".getBytes(US_ASCII));
            String answer =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII))
                            .readLine();
            return answer != null && answer.startsWith("VERSION ");
        } catch (IOException e) {
            return false;
        }
    }

    private static Path temporaryLog() {
        try {
            return Files.createTempFile("memcached", ".log");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path log) {
        try {
            Files.deleteIfExists(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
