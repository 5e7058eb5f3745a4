package org.memcachedsession.session.interleaving;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.memcachedsession.session.interleaving.Decision.Answer;

/** All by chance, and the same for the same seed: what the requests do, and the order. */
final class RandomScheduler implements Scheduler {

    private static final int SHORTEST = 2;
    private static final int LONGEST = 6;
    private static final int CALLS_PER_FAILURE = 40;

    /** More often what writes. */
    private static final List<Step> STEPS =
            List.of(
                    Step.READ_A,
                    Step.READ_P,
                    Step.READ_Q,
                    Step.CHANGE_A,
                    Step.CHANGE_A,
                    Step.CHANGE_A,
                    Step.CHANGE_B,
                    Step.CHANGE_B,
                    Step.CHANGE_PAIR,
                    Step.CHANGE_PAIR,
                    Step.REMOVE_A,
                    Step.SAVE,
                    Step.SAVE,
                    Step.SAVE);

    private static final int RARE_IN = 25;

    private final SplittableRandom random;

    RandomScheduler(long seed) {
        random = new SplittableRandom(seed);
    }

    List<Program> programs(int count) {
        String cookies = random.nextBoolean() ? "SSSSSST-" : "RRRRRRS-"; // most are of one browser
        List<Program> programs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            programs.add(program(cookies));
        }
        return programs;
    }

    private Program program(String cookies) {
        List<Step> steps = new ArrayList<>();
        int length = random.nextInt(SHORTEST, LONGEST + 1);
        for (int i = 0; i < length; i++) {
            steps.add(step());
        }
        return new Program(cookies.charAt(random.nextInt(cookies.length())), steps);
    }

    private Step step() {
        return switch (random.nextInt(RARE_IN)) {
            case 0 -> Step.END;
            case 1 -> random.nextBoolean() ? Step.END : Step.EVICT;
            case 2, 3 -> Step.LOGIN;
            default -> STEPS.get(random.nextInt(STEPS.size()));
        };
    }

    @Override
    public Decision next(List<Integer> waiting) {
        int request = waiting.get(random.nextInt(waiting.size()));
        return new Decision(
                request,
                switch (random.nextInt(CALLS_PER_FAILURE * 2)) {
                    case 0 -> Answer.FAILED;
                    case 1 -> Answer.LOST;
                    default -> Answer.GIVEN;
                });
    }
}
