package org.memcachedsession.cdi;

import jakarta.enterprise.inject.spi.AnnotatedMethod;
import jakarta.enterprise.inject.spi.AnnotatedType;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.inject.spi.Decorator;
import jakarta.enterprise.inject.spi.InterceptionType;
import jakarta.inject.Inject;
import java.lang.annotation.Annotation;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.memcachedsession.codec.AllowList;

/** Looks at the interceptors and decorators around beans of the scope, which are stored with them. */
final class Wrappers {

    private static final List<InterceptionType> INTERCEPTIONS =
            List.of(
                    InterceptionType.AROUND_INVOKE,
                    InterceptionType.POST_CONSTRUCT,
                    InterceptionType.PRE_DESTROY);

    private final BeanManager beanManager;
    private final DeploymentReport report;
    private final boolean isOpenWebBeans;

    Wrappers(BeanManager beanManager, DeploymentReport report, boolean isOpenWebBeans) {
        this.beanManager = beanManager;
        this.report = report;
        this.isOpenWebBeans = isOpenWebBeans;
    }

    static boolean isOpenWebBeans(BeanManager beanManager) {
        return beanManager.getClass().getName().startsWith("org.apache.webbeans.");
    }

    /** Reports what will hurt around a bean that is made of a class. */
    void look(Bean<?> bean) {
        for (Bean<?> interceptor : interceptors(bean.getBeanClass())) {
            reportState(interceptor, bean);
        }
        Annotation[] qualifiers = bean.getQualifiers().toArray(Annotation[]::new);
        for (Decorator<?> decorator : beanManager.resolveDecorators(bean.getTypes(), qualifiers)) {
            reportState(decorator, bean);
            if (isOpenWebBeans && Modifier.isAbstract(decorator.getBeanClass().getModifiers())) {
                report.abstractDecorator(decorator.getBeanClass(), bean.getBeanClass());
            }
        }
    }

    private Set<Bean<?>> interceptors(Class<?> beanClass) {
        AnnotatedType<?> type = beanManager.createAnnotatedType(beanClass);
        Map<Class<?>, Annotation> ofClass = bindings(type.getAnnotations());
        Set<Bean<?>> found = new LinkedHashSet<>(interceptors(ofClass.values()));
        for (AnnotatedMethod<?> method : type.getMethods()) {
            Map<Class<?>, Annotation> ofMethod = new HashMap<>(ofClass);
            ofMethod.putAll(bindings(method.getAnnotations()));
            found.addAll(interceptors(ofMethod.values()));
        }
        return found;
    }

    private Map<Class<?>, Annotation> bindings(Collection<Annotation> annotations) {
        Map<Class<?>, Annotation> bindings = new HashMap<>();
        for (Annotation annotation : annotations) {
            Class<? extends Annotation> type = annotation.annotationType();
            if (beanManager.isInterceptorBinding(type)) {
                bindings.put(type, annotation);
            } else if (beanManager.isStereotype(type)) {
                bindings(beanManager.getStereotypeDefinition(type)).forEach(bindings::putIfAbsent);
            }
        }
        return bindings;
    }

    private Set<Bean<?>> interceptors(Collection<Annotation> bindings) {
        Set<Bean<?>> found = new LinkedHashSet<>();
        if (!bindings.isEmpty()) {
            Annotation[] all = bindings.toArray(Annotation[]::new);
            INTERCEPTIONS.forEach(type -> found.addAll(beanManager.resolveInterceptors(type, all)));
        }
        return found;
    }

    private void reportState(Bean<?> wrapper, Bean<?> bean) {
        if (AllowList.isOfContainer(wrapper.getBeanClass())) {
            return;
        }
        for (Class<?> type = wrapper.getBeanClass();
                type != null && type != Object.class;
                type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (!field.isSynthetic() && canChange(field)) {
                    report.stateAround(field, bean.getBeanClass());
                }
            }
        }
    }

    private static boolean canChange(Field field) {
        int modifiers = field.getModifiers();
        return !Modifier.isStatic(modifiers)
                && !Modifier.isFinal(modifiers)
                && !Modifier.isTransient(modifiers)
                && !field.isAnnotationPresent(Inject.class);
    }
}
