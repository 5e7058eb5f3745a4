package org.memcachedsession.cdi;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Default;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Vetoed;
import jakarta.enterprise.inject.literal.InjectLiteral;
import jakarta.enterprise.inject.spi.AfterBeanDiscovery;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.enterprise.inject.spi.PassivationCapable;
import jakarta.enterprise.inject.spi.ProcessAnnotatedType;
import jakarta.enterprise.inject.spi.configurator.AnnotatedMethodConfigurator;
import jakarta.enterprise.util.Nonbinding;
import jakarta.inject.Inject;
import jakarta.inject.Qualifier;
import java.io.Serializable;
import java.lang.annotation.Annotation;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.time.Clock;
import java.time.DayOfWeek;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.memcachedsession.LoggedMessages;
import org.memcachedsession.MemcachedSessionScoped;
import org.memcachedsession.session.Entry;
import org.memcachedsession.store.InMemorySessionStore;

/** Beans are found again where the container's ids have changed. */
class OwnBeanKeysTest {

    private final InMemorySessionStore store =
            new InMemorySessionStore(Clock.systemUTC(), 1_000_000);
    private final CookieJar browser = new CookieJar();

    private TestNode.Builder node(String containerId) {
        return TestNode.on(store, Clock.systemUTC())
                .containerId(containerId)
                .beans(Plain.class, Wired.class, Settings.class, Makers.class, Labelled.class);
    }

    private static String idOf(TestNode node, Class<?> type) {
        var beanManager = node.container().getBeanManager();
        return ((PassivationCapable) beanManager.resolve(beanManager.getBeans(type))).getId();
    }

    @Test
    void aPlainBeanIsReadByAContainerWithOtherIds() throws Exception {
        try (TestNode one = node("one").start();
                TestNode two = node("two").start()) {
            assertThat(idOf(one, Plain.class)).isNotEqualTo(idOf(two, Plain.class));
            one.run(browser, one.bean(Plain.class)::count);
            two.run(browser, two.bean(Plain.class)::count);
            assertThat(one.request(browser, one.bean(Plain.class)::count)).isEqualTo(3);
            assertThat(StoredSession.of(browser, store).keys())
                    .containsExactly("class " + Plain.class.getName());
        }
    }

    @Test
    void aBoundBeanIsLeftOutByAContainerWithOtherIdsAndTheUserGoesOn() throws Exception {
        try (TestNode one = node("one").start();
                TestNode two = node("two").start();
                LoggedMessages logged = LoggedMessages.record()) {
            one.run(browser, one.bean(Wired.class)::count);
            one.run(browser, one.bean(Plain.class)::count);
            String id = StoredSession.of(browser, store).content().toString();
            assertThat(id).contains("bound entry", "plain entry");

            assertThat(two.request(browser, two.bean(Wired.class)::count)).isEqualTo(1);
            assertThat(two.request(browser, two.bean(Plain.class)::count)).isEqualTo(2);
            assertThat(logged.warnings())
                    .singleElement()
                    .asString()
                    .contains(
                            "class " + Wired.class.getName(),
                            "cannot be read and is left out",
                            "same server product with the same archive name");
        }
    }

    @Test
    void aBoundBeanThatIsNotUsedThereIsCarriedThrough() throws Exception {
        try (TestNode one = node("one").start();
                TestNode two = node("two").start()) {
            one.run(browser, one.bean(Wired.class)::count);
            Entry before = StoredSession.of(browser, store).entry(Wired.class);
            two.run(browser, two.bean(Plain.class)::count);
            assertThat(StoredSession.of(browser, store).entry(Wired.class)).isEqualTo(before);
            assertThat(one.request(browser, one.bean(Wired.class)::count)).isEqualTo(2);
        }
    }

