package org.memcachedsession.benchmarks.requests;

import java.util.List;
import java.util.Locale;

/** What the requests of a leg do, in the order in which legs follow each other. */
enum RequestPath {
    /** Neither cookie nor session. All other figures count from here. */
    BARE,
    /** With the session's cookie, but without a use of the session. */
    PLAIN,
    /** Reads the session. */
    READ,
    /** Nine reads, one write. */
    MIX,
    /** Changes the session. */
    WRITE;

    /** Those that cost something more than {@link #BARE}. */
    static final List<RequestPath> WITH_COOKIE = List.of(PLAIN, READ, MIX, WRITE);

    /** As in files and tables. */
    String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
