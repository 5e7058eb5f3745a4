package org.memcachedsession.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.ContextNotActiveException;
import jakarta.enterprise.context.spi.AlterableContext;
import jakarta.enterprise.context.spi.Context;
import jakarta.enterprise.context.spi.Contextual;
import jakarta.enterprise.context.spi.CreationalContext;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Reception;
import jakarta.enterprise.inject.spi.AfterBeanDiscovery;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.inject.Inject;
import java.io.Serializable;
import java.lang.annotation.Annotation;
import java.lang.reflect.Modifier;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memcachedsession.LoggedMessages;
import org.memcachedsession.MemcachedSession;
import org.memcachedsession.MemcachedSessionScoped;
import org.memcachedsession.session.CurrentUnitOfWork.Binding;
import org.memcachedsession.session.UnitOfWork;
import org.memcachedsession.store.InMemorySessionStore;

/** What the CDI specification wants from a context object, asked through the container. */
class ContextContractTest {

    private final InMemorySessionStore store =
            new InMemorySessionStore(Clock.systemUTC(), 1_000_000);
    private final Products products = new Products();
    private final TestNode node =
            TestNode.on(store, Clock.systemUTC())
                    .beans(
                            Noted.class,
                            SelfUsing.class,
                            Gate.class,
                            Slow.class,
                            First.class,
                            Second.class,
                            Listener.class,
                            Farewell.class)
                    .extension(products)
                    .start();
    private final CookieJar browser = new CookieJar();
    private final BeanManager beanManager = node.container().getBeanManager();

