package org.memcachedsession.nodes;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What a process printed so far. */
record LogFile(Path path) {

    private static final Pattern EXCEPTION = Pattern.compile("[\\w.$]+(Exception|Error): ");
    private static final Pattern FRAME = Pattern.compile("\\s+at ");
    private static final int MESSAGE_LINES = 10;

    long size() {
        try {
            return Files.exists(path) ? Files.size(path) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The last lines, fewer if there are fewer. */
    String tail(int count) {
        List<String> lines = text(0).lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - count), lines.size()));
    }

    /** The first line that has the text, and lines after it; looked for from a byte position on. */
    Optional<String> excerpt(String marker, long from, int count) {
        List<String> lines = text(from).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).contains(marker)) {
                return Optional.of(
                        String.join("\n", lines.subList(i, Math.min(lines.size(), i + count))));
            }
        }
        return Optional.empty();
    }

    /**
     * What the stack traces say, without their frames; looked for from a byte position on. The first
     * is the earliest.
     */
    List<String> exceptions(long from) {
        List<String> lines = text(from).lines().toList();
        Set<String> messages = new LinkedHashSet<>();
        for (int i = 0; i < lines.size(); i++) {
            if (EXCEPTION.matcher(lines.get(i)).lookingAt()) {
                List<String> message =
                        lines.stream()
                                .skip(i)
                                .takeWhile(line -> !FRAME.matcher(line).lookingAt())
                                .limit(MESSAGE_LINES)
                                .toList();
                messages.add(String.join("\n", message));
            }
        }
        return List.copyOf(messages);
    }

    private String text(long from) {
        if (!Files.exists(path)) {
            return "";
        }
        try {
            byte[] bytes = Files.readAllBytes(path);
            int start = (int) Math.min(from, bytes.length);
            // not Files.readString: a half written character must not be an error
            return new String(bytes, start, bytes.length - start, UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
