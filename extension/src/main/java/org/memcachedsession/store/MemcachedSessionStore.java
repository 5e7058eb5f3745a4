package org.memcachedsession.store;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.memcachedsession.SessionTooLargeException;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.Place;
import org.memcachedsession.session.SessionStore;
import org.memcachedsession.session.StoredItem;

/**
 * Items in a pool of memcached servers, each item on one of them, where libmemcached would look for
 * it. An item's server never changes while it is down: another would only say "not found". Copies are on
 * the servers that are next on the ring.
 *
 * <p>Opening a store neither fails nor waits when servers are away; calls for their items then throw
 * {@link org.memcachedsession.SessionStoreException}, and those for the other servers' items work.
 */
public final class MemcachedSessionStore implements SessionStore {

    private final List<MemcachedServer> servers;
    private final List<ServerPlace> places; // none where items have no copies
    private final KetamaRing ring;
    private final int copies;
    private final int sizeLimit;
    private final Duration waitOfRequest;

    public MemcachedSessionStore(MemcachedStoreParameters parameters) {
        this(parameters, InetAddress::getByName);
    }

    MemcachedSessionStore(MemcachedStoreParameters parameters, Duration retryInterval) {
        this(parameters.retryingAfter(retryInterval));
    }

    MemcachedSessionStore(
            MemcachedStoreParameters parameters,
            Duration retryInterval,
            MemcachedServer.Names names) {
        this(parameters.retryingAfter(retryInterval), names);
    }

    private MemcachedSessionStore(
            MemcachedStoreParameters parameters, MemcachedServer.Names names) {
        ring = new KetamaRing(parameters.servers());
        sizeLimit = parameters.sizeLimit();
        waitOfRequest = parameters.waitOfRequest();
        servers =
                parameters.servers().stream()
                        .map(server -> new MemcachedServer(parameters, server, names))
                        .toList();
        copies = Math.min(parameters.copies(), ring.size());
        places =
                copies == 1
                        ? List.of()
                        : servers.stream()
                                .map(server -> new ServerPlace(server, parameters.retryInterval()))
                                .toList();
    }

    @Override
    public Optional<StoredItem> load(ItemKey key, Optional<Duration> timeToLive) {
        OptionalInt seconds =
                timeToLive.isPresent()
                        ? OptionalInt.of(ItemExpiry.seconds(timeToLive.get()))
                        : OptionalInt.empty();
        return serverOf(key).load(key, seconds);
    }

    @Override
    public Written create(ItemKey key, byte[] value, Duration timeToLive) {
        requireSize(value);
        int seconds = ItemExpiry.seconds(timeToLive);
        return serverOf(key).write(key, value, protocol -> protocol.add(key, value, seconds));
    }

    @Override
    public Written replace(ItemKey key, byte[] value, long version, Duration timeToLive) {
        requireSize(value);
        int seconds = ItemExpiry.seconds(timeToLive);
        return serverOf(key)
                .write(key, value, protocol -> protocol.cas(key, value, version, seconds));
    }

    @Override
    public boolean overwrite(ItemKey key, byte[] value, Duration timeToLive) {
        requireSize(value);
        int seconds = ItemExpiry.seconds(timeToLive);
        return serverOf(key).execute(protocol -> protocol.replace(key, value, seconds));
    }

    @Override
    public boolean touch(ItemKey key, Duration timeToLive) {
        int seconds = ItemExpiry.seconds(timeToLive);
        return serverOf(key).execute(protocol -> protocol.touch(key, seconds));
    }

    @Override
    public boolean delete(ItemKey key) {
        return serverOf(key).execute(protocol -> protocol.delete(key));
    }

    @Override
    public Optional<Duration> waitOfRequest() {
        return Optional.of(waitOfRequest);
    }

    @Override
    public int copies() {
        return copies;
    }

    @Override
    public List<Place> places(ItemKey key) {
        int[] indices = ring.serversOf(key.text(), copies);
        Place[] found = new Place[copies];
        for (int i = 0; i < copies; i++) {
            found[i] = places.get(indices[i]);
        }
        return List.of(found);
    }

    @Override
    public void onReturn(Consumer<Place> observer) {
        places.forEach(place -> place.onReturn(observer));
    }

    @Override
    public void close() {
        places.forEach(ServerPlace::close);
        servers.forEach(MemcachedServer::close);
    }

    private MemcachedServer serverOf(ItemKey key) {
        return servers.get(servers.size() == 1 ? 0 : ring.serverOf(key.text()));
    }

    /**
     * Once more, and again before it is sent: a memcached that refuses to set a value for its size drops the
     * old one, and what is in between may set.
     */
    private void requireSize(byte[] value) {
        if (value.length > sizeLimit) {
            throw new SessionTooLargeException(
                    "a session has "
                            + value.length
                            + " bytes, the limit is "
                            + sizeLimit
                            + " (memcached.session.size.limit); nothing was stored. Keep less in the"
                            + " session, or raise the limit and with it the largest item of every"
                            + " memcached server (-I, 1 MiB unless set)");
        }
    }
}
