package org.memcachedsession.codec;

import java.io.InvalidObjectException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.apache.fory.context.ReadContext;
import org.apache.fory.context.WriteContext;
import org.apache.fory.memory.MemoryBuffer;
import org.apache.fory.resolver.TypeResolver;
import org.apache.fory.serializer.Serializer;

/**
 * Writes a collection or map of the JDK by its elements, so that what was read and not changed gives the
 * same bytes again, on every node: those of a hash table come in the order that the table has which is
 * made of them, whatever table they were in before.
 */
abstract class ForyElements<T> extends Serializer<T> {

    /** Those that have an order, and are equal only where it says so. */
    private static final Set<Class<?>> ORDERED =
            Set.of(
                    Byte.class,
                    Character.class,
                    Integer.class,
                    Long.class,
                    Short.class,
                    String.class,
                    UUID.class);

    final Trait trait;
    private final int partsOfOne;
    final IntFunction<T> make;
    private final Function<Object[], T> complete;
    private final ForyOperation operation;

    /**
     * @param partsOfOne how many objects stand for one element: two where it is an entry
     * @param make of a size, empty; null where there is more to it
     * @param complete of all parts, where it takes none afterwards; or null
     */
    private ForyElements(
            TypeResolver resolver,
            Class<T> type,
            Trait trait,
            int partsOfOne,
            IntFunction<T> make,
            Function<Object[], T> complete,
            ForyOperation operation) {
        super(resolver.getConfig(), type, true, false);
        this.trait = trait;
        this.partsOfOne = partsOfOne;
        this.make = make;
        this.complete = complete;
        this.operation = operation;
    }

    /** What of a class is needed beside its elements to make one. */
    enum Trait {
        NONE,
        /** The order in which its hash table gives the elements is that of the table, or chance. */
        HASHED,
        /** It has a comparator, or null for none. */
        SORTED,
        /** It has its elements before it is known, and so cannot be one of them. */
        IMMUTABLE
    }

    static int capacity(int size) {
        return (int) Math.min(size / 0.75 + 1, 1 << 30);
    }

    // ---- what differs between collections and maps

    /** Of one that is sorted. */
    abstract Comparator<?> comparator(T elements);

    abstract T sorted(Comparator<Object> comparator);

    /** What is written, in its order. */
    abstract Object[] parts(T elements);

    abstract void readInto(T elements, int size, ReadContext context);

    /** What a hash table is of, if there is one. */
    abstract Collection<?> hashed(T elements);

    // ---- what does not

    @Override
    public final void write(WriteContext context, T elements) {
        ForySerialization.checkDepth(context);
        if (trait == Trait.SORTED) {
            operation.beginUnfinished(elements);
            operation.write(context, comparator(elements));
            operation.endUnfinished(elements);
        }
        Object[] parts = parts(elements);
        context.getBuffer().writeVarUInt32(parts.length / partsOfOne);
        if (trait == Trait.IMMUTABLE) {
            operation.beginUnfinished(elements);
        }
        for (Object part : parts) {
            if (part == null && trait == Trait.IMMUTABLE) {
                throw new ForyRefusal("a " + type.getName() + " with null");
            }
            operation.write(context, part);
        }
        if (trait == Trait.IMMUTABLE) {
            operation.endUnfinished(elements);
        }
    }

    @Override
    @SuppressWarnings("unchecked") // a comparator, or the stream is forged and this fails
    public final T read(ReadContext context) {
        T elements = trait == Trait.SORTED ? sorted((Comparator<Object>) context.readRef()) : null;
        int size = readSize(context);
        if (trait == Trait.IMMUTABLE) {
            elements = complete.apply(readParts(context, size));
        } else {
            if (elements == null) {
                elements = make.apply(size);
            }
            if (context.hasPreservedRefId()) {
                context.reference(elements);
            }
            readInto(elements, size, context);
        }
        countHashWork(context, elements);
        lookForChance(hashed(elements));
        return elements;
    }

    private int readSize(ReadContext context) {
        MemoryBuffer buffer = context.getBuffer();
        int size = buffer.readVarUInt32();
        if (size < 0 || size > buffer.remaining() / partsOfOne) {
            throw new IllegalArgumentException(size + " elements of " + type.getName());
        }
        context.reserveGraphMemory(64 + 48L * size);
        return size;
    }

