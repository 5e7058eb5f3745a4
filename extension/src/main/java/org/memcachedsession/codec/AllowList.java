package org.memcachedsession.codec;

import java.io.Serializable;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The classes that a stored bean may consist of. What is written is held to the same list as what is
 * read, so that nothing is stored that could not be read again. Many threads use it at once.
 *
 * <p>Classes are known by their names: which class loader gives the class is the matter of {@link
 * JavaSerialization}, and the same for all.
 */
public final class AllowList {

    private static final ClassPatterns JDK = ClassPatterns.ofResource("jdk-classes.txt");
    private static final ClassPatterns CONTAINER =
            ClassPatterns.ofResource("container-classes.txt");

    private static final List<String> CONTAINERS =
            List.of("org.jboss.weld.", "org.apache.webbeans.");
    private static final List<String> GENERATED = List.of("$$_Weld", "$$Owb", "$Proxy$_$$");

    private final ClassPatterns application;
    private final Set<Class<?>> admitted = ConcurrentHashMap.newKeySet();

    /**
     * @param application names of classes, or the beginnings of names with a {@code *}, beside the
     *     values and collections of the JDK
     */
    public AllowList(Collection<String> application) {
        this.application = new ClassPatterns(application);
    }

    /** Whether it is a value or a collection of the JDK, which every bean may hold. */
    public static boolean isOfEveryBean(Class<?> type) {
        return JDK.match(type.getName());
    }

    /** Whether only the container that wrote it can read an instance, or has a class of that name. */
    public static boolean isOfContainer(Class<?> type) {
        String name = type.getName();
        return Proxy.isProxyClass(type)
                || CONTAINERS.stream().anyMatch(name::startsWith)
                || isNameOfGenerated(name);
    }

    /**
     * @param bound whether the entry is bound to its container, whose own classes it may hold then
     */
    boolean admits(Class<?> type, boolean bound) {
        if (type.isArray()) {
            return admits(type.componentType(), bound);
        }
        if (admitted.contains(type)) {
            return true;
        }
        if (isOfContainer(type)) {
            return bound && admitsOfContainer(type);
        }
        if (hasNoInstances(type) || isListed(type)) {
            admitted.add(type);
            return true;
        }
        return bound && CONTAINER.match(type.getName());
    }

    /** Annotations alone are proxies in a stream, and only the container puts them there. */
    boolean admitsOfProxy(Class<?> type, boolean bound) {
        return bound && type.isAnnotation();
    }

    /** A stream gives the class itself at most, and does not initialize it. */
    private static boolean hasNoInstances(Class<?> type) {
        return type.isPrimitive() || !Serializable.class.isAssignableFrom(type);
    }

    private boolean isListed(Class<?> type) {
        return JDK.match(type.getName()) || application.match(type.getName());
    }

    private boolean admitsOfContainer(Class<?> type) {
        if (Proxy.isProxyClass(type)) {
            return Stream.of(type.getInterfaces()).allMatch(Class::isAnnotation);
        }
        if (hasNoInstances(type) || CONTAINER.match(type.getName())) {
            return true;
        }
        return isGenerated(type) && admits(type.getSuperclass(), true);
    }

    private static boolean isGenerated(Class<?> type) {
        return !type.isInterface() && isNameOfGenerated(type.getName());
    }

    /** Whether the container has made the class, of that of a bean. */
    static boolean isNameOfGenerated(String name) {
        for (String part : GENERATED) { // called for each class in a stream
            if (name.contains(part)) {
                return true;
            }
        }
        return false;
    }
}
