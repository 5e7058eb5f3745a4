package org.memcachedsession.history;

/**
 * What is proven about one bean of one session at some position. Of all proofs so far, two are
 * enough to judge any value: the highest, and the highest of another value than that one's.
 *
 * @param top may be null
 * @param second may be null
 */
record Floors(Floor top, Floor second) {

    static final Floors NONE = new Floors(null, null);

    Floors with(Floor floor) {
        if (top == null) {
            return new Floors(floor, null);
        }
        if (floor.value() == top.value()) {
            return floor.start() > top.start() ? new Floors(floor, second) : this;
        }
        if (floor.start() > top.start()) {
            return new Floors(floor, top);
        }
        return second == null || floor.start() > second.start() ? new Floors(top, floor) : this;
    }

    /**
     * The proof that a bean cannot hold this value any more, or null.
     *
     * @param value null if the bean is not there
     */
    Floor against(Examined value) {
        Floor other = top != null && top.value() == value ? second : top;
        boolean leftBehind =
                other != null && (value == null || value.storedBefore() < other.start());
        return leftBehind ? other : null;
    }
}