    @BeforeEach
    void forgetOtherTests() {
        Noted.LIFE.clear();
        Listener.HEARD.clear();
        Farewell.SEEN.clear();
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private AlterableContext context() {
        return (AlterableContext) beanManager.getContext(MemcachedSessionScoped.class);
    }

    @SuppressWarnings("unchecked") // a bean of the type that was asked for
    private <T> Bean<T> beanOf(Class<T> type) {
        return (Bean<T>) beanManager.resolve(beanManager.getBeans(type));
    }

    private <T> T getOrCreate(Bean<T> bean) {
        return context().get(bean, beanManager.createCreationalContext(bean));
    }

    @Test
    void aBeanThatDoesNotExistIsNotMadeByLookingForIt() throws Exception {
        Bean<Noted> bean = beanOf(Noted.class);
        node.run(
                browser,
                () -> {
                    assertThat(context().get(bean)).isNull();
                    assertThat(context().get(bean, null)).isNull();
                });
        assertThat(Noted.LIFE).isEmpty();
        assertThat(browser.id()).isEmpty();
    }

    @Test
    void twoCreationalContextsMakeOneInstance() throws Exception {
        Bean<Noted> bean = beanOf(Noted.class);
        node.run(
                browser,
                () -> {
                    Noted one = getOrCreate(bean);
                    assertThat(getOrCreate(bean)).isSameAs(one);
                    assertThat(context().get(bean)).isSameAs(one);
                });
        assertThat(Noted.LIFE).containsExactly("made");
    }

    @Test
    void aCreatorThatGivesNullIsAskedAgain() throws Exception {
        products.creator = () -> null;
        Bean<Product> bean = beanOf(Product.class);
        node.run(
                browser,
                () -> {
                    assertThat(getOrCreate(bean)).isNull();
                    assertThat(node.bean(MemcachedSession.class).exists()).isFalse();
                    products.creator = Product::new;
                    assertThat(getOrCreate(bean)).isNotNull();
                });
        assertThat(products.asked).isEqualTo(2);
    }

    @Test
    void whatACreatorThrowsIsThrownAndNothingIsKept() throws Exception {
        RuntimeException failure = new UnsupportedOperationException("no");
        products.creator =
                () -> {
                    throw failure;
                };
        Bean<Product> bean = beanOf(Product.class);
        node.run(
                browser,
                () -> {
                    assertThatThrownBy(() -> getOrCreate(bean)).isSameAs(failure);
                    assertThat(context().get(bean)).isNull();
                    products.creator = Product::new;
                    assertThat(getOrCreate(bean)).isNotNull();
                });
        assertThat(products.asked).isEqualTo(2);
    }

    @Test
    void aFailedCreationLeavesNoSession() throws Exception {
        products.creator =
                () -> {
                    throw new UnsupportedOperationException("no");
                };
        Product product = node.bean(Product.class);
        node.run(browser, () -> assertThatThrownBy(product::name).hasMessage("no"));
        assertThat(browser.id()).isEmpty();
        assertThat(store.sessions()).isZero();
    }

    @Test
    void withoutARequestTheContextIsInactiveAndAsksNobody() {
        StoreCalls calls = StoreCalls.of(store);
        assertThat(node.bean(MemcachedSession.class).isActive()).isFalse();
        assertThatExceptionOfType(ContextNotActiveException.class).isThrownBy(this::context);
        assertThatExceptionOfType(ContextNotActiveException.class)
                .isThrownBy(node.bean(Noted.class)::touch);
        assertThat(calls.take()).isEmpty();
        assertThat(Noted.LIFE).isEmpty();
    }

    @Test
    void withoutARequestTheContextNamesTheThreadAndSaysWhatIsMissing() throws Exception {
        Bean<Noted> bean = beanOf(Noted.class);
        Context kept = node.request(browser, this::context);
        assertThat(kept.isActive()).isFalse();
        String reason = "need an HTTP request, and thread \"" + Thread.currentThread().getName();
        assertThatExceptionOfType(ContextNotActiveException.class)
                .isThrownBy(() -> kept.get(bean))
                .withMessageContaining(reason);
        assertThatExceptionOfType(ContextNotActiveException.class)
                .isThrownBy(() -> kept.get(bean, beanManager.createCreationalContext(bean)))
                .withMessageContaining(reason);
        assertThatExceptionOfType(ContextNotActiveException.class)
                .isThrownBy(() -> ((AlterableContext) kept).destroy(bean))
                .withMessageContaining(reason);
        assertThatExceptionOfType(ContextNotActiveException.class)
                .isThrownBy(node.bean(MemcachedSession.class)::exists)
                .withMessageContaining(reason);
    }

    @Test
    void afterTheRequestTheContextSaysThatItIsFinished() throws Exception {
        Bean<Noted> bean = beanOf(Noted.class);
        UnitOfWork unitOfWork = node.sessions().begin(List.of());
        try (Binding binding = node.sessions().current().bind(unitOfWork)) {
            Context kept = context();
            unitOfWork.close();
            assertThat(kept.isActive()).isFalse();
            assertThatExceptionOfType(ContextNotActiveException.class)
                    .isThrownBy(() -> kept.get(bean))
                    .withMessageContaining("request already finished");
            assertThatExceptionOfType(ContextNotActiveException.class)
                    .isThrownBy(() -> ((AlterableContext) kept).destroy(bean))
                    .withMessageContaining("request already finished");
            assertThatExceptionOfType(ContextNotActiveException.class)
                    .isThrownBy(node.bean(Noted.class)::touch);
        }
    }

    @Test
    void theContextIsActiveWithoutASession() throws Exception {
        StoreCalls calls = StoreCalls.of(store);
        assertThat(node.request(browser, () -> context().isActive())).isTrue();
        assertThat(calls.take()).isEmpty();
        assertThat(browser.id()).isEmpty();
    }

    @Test
    void aSecondActiveContextOfTheScopeIsRefusedByTheContainer() throws Exception {
        try (TestNode doubled =
                TestNode.on(store, Clock.systemUTC())
                        .containerId("doubled")
                        .beans(Noted.class)
                        .extension(new SecondContext())
                        .start()) {
            Noted noted = doubled.bean(Noted.class);
            doubled.run(browser, () -> assertThatIllegalStateException().isThrownBy(noted::touch));
        }
    }

    @Test
    void instanceDestroyEndsABeanOnceAndTheNextUseMakesANewOne() throws Exception {
        Noted noted = node.bean(Noted.class);
        node.run(
                browser,
                () -> {
                    noted.touch();
                    destroy(Noted.class, noted);
                    assertThat(Noted.LIFE).containsExactly("made", "ended after 1");
                    noted.touch();
                    assertThat(noted.count()).isEqualTo(1);
                });
        assertThat(Noted.LIFE).containsExactly("made", "ended after 1", "made");
        assertThat(node.request(browser, noted::count)).isEqualTo(1);
    }

    private <T> void destroy(Class<T> type, T proxy) {
        node.container().select(type).destroy(proxy);
    }

    @Test
    void aStoredBeanThatThisRequestHasNotUsedIsReadAndDestroyed() throws Exception {
        Noted noted = node.bean(Noted.class);
        node.run(browser, noted::touch);
        Noted.LIFE.clear();

        node.run(browser, () -> destroy(Noted.class, noted));
        assertThat(Noted.LIFE).containsExactly("ended after 1");
        assertThat(StoredSession.of(browser, store).keys()).isEmpty();

        node.run(browser, () -> destroy(Noted.class, noted));
        assertThat(Noted.LIFE).containsExactly("ended after 1");
    }

    @Test
    void aBeanDestroyedAfterTheSaveIsGoneInTheNextRequest() throws Exception {
        Noted noted = node.bean(Noted.class);
        node.run(browser, noted::touch);
        UnitOfWork unitOfWork = node.sessions().begin(browser.ids());
        try (Binding binding = node.sessions().current().bind(unitOfWork)) {
            noted.touch();
            unitOfWork.save();
            destroy(Noted.class, noted);
        }
        unitOfWork.close();
        assertThat(StoredSession.of(browser, store).keys()).isEmpty();
    }

    @Test
    void aBeanThatCallsItselfAtItsEndDoesNotSeeItsOldInstance() throws Exception {
        Farewell farewell = node.bean(Farewell.class);
        node.run(browser, () -> farewell.set("old"));
        node.run(browser, () -> destroy(Farewell.class, farewell));
        assertThat(Farewell.SEEN).containsExactly("unset");
    }

    @Test
    void aBeanThatCallsItselfWhileTheSessionEndsGetsNoNewInstance() throws Exception {
        Farewell farewell = node.bean(Farewell.class);
        MemcachedSession session = node.bean(MemcachedSession.class);
        node.run(browser, () -> farewell.set("old"));
        node.run(browser, session::invalidate);
        assertThat(Farewell.SEEN).containsExactly("refused");
        assertThat(store.sessions()).isZero();
    }

    @Test
    void withinARequestABeanIsDestroyedWithTheCreationalContextThatMadeIt() throws Exception {
        Product product = node.bean(Product.class);
        node.run(
                browser,
                () -> {
                    product.name();
                    destroy(Product.class, product);
                });
        assertThat(products.destroyedWith).isNotNull().isSameAs(products.madeWith);
        assertThat(products.destroyed).isEqualTo(1);
    }

    @Test
    void whatOneBeanChangesInAThirdASecondOneSees() throws Exception {
        First first = node.bean(First.class);
        Second second = node.bean(Second.class);
        assertThat(
                        node.request(
                                browser,
                                () -> {
                                    first.touch();
                                    return second.count();
                                }))
                .isEqualTo(1);
    }

    @Test
    @Timeout(60)
    void twoThreadsOfARequestThatUseABeanFirstMakeOne() throws Exception {
        Slow slow = node.bean(Slow.class);
        Gate gate = node.bean(Gate.class);
        UnitOfWork unitOfWork = node.sessions().begin(List.of());
        List<Integer> numbers = new CopyOnWriteArrayList<>();
        Runnable use =
                () -> {
                    try (Binding binding = node.sessions().current().bind(unitOfWork)) {
                        numbers.add(slow.number());
                    }
                };
        Thread one = new Thread(use);
        Thread other = new Thread(use);
        one.start();
        gate.entered().await();
        other.start();
        while (other.isAlive() && other.getState() != Thread.State.WAITING) { // at the lock
            Thread.onSpinWait();
        }
        gate.open().countDown();
        one.join();
        other.join();
        unitOfWork.close();
        assertThat(numbers).containsExactly(1, 1);
        assertThat(gate.made()).isEqualTo(1);
    }

    @Test
    void aBeanThatUsesItselfWhileItIsMadeIsRefusedInWords() throws Exception {
        SelfUsing selfUsing = node.bean(SelfUsing.class);
        node.run(
                browser,
                () ->
                        assertThatThrownBy(selfUsing::touch)
                                .hasStackTraceContaining(
                                        "uses itself through its own proxy while it is being"
                                                + " created"));
        assertThat(browser.id()).isEmpty();
    }

    @Test
    void aContextualWithoutAnIdLivesInItsRequestOnlyAndAWarningSaysSo() throws Exception {
        Nameless one = new Nameless(7);
        Nameless other = new Nameless(7); // the same hash, another contextual
        CreationalContext<String> creationalContext = beanManager.createCreationalContext(one);
        try (LoggedMessages logged = LoggedMessages.record()) {
            node.run(
                    browser,
                    () -> {
                        String made = context().get(one, creationalContext);
                        assertThat(context().get(one)).isSameAs(made);
                        assertThat(context().get(other)).isNull();
                        assertThat(context().get(other, beanManager.createCreationalContext(other)))
                                .isNotSameAs(made);
                    });
            assertThat(logged.warnings())
                    .isNotEmpty()
                    .allSatisfy(
                            warning ->
                                    assertThat(warning)
                                            .contains("PassivationCapable", "is not stored"));
        }
        assertThat(browser.id()).isEmpty();
        assertThat(store.sessions()).isZero();
        node.run(browser, () -> assertThat(context().get(one)).isNull());
    }

    @Test
    void noContextualAtAllIsRefusedInWords() {
        UnitOfWork unitOfWork = node.sessions().begin(List.of());
        SessionContext context =
                new SessionContext(
                        MemcachedSessionScoped.class, () -> unitOfWork, new ScopedBeans());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> context.get(null))
                .withMessageContaining("must be PassivationCapable");
    }

