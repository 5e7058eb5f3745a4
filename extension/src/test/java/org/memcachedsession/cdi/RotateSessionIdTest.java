package org.memcachedsession.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.ContextNotActiveException;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Stereotype;
import jakarta.inject.Inject;
import jakarta.interceptor.InterceptorBinding;
import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.transaction.Transactional;
import java.io.IOException;
import java.io.Serializable;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.memcachedsession.DropOnLogin;
import org.memcachedsession.LoggedMessages;
import org.memcachedsession.MemcachedSession;
import org.memcachedsession.MemcachedSessionScoped;
import org.memcachedsession.RotateSessionId;
import org.memcachedsession.SessionRotated;
import org.memcachedsession.session.CurrentUnitOfWork;
import org.memcachedsession.session.SessionId;
import org.memcachedsession.session.SetClock;
import org.memcachedsession.session.UnitOfWork;
import org.memcachedsession.store.InMemorySessionStore;

/** A login method that the container does not know of gives the session a new id when it has succeeded. */
class RotateSessionIdTest {

    private final SetClock clock = new SetClock();
    private final InMemorySessionStore store = new InMemorySessionStore(clock, 1_000_000);
    private final TestNode node =
            TestNode.on(store, clock)
                    .beans(
                            Visitor.class,
                            Draft.class,
                            Logins.class,
                            AllLogins.class,
                            FamilyLogins.class,
                            InheritedLogins.class,
                            StereotypedLogins.class,
                            BoundLogins.class,
                            TransactionalLogins.class,
                            TestTransactions.TransactionalInterceptor.class,
                            Witness.class)
                    .start();
    private final CookieJar browser = new CookieJar();
    private final Visitor visitor = node.bean(Visitor.class);
    private final Draft draft = node.bean(Draft.class);
    private final Logins logins = node.bean(Logins.class);
    private final Witness witness = node.bean(Witness.class);
    private SessionId planted;

