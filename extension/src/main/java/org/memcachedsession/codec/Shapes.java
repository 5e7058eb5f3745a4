package org.memcachedsession.codec;

import java.io.Serializable;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Currency;
import java.util.Date;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;
import org.memcachedsession.codec.ShapeTaking.Sizes;

/**
 * Takes the {@link Shape} of object graphs. Knows values, objects that are written {@linkplain FieldByField field
 * by field}, arrays, and the usual collections of the JDK; a graph with anything else in it has no shape. Runs no
 * code of the application. Many threads use it at once.
 *
 * <p>What it learns about classes is kept here and not with the classes, so that it goes with the application.
 */
public final class Shapes {

    /** Of one graph: slots, and of arrays of primitives one for eight elements. */
    static final int MOST = 20_000;

    /**
     * What a value, or another object that holds no further ones, may take beside its own level: what stands for it
     * in the stream, and superclasses.
     */
    private static final int LAST_LEVELS = 40;

    private static final int MOST_LEVELS = StreamLimits.MAX_DEPTH - LAST_LEVELS;

    private static final int MOST_SUPERCLASSES = 30;

    /** Exactly these, since one can extend the numbers. */
    private static final Set<Class<?>> VALUES =
            Set.of(
                    BigDecimal.class,
                    BigInteger.class,
                    Boolean.class,
                    Byte.class,
                    Character.class,
                    Class.class,
                    Currency.class,
                    Double.class,
                    Float.class,
                    Integer.class,
                    Locale.class,
                    Long.class,
                    Short.class,
                    String.class,
                    URI.class,
                    UUID.class);

    private static final Map<Class<?>, Part> OF_JDK = ofJdk();

    private final Map<Class<?>, Part> parts = new ConcurrentHashMap<>();

    /** By classes of graphs: what one of them came to last. */
    private final Map<Class<?>, Sizes> sizes = new ConcurrentHashMap<>();

    /** What the graph is made of now; empty if something in it is not known, or there is too much of it. */
    public Optional<Shape> of(Object graph) {
        try {
            Sizes expected = expected(graph);
            ShapeTaking taking = new ShapeTaking(this, expected, Integer.MAX_VALUE);
            Optional<Shape> shape = taking.of(graph);
            if (shape.isPresent() && !taking.sizes().equals(expected)) {
                sizes.put(graph.getClass(), taking.sizes());
            }
            return shape;
        } catch (RuntimeException | LinkageError e) {
            return Optional.empty(); // another thread is changing it, for one
        }
    }

    private Sizes expected(Object graph) {
        return sizes.getOrDefault(graph.getClass(), Sizes.FIRST);
    }

    /**
     * Whether the graph, written by the JDK as it is now, surely has no chain of objects that is too long to be read
     * again. No chain has more levels than all objects together that hold others, and what is in the last one.
     */
    public boolean isShallow(Object graph) {
        try {
            return new ShapeTaking(this, expected(graph), MOST_LEVELS).of(graph).isPresent();
        } catch (RuntimeException | LinkageError e) {
            return false; // another thread is changing it, for one
        }
    }

    /** How objects of exactly this class are looked at. */
    Part part(Class<?> type) {
        Part part = parts.get(type);
        if (part == null) {
            part = find(type);
            parts.put(type, part);
        }
        return part;
    }

    private static Part find(Class<?> type) {
        if (isValue(type)) {
            return Part.VALUE;
        }
        if (type.isArray()) {
            return type.componentType().isPrimitive()
                    ? Part.changing((object, slots) -> slots.array(object))
                    : Part.changing(Shapes::elementsOfArray);
        }
        if (type.getSuperclass() == EnumSet.class) { // which none but the JDK can extend
            return Part.changing(Shapes::elements);
        }
        Part ofJdk = OF_JDK.get(type);
        if (ofJdk != null) {
            return ofJdk;
        }
        boolean isKnown =
                Serializable.class.isAssignableFrom(type)
                        && FieldByField.obstacle(type).isEmpty()
                        && hasFewSuperclasses(type);
        return isKnown ? ofFields(type) : Part.UNKNOWN;
    }

    /** A class that a graph holds is written with those that it extends. */
    static boolean hasFewSuperclasses(Class<?> type) {
        return superclasses(type) <= MOST_SUPERCLASSES;
    }

    private static int superclasses(Class<?> type) {
        int superclasses = 0;
        for (Class<?> each = type; each.getSuperclass() != null; each = each.getSuperclass()) {
            superclasses++;
        }
        return superclasses;
    }

    private static boolean isValue(Class<?> type) {
        return VALUES.contains(type) || isConstant(type) || isOfTime(type);
    }

    /** Of an enum; those with a body have a class of their own. */
    private static boolean isConstant(Class<?> type) {
        return Enum.class.isAssignableFrom(type);
    }

    /** Classes there are immutable but for clocks, which may hold one of the application. */
    private static boolean isOfTime(Class<?> type) {
        return type.getPackageName().equals("java.time")
                && Modifier.isFinal(type.getModifiers())
                && !Clock.class.isAssignableFrom(type);
    }

    // ---- objects of the application