    @Test
    void aConditionalObserverHearsOnlyWhereItsBeanExists() throws Exception {
        Listener listener = node.bean(Listener.class);
        node.run(browser, () -> beanManager.getEvent().fire(new Call("nobody")));
        assertThat(Listener.HEARD).isEmpty();
        assertThat(browser.id()).isEmpty();

        node.run(browser, listener::begin);
        node.run(browser, () -> beanManager.getEvent().fire(new Call("stored")));
        assertThat(Listener.HEARD).containsExactly("stored");
        assertThat(node.request(browser, listener::heard)).isEqualTo(1);
    }

    @Test
    void theContainerHandsOutAWrapperOfTheContextAndItWorks() throws Exception {
        Bean<Noted> bean = beanOf(Noted.class);
        node.run(
                browser,
                () -> {
                    Context context = beanManager.getContext(MemcachedSessionScoped.class);
                    assertThat(context).isNotInstanceOf(SessionContext.class);
                    assertThat(context.getScope()).isEqualTo(MemcachedSessionScoped.class);
                    getOrCreate(bean).touch();
                    ((AlterableContext) context).destroy(bean);
                });
        assertThat(Noted.LIFE).containsExactly("made", "ended after 1");
    }

    @Test
    void theExtensionHasNoPublicFieldWhichSomeContainersRefuse() {
        assertThat(MemcachedSessionExtension.class.getFields()).isEmpty();
        assertThat(Arrays.stream(MemcachedSessionExtension.class.getDeclaredFields()))
                .isNotEmpty()
                .allMatch(field -> Modifier.isPrivate(field.getModifiers()));
    }

