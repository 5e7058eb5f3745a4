package org.memcachedsession.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.ContextNotActiveException;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.context.spi.CreationalContext;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Stereotype;
import jakarta.enterprise.inject.Vetoed;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.interceptor.InterceptorBinding;
import java.io.Serializable;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memcachedsession.LoggedMessages;
import org.memcachedsession.MemcachedSession;
import org.memcachedsession.MemcachedSessionScoped;
import org.memcachedsession.RotateSessionId;
import org.memcachedsession.SlidingExpiry;
import org.memcachedsession.session.SessionId;
import org.memcachedsession.session.SetClock;
import org.memcachedsession.store.InMemorySessionStore;

/** What calls of a method do to the time that the session lives. */
class SlidingExpiryTest {

    private static final Duration IDLE = Duration.ofMinutes(30); // of the settings
    private static final Duration ABSOLUTE = Duration.ofHours(12);

    private final SetClock clock = new SetClock();
    private final InMemorySessionStore store = new InMemorySessionStore(clock, 1_000_000);
    private final TestNode node =
            TestNode.on(store, clock)
                    .beans(
                            Cart.class,
                            Calls.class,
                            Polls.class,
                            InheritedPolls.class,
                            StereotypedPolls.class,
                            BoundPolls.class,
                            Products.class)
                    .start();
    private final CookieJar browser = new CookieJar();
    private final Cart cart = node.bean(Cart.class);
    private final Calls calls = node.bean(Calls.class);
    private final Polls polls = node.bean(Polls.class);
    private final MemcachedSession session = node.bean(MemcachedSession.class);

    @BeforeEach
    void putSomethingIntoTheCart() throws Exception {
        node.run(browser, cart::add);
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private boolean lives() throws Exception {
        return StoredSession.find(browser, store).isPresent();
    }

    private Duration idleTimeout() throws Exception {
        return node.request(browser, () -> session.idleTimeout().orElseThrow());
    }

    private Instant absoluteEnd() throws Exception {
        return node.request(browser, () -> session.absoluteEnd().orElseThrow());
    }

    /** Calls it once a minute, until the session is over or has lived much longer than its idle time. */
    private Duration livesWith(Runnable request) throws Exception {
        Instant start = clock.instant();
        while (lives() && clock.instant().isBefore(start.plus(IDLE.multipliedBy(3)))) {
            clock.advance(Duration.ofMinutes(1));
            node.run(browser, request);
        }
        return Duration.between(start, clock.instant());
    }

    // ---- polls

    @Test
    void callsOfAPollDoNotKeepTheSessionAlive() throws Exception {
        assertThat(livesWith(calls::poll)).isEqualTo(IDLE);
    }

    @Test
    void callsOfAnythingElseDo() throws Exception {
        assertThat(livesWith(calls::lookAround)).isGreaterThan(IDLE);
        assertThat(livesWith(calls::like)).isGreaterThan(IDLE);
    }

    @Test
    void aPollDoesNotWhateverElseItsRequestDoes() throws Exception {
        clock.advance(IDLE.minusSeconds(1));
        node.run(
                browser,
                () -> {
                    cart.add();
                    calls.poll();
                    calls.like();
                    cart.add();
                });
        assertThat(lives()).isTrue();

        clock.advance(Duration.ofSeconds(1));
        assertThat(lives()).isFalse();
    }

    @Test
    void whatAPollChangesIsStored() throws Exception {
        node.run(
                browser,
                () -> {
                    calls.poll();
                    cart.add();
                });

        assertThat(node.request(browser, cart::size)).isEqualTo(2);
    }

    @Test
    void aPollThatFailsDoesNotEither() throws Exception {
        Duration lived =
                livesWith(
                        () ->
                                assertThatThrownBy(calls::pollInVain)
                                        .isInstanceOf(IllegalArgumentException.class));

        assertThat(lived).isEqualTo(IDLE);
    }

    @Test
    void onAMethodItTakesThePlaceOfTheOneOnItsClass() throws Exception {
        assertThat(livesWith(polls::user)).isGreaterThan(IDLE);
        assertThat(livesWith(polls::poll)).isEqualTo(IDLE);
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                Polls.class,
                InheritedPolls.class,
                StereotypedPolls.class,
                BoundPolls.class,
                FactoryPolls.class
            })
    void itIsFoundWhereverItComesFrom(Class<? extends Plain> type) throws Exception {
        Plain bean = node.bean(type);

        assertThat(livesWith(bean::poll)).isEqualTo(IDLE);
    }

