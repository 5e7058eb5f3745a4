package org.memcachedsession.cdi;

import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.inject.spi.InjectionPoint;
import jakarta.interceptor.Interceptors;
import java.io.Externalizable;
import java.io.Serializable;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.annotation.Annotation;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.memcachedsession.AllowSerialized;
import org.memcachedsession.codec.AllowList;

/**
 * Finds the classes that stored beans consist of, as far as deployment can tell: from the beans to what
 * the container puts into them, and from class to class by what their fields declare. Used once, by one
 * thread.
 */
final class SerializableTypes {

    private static final Logger LOG = System.getLogger(SerializableTypes.class.getName());

    /** Packages of annotations at fields that somebody else fills. */
    private static final Set<String> INJECTING =
            Set.of(
                    "jakarta.annotation",
                    "jakarta.ejb",
                    "jakarta.inject",
                    "jakarta.persistence",
                    "jakarta.xml.ws");

    private final BeanManager beanManager;
    private final Set<Class<?>> found = new LinkedHashSet<>();
    private final Set<Class<?>> seen = new HashSet<>();
    private final Set<Type> seenGeneric = new HashSet<>();
    private final Set<Bean<?>> seenBeans = new HashSet<>();
    private final Deque<Class<?>> next = new ArrayDeque<>();

    /** Those of the beans: what the server has brought is not the application's to mend. */
    private final Set<ClassLoader> applicationLoaders = new HashSet<>();

    private final DeploymentReport report;

    SerializableTypes(BeanManager beanManager, DeploymentReport report) {
        this.beanManager = beanManager;
        this.report = report;
    }

