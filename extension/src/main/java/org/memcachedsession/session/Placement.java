package org.memcachedsession.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/**
 * Where the copies of an item are. While the list of servers changes, nodes may know the old one, the new one or both; whoever knows
 * both stores in the places of both, so that all meet.
 *
 * @param places each once, always in the same order and always the same objects; the first that is there decides
 * @param now positions of those that the list of servers in force gives the item
 * @param before positions of those that the list before gives it; empty where there is none, or where it gives the
 *     same
 * @param lists a number that these two lists have and hardly any others
 */
public record Placement(List<Place> places, Set<Integer> now, Set<Integer> before, int lists) {

    public Placement {
        places = List.copyOf(places);
        now = Set.copyOf(now);
        before = Set.copyOf(before);
    }

    /** By one list. */
    public static Placement of(List<Place> places) {
        return new Placement(places, Set.of(), Set.of(), 0);
    }

    /**
     * By two lists. Where they differ, the place that has been first until now decides: nodes that know the list before
     * alone ask it too.
     */
    public static Placement whileMoving(List<Place> byNow, List<Place> byBefore, int lists) {
        if (byNow.equals(byBefore)) {
            return of(byNow);
        }
        List<Place> places = new ArrayList<>(byBefore);
        byNow.stream().filter(place -> !byBefore.contains(place)).forEach(places::add);
        return new Placement(places, positions(byNow, places), positions(byBefore, places), lists);
    }

    private static Set<Integer> positions(List<Place> some, List<Place> all) {
        return some.stream().map(all::indexOf).collect(Collectors.toSet());
    }

    /** Whether other nodes may look for the item in other places. */
    boolean isMoving() {
        return !before.isEmpty();
    }

    /** Whether a node that knows one list alone meets one of these places, whichever list it knows. */
    boolean isInBoth(IntPredicate position) {
        return now.stream().anyMatch(position::test) && before.stream().anyMatch(position::test);
    }

    boolean isInSameList(int one, int other) {
        return !isMoving()
                || (now.contains(one) && now.contains(other))
                || (before.contains(one) && before.contains(other));
    }

    /** What is to be stored where a place by the other list is known to have the item. */
    byte[] marked(byte[] item) {
        return isMoving() ? InBothLists.mark(item, lists) : item;
    }

    /** Whether it was stored by these two lists. */
    boolean isMarked(byte[] item) {
        return isMoving() && InBothLists.isMarked(item, lists);
    }
}
