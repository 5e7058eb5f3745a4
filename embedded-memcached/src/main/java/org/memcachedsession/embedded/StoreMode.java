package org.memcachedsession.embedded;

/** Under which condition a value is stored. */
enum StoreMode {
    SET,
    ADD,
    REPLACE,
    APPEND,
    PREPEND,
    CAS
}