    @MemcachedSessionScoped
    static class Noted implements Serializable {
        private static final long serialVersionUID = 1L;
        static final List<String> LIFE = new ArrayList<>();
        private int count;

        @PostConstruct
        void made() {
            LIFE.add("made");
        }

        @PreDestroy
        void ended() {
            LIFE.add("ended after " + count);
        }

        void touch() {
            count++;
        }

        int count() {
            return count;
        }
    }

    @MemcachedSessionScoped
    static class First implements Serializable {
        private static final long serialVersionUID = 1L;
        @Inject Noted noted;

        void touch() {
            noted.touch();
        }
    }

    @MemcachedSessionScoped
    static class Second implements Serializable {
        private static final long serialVersionUID = 1L;
        @Inject Noted noted;

        int count() {
            return noted.count();
        }
    }

    @MemcachedSessionScoped
    static class SelfUsing implements Serializable {
        private static final long serialVersionUID = 1L;
        @Inject SelfUsing self;

        @PostConstruct
        void begin() {
            self.touch();
        }

        void touch() {}
    }

    @MemcachedSessionScoped
    static class Farewell implements Serializable {
        private static final long serialVersionUID = 1L;
        static final List<String> SEEN = new ArrayList<>();
        @Inject Farewell self;
        private String value = "unset";

