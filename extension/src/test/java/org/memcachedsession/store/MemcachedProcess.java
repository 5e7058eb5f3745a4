package org.memcachedsession.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
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
import java.util.Map;
import java.util.Optional;

/**
 * The memcached that is installed here, as a process of its own, on a free port of the loopback
 * address or in another network. Where none is on the PATH the test is skipped, and fails where the environment variable
 * {@code CI} is {@code true}.
 */
public final class MemcachedProcess implements AutoCloseable {

    private static final int OWN_PORT = 11_211;

    private final List<String> program;
    private final InetSocketAddress address;
    private final List<String> options;
    private final Map<String, String> environment;
    private Process process;

    private MemcachedProcess(
            List<String> program,
            InetSocketAddress address,
            List<String> options,
            Map<String, String> environment) {
        this.program = program;
        this.address = address;
        this.options = options;
        this.environment = environment;
    }

    /**
     * Starts one.
     *
     * @param options more than address, port and user, {@code -I 2m} say
     */
    public static MemcachedProcess start(String... options) {
        return start(Map.of(), options);
    }

    /** As {@link #start(String...)}, with more environment variables. */
    static MemcachedProcess start(Map<String, String> environment, String... options) {
        List<String> program = program();
        for (int tries = 1; ; tries++) {
            MemcachedProcess started =
                    new MemcachedProcess(
                            program, onLoopback(freePort()), List.of(options), environment);
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
        return started(program(), onLoopback(port));
    }

    /**
     * Starts one in another network, on the port that is memcached's own.
     *
     * @param command that runs what follows it there
     * @param address there
     */
    public static MemcachedProcess startIn(List<String> command, InetAddress address) {
        List<String> there = new ArrayList<>(command);
        there.addAll(program());
        return started(there, new InetSocketAddress(address, OWN_PORT));
    }

    private static MemcachedProcess started(List<String> program, InetSocketAddress address) {
        MemcachedProcess started = new MemcachedProcess(program, address, List.of(), Map.of());
        try {
            started.restart();
            return started;
        } catch (RuntimeException | Error failed) {
            started.close();
            throw failed;
        }
    }

    private static InetSocketAddress onLoopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    public int port() {
        return address.getPort();
    }

    /** Ends it at once, as a crash would; what it held is lost. */
    public void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** It hangs from now on: connections stay, and nothing is answered. */
    public void stop() {
        signal("STOP");
    }

    /** It goes on, with what it had and with all that it was asked meanwhile. */
    public void goOn() {
        signal("CONT");
    }

    /** Tells it something by a signal, {@code HUP} say. */
    void signal(String name) {
        try {
            int status =
                    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                            .start()
                            .waitFor();
            assertThat(status).isZero();
        } catch (IOException cannotStart) {
            throw new UncheckedIOException(cannotStart);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** What it says to a line; for those whose answer is one line. */
    public String say(String line) {
        try (Socket socket = new Socket(address.getAddress(), port())) {
            socket.getOutputStream().write((line + "\r\n").getBytes(US_ASCII));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII))
                    .readLine();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** All that it says to a line, each byte a character. */
    public String answer(String line) {
        try (Socket socket = new Socket(address.getAddress(), port())) {
            socket.getOutputStream().write((line + "\r\nquit\r\n").getBytes(US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Stores so much, in values of these lengths, so that no class of its memory is left out. */
    public void fill(int megabytes, int shortest, int longest) {
        try (Socket socket = new Socket(address.getAddress(), port())) {
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
        List<String> command = new ArrayList<>(program);
        command.addAll(List.of("-l", address.getAddress().getHostAddress()));
        command.addAll(List.of("-p", String.valueOf(port()), "-U", "0"));
        if ("root".equals(System.getProperty("user.name"))) {
            command.addAll(List.of("-u", "root"));
        }
        command.addAll(options);
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(environment);
        try {
            process = builder.start();
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
            throw new IllegalStateException("memcached did not start on port " + port());
        }
    }

    private boolean isListening() {
        try (Socket probe = new Socket()) {
            probe.connect(address, 1000);
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

    private static List<String> program() {
        return List.of(installed("memcached", "memcached").toString());
    }

    /**
     * Where a program is. Where it is nowhere the test is skipped, and fails where the environment variable
     * {@code CI} is {@code true}.
     *
     * @param distributed the package that has it
     */
    static Path installed(String program, String distributed) {
        Optional<Path> found = onPath(program);
        String absent =
                "NOT TESTED against the real "
                        + program
                        + ": there is none on the PATH. Install it (package "
                        + distributed
                        + ") to run this test";
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

    private static Optional<Path> onPath(String name) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Arrays.stream(path.split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
