package org.memcachedsession.cdi;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.AmbiguousResolutionException;
import jakarta.enterprise.inject.spi.AfterBeanDiscovery;
import jakarta.enterprise.inject.spi.AfterDeploymentValidation;
import jakarta.enterprise.inject.spi.Annotated;
import jakarta.enterprise.inject.spi.AnnotatedType;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.inject.spi.BeforeBeanDiscovery;
import jakarta.enterprise.inject.spi.BeforeShutdown;
import jakarta.enterprise.inject.spi.CDI;
import jakarta.enterprise.inject.spi.Decorator;
import jakarta.enterprise.inject.spi.DeploymentException;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.enterprise.inject.spi.Interceptor;
import jakarta.enterprise.inject.spi.ProcessBean;
import jakarta.enterprise.inject.spi.ProcessManagedBean;
import jakarta.enterprise.inject.spi.ProcessProducerField;
import jakarta.enterprise.inject.spi.ProcessProducerMethod;
import jakarta.enterprise.inject.spi.ProcessSessionBean;
import jakarta.enterprise.inject.spi.ProcessSyntheticBean;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.memcachedsession.AllowSerialized;
import org.memcachedsession.ConflictPolicy;
import org.memcachedsession.DropOnLogin;
import org.memcachedsession.MemcachedSession;
import org.memcachedsession.MemcachedSessionScoped;
import org.memcachedsession.MemcachedSessions;
import org.memcachedsession.OnConflict;
import org.memcachedsession.WebSocketSessions;
import org.memcachedsession.cdi.ScopedBean.Kind;
import org.memcachedsession.session.BeanKey;
import org.memcachedsession.session.Sessions;
import org.memcachedsession.session.UnitOfWork;

/**
 * The portable extension, one per application: finds the beans of the scope, adds its context and the
 * {@link MemcachedSession} handle, and starts and stops what they work with.
 */
public class MemcachedSessionExtension implements Extension {

    private static final Logger LOG = System.getLogger(MemcachedSessionExtension.class.getName());

    private final ScopedBeans scopedBeans = new ScopedBeans();
    private final List<Bean<?>> around = new ArrayList<>();
    private final InterceptedBeans interceptedBeans = new InterceptedBeans();
    private final SessionContext.Requests requests = this::currentUnitOfWork;

    @SuppressWarnings("this-escape") // it is asked in requests, and there are none yet
    private final SessionHandle handle = new SessionHandle(requests, this::captureIfAny);

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

    /**
     * That of the application which the calling thread works for.
     *
     * @throws IllegalStateException it works for none
     * @throws IllegalArgumentException that application has no such extension
     */
    static MemcachedSessionExtension ofThisApplication() {
        return CDI.current().getBeanManager().getExtension(MemcachedSessionExtension.class);
    }

