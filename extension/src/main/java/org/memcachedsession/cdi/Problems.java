package org.memcachedsession.cdi;

import jakarta.enterprise.inject.spi.Bean;
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
}
