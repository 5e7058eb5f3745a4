package org.memcachedsession.session;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The beans that one request uses: its own, shared with no other request. Looking one up takes no
 * lock; all else is under the lock of the unit of work.
 */
final class WorkingCopies {

    /**
     * @param made how the bean was when it was made in a session that others use at the same time; null
     *     if it was loaded, or nobody asked
     * @param read whether it is what {@code loaded} was read to; after a save that is what was written
     */
    private record Copy(Object bean, Entry loaded, Entry made, boolean read) {}

    private final Map<BeanKey, Copy> copies = new ConcurrentHashMap<>();
    private final Map<BeanKey, Entry> removed = new HashMap<>();

    /** The bean, or null. */
    Object find(BeanKey key) {
        Copy copy = copies.get(key);
        return copy == null ? null : copy.bean;
    }

    boolean isRemoved(BeanKey key) {
        return removed.containsKey(key);
    }

    boolean isEmpty() {
        return copies.isEmpty();
    }

    Collection<BeanKey> keys() {
        return List.copyOf(copies.keySet());
    }

    /**
     * @param loaded what it was read from
     */
    void put(BeanKey key, Object bean, Entry loaded) {
        copies.put(key, new Copy(bean, loaded, null, true));
    }

    /**
     * As {@link #put}, for a bean that was made in this request.
     *
     * @param loaded what the record has under this key, if that was removed or unreadable; null if nothing
     */
    void putMade(BeanKey key, Object bean, Entry loaded, Entry made) {
        removed.remove(key);
        copies.put(key, new Copy(bean, loaded, made, false));
    }

    /** Removes a bean, so that it is not found any more, and gives it for its end. */
    Object remove(BeanKey key) {
        Copy copy = copies.remove(key);
        if (copy.loaded != null) {
            removed.put(key, copy.loaded);
        }
        return copy.bean;
    }

    /** Removes a bean that the record has and that could not be read. */
    void removeUnread(BeanKey key, Entry loaded) {
        removed.put(key, loaded);
    }

    /**
     * What differs, whole bytes compared, from what was loaded. Writes every bean that was used, but those that
     * are surely as they were read.
     */
    Map<BeanKey, Change> changes(Beans beans) {
        List<BeanKey> perhapsChanged = perhapsChanged(beans, Set.of());
        if (perhapsChanged.isEmpty() && removed.isEmpty()) {
            return Map.of();
        }
        Map<BeanKey, Change> changes = new TreeMap<>();
        Set<BeanKey> looked = new HashSet<>();
        while (!perhapsChanged.isEmpty()) {
            for (BeanKey key : perhapsChanged) {
                looked.add(key);
                Copy copy = copies.get(key);
                if (copy != null && beans.isStored(key)) {
                    putIfChanged(key, copy, beans, changes);
                }
            }
            // to write one runs the application's code, which may have changed others
            perhapsChanged = perhapsChanged(beans, looked);
        }
        removed.forEach((key, loaded) -> changes.put(key, new Change(loaded, null, false)));
        return changes;
    }

    private List<BeanKey> perhapsChanged(Beans beans, Set<BeanKey> looked) {
        List<BeanKey> perhapsChanged = new ArrayList<>();
        copies.forEach(
                (key, copy) -> {
                    if (!looked.contains(key) && !(copy.read && beans.isSurelyAsRead(copy.bean))) {
                        perhapsChanged.add(key);
                    }
                });
        return perhapsChanged;
    }

    private static void putIfChanged(
            BeanKey key, Copy copy, Beans beans, Map<BeanKey, Change> changes) {
        Entry entry = beans.write(key, copy.bean);
        if (!Objects.equals(entry, copy.loaded)) {
            beans.requireReadable(key, copy.bean, entry);
            changes.put(key, new Change(copy.loaded, entry, entry.equals(copy.made)));
        }
    }

    /** What was changed is now what the store holds. */
    void saved(Map<BeanKey, Change> changes) {
        changes.forEach(
                (key, change) -> {
                    removed.remove(key);
                    copies.computeIfPresent(
                            key, (same, copy) -> new Copy(copy.bean, change.entry(), null, false));
                });
    }

    void clear() {
        copies.clear();
        removed.clear();
    }
}
