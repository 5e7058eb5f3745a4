package org.memcachedsession.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A {@link FaultNode} in a JVM of its own, so that it can be killed. It does not outlive this one. */
final class NodeProcess implements Node {

    private static final Path LOG = Path.of("target", "faults", "node.log");

    private final Process process;
    private final URI uri;

    private NodeProcess(Process process, URI uri) {
        this.process = process;
        this.uri = uri;
    }

    /** Ready for use. */
    static NodeProcess start(NodeSettings settings) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Dfaults.form=" + Form.current(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                NodeProcess.class.getName()));
        command.addAll(settings.words());
        Files.createDirectories(LOG.getParent());
        Process process =
                new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.appendTo(LOG.toFile()))
                        .start();
        String told =
                new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))
                        .readLine();
        if (told == null) {
            process.destroyForcibly();
            throw new IllegalStateException("the node did not start: " + LOG.toAbsolutePath());
        }
        return new NodeProcess(process, URI.create(told));
    }

    /** In its JVM. */
    public static void main(String... words) throws Exception {
        try (FaultNode node = FaultNode.start(NodeSettings.parse(words))) {
            System.out.println(node.uri());
            while (System.in.read() >= 0) {
                // until whoever started it ends
            }
        }
    }

    @Override
    public URI uri() {
        return uri;
    }

    /** At once, as a crash would, whatever it is about to do. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    @Override
    public void close() {
        kill();
    }
}
