package org.memcachedsession.store;

import java.util.Optional;
import java.util.OptionalInt;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.SessionStore.Written;
import org.memcachedsession.session.StoredItem;

/** The words in which a server is asked. Times to live are in seconds, as {@link ItemExpiry} has them. */
interface Protocol {

    /**
     * @param expirySeconds present: start its time anew, if that goes with one command
     * @param near what the item was, whose bytes the server need not send if it is that still
     */
    ServerCommand<Optional<StoredItem>> load(
            ItemKey key, OptionalInt expirySeconds, Optional<StoredItem> near);

    ServerCommand<Written> add(ItemKey key, byte[] value, int expirySeconds);

    /** Only over the version that was loaded. */
    ServerCommand<Written> cas(ItemKey key, byte[] value, long version, int expirySeconds);

    /** Only where something is. */
    ServerCommand<Boolean> replace(ItemKey key, byte[] value, int expirySeconds);

    ServerCommand<Boolean> touch(ItemKey key, int expirySeconds);

    ServerCommand<Boolean> delete(ItemKey key);
}
