package org.memcachedsession.faults;

import java.util.List;
import java.util.Locale;

/**
 * What callers of the store were told while something was done to answers.
 *
 * @param faults how often it was done
 * @param failed calls that ended with an exception
 * @param missing answers that say that an item is not there, which is
 */
record AnswerRow(
        Enum<?> words,
        Enum<?> fault,
        int faults,
        long reads,
        long failed,
        long connections,
        int foreign,
        int stale,
        int missing) {

    static final List<String> COLUMNS =
            List.of(
                    "answers",
                    "times",
                    "reads",
                    "failed calls",
                    "connections",
                    "foreign",
                    "stale",
                    "wrongly missing");

    void report() {
        FaultsPage.add(
                FaultsPage.Table.ANSWERS,
                List.of(
                        fault.name().toLowerCase(Locale.ROOT)
                                + " ("
                                + words.name().toLowerCase(Locale.ROOT)
                                + " commands)",
                        String.valueOf(faults),
                        String.valueOf(reads),
                        String.valueOf(failed),
                        String.valueOf(connections),
                        String.valueOf(foreign),
                        String.valueOf(stale),
                        String.valueOf(missing)));
    }
}
