package org.memcachedsession.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import jakarta.annotation.Priority;
import jakarta.decorator.Decorator;
import jakarta.decorator.Delegate;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.literal.NamedLiteral;
import jakarta.enterprise.inject.spi.AfterBeanDiscovery;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.enterprise.util.TypeLiteral;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InterceptorBinding;
import jakarta.interceptor.InvocationContext;
import jakarta.servlet.ServletContext;
import java.io.Serializable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.assertj.core.api.AbstractThrowableAssert;
import org.jboss.weld.environment.se.Weld;
import org.jboss.weld.environment.se.WeldContainer;
import org.junit.jupiter.api.Test;
import org.memcachedsession.LoggedMessages;
import org.memcachedsession.MemcachedSessionScoped;
import org.memcachedsession.RotateSessionId;
import org.memcachedsession.SessionSettings;
import org.memcachedsession.SlidingExpiry;
import org.memcachedsession.session.SessionStore;
import org.memcachedsession.store.InMemorySessionStore;

/** What cannot work fails at deployment, with a message that names it. */
class DeploymentErrorsTest {

    private static AbstractThrowableAssert<?, ?> assertThatDeploymentOf(Class<?>... beans) {
        return assertThatDeployment(weld -> weld.addBeanClasses(beans));
    }

    private static AbstractThrowableAssert<?, ?> assertThatDeployment(Consumer<Weld> step) {
        InMemorySessionStore store = new InMemorySessionStore(Clock.systemUTC(), 1000);
        return assertThatThrownBy(
                () -> TestNode.on(store, Clock.systemUTC()).weld(step).start().close());
    }

    @Test
    void aBeanThatIsNotSerializableIsNamed() {
        assertThatDeploymentOf(NotSerializable.class)
                .hasMessageContaining("NotSerializable")
                .hasMessageContaining("passivation capable");
    }

    @Test
    void anInjectedObjectThatIsNotSerializableIsNamed() {
        assertThatDeploymentOf(HoldsHeavy.class, Heavy.class)
                .hasMessageContainingAll("$HoldsHeavy", "$Heavy");
    }

    @Test
    void anInterceptorThatIsNotSerializableIsNamed() {
        assertThatDeploymentOf(Watched.class, HeavyInterceptor.class)
                .hasMessageContaining("HeavyInterceptor");
    }

    @Test
    void aDecoratorThatIsNotSerializableIsNamed() {
        assertThatDeploymentOf(Decorated.class, HeavyDecorator.class)
                .hasMessageContaining("HeavyDecorator");
    }

    @Test
    void anInterceptorsInjectedObjectThatIsNotSerializableIsNamed() {
        assertThatDeploymentOf(Watched.class, InterceptorHoldsHeavy.class, Heavy.class)
                .hasMessageContainingAll("$InterceptorHoldsHeavy", "$Heavy");
    }

    @Test
    void aProducerMethodOfAFinalTypeThatIsNotSerializableIsNamed() {
        assertThatDeploymentOf(MethodOfFinal.class).hasMessageContaining("MethodOfFinal.produce");
    }

    @Test
    void aProducerFieldOfAFinalTypeThatIsNotSerializableIsNamed() {
        assertThatDeploymentOf(FieldOfFinal.class).hasMessageContaining("FieldOfFinal.product");
    }

    @Test
    void aGenericBeanClassIsRefused() {
        assertThatDeploymentOf(Generic.class).hasMessageContaining("Generic");
    }

    @Test
    void aPublicFieldIsRefused() {
        assertThatDeploymentOf(PublicField.class).hasMessageContaining("PublicField");
    }

    @Test
    void twoBeansThatWouldHaveOneKeyAreBothNamed() {
        assertThatDeployment(weld -> weld.addExtension(new Twins()))
                .hasMessageContaining("MSS-51")
                .hasMessageContaining("Give one of them a qualifier");
    }

