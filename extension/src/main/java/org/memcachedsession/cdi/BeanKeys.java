package org.memcachedsession.cdi;

import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Default;
import jakarta.enterprise.inject.spi.AnnotatedMethod;
import jakarta.enterprise.inject.spi.AnnotatedParameter;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.PassivationCapable;
import jakarta.enterprise.util.Nonbinding;
import java.lang.annotation.Annotation;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.memcachedsession.session.BeanKey;

/**
 * Makes the keys under which beans are stored. A container's ids do not serve: they name archives and
 * deployments, count producers by position, and print qualifiers in the order of a hash. Ours are of
 * the kind of bean, the class, for producers the member, and the qualifiers in one canonical form.
 */
final class BeanKeys {

    private BeanKeys() {}

    static BeanKey ofClass(Class<?> beanClass, Set<Annotation> qualifiers) {
        return new BeanKey("class " + beanClass.getName() + canonical(qualifiers));
    }

    static BeanKey ofProducerField(Member field, Set<Annotation> qualifiers) {
        return new BeanKey("field " + name(field) + canonical(qualifiers));
    }

    static BeanKey ofProducerMethod(AnnotatedMethod<?> method, Set<Annotation> qualifiers) {
        String parameters =
                method.getParameters().stream()
                        .sorted(Comparator.comparingInt(AnnotatedParameter::getPosition))
                        .map(parameter -> parameter.getJavaParameter().getType().getName())
                        .collect(Collectors.joining(","));
        return new BeanKey(
                "method "
                        + name(method.getJavaMember())
                        + "("
                        + parameters
                        + ")"
                        + canonical(qualifiers));
    }

    /** A bean that an extension made: its class and qualifiers, and its own id where it has one. */
    static BeanKey ofSynthetic(Bean<?> bean) {
        String id = bean instanceof PassivationCapable capable ? " " + capable.getId() : "";
        return new BeanKey(
                "synthetic "
                        + bean.getBeanClass().getName()
                        + canonical(bean.getQualifiers())
                        + id);
    }

    private static String name(Member member) {
        return member.getDeclaringClass().getName() + "." + member.getName();
    }

    private static String canonical(Set<Annotation> qualifiers) {
        return qualifiers.stream()
                .filter(BeanKeys::tellsBeansApart)
                .map(BeanKeys::canonical)
                .sorted()
                .map(text -> " " + text)
                .collect(Collectors.joining());
    }

    private static boolean tellsBeansApart(Annotation qualifier) {
        Class<?> type = qualifier.annotationType();
        return type != Any.class && type != Default.class;
    }

    private static String canonical(Annotation annotation) {
        List<Method> members =
                new ArrayList<>(List.of(annotation.annotationType().getDeclaredMethods()));
        members.removeIf(
                member ->
                        member.getParameterCount() > 0
                                || member.isSynthetic()
                                || member.isAnnotationPresent(Nonbinding.class));
        members.sort(Comparator.comparing(Method::getName));
        String values =
                members.stream()
                        .map(
                                member ->
                                        member.getName()
                                                + "="
                                                + canonical(value(annotation, member)))
                        .collect(Collectors.joining(","));
        return "@" + annotation.annotationType().getName() + "(" + values + ")";
    }

    private static Object value(Annotation annotation, Method member) {
        try {
            member.setAccessible(true);
            return member.invoke(annotation);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("cannot read " + member, e);
        }
    }

    private static String canonical(Object value) {
        if (value instanceof Class<?> type) {
            return type.getName();
        }
        if (value instanceof Enum<?> constant) {
            return constant.getDeclaringClass().getName() + "." + constant.name();
        }
        if (value instanceof Annotation annotation) {
            return canonical(annotation);
        }
        if (value instanceof String text) {
            return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
        }
        if (value.getClass().isArray()) {
            return Arrays.toString(
                    IntStream.range(0, Array.getLength(value))
                            .mapToObj(i -> canonical(Array.get(value, i)))
                            .toArray());
        }
        return value.toString();
    }
}
