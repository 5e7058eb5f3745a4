package org.memcachedsession.session.interleaving;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What one request does, in order.
 *
 * @param cookie whose cookie it brings: that of browser R, S or T, whose sessions are there from the
 *     beginning, or {@link #NO_COOKIE}; the id of R is due to be renewed
 */
record Program(char cookie, List<Step> steps) {

    static final char NO_COOKIE = '-';
    static final char DUE = 'R';

    Program {
        if ("RST-".indexOf(cookie) < 0) {
            throw new IllegalArgumentException("no such browser: " + cookie);
        }
        steps = List.copyOf(steps);
    }

    boolean hasCookie() {
        return cookie != NO_COOKIE;
    }

    /** Whether its browser's id is to be renewed. */
    boolean isDue() {
        return cookie == DUE;
    }

    /** Such as {@code S: changeA save}. */
    static Program parse(String text) {
        String[] words = text.strip().split("[:\\s]+");
        return new Program(words[0].charAt(0), Arrays.stream(words).skip(1).map(Step::of).toList());
    }

    @Override
    public String toString() {
        return cookie + ": " + steps.stream().map(Step::toString).collect(Collectors.joining(" "));
    }
}
