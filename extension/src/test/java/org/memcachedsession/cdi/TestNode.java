package org.memcachedsession.cdi;

import jakarta.enterprise.inject.spi.Extension;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.weld.environment.se.Weld;
import org.jboss.weld.environment.se.WeldContainer;
import org.memcachedsession.SessionSettings;
import org.memcachedsession.session.CurrentUnitOfWork;
import org.memcachedsession.session.SessionStore;
import org.memcachedsession.session.Sessions;
import org.memcachedsession.session.UnitOfWork;
import org.memcachedsession.session.UnitOfWork.CookieChange;

/**
 * A node without servlets: Weld SE with the extension on a store of the test's. Every request is
 * saved through full serialization, so the next one works on what was read back.
 */
public final class TestNode implements AutoCloseable {

    private final RunningApplication running;
    private final WeldContainer container;

    private TestNode(RunningApplication running, WeldContainer container) {
        this.running = running;
        this.container = container;
    }

    /** Begins the description of a node. */
    public static Builder on(SessionStore store, Clock clock) {
        return on(store, clock, true);
    }

    private static Builder on(SessionStore store, Clock clock, boolean hasFory) {
        return new Builder(
                        new Surroundings() {
                            @Override
                            public boolean hasFory(ClassLoader application) {
                                return hasFory;
                            }

                            @Override
                            public Clock clock() {
                                return clock;
                            }

                            @Override
                            public SessionStore openStore(
                                    SessionSettings settings,
                                    Supplier<SessionSettings> again,
                                    List<Runnable> atStop) {
                                return store;
                            }
                        })
                .beans(TestSettings.class);
    }

    /** As {@link #on}, for a node whose class path has no Apache Fory. */
    public static Builder withoutFory(SessionStore store, Clock clock) {
        return on(store, clock, false);
    }

    /** Begins the description of a node that opens its store itself, as its settings say. */
    public static Builder withSettings(Extension settings) {
        return new Builder(new Surroundings() {}).extension(settings);
    }

    /** As {@link #withSettings(Extension)}, on a store that the test opens as they say; the end of the node closes it. */
    public static Builder withSettings(
            Extension settings, Function<SessionSettings, SessionStore> store) {
        return new Builder(
                        new Surroundings() {
                            @Override
                            public SessionStore openStore(
                                    SessionSettings inForce,
                                    Supplier<SessionSettings> again,
                                    List<Runnable> atStop) {
                                SessionStore opened = store.apply(inForce);
                                atStop.add(0, opened::close);
                                return opened;
                            }
                        })
                .extension(settings);
    }

    /** The container. */
    public WeldContainer container() {
        return container;
    }

    /** A bean, or its proxy. */
    public <T> T bean(Class<T> type) {
        return container.select(type).get();
    }

    /** One request: what it returns is what the browser gets to see. */
    public <T> T request(CookieJar browser, Callable<T> request) throws Exception {
        Sessions sessions = sessions();
        UnitOfWork unitOfWork = sessions.begin(browser.ids());
        try (CurrentUnitOfWork.Binding binding = sessions.current().bind(unitOfWork)) {
            T result;
            try {
                result = request.call();
            } finally {
                unitOfWork.save();
            }
            unitOfWork
                    .cookieChange()
                    .ifPresent(
                            change -> {
                                if (change instanceof CookieChange.Give give) {
                                    browser.take(give.id());
                                } else {
                                    browser.forget();
                                }
                            });
            return result;
        } finally {
            unitOfWork.close();
        }
    }

    /** One request that answers nothing. */
    public void run(CookieJar browser, Runnable request) throws Exception {
        request(
                browser,
                () -> {
                    request.run();
                    return null;
                });
    }

    /** The application's sessions, for tests that bind by hand. */
    public Sessions sessions() {
        return running.sessions();
    }

    /** A second call does nothing. */
    @Override
    public void close() {
        if (container.isRunning()) {
            container.close();
        }
    }

    /** What a node is made of. */
    public static final class Builder {

        private final Surroundings surroundings;
        private final List<Consumer<Weld>> steps = new ArrayList<>();
        private String containerId = "node";

        private Builder(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        /** Of Weld; two live containers have different ones. */
        public Builder containerId(String id) {
            containerId = id;
            return this;
        }

        /** Adds bean classes. */
        public Builder beans(Class<?>... classes) {
            steps.add(weld -> weld.addBeanClasses(classes));
            return this;
        }

        /** Adds another extension. */
        public Builder extension(Extension other) {
            steps.add(weld -> weld.addExtension(other));
            return this;
        }

        /** Changes what Weld is given. */
        public Builder weld(Consumer<Weld> step) {
            steps.add(step);
            return this;
        }

        /** Deploys. */
        public TestNode start() {
            MemcachedSessionExtension extension = new MemcachedSessionExtension(surroundings);
            Weld weld =
                    new Weld(containerId)
                            .disableDiscovery()
                            .skipShutdownHook() // which keeps the first application's class loader
                            .addExtension(extension)
                            .addExtension(new AuthenticationExtension());
            steps.forEach(step -> step.accept(weld));
            WeldContainer container = weld.initialize();
            try {
                return new TestNode(
                        extension.runningWithoutServlets(container.getBeanManager()), container);
            } catch (RuntimeException failedDeployment) {
                container.close();
                throw failedDeployment;
            }
        }
    }
}
