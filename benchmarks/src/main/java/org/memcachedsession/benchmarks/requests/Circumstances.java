package org.memcachedsession.benchmarks.requests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;

/** What figures hold for: versions, machine, command and date. */
final class Circumstances {

    private Circumstances() {}

    /**
     * @param versions of the servers and libraries
     */
    static Map<String, String> now(String versions, Properties properties, Path directory) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("date", LocalDate.now(ZoneOffset.UTC).toString());
        all.put("command", command(properties));
        all.put("commit", commit(directory));
        all.put("versions", versions + ", " + output(directory, "memcached", "-V"));
        all.put(
                "JDK",
                "%s (%s)"
                        .formatted(
                                properties.getProperty("java.vm.version"),
                                properties.getProperty("java.vm.name")));
        all.put(
                "machine",
                "%d processors, %s %s, %s"
                        .formatted(
                                Runtime.getRuntime().availableProcessors(),
                                properties.getProperty("os.name"),
                                properties.getProperty("os.version"),
                                properties.getProperty("os.arch")));
        return all;
    }

    /** Without those options that say where something is. */
    private static String command(Properties properties) {
        String options =
                properties.stringPropertyNames().stream()
                        .filter(name -> name.equals("measure") || name.startsWith("measure."))
                        .filter(name -> !name.equals("measure.documents"))
                        .sorted()
                        .map(name -> " -D" + name + "=" + properties.getProperty(name))
                        .collect(joining());
        return "mvn -Pmeasure" + options;
    }

    private static String commit(Path directory) {
        String commit = output(directory, "git", "rev-parse", "--short=12", "HEAD");
        String changes = output(directory, "git", "status", "--porcelain", "-uno", "--", ":!docs");
        return changes.isEmpty() // pages that were measured before change nothing
                ? commit
                : commit + " and changes that are not committed";
    }

    private static String output(Path directory, String... command) {
        try {
            Process process =
                    new ProcessBuilder(command)
                            .directory(directory.toFile())
                            .redirectErrorStream(true)
                            .start();
            String output = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
            return process.waitFor() == 0 ? output : "unknown";
        } catch (IOException e) {
            return "unknown";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MeasurementException("interrupted", e);
        }
    }
}
