package org.memcachedsession.session.interleaving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Requests side by side, stopped at every store call: in every order, or in many by chance. {@link
 * Request} says what is promised. A failure tells its schedule:
 *
 * <pre>
 * -Dinterleaving.replay='S: changeA | S: end @ 0 1 1 0'   runs that one again
 * -Dinterleaving.seed=1000000 -Dinterleaving.runs=5000000   tries others by chance
 * </pre>
 */
@Tag("interleavings")
class InterleavingTest {

    private static final List<Step> STEPS =
            List.of(
                    Step.READ_Q,
                    Step.CHANGE_A,
                    Step.CHANGE_PAIR,
                    Step.REMOVE_A,
                    Step.SAVE,
                    Step.END);

    private static final List<Step> STEPS_AND_LOGIN =
            Stream.concat(STEPS.stream(), Stream.of(Step.LOGIN)).toList();

    private Interleavings interleavings;

    @BeforeEach
    void begin() {
        interleavings = new Interleavings(UnaryOperator.identity());
    }

    @AfterEach
    void end() throws InterruptedException {
        interleavings.close();
    }

    @Test
    void twoRequestsOfThreeStepsKeepThePromisesInEveryOrder() {
        assertThat(playPairs(programs(3), 0)).isGreaterThan(100_000);
    }

    @Test
    void twoRequestsOfTwoStepsKeepThePromisesInEveryOrderWhicheverCallFails() {
        assertThat(playPairs(programs(2), 1)).isGreaterThan(20_000);
    }

    @Test
    void fourRequestsKeepThePromisesWhateverTheyDoByChance() {
        long seed = Long.getLong("interleaving.seed", 0);
        int runs = Integer.getInteger("interleaving.runs", 100_000);
        for (int i = 0; i < runs; i++) {
            interleavings.playSeed(seed + i, 4);
        }
    }

    @Test
    void aLoginBesideARequestOfThreeStepsKeepsThePromisesInEveryOrder() {
        List<Step> steps =
                List.of(Step.CHANGE_A, Step.CHANGE_PAIR, Step.SAVE, Step.END, Step.LOGIN);
        assertThat(playPairsWithALogin(programs('S', 3, steps), 0)).isGreaterThan(50_000);
    }

    @Test
    void aLoginBesideARequestOfTwoStepsKeepsThePromisesInEveryOrderWhicheverCallFails() {
        List<Step> steps =
                List.of(
                        Step.READ_Q,
                        Step.CHANGE_A,
                        Step.CHANGE_PAIR,
                        Step.SAVE,
                        Step.END,
                        Step.LOGIN);
        assertThat(playPairsWithALogin(programs('S', 2, steps), 1)).isGreaterThan(20_000);
    }

    @Test
    void twoRequestsThatRenewTheirIdKeepThePromisesInEveryOrder() {
        List<Step> steps = List.of(Step.CHANGE_A, Step.SAVE, Step.END, Step.LOGIN);
        assertThat(playPairs(programs('R', 3, steps), 0)).isGreaterThan(15_000);
        List<Program> shorter = programs('R', 2, STEPS_AND_LOGIN);
        assertThat(playPairs(shorter, 0)).isGreaterThan(10_000);
        Program tooLate = Program.parse("R: save changeA"); // so it renews nothing
        shorter.forEach(each -> interleavings.playAll(List.of(each, tooLate), 0));
    }

    @Test
    void twoRequestsThatRenewTheirIdKeepThePromisesInEveryOrderWhicheverCallFails() {
        List<Step> steps = List.of(Step.READ_Q, Step.CHANGE_A, Step.SAVE, Step.END, Step.LOGIN);
        assertThat(playPairs(programs('R', 2, steps), 1)).isGreaterThan(20_000);
    }

