package org.memcachedsession.session.interleaving;

import java.util.Arrays;

/**
 * One thing that a request does. Beans A and B are changed for themselves, P and Q always together,
 * so that they are the same wherever both are seen.
 */
enum Step {
    READ_A("readA"),
    READ_P("readP"),
    READ_Q("readQ"),
    CHANGE_A("changeA"),
    /** The session has no B to begin with: the first change makes it. */
    CHANGE_B("changeB"),
    CHANGE_PAIR("changePQ"),
    REMOVE_A("removeA"),
    /** A save point. What a program does after one is late: its last save is that of the close. */
    SAVE("save"),
    /** Somebody logs in: the next save gives the session another id. */
    LOGIN("login"),
    /** Ends the session. */
    END("end"),
    /** Memcached loses the browser's item, without a word to anybody. */
    EVICT("evict");

    private final String word;

    Step(String word) {
        this.word = word;
    }

    static Step of(String word) {
        return Arrays.stream(values())
                .filter(step -> step.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such step: " + word));
    }

    @Override
    public String toString() {
        return word;
    }
}