    @Test
    void allWrongTextsOfSlidingExpiryAreNamedAtOnceWithBeanMethodAndValue() {
        assertThatDeploymentOf(WrongExpiries.class, WrongClassExpiry.class)
                .hasMessageContainingAll(
                        "MSS-55 " + WrongExpiries.class.getName() + ".noDuration()",
                        "@SlidingExpiry(idle = \"14\"): \"14\" is no duration: write P14D",
                        "WrongExpiries.tooLong()",
                        "idle = \"P31D\"",
                        "at most 30 days",
                        "absolute = \"P366D\"",
                        "at most 365 days",
                        "WrongExpiries.nothing()",
                        "idle = \"PT0S\"",
                        "MSS-55 " + WrongClassExpiry.class.getName() + " has",
                        "absolute = \"-P1D\"");
    }

    @Test
    void anAnnotationOnAMethodThatNobodyInterceptsIsAMistake() {
        assertThatDeploymentOf(Unreachable.class)
                .hasMessageContainingAll(
                        "MSS-56 " + Unreachable.class.getName() + ".logIn()",
                        "@RotateSessionId",
                        "MSS-56 " + Unreachable.class.getName() + ".poll()",
                        "@SlidingExpiry");
    }

    @Test
    void anObserverOfTheSettingsThatThrowsFailsTheDeployment() {
        assertThatDeploymentOf(BreaksSettings.class).hasStackTraceContaining("broken on purpose");
    }

    @Test
    void aClassThatIsMissingAtTheStartFailsTheDeploymentAndWhatWasOpenIsClosed() {
        AtomicInteger closed = new AtomicInteger();
        Surroundings incomplete =
                new Surroundings() {
                    @Override
                    public SessionStore openStore(
                            SessionSettings settings,
                            Supplier<SessionSettings> again,
                            List<Runnable> atStop) {
                        atStop.add(closed::incrementAndGet);
                        throw new NoClassDefFoundError("net/rubyeye/xmemcached/Missing");
                    }
                };
        MemcachedSessionExtension extension = new MemcachedSessionExtension(incomplete);
        try (WeldContainer container = container(extension)) {
            BeanManager beanManager = container.getBeanManager();

            assertThatThrownBy(() -> extension.runningWithoutServlets(beanManager))
                    .isInstanceOf(NoClassDefFoundError.class);
            assertThat(closed).hasValue(1);
        }
    }

    @Test
    void aSecondApplicationThatSharesTheLibraryIsToldThatNothingIsStoredForIt() {
        InMemorySessionStore store = new InMemorySessionStore(Clock.systemUTC(), 100_000);
        MemcachedSessionExtension extension =
                new MemcachedSessionExtension(
                        new Surroundings() {
                            @Override
                            public SessionStore openStore(
                                    SessionSettings settings,
                                    Supplier<SessionSettings> again,
                                    List<Runnable> atStop) {
                                return store;
                            }
                        });
        try (LoggedMessages log = LoggedMessages.record();
                WeldContainer container = container(extension)) {
            BeanManager beanManager = container.getBeanManager();
            for (String path : List.of("/shop", "/shop", "/office")) {
                extension.start(new WebApplication(context(path), beanManager), beanManager);
            }

            assertThat(log.warnings())
                    .singleElement(STRING)
                    .contains("\"/office\"", "\"/shop\"", "WEB-INF/lib");
        }
    }

    private static WeldContainer container(MemcachedSessionExtension extension) {
        return new Weld("incomplete")
                .disableDiscovery()
                .skipShutdownHook()
                .addExtension(extension)
                .addBeanClasses(TestSettings.class)
                .initialize();
    }

    private static ServletContext context(String path) {
        return (ServletContext)
                Proxy.newProxyInstance(
                        DeploymentErrorsTest.class.getClassLoader(),
                        new Class<?>[] {ServletContext.class},
                        (proxy, method, arguments) ->
                                switch (method.getName()) {
                                    case "getContextPath" -> path;
                                    case "getInitParameterNames" -> Collections.emptyEnumeration();
                                    default -> null;
                                });
    }

    @Test
    void twoBeansOfOneClassWithDifferentQualifiersLiveSideBySide() throws Exception {
        InMemorySessionStore store = new InMemorySessionStore(Clock.systemUTC(), 100_000);
        CookieJar browser = new CookieJar();
        try (TestNode node =
                TestNode.on(store, Clock.systemUTC()).beans(TwoOfAKind.class).start()) {
            for (String name : List.of("left", "right")) {
                Map<String, String> map =
                        node.container()
                                .select(
                                        new TypeLiteral<Map<String, String>>() {},
                                        NamedLiteral.of(name))
                                .get();
                assertThat(node.request(browser, map::isEmpty)).isTrue();
                node.run(browser, () -> map.put(name, name));
            }
            assertThat(StoredSession.of(browser, store).keys()).hasSize(2);
        }
    }

