package org.memcachedsession.session.interleaving;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.session.BeanKey;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.SessionStore;
import org.memcachedsession.session.StoredItem;
import org.memcachedsession.session.interleaving.Decision.Answer;

/**
 * Stops the request at every call until it is its turn, lets the call fail where that is decided, and
 * tells the request's own book-keeping what has happened.
 */
final class StoppingStore implements SessionStore {

    private final Run run;
    private final SessionStore items;

    StoppingStore(Run run, SessionStore items) {
        this.run = run;
        this.items = items;
    }

    private <T> T call(String name, Supplier<T> call) {
        Answer answer = run.turn();
        Request request = run.current();
        if (answer == Answer.FAILED) {
            request.failed(name);
            throw new SessionStoreException(name + " did not happen");
        }
        T result = call.get();
        LockSupport.unpark(Thread.currentThread()); // no pause before the next try
        if (answer == Answer.LOST) {
            request.failed(name + ", which has happened,");
            throw new SessionStoreException(name + " happened, and nobody knows");
        }
        return result;
    }

    @Override
    public Optional<StoredItem> load(ItemKey key, Optional<Duration> slide) {
        Optional<StoredItem> found = call("load", () -> items.load(key, slide));
        run.current()
                .loaded(key, found.isPresent(), found.map(StoredItem::value).flatMap(run::content));
        return found;
    }

    @Override
    public Written create(ItemKey key, byte[] value, Duration timeToLive) {
        run.current().creates(key);
        Written isCreated =
                call(
                        "create",
                        () -> {
                            Written created = items.create(key, value, timeToLive);
                            if (created.isStored()) {
                                run.current().created(key, run.content(value).orElseThrow());
                            }
                            return created;
                        });
        run.current().knowsOf(key);
        return isCreated;
    }

    @Override
    public Written replace(ItemKey key, byte[] value, long version, Duration timeToLive) {
        return call(
                "replace",
                () -> {
                    Optional<Map<BeanKey, String>> before = run.content(key);
                    Written written = items.replace(key, value, version, timeToLive);
                    Request request = run.current();
                    if (written.isStored()) {
                        request.replaced(key, before, run.content(value));
                    } else {
                        request.didNotReplace(key, written.outcome());
                    }
                    return written;
                });
    }

    @Override
    public boolean overwrite(ItemKey key, byte[] value, Duration timeToLive) {
        return call(
                "overwrite",
                () -> {
                    boolean wasThere = items.overwrite(key, value, timeToLive);
                    run.current().overwritten(key, run.content(value));
                    return wasThere;
                });
    }

    @Override
    public boolean touch(ItemKey key, Duration timeToLive) {
        run.current().touches(key);
        return call("touch", () -> items.touch(key, timeToLive));
    }

    @Override
    public boolean delete(ItemKey key) {
        run.current().deletes(key);
        return call(
                "delete",
                () -> {
                    boolean wasThere = items.delete(key);
                    run.current().deleted(key);
                    return wasThere;
                });
    }

    @Override
    public void close() {
        items.close();
    }
}
