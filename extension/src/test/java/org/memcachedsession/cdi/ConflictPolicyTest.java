package org.memcachedsession.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Vetoed;
import jakarta.inject.Inject;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InterceptorBinding;
import jakarta.interceptor.InvocationContext;
import java.io.Serializable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.memcachedsession.ConflictPolicy;
import org.memcachedsession.ConflictResolver;
import org.memcachedsession.MemcachedSession;
import org.memcachedsession.MemcachedSessionScoped;
import org.memcachedsession.OnConflict;
import org.memcachedsession.SessionConflictException;
import org.memcachedsession.SessionConflicted;
import org.memcachedsession.SessionEnded;
import org.memcachedsession.SessionLost;
import org.memcachedsession.store.InMemorySessionStore;

/** Policies as applications declare them, and what they are told. */
class ConflictPolicyTest {

    private static final List<Object> EVENTS = new ArrayList<>();

    private final InMemorySessionStore store =
            new InMemorySessionStore(Clock.systemUTC(), 1_000_000);
    private final CookieJar browser = new CookieJar();
    private TestNode node;

    @BeforeEach
    void forgetEvents() {
        EVENTS.clear();
        ListResolver.gives = ResolverGives.THEIRS_AND_OURS;
    }

    @AfterEach
    void stop() {
        if (node != null) {
            node.close();
        }
    }

    private TestNode start(Class<?>... beans) {
        node = TestNode.on(store, Clock.systemUTC()).beans(beans).beans(Witness.class).start();
        return node;
    }

