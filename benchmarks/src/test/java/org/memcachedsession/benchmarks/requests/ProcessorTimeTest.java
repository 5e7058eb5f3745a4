package org.memcachedsession.benchmarks.requests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessorTimeTest {

    @TempDir private Path threads;

    @Test
    void compilersAreToldByTheirNamesAndTheirTimesAreUserAndSystem() throws IOException {
        thread(1, "C2 CompilerThre", 700, 30);
        thread(2, "C1 CompilerThre", 20, 1);
        thread(3, "http-thread) 7 (", 5000, 400);
        thread(4, "GC Thread#0", 300, 20);

        assertThat(ProcessorTime.compilerMicros(threads)).isEqualTo(7_510_000);
    }

    @Test
    void whereThreadsDoNotTellNothingIsTakenAway() {
        assertThat(ProcessorTime.compilerMicros(threads.resolve("absent"))).isZero();
    }

    @Test
    void thisJvmHasSpentTimeBesidesItsCompilers() {
        long pid = ProcessHandle.current().pid();

        assertThat(ProcessorTime.microsWithoutCompilers(pid))
                .isBetween(1L, ProcessorTime.micros(pid));
    }

    private void thread(int id, String name, int user, int system) throws IOException {
        Path directory = Files.createDirectory(threads.resolve(Integer.toString(id)));
        Files.writeString(
                directory.resolve("stat"),
                id
                        + " ("
                        + name
                        + ") S 1 1 1 0 -1 4194368 9 0 0 0 "
                        + user
                        + " "
                        + system
                        + " 0 0 20 0 30 0 55 0\n",
                UTF_8);
    }
}
