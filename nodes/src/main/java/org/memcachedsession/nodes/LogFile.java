package org.memcachedsession.nodes;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What a process printed so far. */
record LogFile(Path path) {

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
