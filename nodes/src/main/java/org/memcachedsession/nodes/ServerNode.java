package org.memcachedsession.nodes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the servers have in common: one JVM each, a log, and readiness asked of the WAR. */
abstract class ServerNode implements Node {

    static final int EXCERPT_LINES = 30;

    private static final Duration POLL_INTERVAL = Duration.ofMillis(500);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);

    private final NodeSettings settings;
    private final int port;
    private final LogFile log;

    private List<String> command = List.of();
    private ChildProcess process;
    private long logStart;
    private long deadline;

    ServerNode(NodeSettings settings) {
        if (!Files.isReadable(settings.war())) {
            throw new NodeException(
                    "node %s: there is no WAR at %s. Build it first."
                            .formatted(settings.name(), settings.war().toAbsolutePath()));
        }
        this.settings = settings;
        this.port = settings.port() == 0 ? LoopbackPorts.free(1).get(0) : settings.port();
        this.log = new LogFile(settings.nodeDirectory().resolve("server.log"));
    }

    /** Called before every start of the process. */
    abstract void prepareStart();

    /** Why the WAR cannot be deployed, as soon as that is known. */
    abstract Optional<String> deploymentFailure();

    final void launch(List<String> command) {
        this.command = List.copyOf(command);
        launch();
    }

    private void launch() {
        prepareStart();
        logStart = log.size();
        deadline = System.nanoTime() + settings.startTimeout().toNanos();
        process = ChildProcess.start(command, settings.nodeDirectory(), log.path());
    }

    final NodeSettings settings() {
        return settings;
    }

    final int port() {
        return port;
    }

    final List<String> command() {
        return command;
    }

    /** What the process printed since its start, from the first line on that has the text. */
    final Optional<String> logged(String marker) {
        return log.excerpt(marker, logStart, EXCERPT_LINES);
    }

    /** The messages of the exceptions that the process printed since its start, the earliest first. */
    final List<String> loggedExceptions() {
        return log.exceptions(logStart);
    }

    @Override
    public final String name() {
        return settings.name();
    }

    @Override
    public final URI url() {
        String path = settings.contextRoot().isEmpty() ? "/" : "/" + settings.contextRoot() + "/";
        return URI.create("http://127.0.0.1:" + port + path);
    }

    @Override
    public final Path log() {
        return log.path();
    }

    @Override
    public final long pid() {
        return process.pid();
    }

    @Override
    public final boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public final void awaitReady() {
        awaitAnswer(deadline);
    }

    final void awaitAnswer(long deadlineNanos) {
        String lastAnswer = "nobody was asked";
        while (System.nanoTime() < deadlineNanos) {
            if (deploymentFailure().isPresent()) {
                // the reason may follow the headline by a moment
                process.awaitEnd(POLL_INTERVAL);
                throw new NodeException(
                        "node %s cannot deploy %s:%n%s%nAll of it: %s"
                                .formatted(
                                        name(),
                                        settings.war(),
                                        deploymentFailure().orElse(""),
                                        log.path()));
            }
            lastAnswer = ask();
            if (lastAnswer.startsWith("2")) {
                return;
            }
            pause();
        }
        throw problem(
                "was not ready after %s: GET %s got %s"
                        .formatted(settings.startTimeout(), readyUrl(), lastAnswer));
    }

    /** Between two looks at something that the process does. */
    final void pause() {
        if (process.awaitEnd(POLL_INTERVAL)) {
            throw problem("ended by itself with exit code " + process.exitCode());
        }
    }

    final NodeException problem(String what) {
        return new NodeException(
                "node %s %s. The end of %s:%n%s"
                        .formatted(name(), what, log.path(), log.tail(EXCERPT_LINES)));
    }

    private String ask() {
        try {
            HttpURLConnection connection = (HttpURLConnection) readyUrl().toURL().openConnection();
            connection.setConnectTimeout((int) ANSWER_TIMEOUT.toMillis());
            connection.setReadTimeout((int) ANSWER_TIMEOUT.toMillis());
            try {
                return String.valueOf(connection.getResponseCode());
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            return e.toString();
        }
    }

    private URI readyUrl() {
        return url().resolve(settings.readyPath());
    }

    @Override
    public final void restart() {
        process.close();
        launch();
        awaitReady();
    }

    @Override
    public final void close() {
        process.close();
    }

    static Path javaCommand() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    /** Makes the node's directory, without what an earlier node of that name left in it. */
    static Path emptyDirectory(NodeSettings settings) {
        Path directory = settings.nodeDirectory();
        try {
            delete(directory);
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes a directory with all that is in it, if it is there. */
    static void delete(Path directory) throws IOException {
        if (Files.notExists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            // children before their directories
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