        void set(String newValue) {
            value = newValue;
        }

        String value() {
            return value;
        }

        @PreDestroy
        void end() {
            if (!value.equals("unset")) {
                try {
                    SEEN.add(self.value());
                } catch (IllegalStateException e) {
                    SEEN.add("refused");
                }
            }
        }
    }

    @ApplicationScoped
    static class Gate {
        private final CountDownLatch entered = new CountDownLatch(1);
        private final CountDownLatch open = new CountDownLatch(1);
        private final AtomicInteger made = new AtomicInteger();

        CountDownLatch entered() {
            return entered;
        }

        CountDownLatch open() {
            return open;
        }

        int made() {
            return made.get();
        }

        int pass() {
            int number = made.incrementAndGet();
            entered.countDown();
            try {
                open.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return number;
        }
    }

    @MemcachedSessionScoped
    static class Slow implements Serializable {
        private static final long serialVersionUID = 1L;
        @Inject Gate gate;
        private int number;

        @PostConstruct
        void make() {
            number = gate.pass();
        }

        int number() {
            return number;
        }
    }

    record Call(String text) {}

    @MemcachedSessionScoped
    static class Listener implements Serializable {
        private static final long serialVersionUID = 1L;
        static final List<String> HEARD = new ArrayList<>();
        private int heard;

        void begin() {}

        void hear(@Observes(notifyObserver = Reception.IF_EXISTS) Call call) {
            heard++;
            HEARD.add(call.text());
        }

        int heard() {
            return heard;
        }
    }

    static class Product implements Serializable {
        private static final long serialVersionUID = 1L;

        String name() {
            return "product";
        }
    }

    /** Adds a bean whose making and ending the test sees. */
    static class Products implements Extension {
        private Supplier<Product> creator = Product::new;
        private int asked;
        private int destroyed;
        private CreationalContext<Product> madeWith;
        private CreationalContext<Product> destroyedWith;

        void add(@Observes AfterBeanDiscovery event) {
            event.<Product>addBean()
                    .id("product")
                    .beanClass(Product.class)
                    .types(Product.class, Object.class)
                    .scope(MemcachedSessionScoped.class)
                    .createWith(
                            creationalContext -> {
                                asked++;
                                madeWith = creationalContext;
                                return creator.get();
                            })
                    .destroyWith(
                            (product, creationalContext) -> {
                                destroyed++;
                                destroyedWith = creationalContext;
                            });
        }
    }

    /** Brings another context of the scope that says it is active. */
    static class SecondContext implements Extension {
        void add(@Observes AfterBeanDiscovery event) {
            event.addContext(
                    new Context() {
                        @Override
                        public Class<? extends Annotation> getScope() {
                            return MemcachedSessionScoped.class;
                        }

                        @Override
                        public <T> T get(Contextual<T> contextual, CreationalContext<T> context) {
                            return null;
                        }

                        @Override
                        public <T> T get(Contextual<T> contextual) {
                            return null;
                        }

                        @Override
                        public boolean isActive() {
                            return true;
                        }
                    });
        }
    }

    /** Not PassivationCapable, with a hash that others share. */
    static final class Nameless implements Contextual<String>, Serializable {
        private static final long serialVersionUID = 1L;
        private final int hash;

        Nameless(int hash) {
            this.hash = hash;
        }

        @Override
        public String create(CreationalContext<String> creationalContext) {
            return String.valueOf(new char[] {'n', 'a', 'm', 'e'}); // a new object each time
        }

        @Override
        public void destroy(String instance, CreationalContext<String> creationalContext) {}

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }
    }
}