    /** While one request of the browser has changed the bean, another one does so, and is saved first. */
    private <T> void changeAtOnce(T bean, Consumer<T> ours, Consumer<T> theirs) throws Exception {
        CookieJar otherTab = new CookieJar();
        browser.id().ifPresent(otherTab::take);
        node.run(
                browser,
                () -> {
                    ours.accept(bean);
                    try {
                        node.run(otherTab, () -> theirs.accept(bean));
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                });
    }

    @Test
    void aBeanThatSaysNothingGoesToTheLastWriter() throws Exception {
        Basket basket = start(Basket.class).bean(Basket.class);
        node.run(browser, () -> basket.add("book"));

        changeAtOnce(basket, bean -> bean.add("ours"), bean -> bean.add("theirs"));

        assertThat(node.request(browser, basket::items)).containsExactly("book", "ours");
        assertThat(EVENTS)
                .containsExactly(
                        new SessionConflicted(
                                fingerprint(),
                                "class " + Basket.class.getName(),
                                ConflictPolicy.LAST_WRITE_WINS));
    }

    @Test
    void aRequestThatOnlyMadeABeanWithInjectedPartsHasNothingAgainstOneThatChangedIt()
            throws Exception {
        start(
                Basket.class,
                Wired.class,
                Watched.class,
                WatchInterceptor.class,
                WatchedResolver.class);
        Basket basket = node.bean(Basket.class);
        Wired wired = node.bean(Wired.class);
        Watched watched = node.bean(Watched.class);
        node.run(browser, () -> basket.add("book"));

        changeAtOnce(wired, Wired::value, bean -> bean.value("theirs"));
        assertThat(node.<String>request(browser, wired::value)).isEqualTo("theirs");

        changeAtOnce(watched, Watched::items, bean -> bean.add("theirs"));
        assertThat(node.request(browser, watched::items)).containsExactly("theirs");
        assertThat(EVENTS).isEmpty();
    }

    private String fingerprint() throws Exception {
        return node.request(
                browser, () -> node.bean(MemcachedSession.class).fingerprint().orElseThrow());
    }

    @Test
    void aPolicyIsInheritedFromTheSuperclass() throws Exception {
        FirstComeBasket basket = start(FirstComeBasket.class).bean(FirstComeBasket.class);
        node.run(browser, () -> basket.add("book"));

        changeAtOnce(basket, bean -> bean.add("ours"), bean -> bean.add("theirs"));

        assertThat(node.request(browser, basket::items)).containsExactly("book", "theirs");
    }

    @Test
    void aProducerHasAPolicyToo() throws Exception {
        Strict strict = start(Strict.class, StrictProducer.class).bean(Strict.class);
        node.run(browser, () -> strict.add("book"));

        assertThatThrownBy(
                        () ->
                                changeAtOnce(
                                        strict,
                                        bean -> bean.add("ours"),
                                        bean -> bean.add("theirs")))
                .isInstanceOf(SessionConflictException.class)
                .hasMessageContaining("StrictProducer");

        assertThat(node.request(browser, strict::items)).containsExactly("book", "theirs");
    }

    @Test
    void theResolverMergesBothWithABeanOfItsOwnInjected() throws Exception {
        Wishes wishes = start(Wishes.class, ListResolver.class).bean(Wishes.class);
        node.run(browser, () -> wishes.add("book"));

        changeAtOnce(wishes, bean -> bean.add("ours"), bean -> bean.add("theirs"));

        assertThat(node.request(browser, wishes::items)).containsExactly("book", "theirs", "ours");
        assertThat(EVENTS).hasSize(1);
    }

    @Test
    void whatTheResolverMakesAnewIsStoredToo() throws Exception {
        Wishes wishes = start(Wishes.class, ListResolver.class).bean(Wishes.class);
        node.run(browser, () -> wishes.add("book"));
        ListResolver.gives = ResolverGives.A_NEW_ONE;

        changeAtOnce(wishes, bean -> bean.add("ours"), bean -> bean.add("theirs"));

        assertThat(node.request(browser, wishes::items)).containsExactly("new");
    }

    @Test
    void aResolverThatGivesNothingOrThrowsFailsTheRequestInWords() throws Exception {
        Wishes wishes = start(Wishes.class, ListResolver.class).bean(Wishes.class);
        node.run(browser, () -> wishes.add("book"));

        ListResolver.gives = ResolverGives.NULL;
        assertThatThrownBy(
                        () ->
                                changeAtOnce(
                                        wishes,
                                        bean -> bean.add("ours"),
                                        bean -> bean.add("theirs")))
                .isInstanceOf(SessionConflictException.class)
                .hasMessageContainingAll("Wishes", "ListResolver", "null");
        ListResolver.gives = ResolverGives.AN_EXCEPTION;
        assertThatThrownBy(
                        () ->
                                changeAtOnce(
                                        wishes,
                                        bean -> bean.add("ours"),
                                        bean -> bean.add("theirs")))
                .isInstanceOf(SessionConflictException.class)
                .hasMessageContainingAll("Wishes", "ListResolver", "cannot merge");

        assertThat(node.request(browser, wishes::items))
                .containsExactly("book", "theirs", "theirs");
    }

    @Test
    void anInterceptedBeanIsResolvedToOneOfTheThreeAndToNoOther() throws Exception {
        Watched watched =
                start(Watched.class, WatchInterceptor.class, WatchedResolver.class)
                        .bean(Watched.class);
        node.run(browser, () -> watched.add("book"));

        changeAtOnce(watched, bean -> bean.add("ours"), bean -> bean.add("theirs"));
        assertThat(node.request(browser, watched::items)).containsExactly("book", "theirs", "ours");

        WatchedResolver.makesNew = true;
        try {
            assertThatThrownBy(
                            () ->
                                    changeAtOnce(
                                            watched,
                                            bean -> bean.add("ours"),
                                            bean -> bean.add("theirs")))
                    .isInstanceOf(SessionConflictException.class)
                    .hasMessageContainingAll("Watched", "one of the three");
        } finally {
            WatchedResolver.makesNew = false;
        }
    }

    @Test
    void withoutAResolverTheDeploymentFails() {
        assertThatThrownBy(() -> start(Wishes.class))
                .hasMessageContainingAll("MSS-52", "Wishes", "ConflictResolver<");
    }

    @Test
    void withTwoResolversTheDeploymentFails() {
        assertThatThrownBy(() -> start(Wishes.class, ListResolver.class, SecondResolver.class))
                .hasMessageContainingAll("MSS-53", "ListResolver", "SecondResolver");
    }

    @Test
    void aSessionThatWasEndedMeanwhileIsToldAsLost() throws Exception {
        Basket basket = start(Basket.class).bean(Basket.class);
        node.run(browser, () -> basket.add("book"));
        String fingerprint = fingerprint();

        changeAtOnce(
                basket,
                bean -> bean.add("ours"),
                bean -> node.bean(MemcachedSession.class).invalidate());

        assertThat(EVENTS)
                .containsExactly(
                        new SessionEnded(fingerprint, SessionEnded.Cause.INVALIDATED),
                        new SessionLost(fingerprint, SessionLost.Cause.ENDED));
        assertThat(StoredSession.find(browser, store)).isEmpty();
    }

    @Test
    void anObserverThatThrowsChangesNothing() throws Exception {
        Basket basket = start(Basket.class, Saboteur.class).bean(Basket.class);
        node.run(browser, () -> basket.add("book"));

        changeAtOnce(basket, bean -> bean.add("ours"), bean -> bean.add("theirs"));
        node.run(browser, () -> node.bean(MemcachedSession.class).invalidate());

        assertThat(EVENTS).hasSize(2);
    }

    // ---- beans

    static class Items implements Serializable {

        private static final long serialVersionUID = 1L;

        private final List<String> items = new ArrayList<>();

        void add(String item) {
            items.add(item);
        }

        List<String> items() {
            return List.copyOf(items);
        }
    }

    @MemcachedSessionScoped
    static class Basket extends Items {
        private static final long serialVersionUID = 1L;
    }

    @OnConflict(ConflictPolicy.FIRST_WRITE_WINS)
    static class FirstCome extends Items {
        private static final long serialVersionUID = 1L;
    }

    @MemcachedSessionScoped
    static class FirstComeBasket extends FirstCome {
        private static final long serialVersionUID = 1L;
    }

    @Vetoed
    static class Strict extends Items {
        private static final long serialVersionUID = 1L;
    }

    @ApplicationScoped
    static class StrictProducer {
        @Produces
        @MemcachedSessionScoped
        @OnConflict(ConflictPolicy.FAIL)
        Strict strict() {
            return new Strict();
        }
    }

    @MemcachedSessionScoped
    @OnConflict(ConflictPolicy.RESOLVE)
    static class Wishes extends Items {
        private static final long serialVersionUID = 1L;
    }

    enum ResolverGives {
        THEIRS_AND_OURS,
        A_NEW_ONE,
        NULL,
        AN_EXCEPTION
    }

    @ApplicationScoped
    static class ListResolver implements ConflictResolver<Wishes> {

        static ResolverGives gives;

        @Inject Witness witness;

        @Override
        public Wishes resolve(Wishes base, Wishes theirs, Wishes ours) {
            assertThat(witness).isNotNull();
            return switch (gives) {
                case THEIRS_AND_OURS -> merge(base, theirs, ours);
                case A_NEW_ONE -> {
                    Wishes made = new Wishes();
                    made.add("new");
                    yield made;
                }
                case NULL -> null;
                case AN_EXCEPTION -> throw new IllegalStateException("cannot merge");
            };
        }

        static <T extends Items> T merge(T base, T theirs, T ours) {
            ours.items().stream().filter(item -> !base.items().contains(item)).forEach(theirs::add);
            return theirs;
        }
    }

    @ApplicationScoped
    static class SecondResolver extends ListResolver {}

    @InterceptorBinding
    @Retention(RetentionPolicy.RUNTIME)
    @interface Watch {}

    @Watch
    @Interceptor
    @Priority(1)
    static class WatchInterceptor implements Serializable {

        private static final long serialVersionUID = 1L;

        @AroundInvoke
        Object watch(InvocationContext invocation) throws Exception {
            return invocation.proceed();
        }
    }

    @Watch
    @MemcachedSessionScoped
    @OnConflict(ConflictPolicy.RESOLVE)
    static class Watched extends Items {
        private static final long serialVersionUID = 1L;
    }

    @ApplicationScoped
    static class WatchedResolver implements ConflictResolver<Watched> {

        static boolean makesNew;

        @Override
        public Watched resolve(Watched base, Watched theirs, Watched ours) {
            return makesNew ? new Watched() : ListResolver.merge(base, theirs, ours);
        }
    }

    @ApplicationScoped
    static class Witness {

        void conflicted(@Observes SessionConflicted event) {
            EVENTS.add(event);
        }

        void lost(@Observes SessionLost event) {
            EVENTS.add(event);
        }

        void ended(@Observes SessionEnded event) {
            EVENTS.add(event);
        }
    }

    @ApplicationScoped
    static class Saboteur {

        void conflicted(@Observes @Priority(Integer.MAX_VALUE) SessionConflicted event) {
            throw new IllegalStateException("an observer breaks");
        }

        void ended(@Observes @Priority(Integer.MAX_VALUE) SessionEnded event) {
            throw new IllegalStateException("an observer breaks");
        }
    }

    /** Carries objects of its container. */
    @MemcachedSessionScoped
    static class Wired implements Serializable {

        private static final long serialVersionUID = 1L;

        @Inject private Basket basket;
        @Inject private Event<String> event;
        @Inject private Instance<Basket> baskets;
        private String value = "";

        String value() {
            basket.items();
            return value;
        }

        void value(String text) {
            value = text;
        }
    }
}