    @Test
    void aMethodOfASuperclassHasItToo() throws Exception {
        assertThat(livesWith(node.bean(InheritedPolls.class)::user)).isGreaterThan(IDLE);
        assertThat(livesWith(node.bean(InheritedPolls.class)::poll)).isEqualTo(IDLE);
    }

    @Test
    void withoutARequestAPollIsJustACall() {
        assertThat(calls.pollAnything()).isEqualTo("anything");
    }

    // ---- times of its own

    @Test
    void aSessionThatIsToBeRememberedLivesByItsOwnTimes() throws Exception {
        Instant now = clock.instant();
        node.run(browser, () -> calls.remember(true));

        assertThat(idleTimeout()).isEqualTo(Duration.ofDays(14));
        assertThat(absoluteEnd()).isEqualTo(now.plus(Duration.ofDays(90)));
        for (int i = 0; i < 6; i++) {
            clock.advance(Duration.ofDays(14).minusSeconds(1));
            assertThat(node.request(browser, cart::size)).isOne();
        }
        clock.advance(Duration.ofDays(14));
        assertThat(lives()).isFalse();
    }

    @Test
    void noCallMovesItsAbsoluteEnd() throws Exception {
        Instant end = clock.instant().plus(Duration.ofDays(90));
        node.run(browser, () -> calls.remember(true));
        while (clock.instant().plus(Duration.ofDays(13)).isBefore(end)) {
            clock.advance(Duration.ofDays(13));
            assertThat(node.request(browser, cart::size)).isOne();
        }
        clock.advance(Duration.between(clock.instant(), end));

        assertThat(node.request(browser, session::exists)).isFalse();
    }

    @Test
    void oneOfTheTimesLeavesTheOther() throws Exception {
        Instant created = clock.instant();
        node.run(browser, calls::shorten);
        assertThat(idleTimeout()).isEqualTo(Duration.ofMinutes(5));
        assertThat(absoluteEnd()).isEqualTo(created.plus(ABSOLUTE));

        clock.advance(Duration.ofMinutes(5));
        assertThat(lives()).isFalse();
    }

    @Test
    void theTimesCountForASessionThatBeginsLaterInTheRequest() throws Exception {
        CookieJar stranger = new CookieJar();
        node.run(
                stranger,
                () -> {
                    calls.remember(true);
                    cart.add();
                });
        clock.advance(Duration.ofDays(13));

        assertThat(node.request(stranger, cart::size)).isOne();
    }

    @Test
    void aCallThatHasNotSucceededLeavesTheTimes() throws Exception {
        node.run(
                browser,
                () -> {
                    calls.remember(false);
                    assertThatThrownBy(calls::shortenInVain)
                            .isInstanceOf(IllegalArgumentException.class);
                    calls.shortenLater(
                            CompletableFuture.failedFuture(new IllegalArgumentException()));
                });

        assertThat(idleTimeout()).isEqualTo(IDLE);
    }

