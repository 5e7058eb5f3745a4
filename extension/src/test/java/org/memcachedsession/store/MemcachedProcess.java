package org.memcachedsession.store;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The memcached that is installed here, as a process of its own on a free port of the loopback
 * address. Where none is on the PATH the test is skipped, and fails where the environment variable
 * {@code CI} is {@code true}.
 */
public final class MemcachedProcess implements AutoCloseable {

    private final Path program;
    private final int port;
    private final List<String> options;
    private Process process;

    private MemcachedProcess(Path program, int port, List<String> options) {
        this.program = program;
        this.port = port;
        this.options = options;
    }

    /**
     * Starts one.
     *
     * @param options more than address, port and user, {@code -I 2m} say
     */
    public static MemcachedProcess start(String... options) {
        Path program = program();
        for (int tries = 1; ; tries++) {
            MemcachedProcess started = new MemcachedProcess(program, freePort(), List.of(options));
            try {
                started.restart();
                return started;
            } catch (IllegalStateException portTakenMeanwhile) {
                started.close();
                if (tries == 3) {
                    throw portTakenMeanwhile;
                }
            }
        }
    }

    /** Starts one on a port that the test chose. */
    static MemcachedProcess startOn(int port) {
        MemcachedProcess started = new MemcachedProcess(program(), port, List.of());
        started.restart();
        return started;
    }

    public int port() {
        return port;
    }

    /** Ends it at once, as a crash would; what it held is lost. */
    public void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Stops it as it stands: the operating system accepts connections for it, and nobody answers. */
    public void stop() {
        signal("STOP");
    }

    /** It goes on, with all that came meanwhile. */
    public void resume() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            int status =
                    new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                            .start()
                            .waitFor();
            assertThat(status).as("kill -%s", name).isZero();
        } catch (IOException cannotSignal) {
            throw new UncheckedIOException(cannotSignal);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** What it says to a line; for those whose answer is one line. */
    public String say(String line) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write((line + "\r\n").getBytes(US_ASCII));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII))
                    .readLine();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Stores so much, in values of these lengths, so that no class of its memory is left out. */
    public void fill(int megabytes, int shortest, int longest) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            BufferedOutputStream out = new BufferedOutputStream(socket.getOutputStream(), 65_536);
            long left = megabytes * 1_048_576L;
            for (int number = 0; left > 0; number++) {
                int length = shortest + number * 7 % (longest - shortest);
                String value = "x".repeat(length);
                out.write(
                        ("set filling-%d 0 0 %d noreply\r\n%s\r\n".formatted(number, length, value))
                                .getBytes(US_ASCII));
                left -= length;
            }
            out.write("version\r\n".getBytes(US_ASCII));
            out.flush();
            assertThat(socket.getInputStream().read()).isEqualTo('V');
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Starts it again on its port. */
    public void restart() {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of("-l", "127.0.0.1", "-p", String.valueOf(port), "-U", "0"));
        if ("root".equals(System.getProperty("user.name"))) {
            command.addAll(List.of("-u", "root"));
        }
        command.addAll(options);
        try {
            process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
        } catch (IOException cannotStart) {
            throw new UncheckedIOException(cannotStart);
        }
        awaitListening();
    }

    @Override
    public void close() {
        if (process != null) {
            kill();
        }
    }

    private void awaitListening() {
        Patience.until("memcached listens", () -> !process.isAlive() || isListening());
        if (!process.isAlive()) {
            throw new IllegalStateException("memcached did not start on port " + port);
        }
    }

    private boolean isListening() {
        try (Socket probe = new Socket()) {
            probe.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** A port of the loopback address on which nothing listens just now. */
    static int freePort() {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return any.getLocalPort();
        } catch (IOException noPort) {
            throw new UncheckedIOException(noPort);
        }
    }

    private static Path program() {
        Optional<Path> found = onPath();
        String absent =
                "NOT TESTED against the real memcached: there is none on the PATH. Install it"
                        + " (package memcached) to run this test";
        if ("true".equals(System.getenv("CI"))) {
            assertThat(found).as(absent).isPresent();
        }
        if (found.isEmpty()) {
            System.getLogger(MemcachedProcess.class.getName())
                    .log(System.Logger.Level.WARNING, absent);
        }
        assumeTrue(found.isPresent(), absent);
        return found.orElseThrow();
    }

    private static Optional<Path> onPath() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Arrays.stream(path.split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, "memcached"))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
