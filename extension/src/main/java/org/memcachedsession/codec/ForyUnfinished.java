package org.memcachedsession.codec;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.apache.fory.context.WriteContext;

/**
 * The objects of a graph under way that will be made only when all that they consist of has been read: a
 * record, what {@code List.of} gives, a sorted set as long as its comparator is read. A reference to
 * such an object from within would be read as null, so its graph is left to the JDK.
 */
final class ForyUnfinished {

    private final Set<Object> unfinished = Collections.newSetFromMap(new IdentityHashMap<>());

    private ForyUnfinished() {}

    static ForyUnfinished of(WriteContext context) {
        ForyUnfinished here = (ForyUnfinished) context.getContextObject(ForyUnfinished.class);
        if (here == null) {
            here = new ForyUnfinished();
            context.putContextObject(ForyUnfinished.class, here);
        }
        return here;
    }

    void begin(Object object) {
        unfinished.add(object);
    }

    void end(Object object) {
        unfinished.remove(object);
    }

    /**
     * Writes what an object holds.
     *
     * @throws ForyRefusal it is not finished
     */
    void write(WriteContext context, Object held) {
        if (!unfinished.isEmpty()) {
            requireFinished(held);
        }
        context.writeRef(held);
    }

    /** With the elements of arrays, since those are written by Fory alone. */
    private void requireFinished(Object held) {
        if (unfinished.contains(held)) {
            throw new ForyRefusal("a " + held.getClass().getName() + " that refers to itself");
        }
        if (held instanceof Object[] array) {
            for (Object element : array) {
                requireFinished(element);
            }
        }
    }
}
