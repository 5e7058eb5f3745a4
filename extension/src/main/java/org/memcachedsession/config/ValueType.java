package org.memcachedsession.config;

import java.util.Optional;

/** What a setting takes: how its text is read, what is allowed, how it is shown. Immutable. */
interface ValueType<T> {

    /**
     * Reads a text.
     *
     * @param found the text with its key and source
     * @return empty if it cannot be read; the mistakes are then told
     */
    Optional<T> parse(Found found, Mistakes mistakes);

    /** Tells what is wrong with a value that came from a text or from code. */
    void check(T value, Found found, Mistakes mistakes);

    /** Whether a value is a password, so that stars stand for it wherever it would be told. */
    default boolean isSecret() {
        return false;
    }

    /** The value as one would write it in a source, or what may be told of it if it is secret. */
    String text(T value);
}
