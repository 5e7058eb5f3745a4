package org.memcachedsession.cdi;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.decorator.Decorator;
import jakarta.decorator.Delegate;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.context.RequestScoped;
import jakarta.enterprise.context.control.RequestContextController;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.TransientReference;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.inject.spi.EventMetadata;
import jakarta.enterprise.inject.spi.InjectionPoint;
import jakarta.inject.Inject;
import jakarta.inject.Qualifier;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InterceptorBinding;
import jakarta.interceptor.InvocationContext;
import java.io.Serializable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.memcachedsession.MemcachedSession;
import org.memcachedsession.MemcachedSessionScoped;
import org.memcachedsession.store.InMemorySessionStore;

/**
 * Every part of a bean that CDI knows, after its node was stopped and another one with the same
 * deployment has read it.
 */
class BeansSurviveStorageTest {

    private static final List<String> DIARY = new ArrayList<>();

    private final InMemorySessionStore store =
            new InMemorySessionStore(Clock.systemUTC(), 1_000_000);
    private final CookieJar browser = new CookieJar();
    private TestNode node = start();

    private TestNode start() {
        return TestNode.on(store, Clock.systemUTC())
                .beans(
                        Plain.class,
                        Counted.class,
                        Counting.class,
                        LastRites.class,
                        Blessed.class,
                        Greeter.class,
                        Loud.class,
                        Polite.class,
                        Owner.class,
                        Pen.class,
                        Ink.class,
                        HalfTransient.class,
                        Wired.class,
                        Place.class,
                        Ear.class,
                        Proxies.class,
                        Settings.class,
                        Today.class,
                        BuiltWithParameters.class,
                        TextBox.class,
                        SharesOne.class,
                        SharesToo.class)
                .start();
    }

    @BeforeEach
    void newDiary() {
        DIARY.clear();
    }

    @AfterEach
    void stop() {
        node.close();
    }

    /** What lives now was made by another container than what comes. */
    private void restart() {
        node.close();
        node = start();
    }

    @Test
    void fieldsHaveTheirValuesInAnotherObject() throws Exception {
        Plain before = node.request(browser, () -> node.bean(Plain.class).put("a", 1)).get(0);
        restart();
        Plain after = node.request(browser, () -> node.bean(Plain.class).put("b", 2)).get(0);
        assertThat(after).isNotSameAs(before);
        assertThat(after.values).containsExactlyInAnyOrderEntriesOf(Map.of("a", 1, "b", 2));
        assertThat(before.values).containsExactlyEntriesOf(Map.of("a", 1));
    }

    @Test
    void eachRequestWorksOnAnObjectOfItsOwn() throws Exception {
        Plain before = node.request(browser, () -> node.bean(Plain.class).put("a", 1)).get(0);
        assertThat(node.request(browser, () -> node.bean(Plain.class).put("a", 1)).get(0))
                .isNotSameAs(before);
    }

    @Test
    void anInterceptorsStateGoesOn() throws Exception {
        assertThat(node.request(browser, () -> node.bean(Counted.class).calls())).isEqualTo(1);
        restart();
        assertThat(node.request(browser, () -> node.bean(Counted.class).calls())).isEqualTo(2);
        assertThat(node.request(browser, () -> node.bean(Counted.class).calls())).isEqualTo(3);
    }

    @Test
    void anInterceptorOfTheEndAloneRunsOnceAfterReading() throws Exception {
        node.run(browser, () -> node.bean(Blessed.class).touch());
        restart();
        node.run(browser, () -> node.bean(MemcachedSession.class).invalidate());
        assertThat(DIARY).containsExactly("blessed");
    }

    @Test
    void concreteAndAbstractDecoratorsWrapTheBeanAsBefore() throws Exception {
        assertThat(node.request(browser, () -> node.bean(Greeting.class).greet("Ann")))
                .isEqualTo("DEAR ANN, HELLO 1!");
        restart();
        assertThat(node.request(browser, () -> node.bean(Greeting.class).greet("Bob")))
                .isEqualTo("DEAR BOB, HELLO 2!");
    }

    @Test
    void aDependentObjectEndsOnceAndItIsTheOneInTheField() throws Exception {
        node.run(browser, () -> node.bean(Owner.class).write("first"));
        restart();
        node.run(
                browser,
                () -> {
                    Owner owner = node.bean(Owner.class);
                    owner.write("second");
                    node.container().select(Owner.class).destroy(owner);
                });
        assertThat(DIARY).containsExactly("pen ended with [first, second]");
        node.run(browser, () -> node.bean(MemcachedSession.class).invalidate());
        assertThat(DIARY).hasSize(1);
    }

    @Test
    void aDependentObjectEndsWithTheSession() throws Exception {
        node.run(browser, () -> node.bean(Owner.class).write("first"));
        restart();
        node.run(browser, () -> node.bean(MemcachedSession.class).invalidate());
        assertThat(DIARY).containsExactly("pen ended with [first]");
    }

