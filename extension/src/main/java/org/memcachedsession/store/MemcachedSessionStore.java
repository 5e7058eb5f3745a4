package org.memcachedsession.store;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.memcachedsession.SessionSettings.Server;
import org.memcachedsession.SessionTooLargeException;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.Place;
import org.memcachedsession.session.Placement;
import org.memcachedsession.session.SessionStore;
import org.memcachedsession.session.StoredItem;

/**
 * Items in a pool of memcached servers, each item on one of them, where libmemcached would look for
 * it. An item's server never changes while it is down: another would only say "not found". Copies are on
 * the servers that are next on the ring. While the list of servers changes, items are where both lists have them.
 *
 * <p>Opening a store neither fails nor waits when servers are away; calls for their items then throw
 * {@link org.memcachedsession.SessionStoreException}, and those for the other servers' items work.
 */
public final class MemcachedSessionStore implements SessionStore {

    private final MemcachedStoreParameters parameters;
    private final MemcachedServer.Names names;
    private final boolean hasPlaces;
    private final int sizeLimit;

    private final ReentrantLock lock = new ReentrantLock();
    private final List<Lane> retired = new ArrayList<>(); // guarded by lock
    private boolean closed; // guarded by lock

    private volatile Pool pool; // set under lock
    private volatile Consumer<Place> onReturn = back -> {}; // set under lock

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
        this.parameters = parameters;
        this.names = names;
        sizeLimit = parameters.sizeLimit();
        hasPlaces =
                parameters.serversMayChange()
                        || parameters.copies() > 1
                        || !parameters.servers().before().isEmpty();
        pool = new Pool(parameters.servers(), parameters.copies(), this::open);
    }

    private Lane open(Server server) {
        Lane lane = Lane.open(server, parameters, names, hasPlaces);
        if (hasPlaces) {
            lane.place().onReturn(onReturn);
        }
        return lane;
    }

    /** What it has may be from the time before it left the list, so it is as one that was away. */
    private Lane openLate(Server server) {
        Lane lane = open(server);
        lane.place().distrust();
        return lane;
    }

    /**
     * Uses other servers, when those that are new have answered or had time to; connections to those that stay are kept.
     * What was begun with one that is not there any more may end, until {@link #closeRetired}.
     *
     * @throws IllegalStateException the parameters did not say that servers may change
     */
    public void use(ServerLists lists) {
        if (!parameters.serversMayChange()) {
            throw new IllegalStateException("the servers of this store are not to change");
        }
        lock.lock();
        try {
            if (closed) {
                return;
            }
            if (lists.equals(pool.lists())) {
                return;
            }
            Map<String, Lane> before = pool.lanes();
            Pool next =
                    new Pool(
                            lists,
                            parameters.copies(),
                            server -> {
                                Lane open = before.get(Pool.address(server));
                                return open == null ? openLate(server) : open;
                            });
            awaitNew(next, before);
            pool = next;
            before.values().stream()
                    .filter(lane -> !pool.lanes().containsValue(lane))
                    .forEach(retired::add);
        } finally {
            lock.unlock();
        }
    }

    /** So that no request finds a server away that only was not asked yet. */
    private void awaitNew(Pool next, Map<String, Lane> before) {
        Duration longest = parameters.connectTimeout().plus(parameters.operationTimeout());
        next.lanes().values().stream()
                .filter(lane -> !before.containsValue(lane))
                .forEach(lane -> lane.place().awaitReturn(longest));
    }

    /** How long whoever has asked a server that is not used any more may still wait; zero if there is none. */
    Duration retirement() {
        lock.lock();
        try {
            return retired.isEmpty() ? Duration.ZERO : parameters.operationTimeout();
        } finally {
            lock.unlock();
        }
    }

    /** Closes the connections to servers that are not used any more, when their {@link #retirement} is over. */
    void closeRetired() {
        lock.lock();
        try {
            Lane.closeAll(retired);
            retired.clear();
        } finally {
            lock.unlock();
        }
    }

    /** Those in force. */
    ServerLists servers() {
        return pool.lists();
    }

    /** Whether a server of these does not answer. */
    boolean isAway(Server server) {
        return pool.lanes().get(Pool.address(server)).place().isAway();
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
        return Optional.of(parameters.waitOfRequest());
    }

    @Override
    public boolean hasPlaces() {
        return hasPlaces;
    }

    @Override
    public Placement placement(ItemKey key) {
        return pool.placementOf(key);
    }

    @Override
    public void onReturn(Consumer<Place> observer) {
        lock.lock();
        try {
            onReturn = observer;
            pool.lanes().values().forEach(lane -> lane.place().onReturn(observer));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        List<Lane> open = new ArrayList<>();
        lock.lock();
        try {
            closed = true;
            open.addAll(retired);
            retired.clear();
            open.addAll(pool.lanes().values());
        } finally {
            lock.unlock();
        }
        Lane.closeAll(open);
    }

    private MemcachedServer serverOf(ItemKey key) {
        return pool.serverOf(key);
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
