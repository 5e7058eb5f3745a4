package org.memcachedsession.session;

import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What a request is to store.
 *
 * @param slides whether the request keeps the session alive
 * @param accessedAt now; or what the node knows of the last access, if this is none
 * @param afterwards takes what is to be told when the save is over: whoever hears of it may end the
 *     session
 */
record Changes(
        Map<BeanKey, Change> beans,
        HeaderChange header,
        boolean slides,
        Instant accessedAt,
        Consumer<Runnable> afterwards) {

    boolean isEmpty() {
        return beans.isEmpty() && header.isEmpty();
    }
}
