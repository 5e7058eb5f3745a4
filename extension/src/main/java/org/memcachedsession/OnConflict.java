package org.memcachedsession;

import static java.lang.annotation.ElementType.FIELD;
import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.ElementType.TYPE;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import java.lang.annotation.Documented;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/**
 * Says what becomes of a bean that two requests have changed at the same time. Stands beside {@link
 * MemcachedSessionScoped}, on the class or on the producer. Without it the setting {@code
 * memcached.session.conflict} decides.
 *
 * <pre>{@code
 * @MemcachedSessionScoped
 * @OnConflict(ConflictPolicy.FAIL)
 * public class Checkout implements Serializable { … }
 * }</pre>
 */
@Documented
@Inherited
@Retention(RUNTIME)
@Target({TYPE, METHOD, FIELD})
public @interface OnConflict {

    /** {@link ConflictPolicy#RESOLVE} needs a {@link ConflictResolver} for the type of the bean. */
    ConflictPolicy value();
}
