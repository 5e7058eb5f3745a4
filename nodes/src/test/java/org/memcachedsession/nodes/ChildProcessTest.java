package org.memcachedsession.nodes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ChildProcessTest {

    @TempDir Path directory;

    @Test
    @DisabledOnOs(
            value = OS.WINDOWS,
            disabledReason = "there is no signal that asks a process to end")
    void aChildEndsWhenItsParentIsAskedToEnd() throws Exception {
        Path pidFile = directory.resolve("pid");
        Process parent =
                new ProcessBuilder(java(ParentJvm.class, pidFile.toString()))
                        .redirectErrorStream(true)
                        .start();
        try (var out = new BufferedReader(new InputStreamReader(parent.getInputStream(), UTF_8))) {
            assertThat(out.readLine()).isEqualTo("child started");
            ProcessHandle child =
                    ProcessHandle.of(Long.parseLong(Files.readString(pidFile))).orElseThrow();

            parent.destroy();

            assertThat(parent.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(child.isAlive()).isFalse();
        } finally {
            parent.destroyForcibly();
        }
    }

    @Test
    void aClosedChildHasEnded() {
        ChildProcess child =
                ChildProcess.start(
                        java(ParentJvm.ChildJvm.class), directory, directory.resolve("log"));
        assertThat(child.isAlive()).isTrue();

        child.close();
        child.close();

        assertThat(child.isAlive()).isFalse();
    }

    @Test
    void aMissingProgramIsNamed() {
        assertThatThrownBy(
                        () ->
                                ChildProcess.start(
                                        List.of("no-such-program", "-x"),
                                        directory,
                                        directory.resolve("log")))
                .isInstanceOf(NodeException.class)
                .hasMessage("cannot start no-such-program -x");
    }

    private static List<String> java(Class<?> main, String... arguments) {
        String classPath = System.getProperty("java.class.path");
        List<String> command =
                new ArrayList<>(
                        List.of(
                                ServerNode.javaCommand().toString(),
                                "-cp",
                                classPath,
                                main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }
}
