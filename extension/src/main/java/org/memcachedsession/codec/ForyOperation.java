package org.memcachedsession.codec;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.apache.fory.context.WriteContext;

/**
 * What one Fory is about to read or write, known to all its serializers. Fory has a table for such things, which takes
 * longer than the field of an object. For one thread at a time.
 */
final class ForyOperation {

    /**
     * The objects of the graph that will be made only when all that they consist of has been read: a record, what
     * {@code List.of} gives, a sorted set as long as its comparator is read. A reference to such an object from within
     * would be read as null, so its graph is left to the JDK.
     */
    private final Set<Object> unfinished = Collections.newSetFromMap(new IdentityHashMap<>());

    private int number;
    private boolean mayGiveOtherBytes;

    /** Another graph, whatever became of the one before. */
    void begin() {
        number++;
        mayGiveOtherBytes = false;
        if (!unfinished.isEmpty()) {
            unfinished.clear();
        }
    }

    /** Other than that of the graph before. */
    int number() {
        return number;
    }

    /** What is read may give others than it was read from. */
    void giveOtherBytes() {
        mayGiveOtherBytes = true;
    }

    boolean mayGiveOtherBytes() {
        return mayGiveOtherBytes;
    }

    void beginUnfinished(Object object) {
        unfinished.add(object);
    }

    void endUnfinished(Object object) {
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
