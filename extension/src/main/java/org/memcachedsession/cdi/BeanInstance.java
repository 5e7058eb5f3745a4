package org.memcachedsession.cdi;

import jakarta.enterprise.context.spi.Contextual;
import jakarta.enterprise.context.spi.CreationalContext;
import org.memcachedsession.codec.BeanSerialization;

/**
 * A bean's instance and what it takes to destroy it.
 *
 * @param contextual that created it, or the bean itself after it was read
 * @param creationalContext that it was created with, or the copy that was read with it
 * @param form by what it is written
 */
record BeanInstance<T>(
        Contextual<T> contextual,
        T instance,
        CreationalContext<T> creationalContext,
        BeanSerialization.Form form) {

    /** As it was created, not read. */
    static <T> BeanInstance<T> created(
            Contextual<T> contextual, T instance, CreationalContext<T> creationalContext) {
        return new BeanInstance<>(
                contextual, instance, creationalContext, BeanSerialization.Form.FASTEST);
    }

    void destroy() {
        contextual.destroy(instance, creationalContext);
    }
}
