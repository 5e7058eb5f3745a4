package org.memcachedsession.codec;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;

/**
 * What was derived last, so that it is not derived anew for each use. A value has one place, by the hash code of what
 * it is derived from, and whatever comes to that place next takes it: so the memory is bounded by {@link #PLACES},
 * there is nothing to clean up, and to forget costs a derivation. Many threads use it at once, without locks.
 *
 * @param <K> what is derived from; immutable, with equality by content
 * @param <V> what is derived; many threads use it at once
 */
final class Remembered<K, V> {

    static final int PLACES = 4096;

    private final AtomicReferenceArray<Pair<K, V>> places = new AtomicReferenceArray<>(PLACES);
    private final Function<K, V> derivation;

    Remembered(Function<K, V> derivation) {
        this.derivation = derivation;
    }

    private record Pair<K, V>(K from, V value) {}

    V of(K from) {
        int place = place(from);
        Pair<K, V> pair = places.get(place);
        if (pair == null || !pair.from.equals(from)) {
            pair = new Pair<>(from, derivation.apply(from));
            places.set(place, pair);
        }
        return pair.value;
    }

    static int place(Object from) {
        int hash = from.hashCode();
        return (hash ^ (hash >>> 16)) & (PLACES - 1);
    }
}