    @BeforeEach
    void visitAsSomebodyWhomNobodyKnows() throws Exception {
        Draft.ended = 0;
        node.run(
                browser,
                () -> {
                    visitor.become("nobody");
                    draft.write("of nobody");
                });
        planted = browser.id().orElseThrow();
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private boolean hasNewId() {
        return !browser.id().orElseThrow().equals(planted);
    }

    private String nameUnder(SessionId id) throws Exception {
        CookieJar thief = new CookieJar();
        thief.take(id);
        return node.request(
                thief, () -> node.bean(MemcachedSession.class).exists() ? visitor.name() : "none");
    }

    private UnitOfWork request() {
        return node.sessions().current().get();
    }

    // ---- success

    static Stream<Arguments> results() {
        return Stream.of(
                arguments("true", true, true),
                arguments("false", false, false),
                arguments("a user", "Ada", true),
                arguments("no user", null, false),
                arguments("a user who is there", Optional.of("Ada"), true),
                arguments("a user who is not there", Optional.empty(), false),
                arguments("AuthenticationStatus.SUCCESS", AuthenticationStatus.SUCCESS, true),
                arguments(
                        "AuthenticationStatus.SEND_FAILURE",
                        AuthenticationStatus.SEND_FAILURE,
                        false),
                arguments(
                        "AuthenticationStatus.SEND_CONTINUE",
                        AuthenticationStatus.SEND_CONTINUE,
                        false),
                arguments("AuthenticationStatus.NOT_DONE", AuthenticationStatus.NOT_DONE, false),
                arguments("a valid credential", new CredentialValidationResult("Ada"), true),
                arguments(
                        "an invalid credential", CredentialValidationResult.INVALID_RESULT, false),
                arguments(
                        "a credential that was not validated",
                        CredentialValidationResult.NOT_VALIDATED_RESULT,
                        false),
                arguments("status 200", new StatusOnly(200), true),
                arguments("status 303", new StatusOnly(303), true),
                arguments("status 399", new StatusOnly(399), true),
                arguments("status 400", new StatusOnly(400), false),
                arguments("status 401", new StatusOnly(401), false),
                arguments("status 503", new StatusOnly(503), false),
                arguments("zero", 0, true),
                arguments("an empty text", "", true));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("results")
    void theIdChangesIfTheResultSaysSuccess(String what, Object result, boolean isSuccess)
            throws Exception {
        Object given = node.request(browser, () -> logins.give(result));

        assertThat(given).isSameAs(result);
        assertThat(hasNewId()).as(what).isEqualTo(isSuccess);
        assertThat(node.request(browser, visitor::name)).isEqualTo("nobody");
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("results")
    void theIdChangesIfAStageCompletesWithSuccess(String what, Object result, boolean isSuccess)
            throws Exception {
        Object given =
                node.request(
                        browser,
                        () -> {
                            CompletableFuture<Object> login = new CompletableFuture<>();
                            CompletionStage<Object> stage = logins.giveLater(login);
                            onAnotherThread(() -> login.complete(result));
                            return stage.toCompletableFuture().getNow("not complete");
                        });

        assertThat(given).isSameAs(result);
        assertThat(hasNewId()).as(what).isEqualTo(isSuccess);
    }

    private static void onAnotherThread(Runnable task) {
        Thread thread = new Thread(task, "another thread");
        thread.start();
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static Stream<Arguments> methodsThatReturnNothing() {
        return Stream.of(
                arguments("void", (Consumer<Logins>) Logins::nothing),
                arguments("Void", (Consumer<Logins>) Logins::nothingAsObject),
                arguments("CompletionStage<Void>", (Consumer<Logins>) Logins::nothingLater),
                arguments("CompletableFuture<Void>", (Consumer<Logins>) Logins::nothingInFuture));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("methodsThatReturnNothing")
    void aMethodThatHasNothingToReturnSucceedsByReturning(String what, Consumer<Logins> login)
            throws Exception {
        node.run(browser, () -> login.accept(logins));

        assertThat(hasNewId()).as(what).isTrue();
    }

    static Stream<Arguments> methodsThatComeFromElsewhere() {
        return Stream.of(
                arguments(
                        "a generic class, Void",
                        (Consumer<FamilyLogins>) bean -> bean.ofAnyKind("Ada")),
                arguments(
                        "a generic class, CompletionStage<Void>",
                        (Consumer<FamilyLogins>) bean -> bean.ofAnyKindLater("Ada")),
                arguments(
                        "a generic interface, which calls a bridge",
                        (Consumer<FamilyLogins>) bean -> enter(bean, "Ada")),
                arguments(
                        "a default method",
                        (Consumer<FamilyLogins>) bean -> bean.enterByDefault("Ada")));
    }

    private static <T> void enter(Entrance<T> entrance, T credentials) {
        entrance.enter(credentials);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("methodsThatComeFromElsewhere")
    void aMethodThatComesFromElsewhereCountsToo(String what, Consumer<FamilyLogins> login)
            throws Exception {
        node.run(browser, () -> login.accept(node.bean(FamilyLogins.class)));

        assertThat(hasNewId()).as(what).isTrue();
    }

    static Stream<Throwable> failures() {
        return Stream.of(
                new IllegalArgumentException("wrong password"),
                new IOException("no answer of the directory"),
                new AssertionError("a bug"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aMethodThatThrowsLeavesTheId(Throwable failure) throws Exception {
        node.run(browser, () -> assertThatThrownBy(() -> logins.fail(failure)).isSameAs(failure));

        assertThat(hasNewId()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aStageThatFailsLeavesTheIdAndTellsItsFailureAsItIs(Throwable failure) throws Exception {
        List<Throwable> heard = new ArrayList<>();
        node.run(
                browser,
                () ->
                        logins.giveLater(CompletableFuture.failedFuture(failure))
                                .whenComplete((value, heardOf) -> heard.add(heardOf)));

        assertThat(heard).containsExactly(failure);
        assertThat(hasNewId()).isFalse();
    }

    // ---- what happens then

    @Test
    void theOldIdLeadsToNothingAndTheBeansGoOn() throws Exception {
        node.request(browser, () -> logins.give("Ada"));

        assertThat(nameUnder(planted)).isEqualTo("none");
        assertThat(nameUnder(browser.id().orElseThrow())).isEqualTo("nobody");
    }

    @Test
    void severalLoginsInARequestGiveOneNewId() throws Exception {
        node.run(
                browser,
                () -> {
                    logins.give(true);
                    logins.give(false);
                    logins.nothing();
                    logins.giveLater(CompletableFuture.completedFuture("Ada"));
                });

        assertThat(witness.rotations()).hasSize(1);
        assertThat(witness.rotations().get(0).cause()).isEqualTo(SessionRotated.Cause.LOGIN);
        assertThat(hasNewId()).isTrue();
    }

    @Test
    void whatIsNotToBeCarriedOverEndsAtTheLoginAndWhatIsMadeAfterItStays() throws Exception {
        node.run(
                browser,
                () -> {
                    assertThat(draft.text()).isEqualTo("of nobody");
                    logins.give("Ada");
                    assertThat(Draft.ended).isOne();
                    assertThat(draft.text()).isEmpty();
                    draft.write("of Ada");
                });

        assertThat(node.request(browser, draft::text)).isEqualTo("of Ada");
        assertThat(Draft.ended).isOne();
    }

    @Test
    void aLoginThatFailsEndsNothing() throws Exception {
        node.request(browser, () -> logins.give(false));

        assertThat(node.request(browser, draft::text)).isEqualTo("of nobody");
        assertThat(Draft.ended).isZero();
    }

    @Test
    void withoutASessionNothingHappensAndOneThatBeginsLaterIsNew() throws Exception {
        CookieJar stranger = new CookieJar();
        StoreCalls calls = StoreCalls.of(store);
        node.request(stranger, () -> logins.give("Ada"));
        assertThat(calls.take()).isEmpty();
        assertThat(stranger.id()).isEmpty();

        node.run(
                stranger,
                () -> {
                    logins.give("Ada");
                    visitor.become("Ada");
                });
        assertThat(node.request(stranger, visitor::name)).isEqualTo("Ada");
        assertThat(witness.rotations()).isEmpty();
    }

    // ---- where it stands

    static Stream<Arguments> beansWithTheAnnotation() {
        return Stream.of(
                arguments(AllLogins.class),
                arguments(InheritedLogins.class),
                arguments(StereotypedLogins.class),
                arguments(BoundLogins.class));
    }

    @ParameterizedTest
    @MethodSource("beansWithTheAnnotation")
    void onAClassItCountsForEachOfItsMethodsWhereverItComesFrom(Class<? extends Plain> type)
            throws Exception {
        Plain bean = node.bean(type);
        node.run(browser, () -> bean.logIn(false));
        assertThat(hasNewId()).isFalse();

        node.run(browser, () -> bean.logIn(true));
        assertThat(hasNewId()).isTrue();
    }

    @Test
    void aMethodWithoutTheAnnotationChangesNothing() throws Exception {
        node.run(browser, logins::lookAround);

        assertThat(hasNewId()).isFalse();
    }

    @Test
    void aBeanOfTheSessionMayHaveItAndAWarningSaysWhatThatMeans() throws Exception {
        node.close();
        try (LoggedMessages log = LoggedMessages.record();
                TestNode other =
                        TestNode.on(store, clock)
                                .containerId("other")
                                .beans(Member.class)
                                .start()) {
            assertThat(log.warnings())
                    .singleElement(STRING)
                    .contains("MSS-54", "$Member ", "@RotateSessionId", "same archive name");

            Member member = other.bean(Member.class);
            CookieJar jar = new CookieJar();
            other.run(jar, member::logIn);
            SessionId first = jar.id().orElseThrow();
            other.run(jar, member::logIn);
            assertThat(jar.id().orElseThrow()).isNotEqualTo(first);
            assertThat(other.request(jar, member::logins)).isEqualTo(2);
        }
    }

    // ---- where it cannot be

    @Test
    void aLoginIsRefusedBeforeItHappensIfTheAnswerIsOnItsWay() throws Exception {
        node.run(
                browser,
                () -> {
                    request().answerCommitted(() -> true);
                    assertThatThrownBy(() -> logins.become("Ada"))
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("before the answer is flushed");
                    assertThatThrownBy(() -> logins.giveLater(CompletableFuture.completedFuture(1)))
                            .isInstanceOf(IllegalStateException.class);
                });

        assertThat(logins.calls()).isZero();
        assertThat(node.request(browser, visitor::name)).isEqualTo("nobody");
        assertThat(hasNewId()).isFalse();
    }

    @Test
    void aLoginInAMessageIsRefusedBeforeItHappens() {
        UnitOfWork message = node.sessions().beginWithoutAnswer(List.of(planted));
        try (CurrentUnitOfWork.Binding binding = node.sessions().current().bind(message)) {
            assertThatThrownBy(() -> logins.become("Ada"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("HTTP request");
        }
        assertThat(logins.calls()).isZero();
    }

    @Test
    void aLoginOnAThreadWithoutARequestIsRefusedBeforeItHappens() {
        assertThatThrownBy(() -> logins.become("Ada"))
                .isInstanceOf(ContextNotActiveException.class)
                .hasMessageContaining("MemcachedSession.capture");
        assertThat(logins.calls()).isZero();
    }

    @Test
    void aLoginThatSendsTheAnswerItselfHasNothingStoredUnderTheOldId() throws Exception {
        node.run(
                browser,
                () ->
                        logins.run(
                                () -> {
                                    visitor.become("Ada");
                                    request().saveIfUsed(); // as a flush does
                                    request().answerCommitted(() -> true);
                                }));

        assertThat(nameUnder(planted)).isEqualTo("none");
        assertThat(node.request(browser, visitor::name)).isEqualTo("Ada");
    }

    @Test
    void aLoginWhoseAnswerHasLeftUnseenIsToldSoAndNothingMoreIsStored() throws Exception {
        node.run(
                browser,
                () -> {
                    assertThatThrownBy(
                                    () -> logins.run(() -> request().answerCommitted(() -> true)))
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("before the answer is flushed");
                    visitor.become("Ada");
                });

        assertThat(hasNewId()).isFalse();
        assertThat(nameUnder(planted)).isEqualTo("nobody");
    }

    // ---- stages

    @Test
    void whatDependsOnTheStageRunsAfterTheLoginHasCounted() throws Exception {
        int endedBeforeDependent =
                node.request(
                        browser,
                        () -> {
                            draft.text();
                            CompletableFuture<Object> login = new CompletableFuture<>();
                            CompletionStage<Integer> dependent =
                                    logins.giveLater(login).thenApply(user -> Draft.ended);
                            onAnotherThread(() -> login.complete("Ada"));
                            return dependent.toCompletableFuture().getNow(0);
                        });

        assertThat(endedBeforeDependent).isOne();
    }

    @Test
    void theLoginCountsForTheRequestThatHasCalledItWhateverTheThreadServesThen() throws Exception {
        CookieJar other = new CookieJar();
        node.run(other, () -> visitor.become("somebody else"));
        SessionId ofOther = other.id().orElseThrow();
        node.run(
                browser,
                () -> {
                    CompletableFuture<Object> login = new CompletableFuture<>();
                    logins.giveLater(login);
                    run(() -> node.request(other, () -> login.complete("Ada")));
                });

        assertThat(hasNewId()).isTrue();
        assertThat(other.id()).contains(ofOther);
    }

    private static <T> void run(Callable<T> task) {
        try {
            task.call();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aStageOfAClassOfItsOwnIsGivenAsItIsAndCountsToo() throws Exception {
        OwnFuture own = new OwnFuture();
        node.run(
                browser,
                () -> {
                    assertThat(logins.giveOwn(own)).isSameAs(own);
                    own.complete("Ada");
                });

        assertThat(hasNewId()).isTrue();
    }

    @Test
    void aStageThatNobodyCanCompleteCountsToo() throws Exception {
        Object given =
                node.request(
                        browser,
                        () -> {
                            CompletableFuture<Object> login = new CompletableFuture<>();
                            CompletionStage<Object> stage =
                                    logins.giveStage(login.minimalCompletionStage());
                            login.complete("Ada");
                            return stage.toCompletableFuture().getNow("not complete");
                        });

        assertThat(given).isEqualTo("Ada");
        assertThat(hasNewId()).isTrue();
    }

    @Test
    void aFutureKeepsItsKind() throws Exception {
        node.run(
                browser,
                () -> {
                    CompletableFuture<Object> kind =
                            new CompletableFuture<>() {
                                @Override
                                public <U> CompletableFuture<U> newIncompleteFuture() {
                                    return new KindFuture<>();
                                }
                            };
                    assertThat(logins.giveLater(kind)).isInstanceOf(KindFuture.class);
                });
    }

    private static final class KindFuture<T> extends CompletableFuture<T> {}

    @Test
    void whatAStageHasChangedIsNotStoredUnderTheOldIdIfTheAnswerLeavesBeforeItIsComplete()
            throws Exception {
        CompletableFuture<Object> login = new CompletableFuture<>();
        node.run(
                browser,
                () -> {
                    logins.giveLater(login);
                    visitor.become("Ada");
                    request().save();
                    request().answerCommitted(() -> true);
                    login.complete("Ada");
                });

        assertThat(nameUnder(planted)).isEqualTo("none");
        assertThat(node.request(browser, visitor::name)).isEqualTo("Ada");
        assertThat(witness.rotations()).hasSize(1);
    }

    @Test
    void aStageThatCompletesTooLateIsAnErrorInTheLogAndNothingMoreIsStored() throws Exception {
        try (LoggedMessages log = LoggedMessages.record()) {
            String given =
                    node.request(
                            browser,
                            () -> {
                                CompletableFuture<Object> login = new CompletableFuture<>();
                                CompletionStage<Object> stage = logins.giveLater(login);
                                request().answerCommitted(() -> true);
                                login.complete("Ada");
                                visitor.become("Ada");
                                return (String) stage.toCompletableFuture().getNow("not complete");
                            });

            assertThat(given).isEqualTo("Ada");
            assertThat(log.warnings())
                    .singleElement(STRING)
                    .contains(
                            "Logins.giveLater",
                            "the session keeps its id",
                            "before the answer leaves");
        }
        assertThat(hasNewId()).isFalse();
        assertThat(nameUnder(planted)).isEqualTo("nobody");
    }

    @Test
    void aStageThatCompletesAfterTheRequestIsAnErrorInTheLog() throws Exception {
        CompletableFuture<Object> login = new CompletableFuture<>();
        UnitOfWork unsaved = node.sessions().begin(List.of(planted));
        try (CurrentUnitOfWork.Binding binding = node.sessions().current().bind(unsaved)) {
            logins.giveLater(login);
        }
        unsaved.close();
        try (LoggedMessages log = LoggedMessages.record()) {
            login.complete("Ada");
            assertThat(log.warnings())
                    .singleElement(STRING)
                    .contains("Logins.giveLater", "request already finished");
        }
        assertThat(nameUnder(planted)).isEqualTo("nobody");
    }

    // ---- transactions

    @Test
    void withinATransactionTheIdChangesWithTheCommit() throws Exception {
        try (TestTransactions transactions = TestTransactions.open()) {
            node.run(
                    browser,
                    () -> {
                        draft.text();
                        transactions.begin();
                        logins.give("Ada");
                        assertThat(Draft.ended).isZero();
                        transactions.commit();
                        assertThat(Draft.ended).isOne();
                    });
        }
        assertThat(hasNewId()).isTrue();
    }

    @Test
    void aLoginWhoseTransactionIsRolledBackLeavesTheId() throws Exception {
        try (TestTransactions transactions = TestTransactions.open()) {
            node.run(
                    browser,
                    () -> {
                        transactions.begin();
                        logins.give("Ada");
                        transactions.rollBack();
                    });
        }
        assertThat(hasNewId()).isFalse();
        assertThat(node.request(browser, draft::text)).isEqualTo("of nobody");
    }

    @Test
    void aTransactionalLoginThatIsCommittedGivesANewId() throws Exception {
        try (TestTransactions transactions = TestTransactions.open()) {
            node.run(browser, () -> node.bean(TransactionalLogins.class).logIn(() -> {}));
        }
        assertThat(hasNewId()).isTrue();
    }

    @Test
    void aTransactionalLoginThatIsMarkedForRollbackLeavesTheIdAlthoughNothingIsThrown()
            throws Exception {
        try (TestTransactions transactions = TestTransactions.open()) {
            node.run(
                    browser,
                    () ->
                            node.bean(TransactionalLogins.class)
                                    .logIn(transactions::setRollbackOnly));
        }
        assertThat(hasNewId()).isFalse();
    }

    @Test
    void aTransactionThatIsMarkedForRollbackAfterTheLoginLeavesTheId() throws Exception {
        try (TestTransactions transactions = TestTransactions.open()) {
            node.run(
                    browser,
                    () -> {
                        transactions.begin();
                        logins.give("Ada");
                        transactions.setRollbackOnly();
                        transactions.commit();
                    });
        }
        assertThat(hasNewId()).isFalse();
    }

    @Test
    void ofALoginWhoseAnswerLeavesWithinItsTransactionNothingIsStoredUnderTheOldId()
            throws Exception {
        try (TestTransactions transactions = TestTransactions.open();
                LoggedMessages log = LoggedMessages.record()) {
            node.run(
                    browser,
                    () -> {
                        transactions.begin();
                        logins.become("Ada");
                        request().save();
                        request().answerCommitted(() -> true);
                        transactions.commit();
                    });
            assertThat(log.warnings()).isEmpty();
        }
        assertThat(nameUnder(planted)).isEqualTo("none");
        assertThat(node.request(browser, visitor::name)).isEqualTo("Ada");
        assertThat(witness.rotations()).hasSize(1);
    }

    @Test
    void aCommitThatComesTooLateIsAnErrorInTheLogAndTheTransactionGoesOn() throws Exception {
        try (TestTransactions transactions = TestTransactions.open();
                LoggedMessages log = LoggedMessages.record()) {
            node.run(
                    browser,
                    () -> {
                        transactions.begin();
                        logins.give("Ada");
                        request().answerCommitted(() -> true);
                        transactions.commit();
                    });
            assertThat(log.warnings()).singleElement(STRING).contains("Logins.give");
        }
        assertThat(hasNewId()).isFalse();
    }

    @Test
    void aStageCountsWhenItIsCompleteAndItsTransactionIsCommittedWhicheverComesLast()
            throws Exception {
        try (TestTransactions transactions = TestTransactions.open()) {
            node.run(
                    browser,
                    () -> {
                        draft.text();
                        CompletableFuture<Object> login = new CompletableFuture<>();
                        transactions.begin();
                        logins.giveLater(login);
                        login.complete("Ada");
                        assertThat(Draft.ended).isZero();
                        transactions.commit();
                        assertThat(Draft.ended).isOne();
                    });
            planted = browser.id().orElseThrow();
            node.run(browser, () -> draft.write("of nobody again"));
            node.run(
                    browser,
                    () -> {
                        draft.text();
                        CompletableFuture<Object> login = new CompletableFuture<>();
                        transactions.begin();
                        logins.giveLater(login);
                        transactions.commit();
                        assertThat(Draft.ended).isOne();
                        login.complete("Ada");
                        assertThat(Draft.ended).isEqualTo(2);
                    });
        }
        assertThat(hasNewId()).isTrue();
    }

    @Test
    void aStageWhoseTransactionIsRolledBackLeavesTheId() throws Exception {
        try (TestTransactions transactions = TestTransactions.open()) {
            node.run(
                    browser,
                    () -> {
                        CompletableFuture<Object> login = new CompletableFuture<>();
                        transactions.begin();
                        logins.giveLater(login);
                        transactions.rollBack();
                        login.complete("Ada");
                    });
        }
        assertThat(hasNewId()).isFalse();
    }

    @Test
    void whereNoTransactionIsUnderWayTheLoginCountsAtOnce() throws Exception {
        try (TestTransactions transactions = TestTransactions.open()) {
            assertThat(transactions.getRollbackOnly()).isFalse();
            node.run(
                    browser,
                    () -> {
                        draft.text();
                        logins.give("Ada");
                        assertThat(Draft.ended).isOne();
                    });
        }
    }

    // ---- beans

    @MemcachedSessionScoped
    static class Visitor implements Serializable {
        private static final long serialVersionUID = 1L;
        private String name = "nobody";

        void become(String user) {
            name = user;
        }

        String name() {
            return name;
        }
    }

    @DropOnLogin
    @MemcachedSessionScoped
    static class Draft implements Serializable {
        private static final long serialVersionUID = 1L;
        private static int ended;
        private String text = "";

        void write(String newText) {
            text = newText;
        }

        String text() {
            return text;
        }

        @PreDestroy
        void end() {
            ended++;
        }
    }

    static class OwnFuture extends CompletableFuture<Object> {}

    @ApplicationScoped
    static class Logins {

        @Inject Visitor visitor;
        private int calls;

        @RotateSessionId
        Object give(Object result) {
            return result;
        }

        @RotateSessionId
        CompletionStage<Object> giveLater(CompletableFuture<Object> result) {
            return result;
        }

        @RotateSessionId
        CompletionStage<Object> giveStage(CompletionStage<Object> result) {
            return result;
        }

        @RotateSessionId
        OwnFuture giveOwn(OwnFuture result) {
            return result;
        }

        @RotateSessionId
        void nothing() {}

        @RotateSessionId
        Void nothingAsObject() {
            return null;
        }

        @RotateSessionId
        CompletionStage<Void> nothingLater() {
            return CompletableFuture.completedStage(null);
        }

        @RotateSessionId
        CompletableFuture<Void> nothingInFuture() {
            return CompletableFuture.completedFuture(null);
        }

        @RotateSessionId
        void fail(Throwable failure) throws Exception {
            if (failure instanceof Error error) {
                throw error;
            }
            throw (Exception) failure;
        }

        int calls() {
            return calls;
        }

        @RotateSessionId
        void become(String user) {
            calls++;
            visitor.become(user);
        }

        @RotateSessionId
        void run(Runnable login) {
            login.run();
        }

        void lookAround() {}
    }

    @ApplicationScoped
    static class TransactionalLogins {

        @Transactional
        @RotateSessionId
        void logIn(Runnable within) {
            within.run();
        }
    }

    static class AnyLogins<T, R> {

        @RotateSessionId
        R ofAnyKind(T credentials) {
            return null;
        }

        @RotateSessionId
        CompletionStage<R> ofAnyKindLater(T credentials) {
            return CompletableFuture.completedStage(null);
        }
    }

    interface Entrance<T> {
        void enter(T credentials);

        @RotateSessionId
        default void enterByDefault(T credentials) {}
    }

    @ApplicationScoped
    static class FamilyLogins extends AnyLogins<String, Void> implements Entrance<String> {

        @Override
        @RotateSessionId
        public void enter(String credentials) {}
    }

    static class Plain {
        boolean logIn(boolean success) {
            return success;
        }
    }

    @RotateSessionId
    @ApplicationScoped
    static class AllLogins extends Plain {}

    @RotateSessionId
    static class AnnotatedBase extends Plain {}

    @ApplicationScoped
    static class InheritedLogins extends AnnotatedBase {}

    @Stereotype
    @RotateSessionId
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.TYPE)
    @interface Gate {}

    @Gate
    @ApplicationScoped
    static class StereotypedLogins extends Plain {}

    @InterceptorBinding
    @RotateSessionId
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.TYPE)
    @interface Door {}

    @Door
    @ApplicationScoped
    static class BoundLogins extends Plain {}

    @MemcachedSessionScoped
    static class Member implements Serializable {
        private static final long serialVersionUID = 1L;
        private int logins;

        @RotateSessionId
        void logIn() {
            logins++;
        }

        int logins() {
            return logins;
        }
    }

    @ApplicationScoped
    static class Witness {
        private final List<SessionRotated> rotations = new ArrayList<>();

        List<SessionRotated> rotations() {
            return rotations;
        }

        void rotated(@Observes SessionRotated event) {
            rotations.add(event);
        }
    }
}
