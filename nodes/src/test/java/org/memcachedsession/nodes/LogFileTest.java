package org.memcachedsession.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {

    @TempDir Path directory;

    @Test
    void theTailIsTheLastLines() throws IOException {
        assertThat(log("a\nb\nc\n").tail(2)).isEqualTo("b\nc");
    }

    @Test
    void theTailOfAShortLogIsAllOfIt() throws IOException {
        assertThat(log("a\nb").tail(5)).isEqualTo("a\nb");
    }

    @Test
    void aLogThatNobodyWroteIsEmpty() {
        LogFile log = new LogFile(directory.resolve("none"));

        assertThat(log.tail(5)).isEmpty();
        assertThat(log.size()).isZero();
    }

    @Test
    void theExcerptBeginsWithTheLineThatHasTheMarker() throws IOException {
        assertThat(log("start\nit failed: x\nat y\nat z\n").excerpt("failed", 0, 2))
                .contains("it failed: x\nat y");
    }

    @Test
    void theMarkerOfAnEarlierStartIsNotFound() throws IOException {
        LogFile log = log("failed\n");
        long size = log.size();
        Files.writeString(log.path(), "failed\nready\n");

        assertThat(log.excerpt("failed", size, 2)).isEmpty();
        assertThat(log.excerpt("ready", size, 2)).contains("ready");
    }

    @Test
    void exceptionsAreTheirMessagesWithoutFrames() throws IOException {
        LogFile log =
                log(
                        "start\norg.example.BadException: 2 mistakes:\n  one\n  two\n\tat org.example.A.a(A.java:1)\nmore\n"
                                + "java.lang.Error: again\n\tat b\njava.lang.Error: again\n\tat c\n");

        assertThat(log.exceptions(0))
                .containsExactly(
                        "org.example.BadException: 2 mistakes:\n  one\n  two",
                        "java.lang.Error: again");
    }

    @Test
    void halfACharacterIsNoError() throws IOException {
        Path file = directory.resolve("log");
        Files.write(file, new byte[] {'a', '\n', (byte) 0xc3});

        assertThat(new LogFile(file).tail(2)).startsWith("a\n");
    }

    private LogFile log(String content) throws IOException {
        return new LogFile(Files.writeString(directory.resolve("log"), content));
    }
}
