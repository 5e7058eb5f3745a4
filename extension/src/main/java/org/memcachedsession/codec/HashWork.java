package org.memcachedsession.codec;

import java.io.InvalidObjectException;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Counts what it costs to put collections into hash tables. A few kilobytes of sets that hold each other
 * twice, a hundred levels deep, would take longer than the server lives: each level asks for all hash
 * codes below it, and no number of objects, bytes or levels is remarkable.
 */
final class HashWork {

    private static final long MOST = 20_000_000;

    private final IdentityHashMap<Object, Long> sizes = new IdentityHashMap<>();
    private long done;

    /**
     * Looks at an object that is complete, before it gets into another.
     *
     * @throws InvalidObjectException it would take too long to put it there
     */
    void add(Object object) throws InvalidObjectException {
        if (!object.getClass().getName().startsWith("java.util.")) {
            return;
        }
        long size;
        if (object instanceof Collection<?> collection) {
            size = sizeOf(collection);
        } else if (object instanceof Map<?, ?> map) {
            size = sizeOf(map.entrySet());
        } else if (object instanceof Map.Entry<?, ?> entry) {
            size = sizeOf(entry);
        } else {
            return;
        }
        sizes.put(object, size);
        if (object instanceof Set<?> || object instanceof Map<?, ?>) {
            done += size;
        }
        if (size > MOST || done > MOST) {
            throw new InvalidObjectException(
                    "collections inside of collections, so that reading them would take too long");
        }
    }

    private long sizeOf(Collection<?> elements) {
        long size = 1;
        try {
            if (sizes.isEmpty()) { // none of them is known, and to look takes long
                return size + elements.size();
            }
            for (Object element : elements) {
                size += element instanceof Map.Entry<?, ?> entry ? sizeOf(entry) : known(element);
            }
        } catch (RuntimeException e) { // a view of a collection that holds it and is not complete
            return 1;
        }
        return size;
    }

    private long sizeOf(Map.Entry<?, ?> entry) {
        return known(entry.getKey()) + known(entry.getValue());
    }

    private long known(Object element) {
        return sizes.getOrDefault(element, 1L);
    }
}