    void addInterceptors(@Observes BeforeBeanDiscovery event) {
        for (Class<?> interceptor :
                List.of(RotateSessionIdInterceptor.class, SlidingExpiryInterceptor.class)) {
            event.addAnnotatedType(interceptor, interceptor.getName());
        }
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
                    event.getAnnotated(),
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
                    event.getAnnotatedProducerMethod(),
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
                    event.getAnnotatedProducerField(),
                    event::addDefinitionError);
        }
    }

    void syntheticBeanFound(@Observes ProcessSyntheticBean<?> event) {
        Bean<?> bean = event.getBean();
        if (isScoped(bean)) {
            add(
                    new ScopedBean(
                            BeanKeys.ofSynthetic(bean),
                            Kind.SYNTHETIC,
                            bean,
                            bean.getBeanClass(),
                            Optional.empty(),
                            List.of(),
                            false),
                    event::addDefinitionError);
        }
    }

    void interceptorOrDecoratorFound(@Observes ProcessBean<?> event) {
        Bean<?> bean = event.getBean();
        if (bean instanceof Interceptor<?> || bean instanceof Decorator<?>) {
            around.add(bean);
        }
    }

    /** Also of enterprise beans. */
    void lookForInterceptors(@Observes ProcessManagedBean<?> event, BeanManager beanManager) {
        AnnotatedType<?> beanClass = event.getAnnotatedBeanClass();
        interceptedBeans.add(beanClass, beanManager);
        if (isScoped(event.getBean())) {
            InterceptedBeans.bindingsOf(beanClass, beanManager)
                    .forEach(
                            binding ->
                                    LOG.log(
                                            Level.WARNING,
                                            Problems.interceptedScopedBean(
                                                    beanClass.getJavaClass(), binding)));
        }
    }

    private static boolean isScoped(Bean<?> bean) {
        return bean.getScope() == MemcachedSessionScoped.class;
    }

    private void add(BeanKey key, Kind kind, Bean<?> bean, Annotated annotated, ErrorSink errors) {
        Optional<ConflictPolicy> policy =
                Optional.ofNullable(annotated.getAnnotation(OnConflict.class))
                        .map(OnConflict::value);
        boolean dropsOnLogin = annotated.isAnnotationPresent(DropOnLogin.class);
        List<Class<?>> allowed =
                Optional.ofNullable(annotated.getAnnotation(AllowSerialized.class))
                        .map(names -> List.<Class<?>>of(names.value()))
                        .orElse(List.of());
        add(
                new ScopedBean(
                        key, kind, bean, annotated.getBaseType(), policy, allowed, dropsOnLogin),
                errors);
    }

    private void add(ScopedBean scoped, ErrorSink errors) {
        scopedBeans
                .add(scoped)
                .ifPresent(
                        twin ->
                                errors.add(
                                        new IllegalArgumentException(
                                                Problems.sameKey(
                                                        scoped.key(),
                                                        twin.bean(),
                                                        scoped.bean()))));
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
        event.<MemcachedSessions>addBean()
                .id(MemcachedSessions.class.getName())
                .beanClass(SessionsOfPrincipals.class)
                .types(MemcachedSessions.class, Object.class)
                .scope(ApplicationScoped.class)
                .createWith(context -> new SessionsOfPrincipals(requests, this::sessions));
        if (ServerApi.has("jakarta.websocket.server.ServerEndpointConfig")) {
            event.<WebSocketSessions>addBean()
                    .id(WebSocketSessions.class.getName())
                    .beanClass(SocketSessions.class)
                    .types(WebSocketSessions.class, Object.class)
                    .scope(ApplicationScoped.class)
                    .createWith(creationalContext -> new SocketSessions(requests, this::sessions));
        }
    }

    void identifyContainer(@Observes AfterDeploymentValidation event, BeanManager beanManager) {
        scopedBeans.identify(beanManager.getClass().getPackageName());
    }

    void checkResolvers(@Observes AfterDeploymentValidation event, BeanManager beanManager) {
        ConflictResolvers resolvers = new ConflictResolvers(beanManager);
        for (ScopedBean scoped : scopedBeans.all()) {
            if (!scoped.conflictPolicy().equals(Optional.of(ConflictPolicy.RESOLVE))) {
                continue;
            }
            try {
                if (resolvers.find(scoped).isEmpty()) {
                    event.addDeploymentProblem(
                            new DeploymentException(Problems.noResolver(scoped)));
                }
            } catch (AmbiguousResolutionException several) {
                event.addDeploymentProblem(
                        new DeploymentException(Problems.severalResolvers(scoped, several)));
            }
        }
    }

    void checkFields(@Observes AfterDeploymentValidation event, BeanManager beanManager) {
        DeploymentReport report = new DeploymentReport();
        SerializableTypes types = new SerializableTypes(beanManager, report);
        scopedBeans.all().forEach(types::add);
        report.errors()
                .forEach(error -> event.addDeploymentProblem(new DeploymentException(error)));
    }

    void checkInterceptedMethods(@Observes AfterDeploymentValidation event) {
        interceptedBeans
                .problems()
                .forEach(problem -> event.addDeploymentProblem(new DeploymentException(problem)));
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
        return RunningApplication.start(
                web,
                beanManager,
                scopedBeans,
                around,
                interceptedBeans.havePolls(),
                handle,
                surroundings);
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

    SessionContext.Requests requests() {
        return requests;
    }

    Expiry expiryOf(Class<?> target, Method method) {
        return interceptedBeans.expiryOf(target, method);
    }

    private UnitOfWork currentUnitOfWork() {
        RunningApplication application = running;
        return application == null ? null : application.currentUnitOfWork();
    }

    private Optional<Sessions> sessions() {
        return Optional.ofNullable(running).map(RunningApplication::sessions);
    }

    /** For other threads: the calling thread's request, also one that is over; empty for none. */
    Optional<CapturedRequest> captureIfAny() {
        RunningApplication application = running;
        return Optional.ofNullable(application)
                .map(RunningApplication::currentUnitOfWork)
                .map(request -> CapturedRequest.of(request, application.sessions().current()));
    }

    /** For other threads: the absence of a request. Empty while the application does not run. */
    Optional<CapturedRequest> captureNone() {
        return Optional.ofNullable(running)
                .map(application -> new CapturedRequest(application.sessions().current(), null));
    }
}
