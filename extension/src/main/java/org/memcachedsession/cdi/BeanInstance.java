package org.memcachedsession.cdi;

import jakarta.enterprise.context.spi.Contextual;
import jakarta.enterprise.context.spi.CreationalContext;
import java.util.Optional;
import org.memcachedsession.codec.BeanSerialization;

/**
 * A bean's instance and what it takes to destroy it.
 *
 * @param contextual that created it, or the bean itself after it was read
 * @param creationalContext that it was created with, or the copy that was read with it
 * @param form by what it is written
 * @param asRead what tells whether the bean has changed, where its bytes do not
 */
record BeanInstance<T>(
        Contextual<T> contextual,
        T instance,
        CreationalContext<T> creationalContext,
        BeanSerialization.Form form,
        Optional<AsRead> asRead) {

    /** As it is, with what tells later whether it has changed. */
    BeanInstance<T> with(AsRead read) {
        return new BeanInstance<>(contextual, instance, creationalContext, form, Optional.of(read));
    }

    /** As it was created, not read. */
    static <T> BeanInstance<T> created(
            Contextual<T> contextual, T instance, CreationalContext<T> creationalContext) {
        return new BeanInstance<>(
                contextual,
                instance,
                creationalContext,
                BeanSerialization.Form.FASTEST,
                Optional.empty());
    }

    void destroy() {
        contextual.destroy(instance, creationalContext);
    }
}
