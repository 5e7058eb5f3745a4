package org.memcachedsession.codec;

import org.memcachedsession.codec.Shapes.Part;

/**
 * What an object graph was made of when this was taken: its objects that can change and, for each, what it held,
 * references by identity and primitives by their bits. As long as each of them holds the same, no other object can
 * have come into the graph, and it is written as it was. So this tells that nothing has changed, for much less than
 * it takes to write the graph; it never tells that something has.
 *
 * <p>Holds objects of its graph, and is to go with them. For the threads of one request, one at a time.
 */
public final class Shape {

    private final Object[] objects;
    private final Part[] parts;
    private final int objectCount;
    private final Object[] references;
    private final int referenceCount;
    private final long[] bits;
    private final int bitsCount;

    /**
     * The arrays may be longer than what is in them.
     *
     * @param parts how the objects are looked at, one for each
     * @param references what they hold, one after the other; copies of arrays of primitives
     * @param bits as {@code references}, for primitives and numbers of elements
     */
    Shape(
            Object[] objects,
            Part[] parts,
            int objectCount,
            Object[] references,
            int referenceCount,
            long[] bits,
            int bitsCount) {
        this.objects = objects;
        this.parts = parts;
        this.objectCount = objectCount;
        this.references = references;
        this.referenceCount = referenceCount;
        this.bits = bits;
        this.bitsCount = bitsCount;
    }

    /** Whether the graph is surely as it was. If not, it may be so all the same. */
    public boolean isUnchanged() {
        Comparison comparison = new Comparison();
        try {
            for (int i = 0; i < objectCount && !comparison.isOther; i++) {
                parts[i].look().at(objects[i], comparison);
            }
            return !comparison.isOther;
        } catch (RuntimeException e) {
            return false; // another thread is changing it
        }
    }

    /** The objects before one hold as much as they did, so what is compared belongs to the same one. */
    private final class Comparison implements ShapeSlots {

        private int reference;
        private int bit;
        private boolean isOther;

        @Override
        public boolean reference(Object held) {
            return is(reference < referenceCount && references[reference++] == held);
        }

        @Override
        public boolean value(Object held) {
            return reference(held);
        }

        @Override
        public boolean bits(long value) {
            return is(bit < bitsCount && bits[bit++] == value);
        }

        @Override
        public boolean array(Object primitives) {
            return is(
                    reference < referenceCount
                            && ShapeArrays.areSame(primitives, references[reference++]));
        }

        private boolean is(boolean same) {
            isOther |= !same;
            return same;
        }
    }
}
