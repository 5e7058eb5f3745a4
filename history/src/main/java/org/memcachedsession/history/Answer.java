package org.memcachedsession.history;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a node answered.
 *
 * @param position when the head of the answer had arrived
 * @param session fingerprint of the session that the request worked in, or ended; empty if there was none
 * @param origin whether there was a session
 * @param beans what the request saw in the beans that it looked at, before it wrote; empty: the
 *     session does not have the bean
 */
public record Answer(
        int position,
        Optional<String> session,
        Origin origin,
        SortedMap<Integer, Optional<Value>> beans) {

    public Answer {
        beans = Collections.unmodifiableSortedMap(new TreeMap<>(beans));
    }

    /** Whether the request found this session, be it to end it. */
    boolean found(String fingerprint) {
        return session.equals(Optional.of(fingerprint)) && origin != Origin.CREATED;
    }
}