    @Test
    void aBeanThatIsNotDeployedHereIsCarriedThrough() throws Exception {
        try (TestNode one = node("one").start();
                TestNode newer =
                        TestNode.on(store, Clock.systemUTC())
                                .containerId("newer")
                                .beans(Plain.class)
                                .start()) {
            one.run(browser, one.bean(Labelled.class)::count);
            newer.run(browser, newer.bean(Plain.class)::count);
            assertThat(one.request(browser, one.bean(Labelled.class)::count)).isEqualTo(2);
        }
    }

    @Test
    void qualifiersWithClassesAndConstantsHaveOneCanonicalForm() throws Exception {
        try (TestNode one = node("one").start()) {
            one.run(browser, one.container().select(Labelled.class).get()::count);
            assertThat(StoredSession.of(browser, store).keys())
                    .containsExactly(
                            "class "
                                    + Labelled.class.getName()
                                    + " @"
                                    + Label.class.getName()
                                    + "(day=java.time.DayOfWeek.MONDAY,"
                                    + "text=\"a \\\"b\\\"\",type=java.lang.String)");
        }
    }

    @Test
    void aProducerAddedBeforeAnotherLeavesItsSessionsWhereTheyWere() throws Exception {
        try (TestNode before =
                TestNode.on(store, Clock.systemUTC())
                        .containerId("before")
                        .beans(Makers.class)
                        .extension(new WithoutTheFirstProducer())
                        .start()) {
            Second second = before.bean(Second.class);
            assertThat(before.request(browser, second::count)).isEqualTo(1);
            assertThat(before.container().select(First.class).isUnsatisfied()).isTrue();
        }
        try (TestNode after = node("after").start()) {
            Second second = after.bean(Second.class);
            First first = after.bean(First.class);
            assertThat(after.request(browser, second::count)).isEqualTo(2);
            assertThat(after.request(browser, first::count)).isEqualTo(1);
        }
    }

    @Test
    void anExtensionThatTouchesTheTypeChangesTheContainersIdAndNotOurs() throws Exception {
        String before;
        try (TestNode one = node("one").start()) {
            one.run(browser, one.bean(Plain.class)::count);
            before = idOf(one, Plain.class);
        }
        try (TestNode touched = node("one").extension(new TouchesTypes()).start()) {
            assertThat(idOf(touched, Plain.class)).isNotEqualTo(before);
            assertThat(touched.request(browser, touched.bean(Plain.class)::count)).isEqualTo(2);
        }
    }

    @Test
    void aSyntheticBeanHasOneKeyInEveryContainer() throws Exception {
        try (TestNode one = node("one").extension(new AddsBean()).start();
                TestNode two = node("two").extension(new AddsBean()).start()) {
            CookieJar other = new CookieJar();
            one.run(browser, one.bean(Added.class)::count);
            two.run(other, two.bean(Added.class)::count);
            assertThat(StoredSession.of(browser, store).keys())
                    .isEqualTo(StoredSession.of(other, store).keys())
                    .hasSize(1);
        }
    }

    @Test
    void aMemberThatDoesNotBindIsNoPartOfTheKey() {
        Set<Annotation> qualifiers = Set.of(WithComment.class.getAnnotation(Commented.class));
        assertThat(BeanKeys.ofClass(WithComment.class, qualifiers).text())
                .endsWith("@" + Commented.class.getName() + "()");
    }

    @Test
    void aBeanThatGainedAnInjectedFieldIsMadeAnewNotHandedOutHalfWired() throws Exception {
        try (TestNode before = node("one").start()) {
            before.run(browser, before.bean(Plain.class)::count);
        }
        try (TestNode after = node("two").extension(new WiresPlain()).start();
                LoggedMessages logged = LoggedMessages.record()) {
            assertThat(after.request(browser, after.bean(Plain.class)::isWired)).isTrue();
            assertThat(logged.warnings()).anyMatch(warning -> warning.contains("left out"));
        }
    }

    @Test
    void anUnreadableBeanThatIsDestroyedIsGone() throws Exception {
        try (TestNode one = node("one").start();
                TestNode two = node("two").start()) {
            one.run(browser, one.bean(Wired.class)::count);
            two.run(
                    browser,
                    () -> {
                        Wired wired = two.bean(Wired.class);
                        two.container().select(Wired.class).destroy(wired);
                    });
            assertThat(StoredSession.of(browser, store).keys()).isEmpty();
        }
    }

