package org.memcachedsession.faults;

import java.util.Locale;

/** How much is done: a little in each build, all of it by {@code mvn -Pfaults}. */
enum Form {
    SHORT,
    LONG;

    static Form current() {
        return valueOf(System.getProperty("faults.form", "short").toUpperCase(Locale.ROOT));
    }

    /** The one or the other. */
    <T> T of(T inShort, T inLong) {
        return this == SHORT ? inShort : inLong;
    }
}
