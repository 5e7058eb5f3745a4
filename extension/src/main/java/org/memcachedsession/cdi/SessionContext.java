package org.memcachedsession.cdi;

import jakarta.enterprise.context.ContextNotActiveException;
import jakarta.enterprise.context.spi.AlterableContext;
import jakarta.enterprise.context.spi.Contextual;
import jakarta.enterprise.context.spi.CreationalContext;
import java.lang.annotation.Annotation;
import org.memcachedsession.session.BeanKey;
import org.memcachedsession.session.UnitOfWork;

/**
 * The context of the scope. The container asks it at every call through a proxy, so nothing here does
 * I/O before a bean is used that this request has not used yet.
 */
final class SessionContext implements AlterableContext {

    private final Class<? extends Annotation> scope;
    private final Requests requests;
    private final ScopedBeans scopedBeans;

    SessionContext(Class<? extends Annotation> scope, Requests requests, ScopedBeans scopedBeans) {
        this.scope = scope;
        this.requests = requests;
        this.scopedBeans = scopedBeans;
    }

    @Override
    public Class<? extends Annotation> getScope() {
        return scope;
    }

    @Override
    public boolean isActive() {
        UnitOfWork unitOfWork = requests.find();
        return unitOfWork != null && unitOfWork.isOpen();
    }

    @Override
    @SuppressWarnings("unchecked") // what is kept under the key of a contextual is its instance
    public <T> T get(Contextual<T> contextual) {
        UnitOfWork unitOfWork = requests.get();
        return instance((BeanInstance<T>) unitOfWork.find(key(contextual, unitOfWork)));
    }

    @Override
    @SuppressWarnings("unchecked") // as above
    public <T> T get(Contextual<T> contextual, CreationalContext<T> creationalContext) {
        if (creationalContext == null) {
            return get(contextual);
        }
        UnitOfWork unitOfWork = requests.get();
        return instance(
                (BeanInstance<T>)
                        unitOfWork.findOrCreate(
                                key(contextual, unitOfWork),
                                () -> create(contextual, creationalContext)));
    }

    private static <T> BeanInstance<T> create(
            Contextual<T> contextual, CreationalContext<T> creationalContext) {
        T instance = contextual.create(creationalContext);
        return instance == null
                ? null
                : BeanInstance.created(contextual, instance, creationalContext);
    }

    private static <T> T instance(BeanInstance<T> bean) {
        return bean == null ? null : bean.instance();
    }

    @Override
    public void destroy(Contextual<?> contextual) {
        UnitOfWork unitOfWork = requests.get();
        Object bean = unitOfWork.remove(key(contextual, unitOfWork));
        if (bean != null) {
            ((BeanInstance<?>) bean).destroy();
        }
    }

    private BeanKey key(Contextual<?> contextual, UnitOfWork unitOfWork) {
        if (contextual == null) {
            throw new IllegalArgumentException(
                    "The container gave no bean: a bean of @"
                            + scope.getSimpleName()
                            + " that an extension adds must be PassivationCapable");
        }
        return scopedBeans.keyOf(contextual, unitOfWork);
    }

    /** How the context finds its request. */
    interface Requests {

        /** The unit of work of the request that the calling thread serves, or null. Without I/O. */
        UnitOfWork find();

        /**
         * @throws ContextNotActiveException with the reason, if there is none or it is finished
         */
        default UnitOfWork get() {
            UnitOfWork unitOfWork = find();
            if (unitOfWork == null) {
                throw new ContextNotActiveException(
                        "@MemcachedSessionScoped beans need an HTTP request, and thread \""
                                + Thread.currentThread().getName()
                                + "\" serves none. Other threads, timers, messages and start-up have no"
                                + " session: read what they need before, and hand it to them, or wrap the"
                                + " task with MemcachedSession.capture. Messages of a WebSocket get one"
                                + " from WebSocketSessions");
            }
            requireOpen(unitOfWork);
            return unitOfWork;
        }

        /**
         * @throws ContextNotActiveException the request is finished
         */
        static void requireOpen(UnitOfWork unitOfWork) {
            if (!unitOfWork.isOpen()) {
                throw new ContextNotActiveException(
                        "@MemcachedSessionScoped beans cannot be used: request already finished, so"
                                + " nothing would be stored any more (thread \""
                                + Thread.currentThread().getName()
                                + "\")");
            }
        }
    }
}
