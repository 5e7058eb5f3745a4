package org.memcachedsession.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.enterprise.concurrent.spi.ThreadContextProvider;
import jakarta.enterprise.concurrent.spi.ThreadContextRestorer;
import jakarta.enterprise.concurrent.spi.ThreadContextSnapshot;
import jakarta.enterprise.context.ContextNotActiveException;
import java.io.Serializable;
import java.time.Clock;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.context.ManagedExecutor;
import org.eclipse.microprofile.context.ThreadContext;
import org.eclipse.microprofile.context.spi.ContextManager;
import org.eclipse.microprofile.context.spi.ContextManagerProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.memcachedsession.LoggedMessages;
import org.memcachedsession.MemcachedSession;
import org.memcachedsession.MemcachedSessionScoped;
import org.memcachedsession.store.InMemorySessionStore;

/** A request whose tasks run on other threads. */
class OtherThreadsTest {

    private final InMemorySessionStore store =
            new InMemorySessionStore(Clock.systemUTC(), 1_000_000);
    private final TestNode node = TestNode.on(store, Clock.systemUTC()).beans(Tally.class).start();
    private final CookieJar browser = new CookieJar();
    private final Tally tally = node.bean(Tally.class);
    private final MemcachedSession session = node.bean(MemcachedSession.class);
    private final ExecutorService executor = Executors.newSingleThreadExecutor();

    @AfterEach
    void stop() {
        executor.shutdownNow();
        node.close();
    }

    private <T> T elsewhere(Callable<T> task) throws Exception {
        try {
            return executor.submit(task).get();
        } catch (ExecutionException e) {
            throw (Exception) e.getCause();
        }
    }

    private void assertThatTheThreadHasNothingLeft() throws Exception {
        assertThat(elsewhere(() -> node.sessions().current().get())).isNull();
        assertThat(elsewhere(session::isActive)).isFalse();
    }

    @Test
    void aCapturedTaskWorksOnTheInstancesOfItsRequestWhichSavesThem() throws Exception {
        node.request(
                browser,
                () -> {
                    tally.add();
                    return elsewhere(session.capture((Callable<Integer>) tally::add));
                });
        node.request(
                browser,
                () -> {
                    Runnable twice =
                            () -> {
                                tally.add();
                                tally.add();
                            };
                    return elsewhere(Executors.callable(session.capture(twice)));
                });

        assertThat(node.request(browser, tally::value)).isEqualTo(4);
        assertThatTheThreadHasNothingLeft();
    }

    @Test
    void aCapturedTaskThatThrowsLeavesNothingBehind() throws Exception {
        node.request(
                browser,
                () -> {
                    Callable<Void> task =
                            session.capture(
                                    () -> {
                                        tally.add();
                                        throw new IllegalStateException("the task fails");
                                    });
                    assertThatThrownBy(() -> elsewhere(task)).hasMessage("the task fails");
                    return null;
                });

        assertThat(node.request(browser, tally::value)).isOne();
        assertThatTheThreadHasNothingLeft();
    }

    @Test
    void aCapturedTaskOnTheThreadOfAnotherRequestGivesThatBack() throws Exception {
        CookieJar other = new CookieJar();
        node.run(
                browser,
                () -> {
                    tally.add();
                    Runnable captured = session.capture((Runnable) tally::add);
                    assertThat(
                                    run(
                                            () ->
                                                    node.request(
                                                            other,
                                                            () -> {
                                                                captured.run();
                                                                return tally.add();
                                                            })))
                            .isOne();
                });

        assertThat(node.request(browser, tally::value)).isEqualTo(2);
        assertThat(node.request(other, tally::value)).isOne();
    }

