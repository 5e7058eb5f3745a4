package org.memcachedsession.store;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.session.Budget;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.Place;
import org.memcachedsession.session.SessionStore.Written;
import org.memcachedsession.session.StoredItem;

/** A server of the pool, as one that holds copies. */
final class ServerPlace implements Place, AutoCloseable {

    private final MemcachedServer server;
    private final Presence presence;
    private volatile Consumer<Place> onReturn = back -> {};

    ServerPlace(MemcachedServer server, MemcachedStoreParameters parameters) {
        this.server = server;
        presence = new Presence(server, parameters, () -> onReturn.accept(this));
        server.onLoss(presence::lost);
    }

    /** What it has is believed when it has answered, and as little as if it had been away until then. */
    void distrust() {
        presence.distrust();
    }

    /** Waits until it has; not for longer than that. */
    void awaitReturn(Duration longest) {
        presence.awaitReturn(longest);
    }

    void onReturn(Consumer<Place> observer) {
        onReturn = observer;
    }

    @Override
    public Answer<Optional<StoredItem>> load(ItemKey key, Optional<Duration> timeToLive) {
        OptionalInt seconds =
                timeToLive.isPresent()
                        ? OptionalInt.of(ItemExpiry.seconds(timeToLive.get()))
                        : OptionalInt.empty();
        return answer(() -> server.beginLoad(key, seconds));
    }

    @Override
    public Answer<Written> create(ItemKey key, byte[] value, Duration timeToLive) {
        int seconds = ItemExpiry.seconds(timeToLive);
        return answer(
                () -> server.beginWrite(key, value, protocol -> protocol.add(key, value, seconds)));
    }

    @Override
    public Answer<Written> replace(ItemKey key, byte[] value, long version, Duration timeToLive) {
        int seconds = ItemExpiry.seconds(timeToLive);
        return answer(
                () ->
                        server.beginWrite(
                                key,
                                value,
                                protocol -> protocol.cas(key, value, version, seconds)));
    }

    @Override
    public Answer<Boolean> overwrite(ItemKey key, byte[] value, Duration timeToLive) {
        int seconds = ItemExpiry.seconds(timeToLive);
        return answer(() -> server.begin(protocol -> protocol.replace(key, value, seconds)));
    }

    @Override
    public Answer<Boolean> touch(ItemKey key, Duration timeToLive) {
        int seconds = ItemExpiry.seconds(timeToLive);
        return answer(() -> server.begin(protocol -> protocol.touch(key, seconds)));
    }

    @Override
    public Answer<Boolean> delete(ItemKey key) {
        return answer(() -> server.begin(protocol -> protocol.delete(key)));
    }

    @Override
    public boolean isAway() {
        return presence.isAway();
    }

    @Override
    public boolean isReturning() {
        return presence.isReturning();
    }

    @Override
    public boolean isJustBack() {
        return presence.isJustBack();
    }

    @Override
    public boolean isSuspect(long version) {
        return presence.isSuspect(version);
    }

    @Override
    public void repairSoon() {
        presence.repairSoon();
    }

    private <T> Answer<T> answer(Supplier<MemcachedServer.Pending<T>> question) {
        try {
            return new Expected<>(question.get());
        } catch (SessionStoreException notSent) {
            if (isNoAnswer(notSent)) {
                presence.lost();
            }
            return new Failed<>(notSent);
        }
    }

    /** Neither a refusal, nor a thread that was told not to wait, nor one that may not. */
    private static boolean isNoAnswer(SessionStoreException failure) {
        Throwable cause = failure.getCause();
        return !(cause instanceof ServerCommand.RefusedException)
                && !(cause instanceof InterruptedException)
                && !(cause instanceof Budget.SpentException)
                && !(cause instanceof ServerConnection.CrowdedException);
    }

    private final class Expected<T> implements Answer<T> {

        private final MemcachedServer.Pending<T> pending;

        Expected(MemcachedServer.Pending<T> pending) {
            this.pending = pending;
        }

        @Override
        public T await() {
            try {
                return pending.await();
            } catch (SessionStoreException e) {
                if (isNoAnswer(e)) {
                    presence.lost();
                }
                throw e;
            }
        }

        @Override
        public void abandon() {
            pending.abandon();
        }
    }

    private static final class Failed<T> implements Answer<T> {

        private final SessionStoreException failure;

        Failed(SessionStoreException failure) {
            this.failure = failure;
        }

        @Override
        public T await() {
            throw failure;
        }

        @Override
        public void abandon() {
            // nothing was sent
        }
    }

    /** The address. */
    @Override
    public String toString() {
        return server.name();
    }

    @Override
    public void close() {
        presence.close();
    }
}
