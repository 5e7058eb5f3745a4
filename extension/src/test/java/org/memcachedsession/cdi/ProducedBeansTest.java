package org.memcachedsession.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.IllegalProductException;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.literal.NamedLiteral;
import jakarta.enterprise.util.TypeLiteral;
import jakarta.inject.Named;
import java.io.Serializable;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.memcachedsession.AllowSerialized;
import org.memcachedsession.MemcachedSession;
import org.memcachedsession.MemcachedSessionScoped;
import org.memcachedsession.store.InMemorySessionStore;

/** Beans that a producer method or field makes. */
class ProducedBeansTest {

    private static final List<String> DIARY = new ArrayList<>();

    private final InMemorySessionStore store =
            new InMemorySessionStore(Clock.systemUTC(), 1_000_000);
    private final TestNode node =
            TestNode.on(store, Clock.systemUTC()).beans(Workshop.class).start();
    private final CookieJar browser = new CookieJar();

    @BeforeEach
    void newDiary() {
        DIARY.clear();
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void whatAMethodMakesIsStored() throws Exception {
        ArrayList<String> list =
                node.container().select(new TypeLiteral<ArrayList<String>>() {}).get();
        node.run(browser, () -> list.add("one"));
        node.run(browser, () -> list.add("two"));
        assertThat(node.request(browser, list::toString)).isEqualTo("[made, one, two]");
        assertThat(DIARY).containsExactly("list made");
    }

    @Test
    void whatAMethodMakesIsDisposedOfOnce() throws Exception {
        ArrayList<String> list =
                node.container().select(new TypeLiteral<ArrayList<String>>() {}).get();
        node.run(browser, () -> list.add("one"));
        node.run(browser, () -> node.bean(MemcachedSession.class).invalidate());
        assertThat(DIARY).containsExactly("list made", "[made, one] disposed of");
    }

    @Test
    void whatAMethodMakesBehindAnInterfaceIsStored() throws Exception {
        Tool tool = node.container().select(Tool.class, NamedLiteral.of("hammer")).get();
        node.run(browser, tool::use);
        node.run(browser, tool::use);
        assertThat(node.request(browser, tool::used)).isEqualTo(2);
    }

    @Test
    void whatAFieldHoldsIsStored() throws Exception {
        StringHolder holder = node.bean(StringHolder.class);
        node.run(browser, () -> holder.set("changed"));
        assertThat(node.request(browser, holder::get)).isEqualTo("changed");
    }

    @Test
    void aProductThatCannotBeStoredIsRefusedByTheContainerAtItsFirstUse() throws Exception {
        Tool tool = node.container().select(Tool.class, NamedLiteral.of("stone")).get();
        node.run(
                browser,
                () ->
                        assertThatExceptionOfType(IllegalProductException.class)
                                .isThrownBy(tool::use));
        assertThat(browser.id()).isEmpty();
        assertThat(store.size()).isZero();
    }

    @Test
    void everyProductIsStoredUnderItsMemberNotItsPosition() throws Exception {
        Tool tool = node.container().select(Tool.class, NamedLiteral.of("hammer")).get();
        StringHolder holder = node.bean(StringHolder.class);
        node.run(
                browser,
                () -> {
                    tool.use();
                    holder.set("x");
                });
        String workshop = Workshop.class.getName();
        assertThat(StoredSession.of(browser, store).keys())
                .anyMatch(key -> key.startsWith("method " + workshop + ".hammer()"))
                .anyMatch(key -> key.startsWith("field " + workshop + ".holder"))
                .hasSize(2);
        assertThat(StoredSession.of(browser, store).content().entries().values())
                .allMatch(entry -> entry.isPlain());
    }

    interface Tool {
        void use();

        int used();
    }

    static class Hammer implements Tool, Serializable {
        private static final long serialVersionUID = 1L;
        private int used;

        @Override
        public void use() {
            used++;
        }

        @Override
        public int used() {
            return used;
        }
    }

    /** Not serializable. */
    static class Stone implements Tool {
        @Override
        public void use() {}

        @Override
        public int used() {
            return 0;
        }
    }

    static class StringHolder implements Serializable {
        private static final long serialVersionUID = 1L;
        private String text = "";

        void set(String newText) {
            text = newText;
        }

        String get() {
            return text;
        }
    }

    @ApplicationScoped
    static class Workshop {

        @Produces @MemcachedSessionScoped StringHolder holder = new StringHolder();

        @Produces
        @MemcachedSessionScoped
        @SuppressWarnings("NonApiType") // a class that the container has to make a proxy of
        ArrayList<String> list() {
            DIARY.add("list made");
            return new ArrayList<>(List.of("made"));
        }

        @SuppressWarnings("NonApiType") // as above
        void dispose(@Disposes ArrayList<String> list) {
            DIARY.add(list + " disposed of");
        }

        @AllowSerialized(Hammer.class)
        @Produces
        @MemcachedSessionScoped
        @Named("hammer")
        Tool hammer() {
            return new Hammer();
        }

        @Produces
        @MemcachedSessionScoped
        @Named("stone")
        Tool stone() {
            return new Stone();
        }
    }
}
