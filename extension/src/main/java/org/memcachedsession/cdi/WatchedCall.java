package org.memcachedsession.cdi;

import jakarta.interceptor.InvocationContext;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A call of a method whose consequence follows once it is certain how the call has ended. */
final class WatchedCall {

    private static final Logger LOG = System.getLogger(WatchedCall.class.getName());

    private final Method method;
    private final Consequence consequence;
    private final Optional<CallTransaction> transaction = CallTransaction.ofThisThread();

    private WatchedCall(Method method, Consequence consequence) {
        this.method = method;
        this.consequence = consequence;
    }

    /**
     * Runs the intercepted method, and gives what it has returned, or in place of a stage one that completes
     * after the consequence.
     */
    static Object proceed(InvocationContext invocation, Consequence consequence) throws Exception {
        Object result;
        try {
            result = invocation.proceed();
        } catch (Throwable e) {
            consequence.failed();
            throw e;
        }
        WatchedCall call = new WatchedCall(invocation.getMethod(), consequence);
        if (result instanceof CompletionStage<?> stage) {
            return call.watch(stage);
        }
        call.returned(Success.is(result, call.method.getGenericReturnType()));
        return result;
    }

    private void returned(boolean successfully) {
        if (successfully && transaction.isEmpty()) {
            consequence.succeeded(); // the caller hears what it throws
        } else {
            ended(successfully);
        }
    }

    private void ended(boolean successfully) {
        if (successfully && transaction.isPresent()) {
            transaction.get().whenOver(this::tell);
        } else {
            tell(successfully);
        }
    }

    private void tell(boolean success) {
        if (!success) {
            consequence.failed();
            return;
        }
        try {
            consequence.succeeded();
        } catch (IllegalStateException tooLate) {
            LOG.log(
                    Level.ERROR,
                    "{0}.{1} has succeeded too late: {2}. {3}. Let its CompletionStage complete, and its"
                            + " transaction end, before the answer leaves",
                    method.getDeclaringClass().getName(),
                    method.getName(),
                    consequence.whenTooLate(),
                    tooLate.getMessage());
        }
    }

    private <T> CompletionStage<T> watch(CompletionStage<T> stage) {
        Type valueType = Success.ofStage(method.getGenericReturnType());
        CompletableFuture<T> after = beside(stage);
        stage.whenComplete(
                (value, failure) -> {
                    try {
                        ended(failure == null && Success.is(value, valueType));
                    } catch (RuntimeException | Error e) {
                        LOG.log(Level.ERROR, "What follows " + method + " has failed", e);
                        after.completeExceptionally(e);
                    }
                    if (failure == null) {
                        after.complete(value);
                    } else {
                        after.completeExceptionally(failure);
                    }
                });
        // a method may declare a class of its own, which ours is not
        return method.getReturnType().isInstance(after) ? after : stage;
    }

    /** Of the stage's own kind, with its executor and context, unless it is one that nobody can complete. */
    private static <T> CompletableFuture<T> beside(CompletionStage<T> stage) {
        return stage instanceof CompletableFuture<T> future
                        && future.toCompletableFuture() == future
                ? future.newIncompleteFuture()
                : new CompletableFuture<>();
    }
}
