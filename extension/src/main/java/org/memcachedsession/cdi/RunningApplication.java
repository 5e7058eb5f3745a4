package org.memcachedsession.cdi;

import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.memcachedsession.MemcachedSession;
import org.memcachedsession.SessionSettings;
import org.memcachedsession.SessionSettingsException;
import org.memcachedsession.codec.Compression;
import org.memcachedsession.codec.SealedRecordCodec;
import org.memcachedsession.config.Deployment;
import org.memcachedsession.config.SettingsReader;
import org.memcachedsession.session.Beans;
import org.memcachedsession.session.SessionEvents;
import org.memcachedsession.session.SessionRules;
import org.memcachedsession.session.SessionStore;
import org.memcachedsession.session.Sessions;
import org.memcachedsession.session.UnitOfWork;

/** What one application has at work between its start and its end. */
final class RunningApplication {

    private static final Logger LOG = System.getLogger(RunningApplication.class.getName());

    private final Sessions sessions;
    private final Supplier<UnitOfWork> unboundRequest;
    private final List<Runnable> atStop;

    private RunningApplication(
            Sessions sessions, Supplier<UnitOfWork> unboundRequest, List<Runnable> atStop) {
        this.sessions = sessions;
        this.unboundRequest = unboundRequest;
        this.atStop = atStop;
    }

    /**
     * Reads the settings and opens the store.
     *
     * @param around the interceptors and decorators of the application
     * @param havePolls whether a call may say, after its request has used the session, that it does not keep
     *     that alive
     * @throws SessionSettingsException with all mistakes in the settings
     */
    static RunningApplication start(
            Optional<WebApplication> web,
            BeanManager beanManager,
            ScopedBeans scopedBeans,
            List<Bean<?>> around,
            boolean havePolls,
            MemcachedSession handle,
            Surroundings surroundings) {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        boolean hasFory = surroundings.hasFory(loader);
        Supplier<SessionSettings> reading = () -> settings(loader, web, beanManager, hasFory);
        SessionSettings settings = reading.get();
        LOG.log(Level.INFO, "{0}", settings);
        settings.notes().forEach(note -> LOG.log(Level.INFO, "{0}", note));
        Serializers serializers =
                Serializers.of(
                        settings,
                        hasFory,
                        beanManager,
                        scopedBeans,
                        around,
                        loaders(loader, beanManager));
        List<Runnable> atStop = new ArrayList<>();
        atStop.add(serializers.serialization()::close);
        try {
            Sessions sessions =
                    sessions(
                            settings,
                            SessionRules.of(settings, !havePolls),
                            surroundings.openStore(settings, reading, atStop),
                            surroundings.clock(),
                            new ContainerBeans(
                                    beanManager,
                                    scopedBeans,
                                    serializers,
                                    loader,
                                    settings.conflict()),
                            new ContainerEvents(beanManager, handle));
            Supplier<UnitOfWork> unboundRequest =
                    web.map(application -> application.install(sessions, settings))
                            .orElse(() -> null);
            return new RunningApplication(sessions, unboundRequest, atStop);
        } catch (RuntimeException | Error e) {
            stop(atStop); // a class that is missing is an Error, and a server goes on after it
            throw e;
        }
    }

    private static Sessions sessions(
            SessionSettings settings,
            SessionRules rules,
            SessionStore store,
            Clock clock,
            Beans beans,
            SessionEvents events) {
        SecureRandom random = new SecureRandom();
        return new Sessions(
                store,
                new SealedRecordCodec(
                        settings.application(),
                        settings.secret(),
                        random,
                        new Compression(settings.compressFrom(), settings.sizeLimit())),
                beans,
                events,
                clock,
                random,
                rules);
    }

    private static SessionSettings settings(
            ClassLoader loader,
            Optional<WebApplication> web,
            BeanManager beanManager,
            boolean hasFory) {
        Deployment deployment =
                new Deployment(
                        loader,
                        web.map(WebApplication::contextParameters).orElseGet(Map::of),
                        web.map(WebApplication::contextPath),
                        EmbeddedServer.isPresent(loader),
                        hasFory);
        SessionSettings.Builder builder = SessionSettings.builder(SettingsReader.read(deployment));
        beanManager.getEvent().select(SessionSettings.Builder.class).fire(builder);
        return builder.build();
    }

    /** The container's last, for its own classes inside of beans, which some applications do not see. */
    private static List<ClassLoader> loaders(ClassLoader application, BeanManager beanManager) {
        Set<ClassLoader> loaders = new LinkedHashSet<>();
        for (ClassLoader loader :
                new ClassLoader[] {
                    application,
                    RunningApplication.class.getClassLoader(),
                    beanManager.getClass().getClassLoader()
                }) {
            if (loader != null) {
                loaders.add(loader);
            }
        }
        return List.copyOf(loaders);
    }

    /** The unit of work of the calling thread's request, or null. */
    UnitOfWork currentUnitOfWork() {
        UnitOfWork bound = sessions.current().get();
        return bound != null ? bound : unboundRequest.get();
    }

    Sessions sessions() {
        return sessions;
    }

    void stop() {
        stop(atStop);
    }

    private static void stop(List<Runnable> atStop) {
        for (Runnable stop : atStop) {
            try {
                stop.run();
            } catch (RuntimeException | LinkageError e) {
                LOG.log(Level.WARNING, "Stopping goes on after a failure", e);
            }
        }
    }
}