    @Test
    void aStageCountsWhenItCompletes() throws Exception {
        node.run(
                browser,
                () -> {
                    CompletableFuture<Object> later = new CompletableFuture<>();
                    CompletionStage<Object> stage = calls.shortenLater(later);
                    assertThat(session.idleTimeout()).contains(IDLE);
                    CompletableFuture<Duration> seen =
                            stage.thenApply(done -> session.idleTimeout().orElseThrow())
                                    .toCompletableFuture();
                    later.complete("done");
                    assertThat(seen.join()).isEqualTo(Duration.ofMinutes(5));
                });

        assertThat(idleTimeout()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void aStageThatCompletesAfterTheRequestIsAnErrorInTheLogAndLeavesTheTimes() throws Exception {
        CompletableFuture<Object> later = new CompletableFuture<>();
        node.run(browser, () -> calls.shortenLater(later));
        try (LoggedMessages log = LoggedMessages.record()) {
            later.complete("done");
            assertThat(log.warnings())
                    .singleElement(STRING)
                    .contains(
                            "Calls.shortenLater",
                            "the session keeps its timeouts",
                            "request already finished");
        }
        assertThat(idleTimeout()).isEqualTo(IDLE);
    }

    @Test
    void withinATransactionTheTimesCountWithTheCommit() throws Exception {
        try (TestTransactions transactions = TestTransactions.open()) {
            node.run(
                    browser,
                    () -> {
                        transactions.begin();
                        calls.shorten();
                        transactions.rollBack();
                    });
            assertThat(idleTimeout()).isEqualTo(IDLE);
            node.run(
                    browser,
                    () -> {
                        transactions.begin();
                        calls.shorten();
                        transactions.commit();
                    });
            assertThat(idleTimeout()).isEqualTo(Duration.ofMinutes(5));
        }
    }

    @Test
    void aLoginThatIsToBeRememberedGivesANewIdAndLivesFromThereOn() throws Exception {
        SessionId before = browser.id().orElseThrow();
        clock.advance(Duration.ofMinutes(20));
        Instant login = clock.instant();
        node.run(browser, calls::loginAndRemember);

        assertThat(browser.id().orElseThrow()).isNotEqualTo(before);
        assertThat(idleTimeout()).isEqualTo(Duration.ofDays(14));
        assertThat(absoluteEnd()).isEqualTo(login.plus(Duration.ofDays(90)));
    }

    @Test
    void onAThreadWithoutARequestTimesAreRefusedBeforeAnythingHappens() {
        assertThatThrownBy(calls::shortenInVain).isInstanceOf(ContextNotActiveException.class);
    }

    // ---- beans

    @MemcachedSessionScoped
    static class Cart implements Serializable {
        private static final long serialVersionUID = 1L;
        private int size;

        void add() {
            size++;
        }

        int size() {
            return size;
        }
    }

    @ApplicationScoped
    static class Calls {

        void lookAround() {}

        @SlidingExpiry
        void like() {}

        @SlidingExpiry(extend = false)
        void poll() {}

        @SlidingExpiry(extend = false)
        String pollAnything() {
            return "anything";
        }

        @SlidingExpiry(extend = false)
        void pollInVain() {
            throw new IllegalArgumentException();
        }

        @SlidingExpiry(idle = "P14D", absolute = "P90D")
        boolean remember(boolean success) {
            return success;
        }

        @RotateSessionId
        @SlidingExpiry(idle = "P14D", absolute = "P90D")
        void loginAndRemember() {}

        @SlidingExpiry(idle = "PT5M")
        void shorten() {}

        @SlidingExpiry(idle = "PT5M")
        void shortenInVain() {
            throw new IllegalArgumentException();
        }

        @SlidingExpiry(idle = "PT5M")
        CompletionStage<Object> shortenLater(CompletableFuture<Object> result) {
            return result;
        }
    }

    static class Plain {
        void poll() {}
    }

    @ApplicationScoped
    @SlidingExpiry(extend = false)
    static class Polls extends Plain {
        @SlidingExpiry
        void user() {}
    }

    @SlidingExpiry(extend = false)
    static class AnnotatedBase extends Plain {
        @SlidingExpiry
        void user() {}
    }

    @ApplicationScoped
    static class InheritedPolls extends AnnotatedBase {}

    @Stereotype
    @SlidingExpiry(extend = false)
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.TYPE)
    @interface Background {}

    @ApplicationScoped
    @Background
    static class StereotypedPolls extends Plain {}

    @InterceptorBinding
    @SlidingExpiry(extend = false)
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.TYPE)
    @interface Ticking {}

    @ApplicationScoped
    @Ticking
    static class BoundPolls extends Plain {}

    @Vetoed
    @SlidingExpiry(extend = false)
    static class FactoryPolls extends Plain {}

    @ApplicationScoped
    static class Products {
        @Produces
        @Dependent
        FactoryPolls polls(BeanManager beanManager) {
            CreationalContext<FactoryPolls> creationalContext =
                    beanManager.createCreationalContext(null);
            return beanManager
                    .createInterceptionFactory(creationalContext, FactoryPolls.class)
                    .createInterceptedInstance(new FactoryPolls());
        }
    }
}
