package org.memcachedsession.cdi;

import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.PassivationCapable;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Optional;
import org.memcachedsession.ConflictPolicy;
import org.memcachedsession.session.BeanKey;

/**
 * A bean of our scope, as deployment found it.
 *
 * @param key the same on every node
 * @param kind how it comes to be
 * @param type its class, or what its producer declares
 * @param conflictPolicy what it says itself; else the setting decides
 * @param allowed classes that it may hold, as it says itself
 * @param dropsOnLogin whether it is not carried over when somebody logs in
 */
record ScopedBean(
        BeanKey key,
        Kind kind,
        Bean<?> bean,
        Type type,
        Optional<ConflictPolicy> conflictPolicy,
        List<Class<?>> allowed,
        boolean dropsOnLogin) {

    enum Kind {
        CLASS,
        PRODUCER,
        SYNTHETIC
    }

    /**
     * Whether the {@code CreationalContext} of an instance has nothing in it by construction, so that
     * a fresh one does as well: nothing was injected, and the container made no subclass for
     * interceptors or decorators.
     */
    boolean hasEmptyCreationalContext(Object instance) {
        if (kind == Kind.SYNTHETIC || !bean.getInjectionPoints().isEmpty()) {
            return false;
        }
        return kind == Kind.PRODUCER || instance.getClass() == bean.getBeanClass();
    }

    /** Whether what was read can be this bean: an old entry may be of another class. */
    boolean canBe(Object instance) {
        for (Type type : bean.getTypes()) {
            if (!isInstance(type, instance)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isInstance(Type type, Object instance) {
        if (type instanceof ParameterizedType parameterized) {
            return isInstance(parameterized.getRawType(), instance);
        }
        return !(type instanceof Class<?> known)
                || known.isPrimitive()
                || known.isInstance(instance);
    }

    /** The container's own id, which is not the same everywhere. */
    Optional<String> containerId() {
        return bean instanceof PassivationCapable capable
                ? Optional.ofNullable(capable.getId())
                : Optional.empty();
    }
}