    @Test
    void anUnreadableBeanIsToldOfOncePerRequest() throws Exception {
        try (TestNode one = node("one").start();
                TestNode two = node("two").start();
                LoggedMessages logged = LoggedMessages.record()) {
            one.run(browser, one.bean(Wired.class)::count);
            two.run(
                    browser,
                    () -> {
                        two.bean(Wired.class).count();
                        two.bean(Wired.class).count();
                    });
            assertThat(logged.warnings()).hasSize(1);
        }
    }

    @MemcachedSessionScoped
    static class Plain implements Serializable {
        private static final long serialVersionUID = 1L;
        private int count;
        transient Settings settings;

        int count() {
            return ++count;
        }

        boolean isWired() {
            return settings != null;
        }
    }

    @ApplicationScoped
    static class Settings {
        void touch() {}
    }

    @MemcachedSessionScoped
    static class Wired implements Serializable {
        private static final long serialVersionUID = 1L;
        @Inject Settings settings;
        private int count;

        int count() {
            settings.touch();
            return ++count;
        }
    }

    @Qualifier
    @Retention(RetentionPolicy.RUNTIME)
    @interface Label {
        Class<?> type();

        DayOfWeek day();

        @Nonbinding // as CDI wants it of arrays
        DayOfWeek[] days();

        String text();
    }

    @MemcachedSessionScoped
    @Default
    @Label(type = String.class, day = DayOfWeek.MONDAY, days = DayOfWeek.FRIDAY, text = "a \"b\"")
    static class Labelled implements Serializable {
        private static final long serialVersionUID = 1L;
        private int count;

        int count() {
            return ++count;
        }
    }

    @Qualifier
    @Retention(RetentionPolicy.RUNTIME)
    @interface Commented {
        @Nonbinding
        String comment();
    }

    @Commented(comment = "for readers")
    static class WithComment {}

    static class First implements Serializable {
        private static final long serialVersionUID = 1L;
        private int count;

        int count() {
            return ++count;
        }
    }

    static class Second implements Serializable {
        private static final long serialVersionUID = 1L;
        private int count;

        int count() {
            return ++count;
        }
    }

    @ApplicationScoped
    static class Makers {
        @Produces
        @MemcachedSessionScoped
        First aFirst() {
            return new First();
        }

        @Produces
        @MemcachedSessionScoped
        Second second() {
            return new Second();
        }
    }

    /** The older version of the class. */
    static class WithoutTheFirstProducer implements Extension {
        void change(@Observes ProcessAnnotatedType<Makers> event) {
            event.configureAnnotatedType()
                    .filterMethods(method -> method.getJavaMember().getName().equals("aFirst"))
                    .forEach(AnnotatedMethodConfigurator::removeAll);
        }
    }

    static class TouchesTypes implements Extension {
        void change(@Observes ProcessAnnotatedType<Plain> event) {
            event.configureAnnotatedType()
                    .add(Vetoed.Literal.INSTANCE)
                    .remove(annotation -> annotation.annotationType() == Vetoed.class);
        }
    }

    static class WiresPlain implements Extension {
        void change(@Observes ProcessAnnotatedType<Plain> event) {
            event.configureAnnotatedType()
                    .filterFields(field -> field.getJavaMember().getName().equals("settings"))
                    .forEach(field -> field.add(InjectLiteral.INSTANCE));
        }
    }

    static class Added implements Serializable {
        private static final long serialVersionUID = 1L;
        private int count;

        int count() {
            return ++count;
        }
    }

    static class AddsBean implements Extension {
        void add(@Observes AfterBeanDiscovery event) {
            event.<Added>addBean()
                    .beanClass(Added.class)
                    .types(Added.class, Object.class)
                    .scope(MemcachedSessionScoped.class)
                    .createWith(creationalContext -> new Added());
        }
    }
}
