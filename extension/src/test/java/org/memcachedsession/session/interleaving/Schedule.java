package org.memcachedsession.session.interleaving;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** A run told in full: it goes the same way each time. */
record Schedule(List<Program> programs, List<Decision> decisions) {

    Schedule {
        programs = List.copyOf(programs);
        decisions = List.copyOf(decisions);
    }

    /**
     * Such as {@code S: changeA | S: end @ 0 1 1 0}: two requests, and in what order their store
     * calls happen; {@code 0-} is a call of request 0 that fails, {@code 0+} one that happens and
     * whose answer is lost.
     */
    static Schedule parse(String text) {
        String[] parts = text.split("@", -1);
        return new Schedule(
                Arrays.stream(parts[0].split("\\|")).map(Program::parse).toList(),
                Arrays.stream(parts[1].split("\\s+"))
                        .filter(word -> !word.isEmpty())
                        .map(Decision::parse)
                        .toList());
    }

    @Override
    public String toString() {
        return programs.stream().map(Program::toString).collect(Collectors.joining(" | "))
                + " @ "
                + decisions.stream().map(Decision::toString).collect(Collectors.joining(" "));
    }
}
