package org.memcachedsession.codec;

import java.io.Externalizable;
import java.io.Serializable;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Knows the classes that JDK serialization writes field by field, with nothing of their own in between:
 * what another serializer can do as well, and gives the same objects back.
 */
final class FieldByField {

    private static final Set<String> REPLACING = Set.of("writeReplace", "readResolve");
    private static final Set<String> OWN_STREAM =
            Set.of("writeObject", "readObject", "readObjectNoData");

    private FieldByField() {}

    /** Why a class is none of them, such as {@code has writeObject}; does not initialize it. */
    static Optional<String> obstacle(Class<?> type) {
        try {
            return Optional.ofNullable(find(type));
        } catch (LinkageError | TypeNotPresentException e) {
            return Optional.of("refers to what is not there: " + e.getMessage());
        } catch (InaccessibleObjectException e) {
            return Optional.of("is in a module that is not open");
        }
    }

    private static String find(Class<?> type) {
        if (Externalizable.class.isAssignableFrom(type)) {
            return "is Externalizable";
        }
        if (type.isHidden() || AllowList.isOfContainer(type)) {
            return "is generated";
        }
        if (type.isEnum()) {
            return Modifier.isFinal(type.getModifiers()) ? null : "has constants with a body";
        }
        for (Class<?> each = type; each != Object.class; each = each.getSuperclass()) {
            String obstacle = ofOne(each);
            if (obstacle != null) {
                return each == type || obstacle.startsWith("extends")
                        ? obstacle
                        : "extends " + each.getName() + ", which " + obstacle;
            }
        }
        return type.isRecord() ? ofRecord(type) : ofFields(type);
    }

    private static String ofOne(Class<?> type) {
        boolean isWritten = Serializable.class.isAssignableFrom(type);
        if (isWritten && type.getName().startsWith("java.") && type != Record.class) {
            return "extends " + type.getName();
        }
        for (Method method : type.getDeclaredMethods()) {
            String name = method.getName();
            boolean replaces = REPLACING.contains(name) && method.getParameterCount() == 0;
            boolean ownStream =
                    isWritten
                            && OWN_STREAM.contains(name)
                            && Modifier.isPrivate(method.getModifiers());
            if (replaces || ownStream) {
                return "has " + name;
            }
        }
        for (Field field : type.getDeclaredFields()) {
            if (field.getName().equals("serialPersistentFields")) {
                return "has serialPersistentFields";
            }
        }
        return null;
    }

    private static String ofRecord(Class<?> type) {
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            constructor.setAccessible(true);
        }
        fields(type);
        return null;
    }

    private static String ofFields(Class<?> type) {
        Set<String> names = new HashSet<>();
        for (Field field : fields(type)) {
            if (!names.add(field.getName())) {
                return "has two fields of the name " + field.getName();
            }
        }
        Class<?> begun = superclassThatIsNotWritten(type);
        return hasUsableConstructor(begun, type)
                ? null
                : "extends "
                        + begun.getName()
                        + ", which has no constructor without arguments for it";
    }

    private static boolean hasUsableConstructor(Class<?> superclass, Class<?> type) {
        for (Constructor<?> constructor : superclass.getDeclaredConstructors()) {
            if (constructor.getParameterCount() == 0) {
                int modifiers = constructor.getModifiers();
                return Modifier.isPublic(modifiers)
                        || Modifier.isProtected(modifiers)
                        || (!Modifier.isPrivate(modifiers)
                                && superclass.getPackage() == type.getPackage());
            }
        }
        return false;
    }

    private static Class<?> superclassThatIsNotWritten(Class<?> type) {
        Class<?> superclass = type;
        while (Serializable.class.isAssignableFrom(superclass)) {
            superclass = superclass.getSuperclass();
        }
        return superclass;
    }

    /**
     * The fields that are written, accessible, those of the uppermost class first; in the order of their
     * names, since the order of declaration is not the same everywhere.
     *
     * @throws InaccessibleObjectException its module does not let us
     */
    static List<Field> fields(Class<?> type) {
        List<Class<?>> hierarchy = new ArrayList<>();
        for (Class<?> each = type;
                Serializable.class.isAssignableFrom(each);
                each = each.getSuperclass()) {
            hierarchy.add(each);
        }
        Collections.reverse(hierarchy);
        List<Field> fields = new ArrayList<>();
        for (Class<?> each : hierarchy) {
            List<Field> declared = new ArrayList<>(List.of(each.getDeclaredFields()));
            declared.removeIf(field -> !isWritten(field));
            declared.sort((one, other) -> one.getName().compareTo(other.getName()));
            fields.addAll(declared);
        }
        fields.forEach(field -> field.setAccessible(true));
        return fields;
    }

    private static boolean isWritten(Field field) {
        return !Modifier.isStatic(field.getModifiers())
                && !Modifier.isTransient(field.getModifiers());
    }

    /** The {@code serialVersionUID} that a class declares. */
    static Optional<Long> declaredVersion(Class<?> type) {
        try {
            Field field = type.getDeclaredField("serialVersionUID");
            if (!Modifier.isStatic(field.getModifiers()) || field.getType() != long.class) {
                return Optional.empty();
            }
            field.setAccessible(true);
            return Optional.of(field.getLong(null));
        } catch (NoSuchFieldException e) {
            return Optional.empty();
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
