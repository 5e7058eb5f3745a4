package org.memcachedsession.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Destroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.io.Serializable;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.memcachedsession.MemcachedSession;
import org.memcachedsession.MemcachedSessionScoped;
import org.memcachedsession.store.InMemorySessionStore;

/** The events of a scope's life: each once, in order, with the scope usable where it has to be. */
class LifecycleEventsTest {

    private static final List<String> DIARY = new ArrayList<>();

    private final InMemorySessionStore store =
            new InMemorySessionStore(Clock.systemUTC(), 1_000_000);
    private final TestNode node =
            TestNode.on(store, Clock.systemUTC())
                    .beans(Visit.class, Basket.class, Witness.class)
                    .start();
    private final CookieJar browser = new CookieJar();
    private final Visit visit = node.bean(Visit.class);
    private final Basket basket = node.bean(Basket.class);
    private final MemcachedSession session = node.bean(MemcachedSession.class);

    @BeforeEach
    void newDiary() {
        DIARY.clear();
        Witness.breaks = false;
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void initializedIsHeardOnceAtTheFirstBeanAndTheScopeIsUsable() throws Exception {
        node.run(browser, () -> assertThat(session.exists()).isFalse());
        assertThat(DIARY).isEmpty();
        node.run(
                browser,
                () -> {
                    visit.note("first");
                    basket.add();
                });
        node.run(browser, () -> visit.note("second"));
        assertThat(DIARY).containsExactly("initialized, session exists");
        assertThat(node.request(browser, visit::notes))
                .containsExactly("noted at the start", "first", "second");
    }

    @Test
    void aSecondNodeDoesNotTellOfAnInitializationAgain() throws Exception {
        node.run(browser, () -> visit.note("first"));
        try (TestNode other =
                TestNode.on(store, Clock.systemUTC())
                        .containerId("other")
                        .beans(Visit.class, Basket.class, Witness.class)
                        .start()) {
            other.run(browser, other.bean(Basket.class)::add);
        }
        assertThat(DIARY).containsExactly("initialized, session exists");
    }

    @Test
    void invalidateTellsFirstThenEndsEveryBeanOnceThenTellsThatItIsOver() throws Exception {
        node.run(
                browser,
                () -> {
                    visit.note("first");
                    basket.add();
                });
        DIARY.clear();
        node.run(browser, session::invalidate);
        assertThat(DIARY).hasSize(4);
        assertThat(DIARY.get(0)).isEqualTo("before destroyed with 2 notes");
        assertThat(DIARY.subList(1, 3)).containsExactlyInAnyOrder("visit ended", "basket ended");
        assertThat(DIARY.get(3)).isEqualTo("destroyed, session exists: false");
    }

    @Test
    void invalidateTwiceOrWithoutASessionTellsNothingMore() throws Exception {
        node.run(browser, session::invalidate);
        assertThat(DIARY).isEmpty();
        node.run(browser, () -> visit.note("first"));
        node.run(
                browser,
                () -> {
                    session.invalidate();
                    session.invalidate();
                });
        assertThat(DIARY.stream().filter(line -> line.startsWith("destroyed"))).hasSize(1);
    }

    @Test
    void aSessionMadeAndEndedInOneRequestTellsBothAndStoresNothing() throws Exception {
        node.run(
                browser,
                () -> {
                    basket.add();
                    session.invalidate();
                });
        assertThat(DIARY)
                .startsWith("initialized, session exists")
                .contains("basket ended")
                .endsWith("destroyed, session exists: false");
        assertThat(browser.id()).isEmpty();
        assertThat(store.sessions()).isZero();
    }

    @Test
    void anObserverOfTheEndThatThrowsLeavesTheSessionEnded() throws Exception {
        node.run(browser, basket::add);
        Witness.breaks = true;
        node.run(browser, session::invalidate);
        assertThat(DIARY).contains("basket ended", "destroyed, session exists: false");
        assertThat(store.sessions()).isZero();
    }

    @Test
    void noBeanIsMadeWhileTheSessionEnds() throws Exception {
        node.run(browser, basket::add);
        DIARY.clear();
        Witness.wantsNewBean = true;
        try {
            node.run(browser, session::invalidate);
        } finally {
            Witness.wantsNewBean = false;
        }
        assertThat(DIARY).contains("no new bean").endsWith("destroyed, session exists: false");
    }

    @Test
    void aLostSessionTellsNobody() throws Exception {
        node.run(browser, basket::add);
        store.evictAll();
        DIARY.clear();
        node.run(browser, () -> assertThat(session.exists()).isFalse());
        assertThat(DIARY).isEmpty();
    }

    @ApplicationScoped
    static class Witness {
        private static boolean breaks;
        private static boolean wantsNewBean;
        @Inject Visit visit;
        @Inject Instance<Visit> visits;

        void initialized(
                @Observes @Initialized(MemcachedSessionScoped.class) MemcachedSession session) {
            DIARY.add("initialized, session " + (session.exists() ? "exists" : "missing"));
            visit.note("noted at the start");
        }

        void ending(
                @Observes @BeforeDestroyed(MemcachedSessionScoped.class) MemcachedSession session) {
            if (wantsNewBean) {
                visits.destroy(visit);
                assertThatIllegalStateException()
                        .isThrownBy(visit::notes)
                        .withMessageContaining("while its session is being ended");
                DIARY.add("no new bean");
                return;
            }
            DIARY.add("before destroyed with " + visit.notes().size() + " notes");
            if (breaks) {
                throw new IllegalStateException("broken on purpose");
            }
        }

        void ended(@Observes @Destroyed(MemcachedSessionScoped.class) MemcachedSession session) {
            DIARY.add("destroyed, session exists: " + session.exists());
            if (breaks) {
                throw new IllegalStateException("broken on purpose");
            }
        }
    }

    @MemcachedSessionScoped
    static class Visit implements Serializable {
        private static final long serialVersionUID = 1L;
        private final List<String> notes = new ArrayList<>();

        void note(String note) {
            notes.add(note);
        }

        List<String> notes() {
            return notes;
        }

        @PreDestroy
        void end() {
            DIARY.add("visit ended");
        }
    }

    @MemcachedSessionScoped
    static class Basket implements Serializable {
        private static final long serialVersionUID = 1L;
        private int items;

        void add() {
            items++;
        }

        int items() {
            return items;
        }

        @PreDestroy
        void end() {
            DIARY.add("basket ended");
        }
    }
}
