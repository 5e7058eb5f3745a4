package org.memcachedsession.cdi;

import jakarta.enterprise.inject.spi.Bean;
import java.lang.annotation.Annotation;
import org.memcachedsession.session.BeanKey;

/** What deployment finds wrong with beans, in words. Numbers from MSS-50. */
final class Problems {

    private Problems() {}

    static String statefulSessionBean(Class<?> beanClass) {
        return "MSS-50 "
                + beanClass.getName()
                + " is an enterprise bean with @MemcachedSessionScoped: its state stays in the server"
                + " that made it and cannot follow the browser. Make it a plain CDI bean, which may call"
                + " a stateless enterprise bean";
    }

    static String sameKey(BeanKey key, Bean<?> one, Bean<?> other) {
        return "MSS-51 Two beans of @MemcachedSessionScoped would be stored under the same key \""
                + key
                + "\": "
                + one
                + " and "
                + other
                + ". Give one of them a qualifier that tells them apart";
    }

    static String noResolver(ScopedBean scoped) {
        return "MSS-52 "
                + scoped.key()
                + " has @OnConflict(RESOLVE), but there is no ConflictResolver<"
                + scoped.type().getTypeName()
                + ">. Add a CDI bean that implements it, or choose another policy";
    }

    static String severalResolvers(ScopedBean scoped, Exception several) {
        return "MSS-53 "
                + scoped.key()
                + " has @OnConflict(RESOLVE), and there are several ConflictResolver<"
                + scoped.type().getTypeName()
                + ">: "
                + several.getMessage()
                + ". Leave one, or make one an alternative";
    }

    static String interceptedScopedBean(Class<?> beanClass, Class<? extends Annotation> binding) {
        return "MSS-54 "
                + beanClass.getName()
                + " is @MemcachedSessionScoped and has @"
                + binding.getSimpleName()
                + ": it works, but the state of an intercepted bean holds objects of its container, and only"
                + " the same server product with the same archive name can read it. Put the annotation on"
                + " the class that calls this bean";
    }

    static String wrongExpiry(String place, String member, String text, String reason) {
        return "MSS-55 "
                + place
                + " has @SlidingExpiry("
                + member
                + " = \""
                + text
                + "\"): "
                + reason;
    }

    static String notIntercepted(String place, Class<? extends Annotation> binding) {
        return "MSS-56 "
                + place
                + " has @"
                + binding.getSimpleName()
                + " and is private or static: CDI intercepts no such method, so the annotation would do"
                + " nothing. Put it on a method of the bean that others call";
    }
}
