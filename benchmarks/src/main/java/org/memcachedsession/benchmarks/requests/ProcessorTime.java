package org.memcachedsession.benchmarks.requests;

import java.time.Duration;

/**
 * The time that processes have spent on processors, in user and system mode. It comes in steps of 10 ms on
 * Linux: what is measured has to take seconds.
 */
final class ProcessorTime {

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
}
