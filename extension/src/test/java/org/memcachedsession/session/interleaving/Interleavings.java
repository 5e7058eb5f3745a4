package org.memcachedsession.session.interleaving;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.logging.Logger;
import org.memcachedsession.session.SessionStore;

/** Runs requests side by side, one schedule after the other, and tells of one that breaks a promise. */
final class Interleavings implements AutoCloseable {

    /** Replays one schedule that a failure has told of. */
    static final String REPLAY = "interleaving.replay";

    private static final int REQUESTS_AT_MOST = 4;

    private static final Logger LOG =
            Logger.getLogger("org.memcachedsession.session"); // kept alive

    private final Crew crew = new Crew(REQUESTS_AT_MOST);
    private final UnaryOperator<SessionStore> memory;

    /**
     * @param memory between the requests and where the items are; for breaking it
     */
    Interleavings(UnaryOperator<SessionStore> memory) {
        this.memory = memory;
        LOG.setUseParentHandlers(false); // what is warned of here would fill books
    }

    /** Every order of the store calls of these. */
    int playAll(List<Program> programs, int failures) {
        EveryOrder order = new EveryOrder(failures);
        int schedules = 0;
        do {
            check(play(programs, order, false), "");
            schedules++;
        } while (order.advance());
        return schedules;
    }

    /** What the seed makes of it. Gives the schedule. */
    Schedule playSeed(long seed, int requests) {
        RandomScheduler random = new RandomScheduler(seed);
        Run run = play(random.programs(requests), random, false);
        check(run, "seed " + seed + ", ");
        return run.schedule();
    }

    /** One that a failure has told of. Gives its history. */
    List<String> replay(String text) {
        Run run = replay(Schedule.parse(text));
        check(run, "");
        return run.history();
    }

    private Run replay(Schedule schedule) {
        return play(schedule.programs(), new GivenScheduler(schedule.decisions()), true);
    }

    private Run play(List<Program> programs, Scheduler scheduler, boolean told) {
        Run run = new Run(crew, programs, scheduler, memory, told);
        run.play();
        return run;
    }

    private void check(Run run, String source) {
        Optional<String> violation = run.violation();
        if (violation.isEmpty()) {
            return;
        }
        Run again = replay(run.schedule());
        throw new AssertionError(
                "%s%s%nreplay: -D%s='%s'%n%s%n%s"
                        .formatted(
                                source,
                                violation.get(),
                                REPLAY,
                                run.schedule(),
                                again.violation().equals(violation)
                                        ? "It goes the same way again:"
                                        : "It does NOT go the same way again:",
                                String.join(System.lineSeparator(), again.history())));
    }

    @Override
    public void close() throws InterruptedException {
        LOG.setUseParentHandlers(true);
        crew.close();
    }
}
