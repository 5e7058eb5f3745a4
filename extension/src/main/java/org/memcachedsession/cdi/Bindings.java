package org.memcachedsession.cdi;

import jakarta.enterprise.inject.spi.BeanManager;
import java.lang.annotation.Annotation;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Interceptor bindings as CDI finds them: declared, or brought by another binding or a stereotype. */
final class Bindings {

    private final BeanManager beanManager;

    Bindings(BeanManager beanManager) {
        this.beanManager = beanManager;
    }

    /**
     * @param annotations of a class or a method; what is declared there goes before what others bring
     */
    <A extends Annotation> Optional<A> find(Class<A> binding, Set<Annotation> annotations) {
        return find(binding, annotations, new HashSet<>());
    }

    private <A extends Annotation> Optional<A> find(
            Class<A> binding, Set<Annotation> annotations, Set<Class<?>> seen) {
        for (Annotation annotation : annotations) {
            if (annotation.annotationType() == binding) {
                return Optional.of(binding.cast(annotation));
            }
        }
        for (Annotation annotation : annotations) {
            Class<? extends Annotation> type = annotation.annotationType();
            if (seen.add(type)) { // an annotation may stand on itself
                Optional<A> brought = find(binding, broughtBy(type), seen);
                if (brought.isPresent()) {
                    return brought;
                }
            }
        }
        return Optional.empty();
    }

    private Set<Annotation> broughtBy(Class<? extends Annotation> type) {
        if (beanManager.isInterceptorBinding(type)) {
            return beanManager.getInterceptorBindingDefinition(type);
        }
        return beanManager.isStereotype(type)
                ? beanManager.getStereotypeDefinition(type)
                : Set.of();
    }
}
