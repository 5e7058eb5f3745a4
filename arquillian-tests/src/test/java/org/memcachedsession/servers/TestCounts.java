package org.memcachedsession.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/** Tells at the end how many tests ran on which server, on the console and in a file. */
public final class TestCounts implements TestExecutionListener {

    private final AtomicInteger passed = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicInteger skipped = new AtomicInteger();

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        switch (result.getStatus()) {
            case SUCCESSFUL -> {
                if (test.isTest()) {
                    passed.incrementAndGet();
                }
            }
            // a class that could not be deployed counts, too
            case FAILED -> failed.incrementAndGet();
            case ABORTED -> skipped.incrementAndGet();
        }
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        skipped.incrementAndGet();
    }

    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        String server = System.getProperty("tests.on");
        String line =
                "%s: %d passed, %d failed, %d skipped%n"
                        .formatted(server, passed.get(), failed.get(), skipped.get());
        System.out.print("==== " + line);
        try {
            Path directory = Path.of(System.getProperty("counts.directory"));
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("counts of " + server + ".txt"), line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
