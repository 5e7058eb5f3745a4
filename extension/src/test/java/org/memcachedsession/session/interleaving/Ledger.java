package org.memcachedsession.session.interleaving;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.memcachedsession.session.ItemKey;

/**
 * What has become of every item, by the calls that the store has carried out and by what the requests were
 * about when they made them.
 */
final class Ledger {

    /** Why there may be no session under an id ever again. */
    enum Fate {
        ENDED,
        EVICTED,
        /** It has another id, and this one leads nowhere. */
        LOGGED_IN,
        /** It has another id, and this one leads there. */
        RENEWED,
        /** Its id was never given to anybody. */
        DROPPED
    }

    private final Map<ItemKey, String> owners = new HashMap<>();
    private final Map<ItemKey, Fate> fates = new HashMap<>();
    private final Map<ItemKey, ItemKey> renewals = new HashMap<>();
    private final Map<ItemKey, ItemKey> moves = new HashMap<>();
    private final Map<ItemKey, ItemKey> firstIds = new HashMap<>();
    private final Map<ItemKey, Integer> logins = new HashMap<>();
    private final Set<ItemKey> given = new HashSet<>();
    private final Set<ItemKey> unknownToAll = new HashSet<>();

    /** A session begins. */
    void begun(ItemKey key, String owner) {
        owners.put(key, owner);
        firstIds.put(key, key);
    }

    /** A session is there a second time, under an id that it may get. */
    void copied(ItemKey old, ItemKey fresh) {
        owners.put(fresh, owners.get(old));
        firstIds.put(fresh, firstIds.get(old));
    }

    void loggedIn(ItemKey old, ItemKey fresh) {
        fates.put(old, Fate.LOGGED_IN);
        moves.put(old, fresh);
    }

    void renewed(ItemKey old, ItemKey fresh) {
        fates.put(old, Fate.RENEWED);
        renewals.put(old, fresh);
        moves.put(old, fresh);
    }

    void gone(ItemKey key, Fate fate) {
        fates.put(key, fate);
    }

    /** Whatever has become of it. */
    void goneAtLast(ItemKey key) {
        fates.putIfAbsent(key, Fate.ENDED);
    }

    /** Empty: the session is there. */
    Optional<Fate> fate(ItemKey key) {
        return Optional.ofNullable(fates.get(key));
    }

    boolean isGone(ItemKey key) {
        return fates.containsKey(key);
    }

    boolean wasThere(ItemKey key) {
        return owners.containsKey(key);
    }

    Map<ItemKey, String> owners() {
        return Collections.unmodifiableMap(owners);
    }

    /** The id that the session was renewed to, if that is what has become of it. */
    Optional<ItemKey> successor(ItemKey key) {
        return Optional.ofNullable(renewals.get(key));
    }

    /** These ids and all that they have led to, be it that they do so no longer. */
    Set<ItemKey> reachable(Collection<ItemKey> keys) {
        return reachable(keys, key -> renewals.get(key));
    }

    /** These ids and all that they lead to, as far as memcached has not lost what leads on. */
    Set<ItemKey> reachableNow(Collection<ItemKey> keys) {
        return reachable(keys, key -> fates.get(key) == Fate.EVICTED ? null : renewals.get(key));
    }

    private static Set<ItemKey> reachable(
            Collection<ItemKey> keys, UnaryOperator<ItemKey> successor) {
        Set<ItemKey> all = new HashSet<>();
        for (ItemKey key : keys) {
            for (ItemKey each = key; each != null; each = successor.apply(each)) {
                all.add(each);
            }
        }
        return all;
    }

    /** The id under which the session goes on, be it by renewals or by logins. */
    ItemKey presentId(ItemKey key) {
        ItemKey present = key;
        while (moves.containsKey(present)) {
            present = moves.get(present);
        }
        return present;
    }

    // ---- who knows an id

    void givenToBrowser(ItemKey key) {
        given.add(key);
    }

    /** It may be there still: the store did not answer. */
    void leftBehind(ItemKey key) {
        unknownToAll.add(key);
    }

    boolean isLeftBehind(ItemKey key) {
        return unknownToAll.contains(key);
    }

    boolean isKnownToSomebody(ItemKey key) {
        return reachable(given).contains(key);
    }

    Set<ItemKey> given() {
        return Collections.unmodifiableSet(given);
    }

    // ---- how many sessions one has become

    /** A login has given this id. */
    void countLogin(ItemKey fresh) {
        logins.merge(firstIds.get(fresh), 1, Integer::sum);
    }

    /**
     * Each login may have one of its own; and so may one that a login has not found since memcached has
     * lost what leads there.
     */
    int mayLiveAtOnce(ItemKey first) {
        int ofLogins = logins.getOrDefault(first, 0);
        boolean lostTheWay =
                renewals.keySet().stream()
                        .anyMatch(
                                old ->
                                        firstIds.get(old).equals(first)
                                                && fates.get(old) == Fate.EVICTED);
        return Math.max(1, ofLogins + (lostTheWay ? 1 : 0));
    }

    /** By their first ids, all ids that sessions have had. */
    Map<ItemKey, List<ItemKey>> families() {
        Map<ItemKey, List<ItemKey>> families = new HashMap<>();
        firstIds.forEach(
                (key, first) ->
                        families.computeIfAbsent(first, none -> new ArrayList<>()).add(key));
        return families;
    }
}
