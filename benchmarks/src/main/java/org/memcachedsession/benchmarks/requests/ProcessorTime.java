package org.memcachedsession.benchmarks.requests;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * The time that processes have spent on processors, in user and system mode. It comes in steps of 10 ms on
 * Linux: what is measured has to take seconds.
 */
final class ProcessorTime {

    private static final long MICROS_PER_TICK = 10_000;

    // proc(5), /proc/pid/stat: utime and stime, counted from the field behind the name
    private static final int USER = 11;
    private static final int SYSTEM = 12;

    private ProcessorTime() {}

    /**
     * @throws MeasurementException the process has ended, or this system does not tell
     */
    static long micros(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .map(Duration::toNanos)
                .map(nanos -> nanos / 1000)
                .orElseThrow(
                        () ->
                                new MeasurementException(
                                        "the processor time of process "
                                                + pid
                                                + " cannot be had: it has ended, or this system"
                                                + " does not tell"));
    }

    /**
     * Without what the compilers of a JVM take, which no longer have anything to do once it has run for long
     * enough; on Linux, where threads tell. Their number must not change meanwhile.
     *
     * @throws MeasurementException as {@link #micros}
     */
    static long microsWithoutCompilers(long pid) {
        return micros(pid) - compilerMicros(Path.of("/proc", Long.toString(pid), "task"));
    }

    /**
     * @param threads the directory of a process that has one for each thread
     */
    static long compilerMicros(Path threads) {
        if (!Files.isDirectory(threads)) {
            return 0;
        }
        try (Stream<Path> all = Files.list(threads)) {
            return all.mapToLong(ProcessorTime::microsOfCompiler).sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long microsOfCompiler(Path thread) {
        try {
            String stat = Files.readString(thread.resolve("stat"), UTF_8);
            int nameEnd = stat.lastIndexOf(')');
            String name = stat.substring(stat.indexOf('(') + 1, nameEnd);
            if (!name.startsWith("C1 Compiler") && !name.startsWith("C2 Compiler")) {
                return 0;
            }
            List<String> rest = List.of(stat.substring(nameEnd + 2).split(" "));
            long ticks = Long.parseLong(rest.get(USER)) + Long.parseLong(rest.get(SYSTEM));
            return ticks * MICROS_PER_TICK;
        } catch (NoSuchFileException ended) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
