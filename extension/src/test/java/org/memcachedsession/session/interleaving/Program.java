package org.memcachedsession.session.interleaving;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What one request does, in order.
 *
 * @param cookie whose cookie it brings: that of browser S or T, whose sessions are there from the
 *     beginning, or {@link #NO_COOKIE}
 */
record Program(char cookie, List<Step> steps) {

    static final char NO_COOKIE = '-';

    Program {
        if ("ST-".indexOf(cookie) < 0) {
            throw new IllegalArgumentException("no such browser: " + cookie);
        }
        steps = List.copyOf(steps);
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
