package org.memcachedsession.session.interleaving;

import java.util.ArrayList;
import java.util.List;
import org.memcachedsession.session.interleaving.Decision.Answer;

/**
 * Decides otherwise in each run, until all ways are gone: the last decision that has another way left
 * is taken the next way, and what comes after it anew.
 */
final class EveryOrder implements Scheduler {

    private static final Answer[] ANSWERS = Answer.values();

    private final int failures;
    private final List<Integer> ways = new ArrayList<>();
    private final List<Integer> taken = new ArrayList<>();
    private int decided;
    private int failed;

    /**
     * @param failures how many calls of one run may fail, in either way
     */
    EveryOrder(int failures) {
        this.failures = failures;
    }

    @Override
    public Decision next(List<Integer> waiting) {
        if (decided == taken.size()) {
            ways.add(waiting.size() * (failed < failures ? ANSWERS.length : 1));
            taken.add(0);
        }
        int way = taken.get(decided++);
        Answer answer = ANSWERS[way / waiting.size()];
        if (answer != Answer.GIVEN) {
            failed++;
        }
        return new Decision(waiting.get(way % waiting.size()), answer);
    }

    /** After a run: whether there is another one, which then begins. */
    boolean advance() {
        decided = 0;
        failed = 0;
        for (int last = taken.size() - 1; last >= 0; last--) {
            int way = taken.remove(last) + 1;
            int all = ways.remove(last);
            if (way < all) {
                taken.add(way);
                ways.add(all);
                return true;
            }
        }
        return false;
    }
}
