package org.memcachedsession.cdi;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.AfterBeanDiscovery;
import jakarta.enterprise.inject.spi.AfterDeploymentValidation;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.inject.spi.BeforeShutdown;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.enterprise.inject.spi.ProcessManagedBean;
import jakarta.enterprise.inject.spi.ProcessProducerField;
import jakarta.enterprise.inject.spi.ProcessProducerMethod;
import jakarta.enterprise.inject.spi.ProcessSessionBean;
import jakarta.enterprise.inject.spi.ProcessSyntheticBean;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import org.memcachedsession.MemcachedSession;
import org.memcachedsession.MemcachedSessionScoped;
import org.memcachedsession.cdi.ScopedBean.Kind;
import org.memcachedsession.session.BeanKey;
import org.memcachedsession.session.UnitOfWork;

/**
 * The portable extension, one per application: finds the beans of the scope, adds its context and the
 * {@link MemcachedSession} handle, and starts and stops what they work with.
 */
public class MemcachedSessionExtension implements Extension {

    private static final Logger LOG = System.getLogger(MemcachedSessionExtension.class.getName());

    private final ScopedBeans scopedBeans = new ScopedBeans();
    private final SessionContext.Requests requests = this::currentUnitOfWork;
    private final SessionHandle handle = new SessionHandle(requests);
    private final Surroundings surroundings;
    private volatile RunningApplication running;
    private String contextPath; // of the running application

    /** For the container. */
    public MemcachedSessionExtension() {
        this(new Surroundings() {});
    }

    MemcachedSessionExtension(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    void classFound(@Observes ProcessManagedBean<?> event) {
        if (event instanceof ProcessSessionBean<?>) {
            return; // below
        }
        Bean<?> bean = event.getBean();
        if (isScoped(bean)) {
            add(
                    BeanKeys.ofClass(bean.getBeanClass(), bean.getQualifiers()),
                    Kind.CLASS,
                    bean,
                    event::addDefinitionError);
        }
    }

    void sessionBeanFound(@Observes ProcessSessionBean<?> event) {
        if (isScoped(event.getBean())) {
            event.addDefinitionError(
                    new IllegalArgumentException(
                            Problems.statefulSessionBean(event.getBean().getBeanClass())));
        }
    }

    void producerMethodFound(@Observes ProcessProducerMethod<?, ?> event) {
        Bean<?> bean = event.getBean();
        if (isScoped(bean)) {
            add(
                    BeanKeys.ofProducerMethod(
                            event.getAnnotatedProducerMethod(), bean.getQualifiers()),
                    Kind.PRODUCER,
                    bean,
                    event::addDefinitionError);
        }
    }

    void producerFieldFound(@Observes ProcessProducerField<?, ?> event) {
        Bean<?> bean = event.getBean();
        if (isScoped(bean)) {
            add(
                    BeanKeys.ofProducerField(
                            event.getAnnotatedProducerField().getJavaMember(),
                            bean.getQualifiers()),
                    Kind.PRODUCER,
                    bean,
                    event::addDefinitionError);
        }
    }

    void syntheticBeanFound(@Observes ProcessSyntheticBean<?> event) {
        Bean<?> bean = event.getBean();
        if (isScoped(bean)) {
            add(BeanKeys.ofSynthetic(bean), Kind.SYNTHETIC, bean, event::addDefinitionError);
        }
    }

    private static boolean isScoped(Bean<?> bean) {
        return bean.getScope() == MemcachedSessionScoped.class;
    }

    private void add(BeanKey key, Kind kind, Bean<?> bean, ErrorSink errors) {
        scopedBeans
                .add(new ScopedBean(key, kind, bean))
                .ifPresent(
                        twin ->
                                errors.add(
                                        new IllegalArgumentException(
                                                Problems.sameKey(key, twin.bean(), bean))));
    }

    private interface ErrorSink {
        void add(Throwable error);
    }

    void addContext(@Observes AfterBeanDiscovery event) {
        event.addContext(new SessionContext(MemcachedSessionScoped.class, requests, scopedBeans));
        event.<MemcachedSession>addBean()
                .id(MemcachedSession.class.getName())
                .beanClass(SessionHandle.class)
                .types(MemcachedSession.class, Object.class)
                .scope(ApplicationScoped.class)
                .createWith(creationalContext -> handle);
    }

    void identifyContainer(@Observes AfterDeploymentValidation event, BeanManager beanManager) {
        scopedBeans.identify(beanManager.getClass().getPackageName());
    }

    synchronized void start(WebApplication web, BeanManager beanManager) {
        if (running == null) {
            running = start(Optional.of(web), beanManager);
            contextPath = web.contextPath();
        } else if (!web.contextPath().equals(contextPath)) {
            LOG.log(
                    Level.ERROR,
                    "Nothing is stored for the application at \"{0}\": this library is shared with the"
                            + " one at \"{1}\" and serves one. Put it into WEB-INF/lib of each WAR, not"
                            + " into lib of their EAR or of the server",
                    web.contextPath(),
                    contextPath);
        }
    }

    private RunningApplication start(Optional<WebApplication> web, BeanManager beanManager) {
        return RunningApplication.start(web, beanManager, scopedBeans, handle, surroundings);
    }

    /** Starts what a container without servlets has at work, where no servlet context says when. */
    synchronized RunningApplication runningWithoutServlets(BeanManager beanManager) {
        if (running == null) {
            running = start(Optional.empty(), beanManager);
        }
        return running;
    }

    void stop(@Observes BeforeShutdown event) {
        RunningApplication stopping = running;
        running = null;
        Optional.ofNullable(stopping).ifPresent(RunningApplication::stop);
    }

    private UnitOfWork currentUnitOfWork() {
        RunningApplication application = running;
        return application == null ? null : application.currentUnitOfWork();
    }
}
