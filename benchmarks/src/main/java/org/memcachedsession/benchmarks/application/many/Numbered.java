package org.memcachedsession.benchmarks.application.many;

import static java.lang.annotation.ElementType.FIELD;
import static java.lang.annotation.ElementType.TYPE;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import jakarta.enterprise.util.AnnotationLiteral;
import jakarta.inject.Qualifier;
import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/** Tells one bean of the session from the others. */
@Qualifier
@Retention(RUNTIME)
@Target({TYPE, FIELD})
public @interface Numbered {

    int value();

    /** A number. */
    final class Literal extends AnnotationLiteral<Numbered> implements Numbered {

        private static final long serialVersionUID = 1L;

        private final int value;

        Literal(int value) {
            this.value = value;
        }

        @Override
        public int value() {
            return value;
        }
    }
}
