package org.memcachedsession.session;

import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What a request did to one bean.
 *
 * @param base what it had loaded; null if there was nothing
 * @param entry what it leaves; null if it removed the bean
 */
record Change(Entry base, Entry entry) {

    /**
     * Puts changes into what the store holds now. Beans that were not changed stay as they are there.
     * Where both sides changed one bean, removal beats change, and otherwise the last writer wins.
     *
     * @param theirs what the store holds now, perhaps written by another request since we loaded
     * @param conflict told of each bean that both changed
     */
    static SortedMap<BeanKey, Entry> merge(
            Map<BeanKey, Change> changes, Map<BeanKey, Entry> theirs, Consumer<BeanKey> conflict) {
        SortedMap<BeanKey, Entry> merged = new TreeMap<>(theirs);
        changes.forEach(
                (key, change) -> {
                    Entry their = theirs.get(key);
                    if (Objects.equals(their, change.entry)) {
                        return;
                    }
                    if (Objects.equals(their, change.base)) {
                        change.applyTo(merged, key);
                        return;
                    }
                    conflict.accept(key);
                    boolean theyRemovedIt = their == null;
                    if (!theyRemovedIt) {
                        change.applyTo(merged, key);
                    }
                });
        return merged;
    }

    private void applyTo(Map<BeanKey, Entry> entries, BeanKey key) {
        if (entry == null) {
            entries.remove(key);
        } else {
            entries.put(key, entry);
        }
    }
}
