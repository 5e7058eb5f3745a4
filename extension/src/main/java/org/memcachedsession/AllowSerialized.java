package org.memcachedsession;

import static java.lang.annotation.ElementType.FIELD;
import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.ElementType.TYPE;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/**
 * Names classes that a stored bean may hold though no field says so. On a {@link MemcachedSessionScoped}
 * bean or its producer, or on any class that such a bean holds.
 *
 * <p>A bean is read back only if it consists of classes that were expected: its own, those that its fields
 * declare and so on from field to field, with arguments of generic types, superclasses and the permitted
 * subclasses of sealed types, and the values and collections of the JDK. What a field of type {@code
 * Object}, of an interface or of another superclass will hold cannot be seen, so it is said here, or in the
 * setting {@code memcached.session.serialize.allow}. An object of any other class is refused when the
 * session is saved, with a {@link SessionException} that names it and its place.
 *
 * <pre>{@code
 * @MemcachedSessionScoped
 * @AllowSerialized({CardPayment.class, Invoice.class})
 * public class Checkout implements Serializable {
 *     private static final long serialVersionUID = 1L;
 *     private Payment payment; // an interface
 * }
 * }</pre>
 */
@Documented
@Retention(RUNTIME)
@Target({TYPE, METHOD, FIELD})
public @interface AllowSerialized {

    /** Classes, with all that their own fields declare. */
    Class<?>[] value();
}
