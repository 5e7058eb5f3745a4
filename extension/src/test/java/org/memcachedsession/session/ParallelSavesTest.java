package org.memcachedsession.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.RepeatedTest;

/** Many requests of one session that are saved at the same moment. */
class ParallelSavesTest extends RulesFixture {

    private static final int REQUESTS = 50;

    @RepeatedTest(5)
    void fiftyRequestsThatEachChangeABeanOfTheirOwnLoseNothing() throws Exception {
        SessionId id = sessionWith("book");
        CyclicBarrier allHaveLoaded = new CyclicBarrier(REQUESTS);
        ExecutorService requests = Executors.newFixedThreadPool(REQUESTS);
        List<Future<?>> saves = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            BeanKey key = new BeanKey("class Bean" + i);
            saves.add(
                    requests.submit(
                            () -> {
                                UnitOfWork unit = node().begin(List.of(id));
                                text(unit, key).value = "changed";
                                allHaveLoaded.await();
                                unit.save();
                                unit.close();
                                return null;
                            }));
        }
        requests.shutdown();
        for (Future<?> save : saves) {
            save.get();
        }

        for (int i = 0; i < REQUESTS; i++) {
            assertThat(stored(id, new BeanKey("class Bean" + i))).isEqualTo("changed");
        }
    }
}
