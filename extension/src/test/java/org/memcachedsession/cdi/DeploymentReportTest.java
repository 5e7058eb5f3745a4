package org.memcachedsession.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.annotation.Priority;
import jakarta.decorator.Decorator;
import jakarta.decorator.Delegate;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Inject;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InterceptorBinding;
import jakarta.interceptor.InvocationContext;
import java.io.Serializable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.memcachedsession.AllowSerialized;
import org.memcachedsession.LoggedMessages;
import org.memcachedsession.MemcachedSessionScoped;
import org.memcachedsession.store.InMemorySessionStore;

/** What deployment sees in the fields of beans. */
class DeploymentReportTest {

    private static final String NAME = DeploymentReportTest.class.getName();

    private static TestNode.Builder node(Class<?>... beans) {
        InMemorySessionStore store = new InMemorySessionStore(Clock.systemUTC(), 1000);
        return TestNode.on(store, Clock.systemUTC()).beans(beans);
    }

    private static List<String> warnings(Class<?>... beans) {
        try (LoggedMessages log = LoggedMessages.record();
                TestNode node = node(beans).start()) {
            assertThat(node.container().isRunning()).isTrue();
            return log.warnings();
        }
    }

    @Test
    void aFieldThatCanHoldNothingThatCouldBeStoredFailsTheDeployment() {
        assertThatThrownBy(() -> node(HoldsFinal.class).start().close())
                .hasMessageContaining("MSS-60 " + NAME + "$Inner.optional")
                .hasMessageContaining("java.util.Optional");
    }

    @Test
    void allThatMaySurpriseIsOneWarningWithItsPlaces() {
        assertThat(warnings(Surprising.class, Heavy.class))
                .singleElement()
                .asString()
                .contains(
                        "MSS-61 " + NAME + "$Surprising.anything declares java.lang.Object",
                        "MSS-61 " + NAME + "$Surprising.tasks declares java.lang.Runnable",
                        "MSS-62 " + NAME + "$Unversioned has no serialVersionUID",
                        "what JDK serialization has stored unreadable",
                        "MSS-63 " + NAME + "$Surprising.heavy")
                .doesNotContain("MSS-60", "versioned.", "text", "java.util.List ");
    }

    @Test
    void whatIsNamedAndWhatIsPlainIsNoSurprise() {
        assertThat(warnings(Named.class, Plain.class)).isEmpty();
    }

    @Test
    void stateAroundABeanIsToldOnceForEachFieldThatMayChange() {
        assertThat(warnings(Wrapped.class, Counting.class, Greeting.class))
                .filteredOn(warning -> warning.contains("MSS-68"))
                .singleElement()
                .asString()
                .containsOnlyOnce("MSS-68 " + NAME + "$Counting.calls")
                .containsOnlyOnce("MSS-68 " + NAME + "$Greeting.greeted")
                .contains(" around " + NAME + "$Wrapped")
                .doesNotContain("limit", "last", "name.", "delegate", "MSS-69");
        assertThat(warnings(Plain.class, Counting.class, Greeting.class)).isEmpty();
    }

    @Test
    void anAbstractDecoratorIsToldOfOnOpenWebBeansAlone() {
        DeploymentReport report = new DeploymentReport();
        try (TestNode node = node(Wrapped.class, Counting.class, Greeting.class).start()) {
            BeanManager beanManager = node.container().getBeanManager();
            assertThat(Wrappers.isOpenWebBeans(beanManager)).isFalse();
            Bean<?> bean = beanManager.resolve(beanManager.getBeans(Wrapped.class));
            new Wrappers(beanManager, report, true).look(bean);
        }
        assertThat(report.warnings())
                .contains("MSS-69 " + NAME + "$Greeting is an abstract decorator");
    }

    @Counted
    @MemcachedSessionScoped
    static class Wrapped implements Serializable, Greeter {
        private static final long serialVersionUID = 1L;

        @Override
        public String greet() {
            return "hello";
        }
    }

    interface Greeter {
        String greet();
    }

    @InterceptorBinding
    @Retention(RetentionPolicy.RUNTIME)
    @interface Counted {}

    @Counted
    @Interceptor
    @Priority(1)
    static class Counting implements Serializable {
        private static final long serialVersionUID = 1L;
        private final int limit = 1;
        private transient int last;
        private int calls;

        @AroundInvoke
        Object count(InvocationContext call) throws Exception {
            calls++;
            last = Math.max(limit, calls);
            return call.proceed();
        }
    }

    @Decorator
    @Priority(1)
    abstract static class Greeting implements Greeter, Serializable {
        private static final long serialVersionUID = 1L;
        @Inject @Delegate Greeter delegate;
        private int greeted;

        @Override
        public String greet() {
            greeted++;
            return delegate.greet();
        }
    }

    @Test
    void everyNumberHasASection() throws Exception {
        String page = Files.readString(Path.of("..", "docs", "problems.md"));
        for (int number : new int[] {60, 61, 62, 63, 68, 69}) {
            assertThat(page).contains("\n### MSS-" + number + ":");
        }
    }

    static class Inner implements Serializable {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings("serial") // on purpose
        Optional<String> optional;
    }

    @MemcachedSessionScoped
    static class HoldsFinal implements Serializable {
        private static final long serialVersionUID = 1L;
        private final List<Inner> inner = new ArrayList<>();
    }

    @SuppressWarnings("serial") // on purpose
    static class Unversioned implements Serializable {
        String text;
    }

    @Dependent
    static class Heavy {}

    @MemcachedSessionScoped
    static class Surprising implements Serializable {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings("serial") // on purpose
        private Object anything;

        private final Map<String, List<? extends Runnable>> tasks = new HashMap<>();
        private Unversioned versioned;
        @Inject transient Heavy heavy;
    }

    record Task(String text) implements Runnable, Serializable {
        @Override
        public void run() {}
    }

    @MemcachedSessionScoped
    @AllowSerialized(Task.class)
    static class Named implements Serializable {
        private static final long serialVersionUID = 1L;
        private final List<Runnable> tasks = new ArrayList<>();
    }

    @MemcachedSessionScoped
    static class Plain implements Serializable {
        private static final long serialVersionUID = 1L;
        private final Map<String, int[]> numbers = new HashMap<>();
        private String text;
        private Class<?> type;
        private Number number;
        private transient Thread thread;
    }
}
