package org.memcachedsession.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.memcachedsession.SessionException;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.session.Budget;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.Place;
import org.memcachedsession.session.Placement;
import org.memcachedsession.session.SessionStore;
import org.memcachedsession.session.StoredItem;

/**
 * Servers in memory that hold copies, as one node sees them: which of them it reaches, the test says. The servers
 * themselves may be those of other nodes too. What a store of one copy does is not asked of it.
 */
public final class InMemoryServers implements SessionStore {

    private final List<Server> servers;
    private final int copies;
    private List<Server> now;
    private List<Server> before = List.of();
    private int lists;
    private Consumer<Place> onReturn = back -> {};
    private Optional<Duration> waitOfRequest = Optional.empty();

    public InMemoryServers(List<InMemorySessionStore> servers, int copies) {
        this.servers = servers.stream().map(Server::new).toList();
        this.copies = copies;
        now = this.servers;
    }

    /** Which of the servers this node has in its lists; none before: there is no change. */
    public void know(List<InMemorySessionStore> now, List<InMemorySessionStore> before) {
        this.now = now.stream().map(this::of).toList();
        this.before = before.stream().map(this::of).toList();
        lists = now.hashCode() + before.hashCode(); // the same if they are exchanged
    }

    /** Of the requests of nodes that are made from now on. */
    public void limitWaits(Duration ofRequest) {
        waitOfRequest = Optional.of(ofRequest);
    }

    @Override
    public Optional<Duration> waitOfRequest() {
        return waitOfRequest;
    }

    /** From now on this node gets no answer from a server. */
    public void cutOff(InMemorySessionStore server) {
        of(server).isCutOff = true;
    }

    /** The node has noticed that without asking, by the loss of a connection say. */
    public void loseConnection(InMemorySessionStore server) {
        of(server).isAway = true;
    }

    /** The server would answer again, and the node has not noticed it. */
    public void mend(InMemorySessionStore server) {
        of(server).isCutOff = false;
    }

    /** The server is back, with what it has. */
    public void reach(InMemorySessionStore server) {
        Server back = of(server);
        back.isCutOff = false;
        back.marker = server.lastVersion();
        back.isAway = false;
        onReturn.accept(back);
    }

    public void reachAll() {
        servers.forEach(server -> reach(server.items));
    }

    /** The server is back since a moment, so that other nodes may not know; or is not any more. */
    public void returning(InMemorySessionStore server, boolean isReturning) {
        of(server).isReturning = isReturning;
        of(server).isJustBack = isReturning;
    }

    /** Half of the time is over in which the server is returning. */
    public void stay(InMemorySessionStore server) {
        of(server).isJustBack = false;
        onReturn.accept(of(server));
    }

    /** The threads of places that have missed something do their work. */
    public void repair() {
        for (Server server : servers) {
            if (server.hasMissed) {
                server.hasMissed = false;
                onReturn.accept(server);
            }
        }
    }

    private Server of(InMemorySessionStore items) {
        return servers.stream().filter(server -> server.items == items).findAny().orElseThrow();
    }

    /** Where an item is, in order. */
    public List<InMemorySessionStore> holders(ItemKey key) {
        return placement(key).places().stream().map(place -> ((Server) place).items).toList();
    }

    private List<Place> inOrder(ItemKey key, List<Server> list) {
        List<Place> found = new ArrayList<>();
        for (int i = 0; i < copies; i++) {
            found.add(list.get(Math.floorMod(key.hashCode() + i, list.size())));
        }
        return found;
    }

    @Override
    public boolean hasPlaces() {
        return true;
    }

    @Override
    public Placement placement(ItemKey key) {
        List<Place> byNow = inOrder(key, now);
        return before.isEmpty()
                ? Placement.of(byNow)
                : Placement.whileMoving(byNow, inOrder(key, before), lists);
    }

    @Override
    public void onReturn(Consumer<Place> observer) {
        onReturn = observer;
    }

    private static final class Server implements Place {

        private final InMemorySessionStore items;
        private boolean isCutOff;
        private boolean isAway;
        private boolean isReturning;
        private boolean isJustBack;
        private boolean hasMissed;
        private long marker;

        Server(InMemorySessionStore items) {
            this.items = items;
        }

        @Override
        public Answer<Optional<StoredItem>> load(ItemKey key, Optional<Duration> timeToLive) {
            return answer(() -> items.load(key, timeToLive));
        }

        @Override
        public Answer<Written> create(ItemKey key, byte[] value, Duration timeToLive) {
            return answer(() -> items.create(key, value, timeToLive));
        }

        @Override
        public Answer<Written> replace(
                ItemKey key, byte[] value, long version, Duration timeToLive) {
            return answer(() -> items.replace(key, value, version, timeToLive));
        }

        @Override
        public Answer<Boolean> overwrite(ItemKey key, byte[] value, Duration timeToLive) {
            return answer(() -> items.overwrite(key, value, timeToLive));
        }

        @Override
        public Answer<Boolean> touch(ItemKey key, Duration timeToLive) {
            return answer(() -> items.touch(key, timeToLive));
        }

        @Override
        public Answer<Boolean> delete(ItemKey key) {
            return answer(() -> items.delete(key));
        }

        @Override
        public boolean isAway() {
            return isAway;
        }

        @Override
        public boolean isReturning() {
            return isReturning;
        }

        @Override
        public boolean isJustBack() {
            return isJustBack;
        }

        @Override
        public boolean isSuspect(long version) {
            return isAway || version <= marker;
        }

        @Override
        public void repairSoon() {
            hasMissed = true;
        }

        private <T> Answer<T> answer(Supplier<T> call) {
            try {
                if (isCutOff) {
                    throw new SessionStoreException("cut off");
                }
                return new Given<>(call.get(), null);
            } catch (SessionStoreException e) {
                isAway |=
                        !(e.getCause() instanceof Budget.SpentException
                                || e.getCause() instanceof ServerCommand.RefusedException);
                return new Given<>(null, e);
            } catch (SessionException e) {
                return new Given<>(null, e);
            }
        }
    }

    private record Given<T>(T answer, SessionException failure) implements Place.Answer<T> {

        @Override
        public T await() {
            if (failure != null) {
                throw failure;
            }
            return answer;
        }

        @Override
        public void abandon() {
            // it is there
        }
    }

    @Override
    public Optional<StoredItem> load(ItemKey key, Optional<Duration> timeToLive) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Written create(ItemKey key, byte[] value, Duration timeToLive) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Written replace(ItemKey key, byte[] value, long version, Duration timeToLive) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean overwrite(ItemKey key, byte[] value, Duration timeToLive) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean touch(ItemKey key, Duration timeToLive) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean delete(ItemKey key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        servers.forEach(server -> server.items.close());
    }
}
