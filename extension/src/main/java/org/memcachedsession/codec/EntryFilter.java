package org.memcachedsession.codec;

import java.io.InvalidClassException;
import java.io.ObjectInputFilter;
import java.util.Optional;

/**
 * What one stream may hold: listed classes, and no more of them than its bytes can account for.
 *
 * <p>Classes are looked at where the stream names them, since that is what was looked at when it was
 * written. The JDK shows a filter more than that, such as what a listed class makes of itself by {@code
 * readResolve}.
 */
final class EntryFilter implements ObjectInputFilter {

    /**
     * Against graphs that explode; a session of the largest size stays far below, and what is deeper
     * overflows the stack when it is written already.
     */
    private static final int MAX_DEPTH = 10_000;

    private static final int MAX_REFERENCES = 2_000_000;

    /** The JDK makes the table of a hash map up to so many times larger than its elements. */
    private static final int ARRAY_LENGTH_PER_BYTE = 16;

    private final AllowList allowList;
    private final boolean bound;
    private final int size;
    private Class<?> refused;

    /**
     * @param size of the stream, in bytes
     */
    EntryFilter(AllowList allowList, boolean bound, int size) {
        this.allowList = allowList;
        this.bound = bound;
        this.size = size;
    }

    /**
     * Called before anything of the class runs, its static initializer included.
     *
     * @throws InvalidClassException it is not listed
     */
    Class<?> check(Class<?> type) throws InvalidClassException {
        if (!allowList.admits(type, bound)) {
            refused = type;
            throw new InvalidClassException(type.getName(), "not among the classes that are read");
        }
        return type;
    }

    @Override
    public Status checkInput(FilterInfo info) {
        return info.depth() > MAX_DEPTH
                        || info.references() > MAX_REFERENCES
                        || info.arrayLength() > (long) size * ARRAY_LENGTH_PER_BYTE
                ? Status.REJECTED
                : Status.UNDECIDED; // a filter of the whole JVM may refuse more
    }

    /** The class that was not listed, if that is why the stream was given up. */
    Optional<Class<?>> refused() {
        return Optional.ofNullable(refused);
    }
}
