package org.memcachedsession.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memcachedsession.SessionOrigin;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.session.CurrentUnitOfWork.Binding;
import org.memcachedsession.store.InMemoryServers;
import org.memcachedsession.store.InMemorySessionStore;
import org.memcachedsession.store.InMemorySessionStore.Calls;

/** What one request may wait for memcached in all, and what becomes of it when that is used up. */
class BudgetTest extends RulesFixture {

    private static final Duration OPERATION_TIMEOUT = Duration.ofMillis(300);
    private static final Duration LIMIT = Duration.ofMillis(350);

    /** Shorter than what any answer may take. */
    private static final Duration SHORT = Duration.ofMillis(150);

    private static final Duration SLOW = Duration.ofMillis(60);
    private static final String ADA = "ada";

    private static final SessionRules WITH_EPOCHS =
            new SessionRules(
                    IDLE,
                    ABSOLUTE,
                    true,
                    RULES.rotationGrace(),
                    Optional.empty(),
                    false,
                    true,
                    100_000,
                    50_000,
                    false,
                    true);

    private final SlowAnswers answers = new SlowAnswers(OPERATION_TIMEOUT);
    private Sessions slow;

    @BeforeEach
    void limit() {
        store.limitWaits(LIMIT);
        slow = slowNode(store);
    }

    private Sessions slowNode(SessionStore where) {
        return new Sessions(
                where, codec, beans, beans, clock, new SecureRandom(), WITH_EPOCHS, answers::tick);
    }

    private SessionId begun() {
        SessionId id = sessionWith("book");
        store.observe(answers);
        return id;
    }

    private UnitOfWork loaded(SessionId id) {
        UnitOfWork unit = slow.begin(List.of(id));
        text(unit, CART);
        return unit;
    }

    private static void assertMayWaitNoLonger(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(SessionStoreException.class)
                .hasRootCauseInstanceOf(Budget.SpentException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 60, 100, 290})
    void aRequestThatAsksAgainAndAgainWaitsNoLongerThanItMay(int millis) {
        SessionId id = begun();
        answers.delay(Duration.ofMillis(millis));
        UnitOfWork unit = slow.begin(List.of(id));

        Duration waited =
                answers.waitsOf(
                        () ->
                                assertMayWaitNoLonger(
                                        () -> {
                                            for (int i = 0; i < 100; i++) {
                                                text(unit, CART).value = "change " + i;
                                                unit.save();
                                            }
                                        }));

        assertThat(waited).isEqualTo(LIMIT);
        assertThat(answers.timeouts()).isZero();
    }

    @Test
    void whatFollowsInThatRequestWaitsForNothing() {
        UnitOfWork unit = usedUp(begun());

        Duration waited =
                answers.waitsOf(
                        () -> {
                            assertMayWaitNoLonger(unit::invalidate);
                            unit.close();
                        });

        assertThat(answers.calls()).isPositive();
        assertThat(waited).isZero();
    }

    /** A request that has loaded its session and has no time left. */
    private UnitOfWork usedUp(SessionId id) {
        answers.delay(Duration.ZERO);
        UnitOfWork unit = loaded(id);
        answers.delay(SlowAnswers.NEVER);
        text(unit, CART).value = "pen";
        assertThatThrownBy(unit::save).isInstanceOf(SessionStoreException.class);
        return unit;
    }

    @Test
    void aServerThatDoesNotAnswerHasItsWholeTimeFirst() {
        usedUp(begun());

        assertThat(answers.timeouts()).isEqualTo(1);
    }

    @Test
    void whatTheRequestDoesItselfDoesNotCount() {
        SessionId id = begun();
        answers.delay(SLOW);
        UnitOfWork unit = loaded(id);

        for (int i = 0; i < 4; i++) {
            answers.pass(Duration.ofMinutes(1));
            text(unit, CART).value = "change " + i;
            unit.save();
        }

        assertThat(stored(id, CART)).isEqualTo("change 3");
    }

    @Test
    void eachRequestAndEachMessageMayWaitAnew() {
        SessionId id = begun();
        answers.delay(OPERATION_TIMEOUT);

        for (int i = 0; i < 3; i++) {
            UnitOfWork request = slow.begin(List.of(id));
            assertThat(value(request, CART)).isEqualTo("book");
            UnitOfWork message = slow.beginWithoutAnswer(List.of(id));
            assertThat(value(message, CART)).isEqualTo("book");
        }
    }

    @Test
    void anAnswerThatIsOnItsWayMayBeSavedForAsLongAsItStreams() {
        SessionId id = begun();
        answers.delay(SLOW);
        AtomicBoolean committed = new AtomicBoolean();
        UnitOfWork unit = slow.begin(List.of(id));
        unit.answerCommitted(committed::get);
        text(unit, CART);
        committed.set(true);

        for (int i = 0; i < 100; i++) {
            text(unit, CART).value = "event " + i;
            unit.saveIfUsed();
        }

        assertThat(stored(id, CART)).isEqualTo("event 99");
    }

    @Test
    void ofAnswersThatAreAwaitedInTurnTheTimeOfTheLastCounts() throws Exception {
        Budget budget = slow.budget();

        budget.call(
                () -> {
                    for (int due : new int[] {200, 300, 250, 100}) {
                        awaitUntil(Duration.ofMillis(due));
                    }
                    return null;
                });

        assertThat(answers.tick()).isEqualTo(Duration.ofMillis(300).toNanos());
        assertThatThrownBy(() -> budget.run(() -> awaitUntil(Duration.ofMillis(351))))
                .hasRootCauseInstanceOf(Budget.SpentException.class);
        assertThat(answers.tick()).isEqualTo(LIMIT.toNanos());
    }

