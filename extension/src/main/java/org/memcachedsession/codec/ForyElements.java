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

    private final Runnable otherBytes;

    /**
     * @param otherBytes told when what was read may give others, since chance decides on an order
     */
    ForyElements(TypeResolver resolver, Class<T> type, Runnable otherBytes) {
        super(resolver.getConfig(), type, true, false);
        this.otherBytes = otherBytes;
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

    final int readSize(ReadContext context, int bytesPerElement) {
        MemoryBuffer buffer = context.getBuffer();
        int size = buffer.readVarUInt32();
        if (size < 0 || size > buffer.remaining() / bytesPerElement) {
            throw new IllegalArgumentException(size + " elements of " + type.getName());
        }
        context.reserveGraphMemory(64 + 48L * size);
        return size;
    }

    /** Of a set, or of the keys of a map. */
    final void lookForChance(Trait trait, Collection<?> elements) {
        boolean hasNoOrder = trait == Trait.HASHED || trait == Trait.IMMUTABLE;
        if (hasNoOrder && elements.size() > 1 && order(elements) == null) {
            otherBytes.run();
        }
    }

    /** Against sets of sets, whose hash codes take for ever. */
    static void countHashWork(ReadContext context, Object complete) {
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

    static void reference(ReadContext context, Object begun) {
        if (context.hasPreservedRefId()) {
            context.reference(begun);
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

        private final Trait trait;
        private final IntFunction<T> make;
        private final Function<Object[], T> complete;

        /**
         * @param make of a size, empty
         * @param complete of its elements, where it takes none afterwards; or null
         */
        OfCollection(
                TypeResolver resolver,
                Class<T> type,
                Trait trait,
                IntFunction<T> make,
                Function<Object[], T> complete,
                Runnable otherBytes) {
            super(resolver, type, otherBytes);
            this.trait = trait;
            this.make = make;
            this.complete = complete;
        }

        @Override
        public void write(WriteContext context, T collection) {
            ForySerialization.checkDepth(context);
            if (trait == Trait.SORTED) {
                context.writeRef(((SortedSet<?>) collection).comparator());
            }
            Object[] elements = inOrder(collection);
            context.getBuffer().writeVarUInt32(elements.length);
            for (Object element : elements) {
                if (element == null && trait == Trait.IMMUTABLE) {
                    throw new ForyRefusal("a " + type.getName() + " with null");
                }
                context.writeRef(element);
            }
        }

        private Object[] inOrder(T collection) {
            Object[] elements = collection.toArray();
            if (!(collection instanceof Set) || trait == Trait.NONE || trait == Trait.SORTED) {
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
        public T read(ReadContext context) {
            return trait == Trait.IMMUTABLE ? readComplete(context) : readInto(context);
        }

        private T readComplete(ReadContext context) {
            Object[] elements = new Object[readSize(context, 1)];
            for (int i = 0; i < elements.length; i++) {
                elements[i] = context.readRef();
            }
            T collection = complete.apply(elements);
            countHashWork(context, collection);
            if (collection instanceof Set) {
                lookForChance(trait, collection);
            }
            return collection;
        }

        private T readInto(ReadContext context) {
            T collection;
            if (trait == Trait.SORTED) {
                collection = sorted(context.readRef());
            } else {
                collection = null;
            }
            int size = readSize(context, 1);
            if (collection == null) {
                collection = make.apply(size);
            }
            reference(context, collection);
            for (int i = 0; i < size; i++) {
                collection.add(context.readRef());
            }
            countHashWork(context, collection);
            if (collection instanceof Set) {
                lookForChance(trait, collection);
            }
            return collection;
        }

        @SuppressWarnings("unchecked") // the one sorted class that is registered
        private T sorted(Object comparator) {
            return (T) new TreeSet<>((Comparator<Object>) comparator);
        }
    }

    static final class OfMap<T extends Map<Object, Object>> extends ForyElements<T> {

        private final Trait trait;
        private final IntFunction<T> make;
        private final Function<Map<Object, Object>, T> complete;

        OfMap(
                TypeResolver resolver,
                Class<T> type,
                Trait trait,
                IntFunction<T> make,
                Function<Map<Object, Object>, T> complete,
                Runnable otherBytes) {
            super(resolver, type, otherBytes);
            this.trait = trait;
            this.make = make;
            this.complete = complete;
        }

        @Override
        public void write(WriteContext context, T map) {
            ForySerialization.checkDepth(context);
            if (trait == Trait.SORTED) {
                context.writeRef(((SortedMap<?, ?>) map).comparator());
            }
            if (map.getClass() == LinkedHashMap.class && isInOrderOfAccess(map)) {
                throw new ForyRefusal("a LinkedHashMap in the order of access");
            }
            Object[] entries = inOrder(map);
            context.getBuffer().writeVarUInt32(entries.length / 2);
            for (Object each : entries) {
                context.writeRef(each);
            }
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

        private Object[] inOrder(T map) {
            if (trait == Trait.HASHED || trait == Trait.IMMUTABLE) {
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
            }
            return flat(map);
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
        public T read(ReadContext context) {
            T map = trait == Trait.SORTED ? sorted(context.readRef()) : null;
            int size = readSize(context, 2);
            if (trait == Trait.IMMUTABLE) {
                return readComplete(context, size);
            }
            if (map == null) {
                map = make.apply(size);
            }
            reference(context, map);
            for (int i = 0; i < size; i++) {
                Object key = context.readRef();
                map.put(key, context.readRef());
            }
            countHashWork(context, map);
            lookForChance(trait, map.keySet());
            return map;
        }

        private T readComplete(ReadContext context, int size) {
            Map<Object, Object> entries = new HashMap<>(capacity(size));
            for (int i = 0; i < size; i++) {
                Object key = context.readRef();
                entries.put(key, context.readRef());
            }
            T map = complete.apply(entries);
            countHashWork(context, map);
            lookForChance(trait, map.keySet());
            return map;
        }

        @SuppressWarnings("unchecked") // the one sorted class that is registered
        private T sorted(Object comparator) {
            return (T) new TreeMap<>((Comparator<Object>) comparator);
        }
    }
}
