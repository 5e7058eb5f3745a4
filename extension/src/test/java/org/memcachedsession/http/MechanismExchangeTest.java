package org.memcachedsession.http;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.security.enterprise.AuthenticationException;
import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.memcachedsession.SessionStoreException;
import org.memcachedsession.http.MechanismExchange.Mechanism;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.store.InMemorySessionStore.Calls;
import org.memcachedsession.store.InMemorySessionStore.Operation;

/** A mechanism before every filter: what it keeps in beans is there whatever it answers. */
class MechanismExchangeTest extends ServletTest {

    @BeforeEach
    void pages() {
        site.page("/", (request, response) -> response.getWriter().print(site.counter("a").add()));
        site.page(
                "/form",
                (request, response) -> response.getWriter().print(site.counter("b").add()));
    }

    /** Does what a container does before the filters. */
    private void authenticate(boolean isProtected, Mechanism mechanism) {
        site.outerFilter(
                (request, response, chain) -> {
                    if (request.getDispatcherType() != DispatcherType.REQUEST) {
                        chain.doFilter(request, response);
                        return;
                    }
                    ContainerMessage message = new ContainerMessage(request, response, isProtected);
                    AuthenticationStatus status = run(request, response, message, mechanism);
                    if (status == AuthenticationStatus.SUCCESS
                            || (status == AuthenticationStatus.NOT_DONE && !isProtected)) {
                        chain.doFilter(message.getRequest(), message.getResponse());
                    }
                });
    }