    @MemcachedSessionScoped
    static class NotSerializable {}

    @Dependent
    static class Heavy {}

    @MemcachedSessionScoped
    static class HoldsHeavy implements Serializable {
        private static final long serialVersionUID = 1L;
        @Inject Heavy heavy;
    }

    @InterceptorBinding
    @Retention(RetentionPolicy.RUNTIME)
    @interface Watch {}

    @MemcachedSessionScoped
    @Watch
    static class Watched implements Serializable {
        private static final long serialVersionUID = 1L;

        void touch() {}
    }

    @Interceptor
    @Watch
    @Priority(Interceptor.Priority.APPLICATION)
    static class HeavyInterceptor {
        @AroundInvoke
        Object pass(InvocationContext invocation) throws Exception {
            return invocation.proceed();
        }
    }

    @Interceptor
    @Watch
    @Priority(Interceptor.Priority.APPLICATION)
    static class InterceptorHoldsHeavy implements Serializable {
        private static final long serialVersionUID = 1L;
        @Inject Heavy heavy;

        @AroundInvoke
        Object pass(InvocationContext invocation) throws Exception {
            return invocation.proceed();
        }
    }

    interface Speaking {
        String speak();
    }

    @MemcachedSessionScoped
    static class Decorated implements Speaking, Serializable {
        private static final long serialVersionUID = 1L;

        @Override
        public String speak() {
            return "";
        }
    }

    @Decorator
    @Priority(1)
    static class HeavyDecorator implements Speaking {
        @Inject @Delegate @Any Speaking delegate;

        @Override
        public String speak() {
            return delegate.speak();
        }
    }

    static final class FinalProduct {}

    @ApplicationScoped
    static class MethodOfFinal {
        @Produces
        @MemcachedSessionScoped
        FinalProduct produce() {
            return new FinalProduct();
        }
    }

    @ApplicationScoped
    static class FieldOfFinal {
        @Produces @MemcachedSessionScoped FinalProduct product = new FinalProduct();
    }

    @MemcachedSessionScoped
    static class Generic<T> implements Serializable {
        private static final long serialVersionUID = 1L;
        transient T content;
    }

    @MemcachedSessionScoped
    static class PublicField implements Serializable {
        private static final long serialVersionUID = 1L;
        public int open;
    }

    /** Two beans that none of their attributes tells apart. */
    static class Twins implements Extension {
        void add(@Observes AfterBeanDiscovery event) {
            for (int i = 0; i < 2; i++) {
                event.<StringBuilder>addBean()
                        .id("twin")
                        .beanClass(StringBuilder.class)
                        .types(Serializable.class)
                        .scope(MemcachedSessionScoped.class)
                        .createWith(creationalContext -> new StringBuilder());
            }
        }
    }

    @ApplicationScoped
    static class WrongExpiries {
        @SlidingExpiry(idle = "14")
        void noDuration() {}

        @SlidingExpiry(idle = "P31D", absolute = "P366D")
        void tooLong() {}

        @SlidingExpiry(idle = "PT0S")
        void nothing() {}
    }

    @ApplicationScoped
    @SlidingExpiry(absolute = "-P1D")
    static class WrongClassExpiry {}

    @ApplicationScoped
    static class Unreachable {
        @RotateSessionId
        private void logIn() {}

        @SlidingExpiry(extend = false)
        static void poll() {}
    }

    @ApplicationScoped
    static class BreaksSettings {
        void set(@Observes SessionSettings.Builder builder) {
            throw new IllegalStateException("broken on purpose");
        }
    }

    @ApplicationScoped
    static class TwoOfAKind {
        @Produces
        @MemcachedSessionScoped
        @Named("left")
        Map<String, String> left() {
            return new HashMap<>();
        }

        @Produces
        @MemcachedSessionScoped
        @Named("right")
        Map<String, String> right() {
            return new HashMap<>();
        }
    }
}
