package org.memcachedsession.codec;

/**
 * Where what an object holds is put, piece by piece. Whoever is told {@code false} need not go on: the answer is
 * known.
 */
interface ShapeSlots {

    /** An object that is held, or null. */
    boolean reference(Object held);

    /** As {@link #reference}, where it can be nothing but a value. */
    boolean value(Object held);

    /** A primitive value, or how many elements came before. */
    boolean bits(long value);

    /** What an array of primitives holds; called with the array itself. */
    boolean array(Object primitives);
}