    private static AuthenticationStatus run(
            HttpServletRequest request,
            HttpServletResponse response,
            ContainerMessage message,
            Mechanism mechanism)
            throws IOException {
        try {
            return MechanismExchange.run(request, response, message, mechanism);
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            response.setStatus(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
            return AuthenticationStatus.SEND_FAILURE;
        }
    }

    private static List<String> cookies(HttpResponse<?> answer) {
        return answer.headers().allValues("Set-Cookie").stream()
                .filter(cookie -> cookie.startsWith("sid="))
                .toList();
    }

    private static Arguments way(String name, int status, Mechanism rest) {
        return Arguments.of(name, status, rest);
    }

    static Stream<Arguments> ways() {
        return Stream.of(
                way("redirect", 302, (rq, rs, message) -> message.redirect("/elsewhere")),
                way(
                        "redirect by the answer",
                        302,
                        (request, response, message) -> {
                            response.sendRedirect("/elsewhere");
                            return AuthenticationStatus.SEND_CONTINUE;
                        }),
                way(
                        "redirect by the answer of the message",
                        302,
                        (request, response, message) -> {
                            message.getResponse().sendRedirect("/elsewhere");
                            return AuthenticationStatus.SEND_CONTINUE;
                        }),
                way("forward", 200, (rq, rs, message) -> message.forward("/form")),
                way("unauthorized", 401, (rq, rs, message) -> message.responseUnauthorized()),
                way("not found", 404, (rq, rs, message) -> message.responseNotFound()),
                way(
                        "written",
                        200,
                        (request, response, message) -> {
                            response.getWriter().print("a".repeat(100_000));
                            return AuthenticationStatus.SEND_CONTINUE;
                        }),
                way("nothing", 200, (rq, rs, message) -> AuthenticationStatus.SEND_FAILURE),
                way("not done", 200, (rq, rs, message) -> message.doNothing()),
                way(
                        "exception",
                        500,
                        (request, response, message) -> {
                            throw new AuthenticationException("on purpose");
                        }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ways")
    void whateverItAnswersItsBeansAreSavedAndTheCookieIsThere(
            String name, int status, Mechanism rest) throws Exception {
        authenticate(
                true,
                (request, response, message) -> {
                    site.counter("a").add();
                    return rest.validate(request, response, message);
                });

        HttpResponse<String> first = browser.get("/");
        HttpResponse<String> second = browser.get("/");
        site.outerFilter((request, response, chain) -> chain.doFilter(request, response));

        assertThat(first.statusCode()).isEqualTo(status);
        assertThat(cookies(first)).hasSize(1);
        assertThat(cookies(second)).isEmpty();
        assertThat(browser.get("/").body()).isEqualTo("3");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ways")
    void withoutASessionNothingIsAskedAndNoCookieIsGiven(String name, int status, Mechanism rest)
            throws Exception {
        if (name.equals("forward")) {
            site.page("/form", (request, response) -> response.getWriter().print("form"));
        }
        authenticate(true, rest);

        HttpResponse<String> answer = browser.get("/");

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(cookies(answer)).isEmpty();
        assertThat(site.calls()).isEmpty();
    }

    @Test
    void whatALoginPageChangesIsSavedWithWhatTheMechanismChanged() throws Exception {
        authenticate(
                true,
                (request, response, message) -> {
                    site.counter("b").add();
                    return message.forward("/form");
                });

        assertThat(browser.get("/").body()).isEqualTo("2");
        site.settle();
        assertThat(site.calls()).containsExactly(Operation.CREATE);
    }

    @Test
    void aRequestThatGoesOnIsOneUnitOfWorkSavedOnce() throws Exception {
        authenticate(
                false,
                (request, response, message) -> {
                    site.counter("a").add();
                    return message.notifyContainerAboutLogin("ada", Set.of());
                });

        HttpResponse<String> answer = browser.get("/");

        assertThat(answer.body()).isEqualTo("2");
        assertThat(cookies(answer)).hasSize(1);
        site.settle();
        assertThat(site.calls()).containsExactly(Operation.CREATE);
        assertThat(site.units()).hasSize(1);
    }

    @Test
    void aPublicPageOfNobodyIsSavedOnceToo() throws Exception {
        authenticate(
                false,
                (request, response, message) -> {
                    site.counter("a").add();
                    return message.doNothing();
                });

        assertThat(browser.get("/").body()).isEqualTo("2");
        site.settle();
        assertThat(site.calls()).containsExactly(Operation.CREATE);
    }

    @Test
    void aRequestThatTheMechanismPutsInItsPlaceGoesOnAndIsSavedOnce() throws Exception {
        site.page(
                "/",
                (request, response) ->
                        response.getWriter()
                                .print(request.getHeader("Saved") + site.counter("a").add()));
        authenticate(
                true,
                (request, response, message) ->
                        message.withRequest(
                                        new HttpServletRequestWrapper(message.getRequest()) {
                                            @Override
                                            public String getHeader(String name) {
                                                return name.equals("Saved")
                                                        ? "saved "
                                                        : super.getHeader(name);
                                            }
                                        })
                                .notifyContainerAboutLogin("ada", Set.of()));

        HttpResponse<String> answer = browser.get("/");

        assertThat(answer.body()).isEqualTo("saved 1");
        assertThat(cookies(answer)).hasSize(1);
        site.settle();
        assertThat(site.calls()).containsExactly(Operation.CREATE);
    }

    @Test
    void theMechanismSeesWhatItHasPutInTheirPlace() throws Exception {
        authenticate(
                true,
                (request, response, message) -> {
                    assertThat(message.getRequest()).isSameAs(request);
                    assertThat(message.getResponse()).isSameAs(response);
                    HttpServletRequest other = new HttpServletRequestWrapper(request);
                    assertThat(message.withRequest(other)).isSameAs(message);
                    assertThat(message.getRequest()).isSameAs(other);
                    site.log("seen");
                    return message.redirect("/elsewhere");
                });

        assertThat(browser.get("/").statusCode()).isEqualTo(302);
        assertThat(site.log()).contains("seen");
    }

    @Test
    void whenMemcachedDoesNotAnswerTheAnswerIs503() throws Exception {
        browser.get("/");
        site.observe(
                new Calls() {
                    @Override
                    public void before(Operation operation, ItemKey key) {
                        throw new SessionStoreException("no answer");
                    }
                });
        authenticate(
                true,
                (request, response, message) -> {
                    site.counter("a").add();
                    return message.redirect("/elsewhere");
                });

        HttpResponse<String> answer = browser.get("/");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void aMechanismThatTheApplicationCallsIsSavedBeforeItRedirects() throws Exception {
        site.page(
                "/log-in",
                (request, response) -> {
                    HttpServletRequest plain =
                            (HttpServletRequest) ((HttpServletRequestWrapper) request).getRequest();
                    HttpServletResponse plainResponse = site.plainResponse();
                    site.counter("a").add();
                    AuthenticationStatus status =
                            run(
                                    plain,
                                    plainResponse,
                                    new ContainerMessage(plain, plainResponse, true),
                                    (rq, rs, message) -> message.redirect("/elsewhere"));
                    site.log(status + " " + response.isCommitted());
                });

        HttpResponse<String> answer = browser.get("/log-in");

        assertThat(answer.statusCode()).isEqualTo(302);
        assertThat(cookies(answer)).hasSize(1);
        site.settle();
        assertThat(site.log()).containsSubsequence("CREATE", "SEND_CONTINUE true");
        assertThat(browser.get("/").body()).isEqualTo("2");
    }
}