    /** Of answers to questions that went out together at the begin. */
    private void awaitUntil(Duration due) {
        try {
            Budget.await(
                    OPERATION_TIMEOUT,
                    time -> {
                        Duration late = due.minusNanos(answers.tick());
                        if (late.compareTo(time) > 0) {
                            answers.pass(time);
                            throw new TimeoutException();
                        }
                        if (!late.isNegative()) {
                            answers.pass(late);
                        }
                        return null;
                    });
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    // ---- who ends sessions of others

    @Test
    void whoEndsAllSessionsOutsideOfARequestWaitsNoLongerThanARequestMay() {
        store.observe(answers);
        answers.delay(OPERATION_TIMEOUT);

        Duration waited = answers.waitsOf(() -> assertMayWaitNoLonger(() -> slow.endAll(ADA)));

        assertThat(waited).isEqualTo(LIMIT);
    }

    @Test
    void aRequestThatEndsTheSessionsOfManyMayWaitForEachOfThem() {
        SessionId id = begun();
        answers.delay(Duration.ofMillis(150));
        UnitOfWork unit = loaded(id);
        try (Binding bound = slow.current().bind(unit)) {
            assertThat(bound).isNotNull();
            for (int i = 0; i < 10; i++) {
                slow.endAll("user " + i);
            }

            answers.delay(OPERATION_TIMEOUT);
            assertMayWaitNoLonger(() -> slow.endAll(ADA));
        }
    }

    // ---- nothing is left half done

    @Test
    void aLoadThatMayWaitNoLongerIsOneWithoutAnAnswer() {
        SessionId id = begun();
        answers.delay(SlowAnswers.NEVER);
        store.limitWaits(SHORT);
        UnitOfWork unit = slowNode(store).begin(List.of(id));

        assertMayWaitNoLonger(() -> unit.find(CART));

        assertThat(unit.origin()).isEqualTo(SessionOrigin.UNAVAILABLE);
        assertMayWaitNoLonger(() -> text(unit, CART));
        assertThat(answers.calls()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void aLoginThatMayWaitNoLongerLetsNobodyInByTheOldId(int answered) {
        SessionId old = begun();
        answers.delayAfter(answered, SlowAnswers.NEVER);
        UnitOfWork unit = slow.begin(List.of(old), () -> Optional.of(ADA));
        boolean isLoggedIn = false;
        try {
            unit.lookAtCaller();
            text(unit, NAME).value = "Ada";
            unit.save();
            isLoggedIn = true;
        } catch (SessionStoreException cut) {
            assertThat(cut).hasRootCauseInstanceOf(TimeoutException.class);
        }

        assertThat(unit.cookieChange().isPresent()).isEqualTo(isLoggedIn);
        unit.close();
        answers.delay(Duration.ZERO);
        assertThat(stored(old, NAME)).isNull();
    }

    @Test
    void aLogoutThatMayWaitNoLongerIsNotTakenForDoneAndSentAllTheSame() {
        SessionId id = begun();
        store.limitWaits(SHORT);
        UnitOfWork unit = slowNode(store).begin(List.of(id));
        text(unit, CART);
        answers.delay(SlowAnswers.NEVER);

        assertMayWaitNoLonger(unit::logOut);

        assertThat(unit.cookieChange()).isEmpty();
        answers.delay(Duration.ZERO);
        assertThat(stored(id, CART)).isNull();
    }

    // ---- copies

    private final List<InMemorySessionStore> servers =
            List.of(
                    new InMemorySessionStore(clock, 100_000),
                    new InMemorySessionStore(clock, 100_000));

    @Test
    void whatACopyHasMissedSinceTheRequestMayWaitNoLongerIsBroughtThereThoughItWasNeverAway() {
        InMemoryServers view = new InMemoryServers(servers, 2);
        view.limitWaits(SHORT);
        Sessions node = slowNode(view);
        SessionId id = create(node);
        InMemorySessionStore first = view.holders(codec.itemKey(id)).get(0);
        InMemorySessionStore second = view.holders(codec.itemKey(id)).get(1);
        UnitOfWork unit = node.begin(List.of(id));
        text(unit, CART).value = "pen";
        second.observe(answers);
        answers.delay(SlowAnswers.NEVER);

        unit.save();

        second.observe(new Calls() {});
        assertThat(view.placement(codec.itemKey(id)).places()).noneMatch(Place::isAway);
        assertThat(generation(second, id)).isNotEqualTo(generation(first, id));
        view.repair();
        assertThat(generation(second, id)).isEqualTo(generation(first, id));
    }

    private static SessionId create(Sessions node) {
        UnitOfWork unit = node.begin(List.of());
        text(unit, CART).value = "book";
        unit.save();
        SessionId id = given(unit);
        unit.close();
        return id;
    }

    private long generation(InMemorySessionStore server, SessionId id) {
        try {
            byte[] item = server.load(codec.itemKey(id)).orElseThrow().value();
            return ((SessionRecord) codec.open(id, item)).generation();
        } catch (UnreadableException e) {
            throw new AssertionError(e);
        }
    }
}
