package org.memcachedsession.cdi;

import jakarta.enterprise.util.AnnotationLiteral;
import jakarta.interceptor.InterceptorBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** On authentication mechanisms: {@link MechanismInterceptor} is around them. Added by the extension. */
@InterceptorBinding
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface Authenticates {

    /** The annotation. */
    final class Literal extends AnnotationLiteral<Authenticates> implements Authenticates {
        private static final long serialVersionUID = 1L;
    }
}
