package org.memcachedsession.http;

import java.io.Serializable;

/** A bean of the tests. */
final class Counter implements Serializable {

    private static final long serialVersionUID = 1L;

    /** What a test puts in; one that is not serializable makes the save fail. */
    @SuppressWarnings("serial")
    Object payload = "";

    private int value;

    int add() {
        return ++value;
    }

    int value() {
        return value;
    }
}
