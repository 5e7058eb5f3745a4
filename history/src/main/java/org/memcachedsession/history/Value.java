package org.memcachedsession.history;

/**
 * What one bean held.
 *
 * @param tag of the write that made it
 * @param echo the tag that the rest of the bean speaks of; differs only if the bean is torn
 */
public record Value(String tag, String echo) {

    /** A whole one. */
    public static Value of(String tag) {
        return new Value(tag, tag);
    }
}
