package org.memcachedsession.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The file descriptors of this JVM, where the operating system shows them; else none. */
final class Descriptors {

    private static final Path OWN = Path.of("/proc/self/fd");

    private Descriptors() {}

    static long all() throws IOException {
        return list().size();
    }

    static long sockets() throws IOException {
        return list().stream().filter(target -> target.startsWith("socket:")).count();
    }

    /** What a selector holds. */
    static long polls() throws IOException {
        return list().stream().filter(target -> target.contains("eventpoll")).count();
    }

    private static List<String> list() throws IOException {
        if (!Files.isDirectory(OWN)) {
            return List.of();
        }
        try (Stream<Path> open = Files.list(OWN)) {
            return open.map(Descriptors::target).toList();
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }
}
