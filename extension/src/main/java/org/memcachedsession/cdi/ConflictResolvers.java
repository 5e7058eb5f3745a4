package org.memcachedsession.cdi;

import jakarta.enterprise.context.spi.CreationalContext;
import jakarta.enterprise.inject.AmbiguousResolutionException;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Optional;
import org.memcachedsession.ConflictResolver;
import org.memcachedsession.SessionConflictException;

/** The application's resolvers, found by the type of the bean. Many threads use it at once. */
final class ConflictResolvers {

    private final BeanManager beanManager;

    ConflictResolvers(BeanManager beanManager) {
        this.beanManager = beanManager;
    }

    /**
     * The resolver of a bean, if there is one.
     *
     * @throws AmbiguousResolutionException there are several
     */
    Optional<Bean<?>> find(ScopedBean scoped) {
        return Optional.ofNullable(
                beanManager.resolve(beanManager.getBeans(new ResolverType(scoped.type()))));
    }

    /**
     * @throws SessionConflictException the resolver has thrown or given nothing
     */
    Object resolve(ScopedBean scoped, Object base, Object theirs, Object ours) {
        Bean<?> bean = find(scoped).orElseThrow();
        CreationalContext<?> creationalContext = beanManager.createCreationalContext(bean);
        Object resolved;
        try {
            @SuppressWarnings("unchecked") // found by the type of the bean
            ConflictResolver<Object> resolver =
                    (ConflictResolver<Object>)
                            beanManager.getReference(
                                    bean, new ResolverType(scoped.type()), creationalContext);
            resolved = resolver.resolve(base, theirs, ours);
        } catch (RuntimeException e) {
            throw new SessionConflictException(
                    "Two requests changed "
                            + scoped.key()
                            + " at once, and its ConflictResolver "
                            + bean.getBeanClass().getName()
                            + " has thrown "
                            + e,
                    e);
        } finally {
            creationalContext.release();
        }
        if (resolved == null) {
            throw new SessionConflictException(
                    "Two requests changed "
                            + scoped.key()
                            + " at once, and its ConflictResolver "
                            + bean.getBeanClass().getName()
                            + " returned null. It has to return the state to store");
        }
        return resolved;
    }

    /** {@code ConflictResolver<bean>}. */
    private record ResolverType(Type bean) implements ParameterizedType {

        @Override
        public Type[] getActualTypeArguments() {
            return new Type[] {bean};
        }

        @Override
        public Type getRawType() {
            return ConflictResolver.class;
        }

        @Override
        public Type getOwnerType() {
            return null;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof ParameterizedType type
                    && type.getRawType() == ConflictResolver.class
                    && type.getActualTypeArguments()[0].equals(bean);
        }

        /** As the JDK's own, since containers keep types in hash tables. */
        @Override
        public int hashCode() {
            return bean.hashCode() + 31 ^ ConflictResolver.class.hashCode();
        }

        @Override
        public String toString() {
            return ConflictResolver.class.getName() + '<' + bean.getTypeName() + '>';
        }
    }
}
