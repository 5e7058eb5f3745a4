package org.memcachedsession.session.interleaving;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.memcachedsession.session.interleaving.Decision.Answer;

/** Repeats what was decided once. Where the rules go another way since, the first that waits goes. */
final class GivenScheduler implements Scheduler {

    private final Queue<Decision> decisions;

    GivenScheduler(List<Decision> decisions) {
        this.decisions = new ArrayDeque<>(decisions);
    }

    @Override
    public Decision next(List<Integer> waiting) {
        Decision given = decisions.poll();
        return given != null && waiting.contains(given.request())
                ? given
                : new Decision(waiting.get(0), Answer.GIVEN);
    }
}