    /** Each of these was a mistake once; and the one of the failure that is looked into, if any. */
    static Stream<String> mistakes() {
        return Stream.concat(
                Stream.of(
                        // a save read what the other one had left, and beans first used later were
                        // of that
                        "S: readP changeA save readQ | S: changePQ @ 0 1 1 0 0 0",
                        // a cookie that was to be taken back was forgotten by a second end
                        "-: changeA save end changeA end @ 0 0",
                        // a conflict was told for each lost race, also if there was none in the end
                        "S: removeA | S: changeA save removeA @ 0 1 1 0 0 1 1 0 0 0",
                        // an end overwrote what led to the session, whose id was renewed meanwhile
                        "R: readQ end | R: changeA @ 0 1 1 1 0",
                        // a login after a renewal gave no other id, and the old one led there
                        "R: changeA save login save @ 0 0 0",
                        // whoever was overtaken by a renewal gave its cookie without a look
                        "R: readQ save | R: readQ save @ 0 0 1 0 1 1 1 1 1",
                        // a cookie was given again without a look, in the place of that of a login
                        "S: login | S: readQ @ 0 1 0 0 1",
                        // whoever was overtaken by a renewal renewed the id again
                        "R: changeA | R: readQ save changeA save @ 0 1 0 0",
                        // ids were renewed, or given after a login, when the answer had left
                        "R: save readQ @ 0",
                        "S: changeA save login changeA @ 0 0",
                        // after a save that had failed, a login left the old id as it was
                        "S: changeA save login @ 0 0- 0-",
                        // a renewal without an answer deleted the session under others' hands
                        "R: changeA | R: readQ evict changeB @ 0 0 0+ 1 1 0",
                        // a login that had failed failed each later save too
                        "S: login save readQ save @ 0-"),
                Optional.ofNullable(System.getProperty(Interleavings.REPLAY)).stream());
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void whatWentWrongOnceGoesWell(String schedule) {
        interleavings.replay(schedule);
    }

    @Test
    void aScheduleGoesTheSameWayEachTime() {
        for (long seed = 0; seed < 300; seed++) {
            String schedule = interleavings.playSeed(seed, 4).toString();
            assertThat(Schedule.parse(schedule)).hasToString(schedule);
            assertThat(interleavings.replay(schedule))
                    .isEqualTo(interleavings.replay(schedule))
                    .isNotEmpty();
        }
    }

    @Test
    void twoRequestsOfTwoCallsHaveSixOrders() {
        List<Program> writers = List.of(Program.parse("T: changeA"), Program.parse("S: changeA"));
        assertThat(interleavings.playAll(writers, 0)).isEqualTo(6);
    }

    @ParameterizedTest
    @EnumSource
    void aBrokenPromiseIsFoundAndToldSoThatItCanBeReplayed(BrokenMemory.Fault fault)
            throws InterruptedException {
        List<Step> steps = new ArrayList<>(STEPS_AND_LOGIN);
        steps.add(Step.EVICT);
        findAndReplay(fault, programs('S', 2, steps));
    }

    @ParameterizedTest
    @EnumSource(names = {"FORGETS_TOMBSTONES", "SHOWS_WHAT_TOMBSTONES_COVER"})
    void aBrokenPromiseOfANewIdIsFoundAlsoWhereNothingEnds(BrokenMemory.Fault fault)
            throws InterruptedException {
        findAndReplay(fault, List.of(Program.parse("S: login"), Program.parse("S: readQ")));
        findAndReplay(fault, List.of(Program.parse("R: readQ"), Program.parse("R: changeA")));
    }

    private void findAndReplay(BrokenMemory.Fault fault, List<Program> programs)
            throws InterruptedException {
        interleavings.close();
        interleavings = new Interleavings(fault::in);
        assertThatThrownBy(() -> playPairs(programs, 0))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("It goes the same way again")
                .satisfies(
                        failure ->
                                assertThatThrownBy(() -> interleavings.replay(scheduleIn(failure)))
                                        .hasMessage(failure.getMessage()));
    }

    private static String scheduleIn(Throwable failure) {
        Matcher told =
                Pattern.compile("-D" + Interleavings.REPLAY + "='(.*)'")
                        .matcher(failure.getMessage());
        assertThat(told.find()).isTrue();
        return told.group(1);
    }

    private long playPairs(List<Program> programs, int failures) {
        return playPairs(programs, failures, pair -> true);
    }

    private long playPairsWithALogin(List<Program> programs, int failures) {
        return playPairs(
                programs,
                failures,
                pair -> pair.stream().anyMatch(each -> each.steps().contains(Step.LOGIN)));
    }

    private long playPairs(List<Program> programs, int failures, Predicate<List<Program>> choice) {
        long schedules = 0;
        for (int one = 0; one < programs.size(); one++) {
            for (int other = one; other < programs.size(); other++) {
                List<Program> pair = List.of(programs.get(one), programs.get(other));
                if (choice.test(pair)) {
                    schedules += interleavings.playAll(pair, failures);
                }
            }
        }
        return schedules;
    }

    /** All programs of so many steps, without saves of nothing: at the beginning, or twice. */
    private static List<Program> programs(int steps) {
        return programs('S', steps, STEPS);
    }

    private static List<Program> programs(char browser, int steps, List<Step> choice) {
        List<List<Step>> all = List.of(List.of());
        for (int i = 0; i < steps; i++) {
            List<List<Step>> longer = new ArrayList<>();
            for (List<Step> begun : all) {
                Step last = begun.isEmpty() ? Step.SAVE : begun.get(begun.size() - 1);
                for (Step step : choice) {
                    if (step != Step.SAVE || last != Step.SAVE) {
                        List<Step> next = new ArrayList<>(begun);
                        next.add(step);
                        longer.add(next);
                    }
                }
            }
            all = longer;
        }
        return all.stream().map(each -> new Program(browser, each)).toList();
    }
}
