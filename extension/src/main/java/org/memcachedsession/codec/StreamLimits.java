package org.memcachedsession.codec;

import java.io.ObjectInputFilter;
import java.util.Optional;

/** How much one stream may hold: no more than its bytes can account for, and no chain that is too long. */
final class StreamLimits implements ObjectInputFilter {

    /**
     * Reading a level takes up to twice the stack that writing it takes, more than 2 KB, so what was written with
     * the last of it would be lost. So many levels leave a third of the usual 1 MB to whoever reads.
     */
    static final int MAX_DEPTH = 300;

    /** Against graphs that explode; a session of the usual size stays far below. */
    private static final int MAX_REFERENCES = 2_000_000;

    /** The JDK makes the table of a hash map up to so many times larger than its elements. */
    private static final int ARRAY_LENGTH_PER_BYTE = 16;

    /** An object that holds another: its mark, and one for a class that was there before. */
    private static final int LEAST_BYTES_OF_A_LEVEL = 6;

    private final int size;
    private String exceeded;

    /**
     * @param size of the stream, in bytes
     */
    StreamLimits(int size) {
        this.size = size;
    }

    /** Whether a stream is so short that it cannot be beyond the limits, whatever an application writes. */
    static boolean areOutOfReach(int size) {
        return size < MAX_DEPTH * LEAST_BYTES_OF_A_LEVEL;
    }

    @Override
    public Status checkInput(FilterInfo info) {
        if (info.depth() > MAX_DEPTH) {
            exceeded = "objects that refer to each other in a chain of more than " + MAX_DEPTH;
        } else if (info.references() > MAX_REFERENCES) {
            exceeded = "more than " + MAX_REFERENCES + " objects and references";
        } else if (info.arrayLength() > (long) size * ARRAY_LENGTH_PER_BYTE) {
            exceeded = "an array that is longer than the bytes that are there for it";
        } else {
            return Status.UNDECIDED; // a filter of the whole JVM may refuse more
        }
        return Status.REJECTED;
    }

    /** What the stream holds too much of, if that is why it was given up. */
    Optional<String> exceeded() {
        return Optional.ofNullable(exceeded);
    }
}
