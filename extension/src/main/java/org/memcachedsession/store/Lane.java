package org.memcachedsession.store;

import java.util.Collection;
import org.memcachedsession.SessionSettings.Server;

/**
 * All there is for one server.
 *
 * @param place null where items have no places
 */
record Lane(MemcachedServer server, ServerPlace place) {

    static Lane open(
            Server address,
            MemcachedStoreParameters parameters,
            MemcachedServer.Names names,
            boolean hasPlaces) {
        MemcachedServer server = new MemcachedServer(parameters, address, names);
        return new Lane(server, hasPlaces ? new ServerPlace(server, parameters) : null);
    }

    /**
     * All connections and threads of these are gone when this returns, but for what a name service keeps: all are told to
     * end first, so that this is waited for once, and not for each of them.
     */
    static void closeAll(Collection<Lane> lanes) {
        lanes.forEach(Lane::closePlace);
        lanes.forEach(lane -> lane.server.stop());
        long deadline = Threads.deadline();
        lanes.forEach(lane -> lane.server.awaitEnd(deadline));
        Selectors.closeIfUnused();
    }

    private void closePlace() {
        if (place != null) {
            place.close();
        }
    }
}
