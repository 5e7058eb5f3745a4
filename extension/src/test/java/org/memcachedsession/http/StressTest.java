package org.memcachedsession.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * Whatever goes wrong, and beside what: no thread is left bound, no unit of work stays open, and nobody
 * sees what is foreign or older than what was acknowledged. A few thousand requests by chance; {@code
 * -Pstress} has a hundred thousand for each server. A seed says who does what, not what meets what, so a
 * failure may need some runs to come back:
 *
 * <pre>
 * -Dstress.seed=4711           those of a run that failed
 * -Dstress.requests=1000000    more of them
 * </pre>
 */
class StressTest extends ServletTest {

    private static final int THREADS = 8;
    private static final int USERS_PER_THREAD = 4;

    /** Between two rounds nothing is open; each has users of its own. */
    private static final int REQUESTS_PER_ROUND = 4_000;

    /** So late that only a test that fails sees it. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(40);

    @Override
    int workers() {
        return THREADS;
    }

    @Test
    void nothingIsLeftBoundOrOpenAndNobodySeesWhatIsForeignOrStale() throws Exception {
        int requests = Integer.getInteger("stress.requests", REQUESTS_PER_ROUND);
        int seed = Integer.getInteger("stress.seed", ThreadLocalRandom.current().nextInt());
        System.out.printf("stress on %s: %d requests, -Dstress.seed=%d%n", kind, requests, seed);
        for (int done = 0; done < requests; done += REQUESTS_PER_ROUND) {
            play(Math.min(REQUESTS_PER_ROUND, requests - done), new SplittableRandom(seed + done));
        }
    }

    private void play(int requests, SplittableRandom random) throws Exception {
        site.reset(settings -> {});
        Queue<String> faults = new ConcurrentLinkedQueue<>();
        try (StressApplication application = new StressApplication(site, faults::add)) {
            List<StressDeed> deeds = StressDeed.shuffled(requests, random);
            ExecutorService threads = Executors.newFixedThreadPool(THREADS);
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                List<StressDeed> share =
                        deeds.subList(i * requests / THREADS, (i + 1) * requests / THREADS);
                SplittableRandom own = random.split();
                String name = "thread" + i;
                running.add(
                        threads.submit(
                                () -> act(name, share, own, faults, application::hasTimedOut)));
            }
            threads.shutdown();
            for (Future<?> thread : running) {
                thread.get();
            }
            awaitTheEndOfAllRequests();
        }
        assertThat(faults).isEmpty();
        assertThat(site.leftBound()).isEmpty();
    }

    private Void act(
            String name,
            List<StressDeed> deeds,
            SplittableRandom random,
            Queue<String> faults,
            Predicate<StressApplication.Visit> hasTimedOut)
            throws Exception {
        List<StressUser> users = new ArrayList<>();
        for (int i = 0; i < USERS_PER_THREAD; i++) {
            users.add(new StressUser(name + '.' + i, site, kind, random, faults::add, hasTimedOut));
        }
        for (StressDeed deed : deeds) {
            users.get(random.nextInt(USERS_PER_THREAD)).act(deed);
        }
        return null;
    }

    /** Requests whose client is gone may go on for a while, and others may wait for their time-out. */
    private void awaitTheEndOfAllRequests() throws Exception {
        long begin = System.nanoTime();
        do {
            site.assemble();
            if (System.nanoTime() - begin > PATIENCE_NANOS) {
                assertThat(site.open()).as("open units of work, by path").isEmpty();
            }
        } while (!site.open().isEmpty());
        site.assemble(); // the last one's listeners are through
    }
}
