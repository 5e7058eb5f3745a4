package org.memcachedsession.cdi;

import jakarta.enterprise.context.spi.Contextual;
import jakarta.enterprise.context.spi.CreationalContext;
import java.util.Optional;
import org.memcachedsession.codec.BeanSerialization;
import org.memcachedsession.session.Entry;

/**
 * A bean's instance and what it takes to destroy it.
 *
 * @param contextual that created it, or the bean itself after it was read
 * @param creationalContext that it was created with, or the copy that was read with it
 * @param form by what it is written
 * @param otherVersion what tells whether the bean has changed, where its bytes do not
 */
record BeanInstance<T>(
        Contextual<T> contextual,
        T instance,
        CreationalContext<T> creationalContext,
        BeanSerialization.Form form,
        Optional<OtherVersion> otherVersion) {

    /**
     * What was read had been written by another version of the application.
     *
     * @param stored what that one wrote
     * @param asItWouldBe what this one would have written
     */
    record OtherVersion(Entry stored, Entry asItWouldBe) {}

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
