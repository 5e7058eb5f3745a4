package org.memcachedsession.benchmarks.application;

import java.io.Serializable;
import java.time.Instant;

/** A line of a list, with a text, numbers and a time. */
public final class Item implements Serializable {

    private static final long serialVersionUID = 1L;

    private final String text;
    private final Instant added;
    private long number;

    /**
     * @param text what it is
     * @param number what writes change
     * @param added when
     */
    public Item(String text, long number, Instant added) {
        this.text = text;
        this.number = number;
        this.added = added;
    }

    public String text() {
        return text;
    }

    public long number() {
        return number;
    }

    void setNumber(long number) {
        this.number = number;
    }

    public Instant added() {
        return added;
    }
}
