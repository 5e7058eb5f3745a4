package org.memcachedsession.session;

import java.time.Instant;
import java.util.Map;

/**
 * What a request is to store.
 *
 * @param slides whether the request keeps the session alive
 * @param accessedAt now; or what the node knows of the last access, if this is none
 */
record Changes(
        Map<BeanKey, Change> beans, HeaderChange header, boolean slides, Instant accessedAt) {

    boolean isEmpty() {
        return beans.isEmpty() && header.isEmpty();
    }
}
