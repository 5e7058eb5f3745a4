package org.memcachedsession.session;

import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a request did to one bean.
 *
 * @param base what it had loaded; null if there was nothing
 * @param entry what it leaves; null if it removed the bean
 * @param asMade whether the request made the bean and left it as it was then, as one does that only
 *     looks
 */
record Change(Entry base, Entry entry, boolean asMade) {

    /**
     * Puts changes into what the store holds now. Beans that were not changed stay as they are there.
     *
     * @param theirs what the store holds now, perhaps written by another request since we loaded
     * @param conflicts decides about each bean that both sides changed, be it to the same end
     */
    static SortedMap<BeanKey, Entry> merge(
            Map<BeanKey, Change> changes, Map<BeanKey, Entry> theirs, ConflictRule conflicts) {
        SortedMap<BeanKey, Entry> merged = new TreeMap<>(theirs);
        changes.forEach(
                (key, change) -> {
                    Entry their = theirs.get(key);
                    Entry settled =
                            Objects.equals(their, change.base)
                                    ? change.entry
                                    : conflicts.settle(key, change, their);
                    if (settled == null) {
                        merged.remove(key);
                    } else {
                        merged.put(key, settled);
                    }
                });
        return merged;
    }

    /** Decides about a bean that two requests changed. */
    interface ConflictRule {

        /**
         * @param theirs what the other one left; null if it removed the bean
         * @return what is stored; null if the bean is removed
         */
        Entry settle(BeanKey key, Change ours, Entry theirs);
    }
}
