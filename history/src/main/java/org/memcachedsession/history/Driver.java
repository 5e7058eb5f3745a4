package org.memcachedsession.history;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;

/**
 * Sends what browsers would send, many requests at once, to nodes that run the WAR which belongs to it,
 * and takes down the history. Below {@code api/} of a node's URL that WAR answers
 *
 * <ul>
 *   <li>{@code GET read}: looks at all beans and creates none
 *   <li>{@code POST write?beans=0,2&tag=…&work=…&body=…}: looks at these beans, works on for so many
 *       microseconds, writes the tag into them and answers with so many characters
 *   <li>{@code POST write-and-redirect?…}: the same, and answers 303
 *   <li>{@code POST end}: ends the session
 *   <li>{@code GET idle}: uses no bean
 * </ul>
 *
 * with a header {@code History} of the session's fingerprint, its origin and the beans as they were
 * before, each as in {@link HistoryFormat}; or with 5xx if the outcome is open. The session cookie is
 * {@code sid}.
 */
public final class Driver {

    private final Plan plan;

    public Driver(Plan plan) {
        this.plan = plan;
    }

    /**
     * Runs new browsers against the nodes. Ends when the requests that are under way then are answered.
     *
     * @throws IllegalStateException a node answers something else than the WAR would
     */
    public History run(Duration duration) throws InterruptedException {
        long begin = System.nanoTime();
        return run(() -> System.nanoTime() - begin < duration.toNanos());
    }

    /**
     * @param goesOn asked by every lane of every browser before each of its requests
     */
    History run(BooleanSupplier goesOn) throws InterruptedException {
        // tells the values of this run from those of any other against the same nodes
        String run = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
        Clients clients = new Clients();
        ExecutorService threads = Executors.newFixedThreadPool(plan.browsers() * plan.requests());
        CompletionService<List<Operation>> lanes = new ExecutorCompletionService<>(threads);
        try {
            for (int number = 0; number < plan.browsers(); number++) {
                Browser browser = new Browser(number);
                for (int request = 0; request < plan.requests(); request++) {
                    long seed = plan.seed() * 1_000_003 + number * 1009L + request;
                    Lane lane = new Lane(plan, run, browser, clients, seed);
                    lanes.submit(() -> lane.run(goesOn));
                }
            }
            List<Operation> operations = new ArrayList<>();
            for (int lane = 0; lane < plan.browsers() * plan.requests(); lane++) {
                operations.addAll(lanes.take().get());
            }
            return History.of(operations);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause().getMessage(), e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }
}