    private static Part ofFields(Class<?> type) {
        List<Field> references = new ArrayList<>();
        List<Field> values = new ArrayList<>();
        List<Field> primitives = new ArrayList<>();
        for (Field field : FieldByField.fields(type)) {
            Class<?> declared = field.getType();
            (declared.isPrimitive() ? primitives : isOnlyValue(declared) ? values : references)
                    .add(field);
        }
        if (!type.isRecord()) {
            return Part.changing(
                    references.isEmpty() ? 0 : 1, new ShapeFields(references, values, primitives));
        }
        return references.isEmpty() // and nobody can set the fields of a record
                ? Part.VALUE
                : Part.lasting(new ShapeFields(references, List.of(), List.of()));
    }

    /** Whether a field of the type holds a value and nothing else, which need not be met. */
    private static boolean isOnlyValue(Class<?> type) {
        return isValue(type)
                && type != Class.class
                && (type.isEnum() || Modifier.isFinal(type.getModifiers()));
    }

    // ---- what the JDK has

    private static Map<Class<?>, Part> ofJdk() {
        Map<Class<?>, Part> parts = new HashMap<>();
        for (Class<?> type :
                List.of(LinkedList.class, ArrayDeque.class, HashSet.class, LinkedHashSet.class)) {
            parts.put(type, Part.changing(Shapes::elements));
        }
        parts.put(Arrays.asList().getClass(), Part.changing(2, Shapes::elements)); // has an array
        for (Class<?> type :
                List.of(
                        HashMap.class,
                        LinkedHashMap.class,
                        ConcurrentHashMap.class,
                        EnumMap.class)) {
            parts.put(type, Part.changing(Shapes::entries));
        }
        parts.put(ArrayList.class, Part.changing(Shapes::elementsOfList));
        parts.put(TreeSet.class, Part.changing(Shapes::sortedElements));
        parts.put(TreeMap.class, Part.changing(Shapes::sortedEntries));
        for (Collection<?> example :
                List.<Collection<?>>of(
                        List.of(),
                        List.of(1),
                        Set.of(),
                        Set.of(1),
                        Collections.emptyList(),
                        Collections.emptySet(),
                        Collections.singletonList(1),
                        Collections.singleton(1))) {
            parts.put(example.getClass(), Part.lasting(Shapes::elements));
        }
        for (Map<?, ?> example :
                List.of(
                        Map.of(),
                        Map.of(1, 1),
                        Collections.emptyMap(),
                        Collections.singletonMap(1, 1))) {
            parts.put(example.getClass(), Part.lasting(Shapes::entries));
        }
        number(parts, AtomicBoolean.class, value -> value.get() ? 1 : 0);
        number(parts, AtomicInteger.class, AtomicInteger::get);
        number(parts, AtomicLong.class, AtomicLong::get);
        number(parts, Date.class, Date::getTime);
        return Map.copyOf(parts);
    }

    private static <T> void number(
            Map<Class<?>, Part> parts, Class<T> type, ToLongFunction<T> number) {
        parts.put(
                type,
                Part.changing(
                        (object, slots) -> slots.bits(number.applyAsLong(type.cast(object)))));
    }

    private static void elementsOfArray(Object object, ShapeSlots slots) {
        for (Object element : (Object[]) object) {
            if (!slots.reference(element)) {
                return;
            }
        }
    }

    private static void elements(Object object, ShapeSlots slots) {
        int count = 0;
        for (Object element : (Collection<?>) object) {
            if (!slots.reference(element)) {
                return;
            }
            count++;
        }
        slots.bits(count);
    }

    /** As {@link #elements}, without an iterator. */
    private static void elementsOfList(Object object, ShapeSlots slots) {
        ArrayList<?> list = (ArrayList<?>) object;
        int count = list.size();
        for (int i = 0; i < count; i++) {
            if (!slots.reference(list.get(i))) {
                return;
            }
        }
        slots.bits(count);
    }

    private static void sortedElements(Object object, ShapeSlots slots) {
        slots.reference(((TreeSet<?>) object).comparator());
        elements(object, slots);
    }

    private static void entries(Object object, ShapeSlots slots) {
        int count = 0;
        for (Map.Entry<?, ?> entry : ((Map<?, ?>) object).entrySet()) {
            if (!slots.reference(entry.getKey()) || !slots.reference(entry.getValue())) {
                return;
            }
            count++;
        }
        slots.bits(count);
    }

    private static void sortedEntries(Object object, ShapeSlots slots) {
        slots.reference(((TreeMap<?, ?>) object).comparator());
        entries(object, slots);
    }

    /** What becomes of the objects of a class. */
    enum Kind {
        /** They are not looked at, and so nothing that holds one. */
        UNKNOWN,
        /** They are what they are, and hold nothing that can change. */
        VALUE,
        /** They go on to hold the same, which may change itself. */
        LASTING,
        /** They can come to hold something else. */
        CHANGING
    }

    /**
     * A class, as it is looked at.
     *
     * @param levels of the stream that one of them takes which holds others than values; 0: none does, so that none is
     *     in a circle
     * @param look at objects of exactly this class
     */
    record Part(Kind kind, int levels, Look look) {

        static final Part UNKNOWN = new Part(Kind.UNKNOWN, 0, (object, slots) -> {});
        static final Part VALUE = new Part(Kind.VALUE, 0, (object, slots) -> {});

        static Part changing(Look look) {
            return changing(1, look);
        }

        static Part changing(int levels, Look look) {
            return new Part(Kind.CHANGING, levels, look);
        }

        static Part lasting(Look look) {
            return new Part(Kind.LASTING, 1, look);
        }
    }

    /** Puts all that an object holds into slots, always in the same order. */
    interface Look {
        void at(Object object, ShapeSlots slots);
    }
}
