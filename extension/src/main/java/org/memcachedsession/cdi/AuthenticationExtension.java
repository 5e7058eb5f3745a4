package org.memcachedsession.cdi;

import jakarta.enterprise.context.NormalScope;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Stereotype;
import jakarta.enterprise.inject.spi.BeforeBeanDiscovery;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.enterprise.inject.spi.ProcessAnnotatedType;
import jakarta.enterprise.inject.spi.WithAnnotations;
import jakarta.inject.Scope;
import jakarta.interceptor.InterceptorBinding;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Puts an interceptor of ours around authentication mechanisms of Jakarta Security: those of the
 * application and, where the container lets us, its own. Names no type of Jakarta Security, which a
 * container may not have.
 */
public class AuthenticationExtension implements Extension {

    private static final Logger LOG = System.getLogger(AuthenticationExtension.class.getName());

    private static final String MECHANISM =
            "jakarta.security.enterprise.authentication.mechanism.http.HttpAuthenticationMechanism";

    private final Optional<Class<?>> mechanism = ServerApi.find(MECHANISM);

    void addInterceptor(@Observes BeforeBeanDiscovery event) {
        if (mechanism.isPresent()) {
            event.addAnnotatedType(
                    MechanismInterceptor.class, MechanismInterceptor.class.getName());
        }
    }

    /** Of types with one of these, since every mechanism has one: a container is slow to tell all types. */
    void typeFound(
            @Observes
                    @WithAnnotations({
                        NormalScope.class,
                        Scope.class,
                        Stereotype.class,
                        InterceptorBinding.class
                    })
                    ProcessAnnotatedType<?> event) {
        Class<?> type = event.getAnnotatedType().getJavaClass();
        if (mechanism.isEmpty() || !mechanism.get().isAssignableFrom(type) || type.isInterface()) {
            return;
        }
        if (!canBeIntercepted(type)) {
            LOG.log(
                    Level.WARNING,
                    "No interceptor can be around {0}: a session that it begins gets no cookie where"
                            + " it does not let the request on. It must not be final, nor have final"
                            + " methods, and it needs a constructor without parameters that is not"
                            + " private",
                    type.getName());
            return;
        }
        event.configureAnnotatedType().add(new Authenticates.Literal());
    }

    /** With an interceptor, a container refuses others (unproxyable bean types). */
    private static boolean canBeIntercepted(Class<?> type) {
        return !Modifier.isFinal(type.getModifiers())
                && !type.isSealed()
                && Arrays.stream(type.getDeclaredConstructors())
                        .anyMatch(AuthenticationExtension::isPlain)
                && Stream.<Class<?>>iterate(
                                type, each -> each != Object.class, Class::getSuperclass)
                        .flatMap(each -> Arrays.stream(each.getDeclaredMethods()))
                        .noneMatch(AuthenticationExtension::isFinal);
    }

    private static boolean isPlain(Constructor<?> constructor) {
        return constructor.getParameterCount() == 0
                && !Modifier.isPrivate(constructor.getModifiers());
    }

    private static boolean isFinal(Method method) {
        int modifiers = method.getModifiers();
        return Modifier.isFinal(modifiers)
                && !Modifier.isStatic(modifiers)
                && !Modifier.isPrivate(modifiers)
                && !method.isSynthetic();
    }
}
