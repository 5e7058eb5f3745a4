package org.memcachedsession.codec;

import static java.io.ObjectStreamConstants.TC_ARRAY;
import static java.io.ObjectStreamConstants.TC_CLASSDESC;
import static java.io.ObjectStreamConstants.TC_ENDBLOCKDATA;
import static java.io.ObjectStreamConstants.TC_OBJECT;
import static java.io.ObjectStreamConstants.TC_PROXYCLASSDESC;
import static java.io.ObjectStreamConstants.TC_REFERENCE;

import java.io.ObjectInputFilter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.function.BooleanSupplier;

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

    /** For what holds nothing else, such as a text or a class. */
    private static final int FIRST_LEVELS = 2;

    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final int size;
    private String exceeded;

    /**
     * @param size of the stream, in bytes
     */
    StreamLimits(int size) {
        this.size = size;
    }

    /**
     * Whether a stream that an application has written cannot be beyond the limits. Counts what looks like the
     * beginning of a level, so the answer is no for some streams that are within them, and never yes for others.
     *
     * @param isShallow whether it surely has no chain that is too long; asked last
     */
    static boolean areOutOfReach(byte[] stream, BooleanSupplier isShallow) {
        return stream.length < MAX_REFERENCES && (hasFewLevels(stream) || isShallow.getAsBoolean());
    }

    /** Whether what looks like the beginning of a level is there less often than a chain may be long. */
    private static boolean hasFewLevels(byte[] stream) {
        int levels = FIRST_LEVELS;
        int i = 2;
        for (; i <= stream.length - Long.BYTES; i += Long.BYTES) {
            for (long left = candidates(stream, i); left != 0; left &= left - 1) {
                if (isThirdOfLevel(stream, i + Long.numberOfTrailingZeros(left) / Byte.SIZE)) {
                    levels++;
                }
            }
            if (levels >= MAX_DEPTH) {
                return false;
            }
        }
        for (; i < stream.length; i++) {
            if (isThirdOfLevel(stream, i)) {
                levels++;
            }
        }
        return levels < MAX_DEPTH;
    }

    /** Of the eight bytes there, the highest bit of those that come after two like 0x7. and are no text themselves. */
    private static long candidates(byte[] stream, int from) {
        long mark = (long) EIGHT_BYTES.get(stream, from - 2);
        long next = (long) EIGHT_BYTES.get(stream, from - 1);
        long following = (long) EIGHT_BYTES.get(stream, from);
        long others = // zero in the bytes that are meant, 0x10 or more in all others
                ((mark & 0xF0F0F0F0F0F0F0F0L) ^ 0x7070707070707070L)
                        | ((next & 0xF0F0F0F0F0F0F0F0L) ^ 0x7070707070707070L)
                        | (following & 0xE0E0E0E0E0E0E0E0L);
        return (others - 0x0101010101010101L) & ~others & 0x8080808080808080L;
    }

    private static boolean isThirdOfLevel(byte[] stream, int i) {
        return mayBeginLevel(stream[i - 2], stream[i - 1]) && isNoText(stream[i]);
    }

    /** An object or array has its class next. A superclass comes after what belongs to a class. */
    private static boolean mayBeginLevel(byte mark, byte next) {
        return switch (mark) {
            case TC_OBJECT, TC_ARRAY, TC_ENDBLOCKDATA ->
                    next == TC_CLASSDESC || next == TC_REFERENCE || next == TC_PROXYCLASSDESC;
            default -> false;
        };
    }

    /** As the first byte of the length of a description, of a number of interfaces, or of a reference. */
    private static boolean isNoText(byte following) {
        return following >= 0 && following < ' ';
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