    private Object[] readParts(ReadContext context, int size) {
        Object[] parts = new Object[size * partsOfOne];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = context.readRef();
        }
        return parts;
    }

    private void lookForChance(Collection<?> hashed) {
        if (isOrderedByChance() && hashed.size() > 1 && order(hashed) == null) {
            operation.giveOtherBytes();
        }
    }

    final boolean isOrderedByChance() {
        return trait == Trait.HASHED || trait == Trait.IMMUTABLE;
    }

    /** Against sets of sets, whose hash codes take for ever. */
    private static void countHashWork(ReadContext context, Object complete) {
        HashWork work = (HashWork) context.getContextObject(HashWork.class);
        if (work == null) {
            work = new HashWork();
            context.putContextObject(HashWork.class, work);
        }
        try {
            work.add(complete);
        } catch (InvalidObjectException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** The order of values where chance or an address decides how a table gives them; or none. */
    static Comparator<Object> order(Iterable<?> keys) {
        Class<?> common = null;
        for (Object key : keys) {
            if (key == null) {
                return null;
            }
            Class<?> type = key instanceof Enum<?> e ? e.getDeclaringClass() : key.getClass();
            if (common != null && type != common) {
                return null;
            }
            common = type;
        }
        return common != null && (common.isEnum() || ORDERED.contains(common))
                ? ForyElements::compare
                : null;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // of one class, looked at above
    private static int compare(Object one, Object other) {
        return ((Comparable) one).compareTo(other);
    }

    static final class OfCollection<T extends Collection<Object>> extends ForyElements<T> {

        OfCollection(
                TypeResolver resolver,
                Class<T> type,
                Trait trait,
                IntFunction<T> make,
                Function<Object[], T> complete,
                ForyOperation operation) {
            super(resolver, type, trait, 1, make, complete, operation);
        }

        @Override
        Comparator<?> comparator(T collection) {
            return ((SortedSet<?>) collection).comparator();
        }

        @Override
        @SuppressWarnings("unchecked") // the one sorted class that is registered
        T sorted(Comparator<Object> comparator) {
            return (T) new TreeSet<>(comparator);
        }

        @Override
        Object[] parts(T collection) {
            Object[] elements = collection.toArray();
            if (!(collection instanceof Set) || !isOrderedByChance()) {
                return elements;
            }
            Comparator<Object> order = order(collection);
            if (order != null) {
                Arrays.sort(elements, order);
            } else if (trait == Trait.HASHED) {
                T table = make.apply(elements.length);
                Collections.addAll(table, elements);
                return table.toArray();
            }
            return elements;
        }

        @Override
        void readInto(T collection, int size, ReadContext context) {
            for (int i = 0; i < size; i++) {
                collection.add(context.readRef());
            }
        }

        @Override
        Collection<?> hashed(T collection) {
            return collection instanceof Set ? collection : Set.of();
        }
    }

    static final class OfMap<T extends Map<Object, Object>> extends ForyElements<T> {

        OfMap(
                TypeResolver resolver,
                Class<T> type,
                Trait trait,
                IntFunction<T> make,
                Function<Map<Object, Object>, T> complete,
                ForyOperation operation) {
            super(
                    resolver,
                    type,
                    trait,
                    2,
                    make,
                    complete == null ? null : parts -> complete.apply(entries(parts)),
                    operation);
        }

        private static Map<Object, Object> entries(Object[] parts) {
            Map<Object, Object> entries = new HashMap<>(capacity(parts.length / 2));
            for (int i = 0; i < parts.length; i += 2) {
                entries.put(parts[i], parts[i + 1]);
            }
            return entries;
        }

        @Override
        Comparator<?> comparator(T map) {
            return ((SortedMap<?, ?>) map).comparator();
        }

        @Override
        @SuppressWarnings("unchecked") // the one sorted class that is registered
        T sorted(Comparator<Object> comparator) {
            return (T) new TreeMap<>(comparator);
        }

        @Override
        Object[] parts(T map) {
            if (map.getClass() == LinkedHashMap.class && isInOrderOfAccess(map)) {
                throw new ForyRefusal("a LinkedHashMap in the order of access");
            }
            if (!isOrderedByChance()) {
                return flat(map);
            }
            Comparator<Object> order = order(map.keySet());
            if (order != null) {
                Map<Object, Object> sorted = new TreeMap<>(order);
                sorted.putAll(map);
                return flat(sorted);
            }
            if (trait == Trait.HASHED) {
                T table = make.apply(map.size());
                table.putAll(map);
                return flat(table);
            }
            return flat(map);
        }

        /** Which no method tells. */
        @SuppressWarnings("unchecked")
        private static boolean isInOrderOfAccess(Map<?, ?> map) {
            Map<Object, Object> probe =
                    (Map<Object, Object>) ((LinkedHashMap<Object, Object>) map).clone();
            Object last = new Object();
            Object before = new Object();
            probe.put(before, before);
            probe.put(last, last);
            probe.get(before);
            Object end = null;
            for (Object key : probe.keySet()) {
                end = key;
            }
            return end == before;
        }

        private static Object[] flat(Map<?, ?> map) {
            var flat = new ArrayList<Object>(2 * map.size());
            map.forEach(
                    (key, value) -> {
                        flat.add(key);
                        flat.add(value);
                    });
            return flat.toArray();
        }

        @Override
        void readInto(T map, int size, ReadContext context) {
            for (int i = 0; i < size; i++) {
                Object key = context.readRef();
                map.put(key, context.readRef());
            }
        }

        @Override
        Collection<?> hashed(T map) {
            return map.keySet();
        }
    }
}
