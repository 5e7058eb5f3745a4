package org.memcachedsession.benchmarks.requests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Sends requests for sessions over connections that stay open, each from a thread of its own and
 * one after the other. Every session belongs to one connection, which goes round its sessions: no two requests of
 * a session meet, and so it is known what each has to answer.
 */
final class LoadGenerator {

    private static final int WRITE_OF_MIX = 10;
    private static final int MANY_ERRORS = 1000;

    private final URI application;
    private final List<MeasuredSession> sessions;

    private LoadGenerator(URI application, List<MeasuredSession> sessions) {
        this.application = application;
        this.sessions = List.copyOf(sessions);
    }

    /**
     * Begins the sessions.
     *
     * @param kept whether anybody keeps sessions
     */
    static LoadGenerator begin(URI application, boolean kept, int sessions, int items) {
        List<MeasuredSession> begun = new ArrayList<>();
        try (HttpConnection connection = new HttpConnection(application.getPort())) {
            for (int i = 0; i < sessions; i++) {
                begun.add(MeasuredSession.begin(connection, application, kept, items));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new LoadGenerator(application, begun);
    }

    /**
     * Reads every session at another node.
     *
     * @throws MeasurementException that one does not have what this one was told
     */
    void requireAt(URI other) {
        try (HttpConnection connection = new HttpConnection(other.getPort())) {
            for (MeasuredSession session : sessions) {
                session.requireAt(other, connection);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** So many requests, or some more. */
    Load warmUp(RequestPath path, int connections, int requests) {
        int each = (requests + connections - 1) / connections;
        return run(path, connections, each, Long.MAX_VALUE);
    }

    /** For so long. */
    Load run(RequestPath path, int connections, Duration duration) {
        return run(path, connections, Long.MAX_VALUE, duration.toNanos());
    }

    private Load run(RequestPath path, int connections, long most, long nanos) {
        if (connections > sessions.size()) {
            throw new IllegalArgumentException("a connection would have no session");
        }
        ExecutorService threads = Executors.newFixedThreadPool(connections);
        try {
            List<Future<Load>> futures = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                List<MeasuredSession> own = new ArrayList<>();
                for (int s = i; s < sessions.size(); s += connections) {
                    own.add(sessions.get(s));
                }
                futures.add(threads.submit(() -> send(path, own, most, nanos, connections == 1)));
            }
            Load all = new Load(0, 0, 0, new long[0]);
            for (Future<Load> future : futures) {
                all = all.plus(future.get());
            }
            return all;
        } catch (ExecutionException e) {
            throw new MeasurementException("the load cannot be made: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MeasurementException("interrupted", e);
        } finally {
            threads.shutdownNow();
        }
    }

    private Load send(
            RequestPath path,
            List<MeasuredSession> own,
            long most,
            long nanos,
            boolean withLatencies)
            throws IOException {
        long[] latencies = new long[withLatencies ? 1024 : 0];
        int requests = 0;
        int errors = 0;
        try (HttpConnection connection = new HttpConnection(application.getPort())) {
            long start = System.nanoTime();
            long before = start;
            while (requests < most && before - start < nanos) {
                boolean right =
                        own.get(requests % own.size()).send(next(path, requests), connection);
                long after = System.nanoTime();
                if (withLatencies) {
                    if (requests == latencies.length) {
                        latencies = Arrays.copyOf(latencies, latencies.length * 2);
                    }
                    latencies[requests] = after - before;
                }
                before = after;
                requests++;
                if (!right && ++errors >= MANY_ERRORS) {
                    throw new MeasurementException(
                            "%d of %d answers to %s were wrong"
                                    .formatted(errors, requests, path.id()));
                }
            }
            long[] taken = Arrays.copyOf(latencies, withLatencies ? requests : 0);
            return new Load(requests, errors, before - start, taken);
        }
    }

    private static RequestPath next(RequestPath path, int number) {
        if (path != RequestPath.MIX) {
            return path;
        }
        return number % WRITE_OF_MIX == WRITE_OF_MIX - 1 ? RequestPath.WRITE : RequestPath.READ;
    }
}
