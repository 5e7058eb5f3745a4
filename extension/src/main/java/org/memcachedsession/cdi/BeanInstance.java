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
 * @param asRead what tells whether the bean has changed, where its bytes do not
 */
record BeanInstance<T>(
        Contextual<T> contextual,
        T instance,
        CreationalContext<T> creationalContext,
        BeanSerialization.Form form,
        Optional<AsRead> asRead) {

    /**
     * What was read may give other bytes when it is written as it is: another version of the application or
     * another serializer has written it, or a hash table in it gives its elements in another order.
     *
     * @param stored what it was read from
     * @param asItWouldBe what it gives when it is as it was read
     */
    record AsRead(Entry stored, Entry asItWouldBe) {}

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
