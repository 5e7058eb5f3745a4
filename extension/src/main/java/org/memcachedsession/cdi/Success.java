package org.memcachedsession.cdi;

import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.ws.rs.core.Response;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Whether a method has done what it was called for, as far as its result tells. */
final class Success {

    private static final boolean SERVER_HAS_SECURITY =
            ServerApi.has("jakarta.security.enterprise.AuthenticationStatus");
    private static final boolean SERVER_HAS_REST = ServerApi.has("jakarta.ws.rs.core.Response");

    private Success() {}

    /**
     * @param declared the type of the result
     */
    static boolean is(Object result, Type declared) {
        if (result == null) {
            return declared == void.class || declared == Void.class || isLeftOpen(declared);
        }
        return !Boolean.FALSE.equals(result)
                && !(result instanceof Optional<?> optional && optional.isEmpty())
                && !(SERVER_HAS_SECURITY && Security.isFailure(result))
                && !(SERVER_HAS_REST && Rest.isFailure(result));
    }

    /** It may be {@code Void}, and an id too many harms nobody. */
    private static boolean isLeftOpen(Type declared) {
        return declared instanceof TypeVariable<?> || declared instanceof WildcardType;
    }

    /** What a {@code CompletionStage} completes with, as far as its declaration tells. */
    static Type ofStage(Type declared) {
        return declared instanceof ParameterizedType stage
                        && stage.getRawType() instanceof Class<?> raw
                        && CompletionStage.class.isAssignableFrom(raw)
                        && stage.getActualTypeArguments().length == 1
                ? stage.getActualTypeArguments()[0]
                : Object.class;
    }

    /** Linked only where the server has the classes. */
    private static final class Security {
        static boolean isFailure(Object result) {
            if (result instanceof AuthenticationStatus status) {
                return status != AuthenticationStatus.SUCCESS;
            }
            return result instanceof CredentialValidationResult validation
                    && validation.getStatus() != CredentialValidationResult.Status.VALID;
        }
    }

    /** As above. */
    private static final class Rest {
        private static final int FIRST_FAILURE = 400;

        static boolean isFailure(Object result) {
            return result instanceof Response response && response.getStatus() >= FIRST_FAILURE;
        }
    }
}