    @Test
    void aTransientInjectedFieldIsNullAfterReading() throws Exception {
        assertThat(node.request(browser, () -> node.bean(HalfTransient.class).hasInk())).isTrue();
        assertThat(node.request(browser, () -> node.bean(HalfTransient.class).hasInk())).isFalse();
    }

    @Test
    void aDependentObjectThatCannotBeStoredEndsAtTheSave() throws Exception {
        node.run(
                browser,
                () -> {
                    assertThat(node.bean(HalfTransient.class).hasInk()).isTrue();
                    assertThat(DIARY).isEmpty();
                });
        assertThat(DIARY).containsExactly("ink dried");
        node.run(browser, () -> node.bean(MemcachedSession.class).invalidate());
        assertThat(DIARY).containsExactly("ink dried");
    }

    @Test
    void theContainersOwnObjectsWorkAfterReading() throws Exception {
        node.run(browser, () -> node.bean(Wired.class).work("one"));
        assertThat(DIARY).containsExactly("heard one", "heard quietly one");
        restart();
        DIARY.clear();
        node.run(browser, () -> node.bean(Wired.class).work("two"));
        assertThat(DIARY).containsExactly("heard two", "heard quietly two");
        assertThat(node.request(browser, () -> node.bean(Wired.class).place())).isEqualTo("place");
    }

    @Test
    void proxiesOfOtherScopesReachTheInstancesOfTheirTime() throws Exception {
        String first = node.request(browser, () -> inRequestContext("monday"));
        restart();
        String second = node.request(browser, () -> inRequestContext("tuesday"));
        assertThat(first).isEqualTo("monday, settings 1, plain 1");
        assertThat(second).isEqualTo("tuesday, settings 1, plain 2");
    }

    private String inRequestContext(String day) {
        RequestContextController requestContext = node.bean(RequestContextController.class);
        requestContext.activate();
        try {
            node.bean(Today.class).set(day);
            return node.bean(Proxies.class).report();
        } finally {
            requestContext.deactivate();
        }
    }

    @Test
    void aBeanBuiltWithTransientParametersIsReadBack() throws Exception {
        assertThat(node.request(browser, () -> node.bean(BuiltWithParameters.class).text()))
                .isEqualTo("of ink and ink");
        restart();
        assertThat(node.request(browser, () -> node.bean(BuiltWithParameters.class).text()))
                .isEqualTo("of ink and ink");
    }

    @Test
    void whatAGenericSuperclassKeepsIsThere() throws Exception {
        node.run(browser, () -> node.bean(TextBox.class).put("text"));
        restart();
        assertThat(node.request(browser, () -> node.bean(TextBox.class).take())).isEqualTo("text");
    }

    @Test
    void anObjectThatTwoBeansShareBecomesTwo() throws Exception {
        List<String> shared = new ArrayList<>(List.of("shared"));
        node.run(
                browser,
                () -> {
                    node.bean(SharesOne.class).take(shared);
                    node.bean(SharesToo.class).take(shared);
                    shared.add("before the save");
                });
        node.run(
                browser,
                () -> {
                    node.bean(SharesOne.class).list().add("in the first");
                    assertThat(node.bean(SharesOne.class).list())
                            .containsExactly("shared", "before the save", "in the first");
                    assertThat(node.bean(SharesToo.class).list())
                            .containsExactly("shared", "before the save");
                });
    }

    @MemcachedSessionScoped
    static class Plain implements Serializable {
        private static final long serialVersionUID = 1L;
        final Map<String, Integer> values = new HashMap<>();

        /** In a list, since the container puts the proxy in the place of a bean that returns itself. */
        List<Plain> put(String name, int value) {
            values.put(name, value);
            return List.of(this);
        }

        int count() {
            values.merge("count", 1, Integer::sum);
            return values.get("count");
        }
    }

    @InterceptorBinding
    @Retention(RetentionPolicy.RUNTIME)
    @interface CountsCalls {}

    @Interceptor
    @CountsCalls
    @Priority(Interceptor.Priority.APPLICATION)
    static class Counting implements Serializable {
        private static final long serialVersionUID = 1L;
        private int calls;

        @AroundInvoke
        Object count(InvocationContext invocation) throws Exception {
            calls++;
            invocation.proceed();
            return calls;
        }
    }

    @MemcachedSessionScoped
    @CountsCalls
    static class Counted implements Serializable {
        private static final long serialVersionUID = 1L;

        int calls() {
            return 0;
        }
    }

    @InterceptorBinding
    @Retention(RetentionPolicy.RUNTIME)
    @interface HasLastRites {}

    @Interceptor
    @HasLastRites
    @Priority(Interceptor.Priority.APPLICATION)
    static class LastRites implements Serializable {
        private static final long serialVersionUID = 1L;

        @PreDestroy
        void bless(InvocationContext invocation) throws Exception {
            DIARY.add("blessed");
            invocation.proceed();
        }
    }

    @MemcachedSessionScoped
    @HasLastRites
    static class Blessed implements Serializable {
        private static final long serialVersionUID = 1L;

        void touch() {}
    }

    interface Greeting {
        String greet(String name);
    }

