package org.memcachedsession.store;

import org.memcachedsession.SessionSettings.Server;

/**
 * All there is for one server.
 *
 * @param place null where items have no places
 */
record Lane(MemcachedServer server, ServerPlace place) implements AutoCloseable {

    static Lane open(
            Server address,
            MemcachedStoreParameters parameters,
            MemcachedServer.Names names,
            boolean hasPlaces) {
        MemcachedServer server = new MemcachedServer(parameters, address, names);
        return new Lane(server, hasPlaces ? new ServerPlace(server, parameters) : null);
    }

    /** All its connections and threads are gone when this returns. */
    @Override
    public void close() {
        if (place != null) {
            place.close();
        }
        server.close();
    }
}
