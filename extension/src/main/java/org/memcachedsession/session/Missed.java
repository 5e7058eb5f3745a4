package org.memcachedsession.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;

/**
 * What places have not taken though another one has, as far as this node knows: what they hold of it is old. Many
 * threads use it at once.
 */
final class Missed {

    /** Of each place. Of more than that, the eldest are forgotten: what is old of them is suspect all the same. */
    static final int MOST = 10_000;

    /**
     * That something was missed, once: so that what is missed during a repair is not taken for repaired.
     */
    record Miss(ItemOwner<?> owner) {

        /** Of two with one owner neither is the other. */
        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /** Places that are gone, since the list of servers has changed, miss nothing. */
    private final Map<Place, Map<ItemKey, Miss>> missed = new WeakHashMap<>();

    /** What is away will be told when it is back. */
    void note(Place place, ItemOwner<?> owner) {
        add(place, owner);
        if (!place.isAway()) {
            place.repairSoon();
        }
    }

    private synchronized void add(Place place, ItemOwner<?> owner) {
        Map<ItemKey, Miss> there = missed.computeIfAbsent(place, first -> new LinkedHashMap<>());
        there.remove(owner.key()); // so that it moves to the young end
        there.put(owner.key(), new Miss(owner));
        if (there.size() > MOST) {
            Iterator<Miss> eldest = there.values().iterator();
            eldest.next();
            eldest.remove();
        }
    }

    synchronized Optional<Miss> find(Place place, ItemKey key) {
        return Optional.ofNullable(missed.getOrDefault(place, Map.of()).get(key));
    }

    /** It has what it missed then. */
    synchronized void made(Place place, Miss miss) {
        missed.getOrDefault(place, new HashMap<>()).remove(miss.owner().key(), miss);
    }

    /** Those that have missed something. */
    synchronized List<Place> places() {
        return List.copyOf(missed.keySet());
    }

    synchronized List<Miss> of(Place place) {
        return new ArrayList<>(missed.getOrDefault(place, Map.of()).values());
    }
}
