package org.memcachedsession.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** What rows hold for. */
final class Circumstances {

    private static final String TEXT =
            "%s; %s; commit %s; %s; JDK %s; operation timeout %d ms; %d processors; %s %s"
                    .formatted(
                            LocalDate.now(ZoneOffset.UTC),
                            Form.current().of("-Dfaults.form=short", "mvn -Pfaults"),
                            output("git", "rev-parse", "--short=12", "HEAD"),
                            output("memcached", "-V"),
                            Runtime.version(),
                            Cluster.OPERATION_TIMEOUT.toMillis(),
                            Runtime.getRuntime().availableProcessors(),
                            System.getProperty("os.name"),
                            System.getProperty("os.version"));

    private Circumstances() {}

    /** Date, command, versions and machine. */
    static String now() {
        return TEXT;
    }

    private static String output(String... command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
            return process.waitFor() == 0 ? output : "unknown";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
