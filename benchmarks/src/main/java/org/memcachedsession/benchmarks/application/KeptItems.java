package org.memcachedsession.benchmarks.application;

/**
 * A bean that keeps the items of a session. No superclass: JDK serialization would write that too, and kinds of
 * sessions are compared by what the same bytes cost.
 */
public interface KeptItems {

    /** Begins the session. */
    void begin(Items items);

    Items read();

    /** One more change, in place. */
    default Items write() {
        Items items = read();
        items.change();
        return items;
    }
}
