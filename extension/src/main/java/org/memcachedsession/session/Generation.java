package org.memcachedsession.session;

/**
 * Numbers by which of two copies the later one is known: a counter in the upper 32 bits, chance in the lower
 * ones. The counter may run over: what counts is how far two are apart.
 */
final class Generation {

    private Generation() {}

    /**
     * The number of what comes after.
     *
     * @param chance of which the lower 32 bits are taken
     */
    static long after(long previous, long chance) {
        return of((int) (previous >>> Integer.SIZE) + 1, chance);
    }

    static long of(int counter, long chance) {
        return (long) counter << Integer.SIZE | Integer.toUnsignedLong((int) chance);
    }

    /** Chance decides where two were made of the same one before: on every node alike. */
    static boolean isLater(long one, long other) {
        int ahead = (int) (one >>> Integer.SIZE) - (int) (other >>> Integer.SIZE);
        return ahead != 0 ? ahead > 0 : Integer.compareUnsigned((int) one, (int) other) > 0;
    }
}
