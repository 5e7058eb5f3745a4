package org.memcachedsession.servers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the server under test, or a part of it, has logged since this was made. */
public final class ServerLog {

    private final Path file;
    private final int start;

    private ServerLog(Path file) {
        this.file = file;
        start = bytes().length;
    }

    public static ServerLog fromNow() {
        return fromNow(Path.of(System.getProperty("server.log")));
    }

    /** Of a log that a test has the server write besides its own. */
    public static ServerLog fromNow(Path file) {
        return new ServerLog(file);
    }

    public String text() {
        byte[] all = bytes();
        int begin = Math.min(start, all.length); // the server begins a new file now and then
        return new String(all, begin, all.length - begin, UTF_8);
    }

    private byte[] bytes() {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
