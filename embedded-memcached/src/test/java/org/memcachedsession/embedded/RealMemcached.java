package org.memcachedsession.embedded;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.opentest4j.TestAbortedException;

/** The memcached installed on this machine, in a process of its own, for comparison. */
final class RealMemcached implements AutoCloseable {

    private static final String VERSION = "1.6.18";
    private static final long START_DEADLINE_IN_SECONDS = 20;

    private final Process process;
    private final InetSocketAddress address;

    private RealMemcached(Process process, InetSocketAddress address) {
        this.process = process;
        this.address = address;
    }

    /**
     * @throws TestAbortedException there is no memcached of that version on the PATH; in CI that is
     *     a failure
     */
    static RealMemcached start() {
        Path program = program();
        try {
            int port = freePort();
            List<String> command = new ArrayList<>();
            command.addAll(List.of(program.toString(), "-l", "127.0.0.1", "-U", "0"));
            command.addAll(List.of("-p", Integer.toString(port)));
            // that thread now and then holds on to an item, which shows in how a decr is padded
            command.addAll(List.of("-o", "no_lru_maintainer"));
            if (System.getProperty("user.name").equals("root")) {
                command.addAll(List.of("-u", "root"));
            }
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            RealMemcached server =
                    new RealMemcached(
                            process, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            server.awaitAccepting();
            server.requireVersion();
            return server;
        } catch (IOException e) {
            return fail(program + " could not be started", e);
        }
    }

    InetSocketAddress address() {
        return address;
    }

    private void awaitAccepting() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_DEADLINE_IN_SECONDS);
        while (!accepts()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                close();
                fail("memcached does not accept connections on " + address);
            }
            Thread.onSpinWait();
        }
    }

    private boolean accepts() {
        try (Socket socket = new Socket()) {
            socket.connect(address);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Path program() {
        for (String directory : System.getenv("PATH").split(File.pathSeparator, -1)) {
            Path candidate = Path.of(directory, "memcached");
            if (Files.isExecutable(candidate)) {
                return candidate;
            }
        }
        throw notComparable("memcached is not on the PATH");
    }

    /** Others answer some commands differently, and are right to. */
    private void requireVersion() throws IOException {
        try (Client client = new Client(address)) {
            String answer = client.ask("version\r\n");
            if (!answer.equals("VERSION " + VERSION + "\r\n")) {
                close();
                throw notComparable("the memcached on the PATH says " + answer.trim());
            }
        }
    }

    private static RuntimeException notComparable(String reason) {
        String message =
                reason
                        + ": the embedded server was not compared to a real one here. Install"
                        + " memcached "
                        + VERSION
                        + " to run this test.";
        if ("true".equals(System.getenv("CI"))) {
            return fail(message);
        }
        System.err.println("SKIPPED: " + message);
        return new TestAbortedException(message);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
