package org.memcachedsession.embedded;

import java.util.Locale;

/** What is counted, in the order and with the names of memcached's {@code stats}. */
enum Stat {
    CMD_GET,
    CMD_SET,
    CMD_FLUSH,
    CMD_TOUCH,
    GET_HITS,
    GET_MISSES,
    GET_EXPIRED,
    GET_FLUSHED,
    DELETE_MISSES,
    DELETE_HITS,
    INCR_MISSES,
    INCR_HITS,
    DECR_MISSES,
    DECR_HITS,
    CAS_MISSES,
    CAS_HITS,
    CAS_BADVAL,
    TOUCH_HITS,
    TOUCH_MISSES,
    STORE_TOO_LARGE,
    BYTES_READ,
    BYTES_WRITTEN,
    TOTAL_ITEMS,
    EVICTIONS,
    TOTAL_CONNECTIONS,
    REJECTED_CONNECTIONS;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
