package org.memcachedsession.cdi;

import java.lang.reflect.Field;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What deployment sees in beans that will hurt later, each told once. Numbers from MSS-60; {@code
 * docs/problems.md} has a section for each.
 */
final class DeploymentReport {

    private final Set<String> errors = new LinkedHashSet<>();
    private final Set<String> warnings = new LinkedHashSet<>();

    /** What cannot work. */
    List<String> errors() {
        return List.copyOf(errors);
    }

    /** All that works and may surprise, in one text; empty for nothing. */
    String warnings() {
        return warnings.isEmpty()
                ? ""
                : "Beans of @MemcachedSessionScoped, see docs/problems.md:\n"
                        + String.join("\n", warnings);
    }

    void cannotBeStored(Field field, Class<?> type) {
        errors.add(
                "MSS-60 "
                        + path(field)
                        + " is of the final type "
                        + type.getName()
                        + ", which is not Serializable, so the bean cannot be stored once the field has a"
                        + " value. Make the class Serializable, or the field transient and fill it anew"
                        + " after reading");
    }

    void hidden(Field field, Class<?> type) {
        warnings.add(
                "MSS-61 "
                        + path(field)
                        + " declares "
                        + type.getName()
                        + ", which does not tell what it will hold. Name those classes by @AllowSerialized"
                        + " on "
                        + field.getDeclaringClass().getSimpleName()
                        + " or in memcached.session.serialize.allow, or saving fails");
    }

    void withoutVersion(Class<?> type) {
        warnings.add(
                "MSS-62 "
                        + type.getName()
                        + " has no serialVersionUID: every change of the class, and another compiler, makes"
                        + " what JDK serialization has stored unreadable. Declare private static final"
                        + " long serialVersionUID = 1L");
    }

    void emptyAfterwards(Field field) {
        warnings.add(
                "MSS-63 "
                        + path(field)
                        + " is injected and transient: it is null from the second request on. Make what is"
                        + " injected Serializable, or inject an Instance of it");
    }

    void stateAround(Field field, Class<?> bean) {
        warnings.add(
                "MSS-68 "
                        + path(field)
                        + " is state of an interceptor or decorator around "
                        + bean.getName()
                        + ": it is stored with each such bean, and when it changes, that counts as a change of"
                        + " the bean. Make the field transient or final, or keep the state in a bean of another"
                        + " scope");
    }

    void abstractDecorator(Class<?> decorator, Class<?> bean) {
        warnings.add(
                "MSS-69 "
                        + decorator.getName()
                        + " is an abstract decorator around "
                        + bean.getName()
                        + ": OpenWebBeans makes a class of it with the first such bean, and a node that has made"
                        + " none reads none. Make the decorator concrete");
    }

    private static String path(Field field) {
        return field.getDeclaringClass().getName() + "." + field.getName();
    }
}
