package org.memcachedsession.session;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.memcachedsession.SessionException;

/**
 * The beans of one request: found in its session, made, removed, and brought to their end. All but {@link
 * #used} is under the lock of the unit of work, once the session was asked for.
 */
final class RequestBeans {

    private static final Logger LOG = System.getLogger(RequestBeans.class.getName());

    private final Beans beans;
    private final HeldSession held;
    private final SessionEvents events;
    private final WorkingCopies copies = new WorkingCopies();
    private final Set<BeanKey> inCreation = new LinkedHashSet<>();
    private final Set<BeanKey> unreadable = new HashSet<>();
    private boolean droppedAtLogin;
    private volatile boolean usedSinceSave;

    RequestBeans(Beans beans, HeldSession held, SessionEvents events) {
        this.beans = beans;
        this.held = held;
        this.events = events;
    }

    /** The bean if this request has used it already, or null. On any thread, without a lock. */
    Object used(BeanKey key) {
        Object used = copies.find(key);
        if (used != null) {
            markUsed();
        }
        return used;
    }

    private void markUsed() {
        if (!usedSinceSave) {
            usedSinceSave = true;
        }
    }

    boolean areUsedSinceSave() {
        return usedSinceSave;
    }

    /** Something else than a bean is to be stored. */
    void markOtherChange() {
        markUsed();
    }

    /** The bean, made from its bytes if this request uses it for the first time, or null. */
    Object find(BeanKey key) {
        Object used = used(key);
        if (used != null) {
            return used;
        }
        Entry entry = held.entry(key);
        if (entry == null || copies.isRemoved(key) || unreadable.contains(key)) {
            return null;
        }
        return read(key, entry);
    }

    private Object read(BeanKey key, Entry entry) {
        try {
            Object bean = beans.read(key, entry);
            copies.put(key, bean, entry);
            markUsed();
            return bean;
        } catch (UnreadableException e) {
            unreadable.add(key); // a container asks several times before it creates a bean
            LOG.log(
                    Level.WARNING,
                    "Session {0}: the stored {1} cannot be read and is left out: {2}",
                    held.id(),
                    key,
                    e.getMessage());
            events.discarded(held.id(), key, e.reason());
            return null;
        }
    }

    /**
     * @param creator what it throws is thrown, and nothing is kept; if it gives null, so does this
     * @throws IllegalStateException the session that it needs cannot begin; or the bean uses itself while
     *     it is created
     */
    Object create(BeanKey key, Supplier<?> creator) {
        boolean isKept = beans.isStored(key) && held.canBegin();
        if (isKept && held.isNone()) {
            held.requireCookieCanBeGiven(key);
        }
        if (!inCreation.add(key)) {
            throw new IllegalStateException(
                    key
                            + " uses itself through its own proxy while it is being created (constructor,"
                            + " initializer or @PostConstruct), so it would be created without end");
        }
        try {
            Object bean = creator.get();
            if (bean != null) {
                Entry replaced = held.entry(key);
                copies.putMade(key, bean, replaced, replaced == null ? asMade(key, bean) : null);
                markUsed();
                if (isKept && held.isNone()) { // also if its creation has ended the session
                    held.begin();
                }
            }
            return bean;
        } finally {
            inCreation.remove(key);
        }
    }

    /** Others of this session may make the bean too, and change it: then ours has nothing to say. */
    private Entry asMade(BeanKey key, Object bean) {
        if (!held.isInStore() || !beans.isStored(key)) {
            return null;
        }
        try {
            return beans.write(key, bean);
        } catch (SessionException notYet) {
            return null;
        }
    }

    /**
     * Takes the bean out of the session and gives it for its end; null if there is none, or one that
     * cannot be read, which is taken out all the same.
     */
    Object remove(BeanKey key) {
        Object bean = find(key);
        if (bean == null && !unreadable.contains(key)) {
            return null;
        }
        markUsed(); // also after a save: the removal is still to be stored
        if (bean == null) {
            copies.removeUnread(key, held.entry(key));
            return null;
        }
        return copies.remove(key);
    }

    boolean areAnyToStore() {
        return !copies.isEmpty() && copies.keys().stream().anyMatch(beans::isStored);
    }

    /** What differs from what was loaded. Looks at every bean that was used. */
    Map<BeanKey, Change> changes() {
        usedSinceSave = false;
        return copies.changes(beans);
    }

    /** What was changed is now what the store holds. */
    void saved(Map<BeanKey, Change> changes) {
        copies.saved(changes);
    }

    /** What is not to be carried over ends; once, so that what is made after the login stays. */
    void dropAtLogin() {
        if (droppedAtLogin || !held.exists()) {
            return;
        }
        droppedAtLogin = true;
        Set<BeanKey> keys = new LinkedHashSet<>(copies.keys());
        keys.addAll(held.keys());
        for (BeanKey key : keys) {
            if (beans.isStored(key) && beans.dropsOnLogin(key)) {
                Object bean = remove(key);
                if (bean != null) {
                    beans.destroy(key, bean);
                }
            }
        }
    }

    /** Reads what was not used, so that it can be destroyed too. */
    void readAll() {
        List<BeanKey> keys = new ArrayList<>(held.keys());
        keys.forEach(this::find);
    }

    void destroyAll() {
        for (BeanKey key : copies.keys()) {
            if (copies.find(key) != null) { // not destroyed by the end of another bean
                beans.destroy(key, copies.remove(key));
            }
        }
    }

    /** The session is over for this request; another may begin. */
    void forget() {
        copies.clear();
        unreadable.clear();
        droppedAtLogin = false;
    }
}
