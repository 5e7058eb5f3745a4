package org.memcachedsession.store;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.memcachedsession.SessionSettings.Server;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.Place;
import org.memcachedsession.session.Placement;

/**
 * The servers of the list in force, and those of the list before while it changes: a server that is on both is there
 * once. Immutable.
 */
final class Pool {

    private final ServerLists lists;
    private final Map<String, Lane> lanes = new LinkedHashMap<>(); // by address
    private final Ring now;
    private final Ring before; // null: there is no change

    /**
     * @param lane opens the one of an address, or gives the one that is open
     */
    Pool(ServerLists lists, int copies, Function<Server, Lane> lane) {
        this.lists = lists;
        now = ring(lists.now(), copies, lane);
        before = lists.before().isEmpty() ? null : ring(lists.before(), copies, lane);
    }

    private Ring ring(List<Server> servers, int copies, Function<Server, Lane> lane) {
        KetamaRing ring = new KetamaRing(servers);
        return new Ring(
                ring,
                Math.min(copies, ring.size()),
                servers,
                servers.stream()
                        .map(
                                server ->
                                        lanes.computeIfAbsent(
                                                address(server), first -> lane.apply(server)))
                        .toList());
    }

    /** Without the weight, which is the ring's affair. */
    static String address(Server server) {
        return new Server(server.host(), server.port()).toString();
    }

    /** Where the items of one list are. */
    private record Ring(KetamaRing ring, int copies, List<Server> servers, List<Lane> lanes) {

        MemcachedServer serverOf(ItemKey key) {
            return lanes.get(lanes.size() == 1 ? 0 : ring.serverOf(key.text())).server();
        }

        List<Place> placesOf(ItemKey key, Set<Server> gone) {
            List<Place> places = new ArrayList<>(copies);
            for (int index : ring.serversOf(key.text(), copies)) {
                if (!gone.contains(servers.get(index))) {
                    places.add(lanes.get(index).place());
                }
            }
            return places;
        }
    }

    ServerLists lists() {
        return lists;
    }

    Map<String, Lane> lanes() {
        return lanes;
    }

    MemcachedServer serverOf(ItemKey key) {
        return now.serverOf(key);
    }

    Placement placementOf(ItemKey key) {
        List<Place> byNow = now.placesOf(key, Set.of());
        List<Place> byBefore = before == null ? List.of() : before.placesOf(key, lists.gone());
        return byBefore.isEmpty()
                ? Placement.of(byNow)
                : Placement.whileMoving(byNow, byBefore, lists.number());
    }
}