    @MemcachedSessionScoped
    static class Greeter implements Greeting, Serializable {
        private static final long serialVersionUID = 1L;
        private int greeted;

        @Override
        public String greet(String name) {
            return "hello " + ++greeted;
        }
    }

    @Decorator
    @Priority(1)
    static class Loud implements Greeting, Serializable {
        private static final long serialVersionUID = 1L;
        @Inject @Delegate @Any Greeting delegate;

        @Override
        public String greet(String name) {
            return delegate.greet(name).toUpperCase(Locale.ROOT) + "!";
        }
    }

    @Decorator
    @Priority(2)
    abstract static class Polite implements Greeting, Serializable {
        private static final long serialVersionUID = 1L;
        @Inject @Delegate @Any Greeting delegate;

        @Override
        public String greet(String name) {
            return "dear " + name + ", " + delegate.greet(name);
        }
    }

    @Dependent
    static class Pen implements Serializable {
        private static final long serialVersionUID = 1L;
        private final List<String> lines = new ArrayList<>();

        void write(String line) {
            lines.add(line);
        }

        @PreDestroy
        void end() {
            DIARY.add("pen ended with " + lines);
        }
    }

    @MemcachedSessionScoped
    static class Owner implements Serializable {
        private static final long serialVersionUID = 1L;
        @Inject Pen pen;

        void write(String line) {
            pen.write(line);
        }
    }

    @Dependent
    static class Ink {
        @PreDestroy
        void dry() {
            DIARY.add("ink dried");
        }

        String color() {
            return "ink";
        }
    }

    @MemcachedSessionScoped
    static class HalfTransient implements Serializable {
        private static final long serialVersionUID = 1L;
        @Inject transient Ink ink;

        boolean hasInk() {
            return ink != null;
        }
    }

    @Qualifier
    @Retention(RetentionPolicy.RUNTIME)
    @interface Quietly {
        String how();
    }

    @Dependent
    static class Place implements Serializable {
        private static final long serialVersionUID = 1L;
        @Inject InjectionPoint here;

        String name() {
            return here.getMember().getName();
        }
    }

    @MemcachedSessionScoped
    static class Wired implements Serializable {
        private static final long serialVersionUID = 1L;
        @Inject Event<String> event;

        @Inject
        @Quietly(how = "very")
        Event<String> quietEvent;

        @Inject Instance<Settings> settings;
        @Inject BeanManager beanManager;
        @Inject Place place;

        void work(String text) {
            event.fire(text);
            quietEvent.fire(text);
            settings.get().number();
            assertThat(beanManager.getBeans(Settings.class)).hasSize(1);
        }

        String place() {
            return place.name();
        }
    }

    @ApplicationScoped
    static class Ear {
        void hear(@Observes String text, EventMetadata metadata) {
            if (metadata.getQualifiers().stream()
                    .noneMatch(each -> each.annotationType() == Quietly.class)) {
                DIARY.add("heard " + text);
            }
        }

        void hearQuietly(@Observes @Quietly(how = "very") String text) {
            DIARY.add("heard quietly " + text);
        }
    }

    @ApplicationScoped
    static class Settings {
        int number() {
            return 1;
        }
    }

    @RequestScoped
    static class Today {
        String day;

        void set(String newDay) {
            day = newDay;
        }

        String get() {
            return day;
        }
    }

    @MemcachedSessionScoped
    static class Proxies implements Serializable {
        private static final long serialVersionUID = 1L;
        @Inject Today today;
        @Inject Settings settings;
        @Inject Plain plain;

        String report() {
            return today.get() + ", settings " + settings.number() + ", plain " + plain.count();
        }
    }

    @MemcachedSessionScoped
    static class BuiltWithParameters implements Serializable {
        private static final long serialVersionUID = 1L;
        private final String first;
        private String second = "nothing";

        BuiltWithParameters() {
            this.first = "nothing"; // for the proxy
        }

        @Inject
        BuiltWithParameters(@TransientReference Ink ink) {
            this.first = ink.color();
        }

        @Inject
        void initialize(@TransientReference Ink ink) {
            second = ink.color();
        }

        String text() {
            return "of " + first + " and " + second;
        }
    }

    abstract static class Box<T extends Serializable> implements Serializable {
        private static final long serialVersionUID = 1L;
        private T content;

        void put(T newContent) {
            content = newContent;
        }

        T take() {
            return content;
        }
    }

    @MemcachedSessionScoped
    static class TextBox extends Box<String> {
        private static final long serialVersionUID = 1L;
    }

    @MemcachedSessionScoped
    static class SharesOne implements Serializable {
        private static final long serialVersionUID = 1L;
        private List<String> list;

        void take(List<String> shared) {
            list = shared;
        }

        List<String> list() {
            return list;
        }
    }

    @MemcachedSessionScoped
    static class SharesToo implements Serializable {
        private static final long serialVersionUID = 1L;
        private List<String> list;

        void take(List<String> shared) {
            list = shared;
        }

        List<String> list() {
            return list;
        }
    }
}