    /** The names of all that was found. */
    Set<String> names() {
        return found.stream()
                .map(Class::getName)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** All that was found, those without instances of their own among them. */
    Set<Class<?>> classes() {
        return Collections.unmodifiableSet(found);
    }

    /** Follows a bean of the scope. */
    void add(ScopedBean scoped) {
        applicationLoaders.add(scoped.bean().getBeanClass().getClassLoader());
        reportEmptyAfterwards(scoped.bean());
        follow(scoped.type());
        scoped.allowed().forEach(this::followClass);
        if (scoped.kind() == ScopedBean.Kind.SYNTHETIC) {
            scoped.bean().getTypes().forEach(this::follow);
        }
        addInjectedInto(scoped.bean());
        followAll();
    }

    /** Follows an interceptor, a decorator or a bean of which others have instances of their own. */
    void add(Bean<?> bean) {
        if (seenBeans.add(bean) && !AllowList.isOfContainer(bean.getBeanClass())) {
            followClass(bean.getBeanClass());
            bean.getTypes().forEach(this::follow);
            addInjectedInto(bean);
            followAll();
        }
    }

    /** Follows a class that the settings name; one that cannot be loaded is allowed all the same. */
    void add(String className, ClassLoader loader) {
        try {
            followClass(Class.forName(className, false, loader));
            followAll();
        } catch (ClassNotFoundException | LinkageError e) {
            LOG.log(Level.DEBUG, "{0} is allowed and not there: {1}", className, e);
        }
    }

    // ---- what the container puts into beans

    private void addInjectedInto(Bean<?> bean) {
        for (InjectionPoint point : bean.getInjectionPoints()) {
            mention(point.getType()); // some containers write down where an object was injected
            if (!point.isDelegate()) {
                addInjected(point.getType(), point.getQualifiers());
            }
        }
    }

    private void addInjected(Type type, Set<Annotation> qualifiers) {
        if (type instanceof ParameterizedType lookup
                && lookup.getRawType() instanceof Class<?> raw
                && raw.isAssignableFrom(Instance.class)
                && raw != Object.class) {
            addInjected(lookup.getActualTypeArguments()[0], qualifiers);
            return;
        }
        Set<Bean<?>> candidates;
        try {
            candidates = beanManager.getBeans(type, qualifiers.toArray(Annotation[]::new));
        } catch (IllegalArgumentException e) { // a type variable, or a qualifier twice
            return;
        }
        for (Bean<?> bean : candidates) {
            if (bean.getScope() == Dependent.class) {
                add(bean);
            }
        }
    }

    private void mention(Type type) {
        if (type instanceof Class<?> named) {
            if (!named.isArray() && isWritten(named)) {
                found.add(named);
            }
        } else if (type instanceof ParameterizedType parameterized) {
            mention(parameterized.getRawType());
            Stream.of(parameterized.getActualTypeArguments()).forEach(this::mention);
        } else if (type instanceof GenericArrayType array) {
            mention(array.getGenericComponentType());
        }
    }

    // ---- from class to class

    private void follow(Type type) {
        if (type instanceof Class<?> named) {
            followClass(named);
        } else if (seenGeneric.add(type)) {
            followGeneric(type);
        }
    }

    private void followGeneric(Type type) {
        if (type instanceof ParameterizedType parameterized) {
            follow(parameterized.getRawType());
            followEach(parameterized.getActualTypeArguments());
        } else if (type instanceof GenericArrayType array) {
            follow(array.getGenericComponentType());
        } else if (type instanceof WildcardType wildcard) {
            followEach(wildcard.getUpperBounds());
            followEach(wildcard.getLowerBounds());
        } else if (type instanceof TypeVariable<?> variable) {
            followEach(variable.getBounds());
        }
    }

    private void followEach(Type... types) {
        for (Type type : types) {
            follow(type);
        }
    }

    private void followClass(Class<?> type) {
        if (type.isArray()) {
            followClass(type.componentType());
        } else if (!AllowList.isOfEveryBean(type)
                && !AllowList.isOfContainer(type)
                && seen.add(type)) {
            next.add(type);
        }
    }

    private void followAll() {
        while (!next.isEmpty()) {
            Class<?> type = next.poll();
            try {
                lookInto(type);
            } catch (LinkageError | TypeNotPresentException e) {
                // a class that is missing can be in no stream
                LOG.log(Level.DEBUG, "{0} refers to what is not there: {1}", type.getName(), e);
            }
        }
    }

    private void lookInto(Class<?> type) {
        if (isWritten(type)) {
            found.add(type);
        }
        if (type.isSealed()) {
            followEach(type.getPermittedSubclasses());
        }
        AllowSerialized allowed = type.getAnnotation(AllowSerialized.class);
        if (allowed != null) {
            followEach(allowed.value());
        }
        followInterceptors(type);
        if (type.getGenericSuperclass() != null) {
            follow(type.getGenericSuperclass());
        }
        if (isWritten(type) && !type.isEnum()) {
            followContent(type);
        }
    }

    private void followInterceptors(Class<?> type) {
        Interceptors named = type.getAnnotation(Interceptors.class);
        if (named != null) {
            followEach(named.value());
        }
        Stream.<Executable>concat(
                        Stream.of(type.getDeclaredMethods()),
                        Stream.of(type.getDeclaredConstructors()))
                .map(member -> member.getAnnotation(Interceptors.class))
                .filter(interceptors -> interceptors != null)
                .forEach(interceptors -> followEach(interceptors.value()));
    }

    private void followContent(Class<?> type) {
        boolean standsForItself = !hasStandIn(type);
        for (Field field : type.getDeclaredFields()) {
            if (isWritten(field)) {
                follow(field.getGenericType());
                if (standsForItself && isOfApplication(type) && !isInjected(field)) {
                    reportOn(field);
                }
            }
        }
        if (!standsForItself) { // as a rule one of its own nested classes does
            Stream.of(type.getDeclaredClasses())
                    .filter(SerializableTypes::isWritten)
                    .forEach(this::followClass);
        }
        if (isOfApplication(type) && !type.isRecord() && !hasVersion(type)) {
            report.withoutVersion(type);
        }
    }

    private static boolean isWritten(Field field) {
        return !Modifier.isStatic(field.getModifiers())
                && !Modifier.isTransient(field.getModifiers());
    }

    // ---- what will hurt

    private boolean isOfApplication(Class<?> type) {
        return applicationLoaders.contains(type.getClassLoader());
    }

    private static boolean isInjected(Field field) {
        return Stream.of(field.getAnnotations())
                .map(annotation -> annotation.annotationType().getPackageName())
                .anyMatch(INJECTING::contains);
    }

    private static boolean hasVersion(Class<?> type) {
        return Stream.of(type.getDeclaredFields())
                .anyMatch(
                        field ->
                                field.getName().equals("serialVersionUID")
                                        && Modifier.isStatic(field.getModifiers()));
    }

    private void reportOn(Field field) {
        Class<?> type = field.getType();
        while (type.isArray()) {
            type = type.componentType();
        }
        if (Modifier.isFinal(type.getModifiers()) && !type.isPrimitive() && !isWritten(type)) {
            if (!writesItself(field.getDeclaringClass())) {
                report.cannotBeStored(field, type);
            }
        } else {
            reportHidden(field, field.getGenericType());
        }
    }

    private void reportHidden(Field field, Type type) {
        if (type instanceof Class<?> named) {
            if (named.isArray()) {
                reportHidden(field, named.componentType());
            } else if (isOpen(named)
                    && !field.getDeclaringClass().isAnnotationPresent(AllowSerialized.class)) {
                report.hidden(field, named);
            }
        } else if (type instanceof ParameterizedType parameterized
                && parameterized.getRawType() != Class.class) {
            reportHidden(field, parameterized.getRawType());
            for (Type argument : parameterized.getActualTypeArguments()) {
                reportHidden(field, argument);
            }
        } else if (type instanceof GenericArrayType array) {
            reportHidden(field, array.getGenericComponentType());
        } else if (type instanceof WildcardType wildcard) {
            reportHidden(field, wildcard.getUpperBounds()[0]);
        }
    }

    /** Whether a value is of another class, which nobody can tell; collections are known. */
    private static boolean isOpen(Class<?> type) {
        if (type == Object.class) {
            return true;
        }
        return Modifier.isAbstract(type.getModifiers())
                && !type.isPrimitive()
                && !type.isSealed()
                && !type.isEnum()
                && !type.getName().startsWith("java.util.")
                && !type.getName().startsWith("java.time.")
                && type != CharSequence.class
                && type != Number.class;
    }

    private static boolean writesItself(Class<?> type) {
        return Externalizable.class.isAssignableFrom(type)
                || Stream.of(type.getDeclaredMethods())
                        .anyMatch(method -> method.getName().equals("writeObject"))
                || Stream.of(type.getDeclaredFields())
                        .anyMatch(field -> field.getName().equals("serialPersistentFields"));
    }

    private void reportEmptyAfterwards(Bean<?> bean) {
        for (InjectionPoint point : bean.getInjectionPoints()) {
            if (point.getMember() instanceof Field field
                    && Modifier.isTransient(field.getModifiers())) {
                report.emptyAfterwards(field);
            }
        }
    }

    private static boolean hasStandIn(Class<?> type) {
        return Stream.of(type.getDeclaredMethods())
                .anyMatch(
                        method ->
                                method.getName().equals("writeReplace")
                                        && method.getParameterCount() == 0);
    }

    private static boolean isWritten(Class<?> type) {
        return Serializable.class.isAssignableFrom(type);
    }
}
