package org.memcachedsession.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compares what is said about wrong configurations with {@code mistakes.txt}, word by word. What is
 * said now goes to {@code target/mistakes.txt}, to be read and copied after an intended change.
 */
class GoldenMistakesTest {

    private static final String ARROW = "=>\n";

    @TempDir private Path directory;

    @Test
    void everyWrongConfigurationIsToldInTheWordsOfTheGoldenFile() throws IOException {
        String golden;
        try (var in = GoldenMistakesTest.class.getResourceAsStream("mistakes.txt")) {
            golden = new String(in.readAllBytes(), UTF_8);
        }
        List<String> blocks = List.of(golden.split("(?m)^(?=--- )", -1));
        StringBuilder actual = new StringBuilder(blocks.get(0));
        for (int i = 1; i < blocks.size(); i++) {
            actual.append(told(blocks.get(i), i));
        }
        Files.writeString(Path.of("target", "mistakes.txt"), actual);

        assertThat(blocks).hasSizeGreaterThan(60);
        assertThat(actual.toString()).isEqualTo(golden);
    }

    @Test
    void everyMistakeThatASourceCanMakeIsInTheGoldenFile() throws IOException {
        String golden;
        try (var in = GoldenMistakesTest.class.getResourceAsStream("mistakes.txt")) {
            golden = new String(in.readAllBytes(), UTF_8);
        }
        // several files, and what only MicroProfile Config can do wrong, have tests of their own
        List<Integer> elsewhere = List.of(2, 4, 5);
        for (int number :
                IntStream.concat(
                                IntStream.rangeClosed(1, 49),
                                IntStream.of(64, 70, 71, 72, 73, 74, 75, 76))
                        .toArray()) {
            assertThat(golden.contains("MSS-" + number + " "))
                    .as("MSS-" + number)
                    .isEqualTo(!elsewhere.contains(number));
        }
    }

    private String told(String block, int number) throws IOException {
        String input = block.substring(0, block.indexOf(ARROW) + ARROW.length());
        Configuration configuration = new Configuration();
        input.lines().skip(1).takeWhile(line -> !line.equals("=>")).forEach(configuration::add);
        Path application = Files.createDirectory(directory.resolve("application" + number));
        List<String> mistakes = configuration.draft(application).settle().mistakes();
        return input
                + String.join("\n", mistakes)
                        .replace(application.toUri().toURL().toString(), "file:/app/")
                + "\n\n";
    }

    /** What a block sets. */
    private static final class Configuration {

        private final Map<String, String> properties = new HashMap<>();
        private final Map<String, String> environment = new HashMap<>();
        private final Map<String, String> parameters = new HashMap<>();
        private final StringBuilder file = new StringBuilder();
        private Optional<String> contextPath = Optional.of("/shop");
        private boolean server = true;
        private boolean secret = true;

        void add(String line) {
            int blank = line.indexOf(' ');
            String rest = line.substring(blank + 1).translateEscapes();
            int equals = rest.indexOf('=');
            switch (line.substring(0, blank)) {
                case "-D" -> put(properties, rest, equals);
                case "env" -> put(environment, rest, equals);
                case "web.xml" -> put(parameters, rest, equals);
                case "file" -> file.append(rest).append('\n');
                case "without" -> leaveOut(rest);
                default -> throw new IllegalArgumentException(line);
            }
        }

        private static void put(Map<String, String> source, String line, int equals) {
            source.put(line.substring(0, equals), line.substring(equals + 1));
        }

        private void leaveOut(String what) {
            switch (what) {
                case "servers" -> server = false;
                case "secret" -> secret = false;
                case "context path" -> contextPath = Optional.empty();
                default -> throw new IllegalArgumentException(what);
            }
        }

        SettingsDraft draft(Path directory) throws IOException {
            if (server) {
                parameters.putIfAbsent("memcached.session.servers", "10.0.0.1");
            }
            if (secret) {
                parameters.putIfAbsent("memcached.session.secret", "none");
            }
            if (!file.isEmpty()) {
                Path path = directory.resolve(SettingsFile.NAME);
                Files.createDirectories(path.getParent());
                Files.writeString(path, file);
            }
            try (URLClassLoader loader =
                    new URLClassLoader(new URL[] {directory.toUri().toURL()}, null)) {
                return new SettingsReader(false, properties, environment)
                        .draft(new Deployment(loader, parameters, contextPath, false, false));
            }
        }
    }
}
