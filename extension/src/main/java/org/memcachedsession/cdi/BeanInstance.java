package org.memcachedsession.cdi;

import jakarta.enterprise.context.spi.Contextual;
import jakarta.enterprise.context.spi.CreationalContext;

/**
 * A bean's instance and what it takes to destroy it.
 *
 * @param contextual that created it, or the bean itself after it was read
 * @param creationalContext that it was created with, or the copy that was read with it
 */
record BeanInstance<T>(
        Contextual<T> contextual, T instance, CreationalContext<T> creationalContext) {

    void destroy() {
        contextual.destroy(instance, creationalContext);
    }
}
