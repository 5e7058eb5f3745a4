package org.memcachedsession.codec;

import java.io.Externalizable;
import java.io.Serializable;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Finds where in an object graph the first object is that a bean cannot be stored with, after
 * serialization has failed. Looks at the fields that the JDK would write; what it may not look into (private parts of
 * the JDK) it passes over.
 */
final class ObjectPath {

    private record Visit(Object object, String path) {}

    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Deque<Visit> next = new ArrayDeque<>();

    private final Predicate<Object> culprit;

    private ObjectPath(Predicate<Object> culprit) {
        this.culprit = culprit;
    }

    /**
     * Such as {@code org.example.Cart.items[2].product}.
     *
     * @param culprit whether an object is what is looked for
     * @param roots looked into in this order
     */
    static Optional<String> find(Predicate<Object> culprit, Object... roots) {
        return Stream.of(roots)
                .map(root -> new ObjectPath(culprit).search(root))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private Optional<String> search(Object root) {
        look(root, root.getClass().getName());
        while (!next.isEmpty()) {
            Visit visit = next.poll();
            if (culprit.test(visit.object)) {
                return Optional.of(visit.path);
            }
            lookInside(visit.object, visit.path);
        }
        return Optional.empty();
    }

    private void look(Object object, String path) {
        if (object != null && seen.add(object)) {
            next.add(new Visit(object, path));
        }
    }

    private void lookInside(Object object, String path) {
        if (object instanceof Collection<?> collection) {
            int index = 0;
            for (Object element : collection) {
                look(element, path + "[" + index++ + "]");
            }
        } else if (object instanceof Map<?, ?> map) {
            int index = 0; // and not the key, which may be personal
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                look(entry.getKey(), path + ".key[" + index + "]");
                look(entry.getValue(), path + ".value[" + index++ + "]");
            }
        } else if (object.getClass().isArray()) {
            if (!object.getClass().getComponentType().isPrimitive()) {
                for (int i = 0; i < Array.getLength(object); i++) {
                    look(Array.get(object, i), path + "[" + i + "]");
                }
            }
        } else if (!(object instanceof Externalizable)) {
            lookIntoFields(object, path);
        }
    }

    private void lookIntoFields(Object object, String path) {
        for (Class<?> type = object.getClass();
                type != null && Serializable.class.isAssignableFrom(type);
                type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (isWritten(field)) {
                    value(field, object)
                            .ifPresent(value -> look(value, path + "." + field.getName()));
                }
            }
        }
    }

    private static boolean isWritten(Field field) {
        return !field.getType().isPrimitive()
                && !Modifier.isStatic(field.getModifiers())
                && !Modifier.isTransient(field.getModifiers());
    }

    private static Optional<Object> value(Field field, Object object) {
        try {
            field.setAccessible(true);
            return Optional.ofNullable(field.get(object));
        } catch (InaccessibleObjectException | IllegalAccessException e) {
            return Optional.empty();
        }
    }
}