    private static <T> T run(Callable<T> task) {
        try {
            return task.call();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aCapturedTaskThatIsRunAfterTheRequestSaysThatItIsFinishedAndDoesNothing()
            throws Exception {
        boolean[] ran = new boolean[1];
        Runnable late =
                node.request(
                        browser,
                        () -> {
                            tally.add();
                            return session.capture(
                                    () -> {
                                        ran[0] = true;
                                    });
                        });

        assertThatThrownBy(() -> elsewhere(Executors.callable(late)))
                .isInstanceOf(ContextNotActiveException.class)
                .hasMessageContaining("request already finished");

        assertThat(ran[0]).isFalse();
        assertThatTheThreadHasNothingLeft();
    }

    @Test
    void aWarningSaysThatACapturedTaskHasOutlivedItsRequest() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        Future<?>[] task = new Future<?>[1];
        try (LoggedMessages logged = LoggedMessages.record()) {
            node.run(
                    browser,
                    () -> {
                        tally.add();
                        run(() -> elsewhere(Executors.callable(session.capture(() -> {}))));
                        task[0] =
                                executor.submit(
                                        session.capture(
                                                () -> {
                                                    tally.add();
                                                    begun.countDown();
                                                    over.await();
                                                    return null;
                                                }));
                        run(() -> begun.await(20, TimeUnit.SECONDS));
                    });
            assertThat(logged.warnings()).isEmpty();
            over.countDown();
            task[0].get(20, TimeUnit.SECONDS);

            assertThat(logged.warnings())
                    .singleElement()
                    .asString()
                    .contains("MemcachedSession.capture", "lost");
        }
        assertThat(node.request(browser, tally::value)).isEqualTo(2);
        assertThatTheThreadHasNothingLeft();
    }

    @Test
    void whatACapturedTaskDoesAfterTheEndOfTheRequestIsRefusedAndNotStored() throws Exception {
        Runnable[] second = new Runnable[1];
        node.run(
                browser,
                () -> {
                    tally.add();
                    CapturedRequest captured =
                            node.container()
                                    .getBeanManager()
                                    .getExtension(MemcachedSessionExtension.class)
                                    .captureIfAny()
                                    .orElseThrow();
                    second[0] =
                            () -> {
                                try (var binding = captured.bind()) {
                                    tally.add();
                                }
                            };
                });

        assertThatThrownBy(() -> elsewhere(Executors.callable(second[0])))
                .isInstanceOf(ContextNotActiveException.class);

        assertThat(node.request(browser, tally::value)).isOne();
    }

    @Test
    void withoutARequestThereIsNothingToCapture() {
        assertThatThrownBy(() -> session.capture(() -> {}))
                .isInstanceOf(ContextNotActiveException.class)
                .hasMessageContaining("MemcachedSession.capture");
    }

    // ---- Jakarta Concurrency

    private static ThreadContextProvider concurrencyProvider() {
        return StreamSupport.stream(
                        ServiceLoader.load(ThreadContextProvider.class).spliterator(), false)
                .filter(provider -> provider.getThreadContextType().equals("MemcachedSession"))
                .findFirst()
                .orElseThrow();
    }

    private static <T> Callable<T> with(ThreadContextSnapshot snapshot, Callable<T> task) {
        return () -> {
            ThreadContextRestorer restorer = snapshot.begin();
            try {
                return task.call();
            } finally {
                restorer.endContext();
            }
        };
    }

    @Test
    void theProviderForJakartaConcurrencyHandsTheRequestOn() throws Exception {
        int counted =
                node.request(
                        browser,
                        () -> {
                            tally.add();
                            ThreadContextSnapshot snapshot =
                                    concurrencyProvider().currentContext(Map.of());
                            return elsewhere(with(snapshot, tally::add));
                        });

        assertThat(counted).isEqualTo(2);
        assertThat(node.request(browser, tally::value)).isEqualTo(2);
        assertThatTheThreadHasNothingLeft();
    }

    @Test
    void aTaskOfSomebodyWithoutARequestGetsNone() throws Exception {
        ThreadContextSnapshot none = concurrencyProvider().currentContext(Map.of());
        node.run(
                browser,
                () -> {
                    tally.add();
                    assertThat(run(with(none, session::isActive))).isFalse();
                    assertThat(session.isActive()).isTrue();
                });
    }

    @Test
    void aClearedContextHidesTheRequest() throws Exception {
        node.run(
                browser,
                () -> {
                    ThreadContextSnapshot cleared = concurrencyProvider().clearedContext(Map.of());
                    assertThat(run(with(cleared, session::isActive))).isFalse();
                    assertThat(session.isActive()).isTrue();
                });
    }

    @Test
    void aTaskThatOutlivesItsRequestGoesOnWithoutTheSession() throws Exception {
        ThreadContextSnapshot snapshot =
                node.request(
                        browser,
                        () -> {
                            tally.add();
                            return concurrencyProvider().currentContext(Map.of());
                        });

        assertThat(elsewhere(with(snapshot, session::isActive))).isFalse();
        assertThatThrownBy(() -> elsewhere(with(snapshot, session::exists)))
                .isInstanceOf(ContextNotActiveException.class)
                .hasMessageContaining("request already finished");
        assertThatThrownBy(() -> elsewhere(with(snapshot, tally::add)))
                .isInstanceOf(ContextNotActiveException.class);
        assertThat(node.request(browser, tally::value)).isOne();
    }

    @Test
    void anApplicationWithoutTheScopeIsNotDisturbed() throws Exception {
        node.close();
        ThreadContextSnapshot snapshot = concurrencyProvider().currentContext(Map.of());

        assertThat(elsewhere(with(snapshot, () -> "done"))).isEqualTo("done");
    }

    // ---- MicroProfile Context Propagation

    @Test
    void theProviderForMicroProfileHandsTheRequestOnUnlessToldNotTo() throws Exception {
        ContextManager manager =
                ContextManagerProvider.instance()
                        .getContextManagerBuilder()
                        .withThreadContextProviders(new MicroProfileContextProvider())
                        .build();
        ManagedExecutor propagating =
                manager.newManagedExecutorBuilder().propagated("MemcachedSession").build();
        ThreadContext clearing =
                manager.newThreadContextBuilder()
                        .propagated()
                        .cleared(ThreadContext.ALL_REMAINING)
                        .unchanged()
                        .build();
        try {
            node.run(
                    browser,
                    () -> {
                        tally.add();
                        assertThat(propagating.supplyAsync(tally::add).join()).isEqualTo(2);
                        assertThat(run(clearing.contextualCallable(session::isActive))).isFalse();
                    });

            assertThat(node.request(browser, tally::value)).isEqualTo(2);
        } finally {
            propagating.shutdownNow();
        }
    }

    @Test
    void microProfileFindsTheProvider() {
        assertThat(
                        ServiceLoader.load(
                                org.eclipse.microprofile.context.spi.ThreadContextProvider.class))
                .anySatisfy(
                        provider ->
                                assertThat(provider.getThreadContextType())
                                        .isEqualTo("MemcachedSession"));
    }

    @MemcachedSessionScoped
    static class Tally implements Serializable {

        private static final long serialVersionUID = 1L;

        private int value;

        int add() {
            return ++value;
        }

        int value() {
            return value;
        }
    }
}
