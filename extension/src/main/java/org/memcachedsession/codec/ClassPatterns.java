package org.memcachedsession.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Names of classes, each whole or with a {@code *} at its end for any text. */
final class ClassPatterns {

    private final Set<String> names = new HashSet<>();
    private final List<String> beginnings = new ArrayList<>();

    ClassPatterns(Collection<String> patterns) {
        for (String pattern : patterns) {
            if (pattern.endsWith("*")) {
                beginnings.add(pattern.substring(0, pattern.length() - 1));
            } else {
                names.add(pattern);
            }
        }
    }

    /** One pattern a line; empty lines and those that begin with # say nothing. */
    static ClassPatterns ofResource(String name) {
        try (InputStream in = ClassPatterns.class.getResourceAsStream(name)) {
            return new ClassPatterns(
                    new String(in.readAllBytes(), UTF_8)
                            .lines()
                            .map(String::strip)
                            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean match(String name) {
        return names.contains(name) || beginnings.stream().anyMatch(name::startsWith);
    }
}
