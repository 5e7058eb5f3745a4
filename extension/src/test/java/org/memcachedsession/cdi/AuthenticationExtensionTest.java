package org.memcachedsession.cdi;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.security.enterprise.authentication.mechanism.http.HttpAuthenticationMechanism;
import jakarta.security.enterprise.authentication.mechanism.http.HttpMessageContext;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memcachedsession.LoggedMessages;
import org.memcachedsession.SessionSettings;
import org.memcachedsession.http.WebSessions;
import org.memcachedsession.session.SetClock;
import org.memcachedsession.store.InMemorySessionStore;

/** Around which authentication mechanisms our interceptor comes. */
class AuthenticationExtensionTest {

    private final SetClock clock = new SetClock();
    private final List<String> warnings = new ArrayList<>();
    private final LoggedMessages logged = LoggedMessages.record(warnings::add);
    private final Map<String, Object> attributes = new HashMap<>();
    private final Map<String, Object> contextAttributes = new HashMap<>();

    private final ServletContext context =
            stub(
                    ServletContext.class,
                    (proxy, method, arguments) -> {
                        switch (method.getName()) {
                            case "setAttribute" ->
                                    contextAttributes.put((String) arguments[0], arguments[1]);
                            case "getAttribute" -> {
                                return contextAttributes.get((String) arguments[0]);
                            }
                            default -> {}
                        }
                        return null;
                    });

    private final HttpServletRequest request =
            stub(
                    HttpServletRequest.class,
                    (proxy, method, arguments) ->
                            switch (method.getName()) {
                                case "getServletContext" -> context;
                                case "getAttribute" -> attributes.get((String) arguments[0]);
                                case "setAttribute" ->
                                        attributes.put((String) arguments[0], arguments[1]);
                                case "getScheme" -> "http";
                                case "getServerName" -> "localhost";
                                case "getServletPath" -> "/";
                                case "isAsyncStarted" -> false;
                                default -> null;
                            });

    private final HttpServletResponse response =
            stub(
                    HttpServletResponse.class,
                    (proxy, method, arguments) ->
                            method.getReturnType() == boolean.class ? false : null);

    private final HttpMessageContext message =
            stub(
                    HttpMessageContext.class,
                    (proxy, method, arguments) ->
                            switch (method.getName()) {
                                case "getRequest" -> request;
                                case "getResponse" -> response;
                                case "isProtected" -> true;
                                default -> null;
                            });

    private static <T> T stub(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    @AfterEach
    void stopRecording() {
        logged.close();
    }

    private TestNode node(Class<?> mechanism) {
        return TestNode.on(new InMemorySessionStore(clock, 1_000_000), clock)
                .beans(mechanism)
                .start();
    }

    /** Calls it as a container does. */
    private Seen call(TestNode node, HttpAuthenticationMechanism mechanism) throws Exception {
        WebSessions.install(
                context,
                node.sessions(),
                SessionSettings.builder().servers("127.0.0.1:11211").application("test").build(),
                () -> request);
        Seen.last = null;
        assertThat(mechanism.validateRequest(request, response, message))
                .isEqualTo(AuthenticationStatus.SEND_FAILURE);
        return Seen.last;
    }

    /** What a mechanism was called with. */
    private record Seen(HttpServletRequest request, HttpMessageContext message) {
        private static Seen last;
    }

    private abstract static class Base implements HttpAuthenticationMechanism {
        @Override
        public AuthenticationStatus validateRequest(
                HttpServletRequest request,
                HttpServletResponse response,
                HttpMessageContext message) {
            Seen.last = new Seen(request, message);
            return AuthenticationStatus.SEND_FAILURE;
        }
    }

    @ApplicationScoped
    static class Shared extends Base {}

    @Singleton
    static class Single extends Base {}

    @Dependent
    static class Own extends Base {}

    @Singleton
    static final class Final extends Base {}

    @Singleton
    static class WithFinalMethod extends Base {
        public final String name() {
            return "final";
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {Shared.class, Single.class, Own.class})
    void aMechanismOfAnyScopeIsCalledThroughOurInterceptor(
            Class<? extends HttpAuthenticationMechanism> type) throws Exception {
        try (TestNode node = node(type)) {
            Seen seen = call(node, node.bean(type));

            assertThat(seen.request()).isNotSameAs(request);
            assertThat(seen.message()).isNotSameAs(message);
            assertThat(seen.message().getRequest()).isSameAs(seen.request());
            assertThat(node.sessions().current().get()).isNull();
        }
        assertThat(warnings).isEmpty();
    }

    @Test
    void otherMethodsOfAMechanismAreLeftAlone() throws Exception {
        try (TestNode node = node(Shared.class)) {
            assertThat(node.bean(Shared.class).secureResponse(request, response, message))
                    .isEqualTo(AuthenticationStatus.SUCCESS);
            node.bean(Shared.class).cleanSubject(request, response, message);
        }
    }

    @Singleton
    static class WithoutPlainConstructor extends Base {
        @Inject
        WithoutPlainConstructor(BeanManager beanManager) {
            assertThat(beanManager).isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {Final.class, WithFinalMethod.class, WithoutPlainConstructor.class})
    void oneThatCannotBeInterceptedWorksAndAWarningSaysWhatIsMissing(
            Class<? extends HttpAuthenticationMechanism> type) throws Exception {
        try (TestNode node = node(type)) {
            Seen seen = call(node, node.bean(type));

            assertThat(seen.request()).isSameAs(request);
        }
        assertThat(warnings)
                .singleElement()
                .asString()
                .contains(type.getName(), "gets no cookie", "constructor without parameters");
    }
}
