package org.memcachedsession.http;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.net.http.HttpResponse;
import java.security.Principal;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memcachedsession.session.SessionId;
import org.memcachedsession.session.UnitOfWork;

/** Users log in and out, by the container's own means: on whatever object, it is noticed. */
class UsersTest extends ServletTest {

    @BeforeEach
    void pages() {
        site.page(
                "/add", (request, response) -> response.getWriter().print(site.counter("a").add()));
        site.page(
                "/closed/add",
                (request, response) -> response.getWriter().print(site.counter("a").add()));
        site.page("/look", (request, response) -> response.getWriter().print(look()));
        site.page("/closed/look", (request, response) -> response.getWriter().print(look()));
        site.page("/begin", (request, response) -> request.getSession());
        site.page("/log-in", (request, response) -> request.login("ada", ServletServer.PASSWORD));
        site.page(
                "/log-in-plain",
                (request, response) -> plain(request).login("ada", ServletServer.PASSWORD));
        site.page("/log-out", (request, response) -> request.logout());
        site.page("/log-out-plain", (request, response) -> plain(request).logout());
    }

    private String look() {
        Counter counter = site.find("a");
        return site.unit().origin() + " " + (counter == null ? "none" : counter.value());
    }

    /** As CDI hands it out. */
    private static HttpServletRequest plain(ServletRequest request) {
        ServletRequest plain = request;
        while (plain instanceof HttpServletRequestWrapper wrapper) {
            plain = wrapper.getRequest();
        }
        return (HttpServletRequest) plain;
    }

    private static List<String> cookies(HttpResponse<?> answer) {
        return answer.headers().allValues("Set-Cookie").stream()
                .filter(cookie -> cookie.startsWith("sid="))
                .toList();
    }

    private String lookWith(String id) throws Exception {
        Browser other = new Browser(site);
        other.put("sid", id);
        return other.get("/look").body();
    }

    // ---- login

    @ParameterizedTest
    @ValueSource(strings = {"/log-in", "/log-in-plain"})
    void aLoginGivesOneNewIdAndTheOldOneIsDead(String path) throws Exception {
        browser.get("/begin");
        browser.get("/add");
        String before = browser.id();

        HttpResponse<String> answer = browser.get(path);

        assertThat(cookies(answer)).hasSize(1);
        assertThat(browser.id()).isNotEqualTo(before);
        assertThat(browser.get("/closed/look").body()).isEqualTo("LOADED 1");
        assertThat(cookies(browser.get("/closed/add"))).isEmpty();
        assertThat(lookWith(before)).isEqualTo("ENDED none");
    }

    @Test
    void aLoginOverAnotherUsersSessionShowsNothingOfItAnyMore() throws Exception {
        browser.getAs("bob", "/closed/add");
        Browser thief = new Browser(site);
        thief.put("sid", browser.id());
        site.page(
                "/look-and-log-in",
                (request, response) -> {
                    response.getWriter().print(look());
                    request.login("ada", ServletServer.PASSWORD);
                    response.getWriter().print(", " + look());
                });

        HttpResponse<String> answer = thief.get("/look-and-log-in");

        assertThat(answer.body()).isEqualTo("LOADED 1, ENDED none");
        assertThat(browser.getAs("bob", "/closed/look").body()).isEqualTo("ENDED none");
    }

    @Test
    void aUserWithoutANameIsOneWhoHasLoggedIn() throws Exception {
        browser.get("/add");
        String before = browser.id();

        browser.getAs(ServletServer.NAMELESS, "/closed/look");

        assertThat(browser.id()).isNotEqualTo(before);
        assertThat(lookWith(before)).isEqualTo("ENDED none");
    }

    @Test
    void credentialsThatComeWithEveryRequestGiveOneNewId() throws Exception {
        browser.get("/begin");
        browser.get("/add");

        assertThat(cookies(browser.getAs("ada", "/closed/look"))).hasSize(1);
        for (int i = 0; i < 3; i++) {
            assertThat(cookies(browser.getAs("ada", "/closed/add"))).isEmpty();
        }
    }

    // ---- the container's session gets another id

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anIdThatTheApplicationHasChangedGivesOneNewId(boolean wrapped) throws Exception {
        site.page(
                "/change",
                (request, response) -> (wrapped ? request : plain(request)).changeSessionId());
        browser.get("/begin");
        browser.get("/add");
        String before = browser.id();

        HttpResponse<String> answer = browser.get("/change");

        assertThat(cookies(answer)).hasSize(1);
        assertThat(browser.id()).isNotEqualTo(before);
        assertThat(browser.get("/look").body()).isEqualTo("LOADED 1");
        assertThat(lookWith(before)).isEqualTo("ENDED none");
    }

    @Test
    void anIdThatChangesBeforeOurFilterIsNothingWithoutALogin() throws Exception {
        browser.get("/begin");
        browser.get("/add");
        site.outerFilter(
                (request, response, chain) -> {
                    request.changeSessionId();
                    chain.doFilter(request, response);
                });

        assertThat(cookies(browser.get("/look"))).isEmpty();
    }

    @Test
    void anIdThatChangesBeforeOurFilterIsFollowedForAUserWhoLogsInAgain() throws Exception {
        browser.get("/begin");
        browser.get("/add");
        browser.get("/log-in");
        String before = browser.id();
        site.outerFilter(
                (request, response, chain) -> {
                    request.changeSessionId();
                    chain.doFilter(request, response);
                });

        assertThat(cookies(browser.get("/look"))).hasSize(1);
        site.outerFilter((request, response, chain) -> chain.doFilter(request, response));
        assertThat(lookWith(before)).isEqualTo("ENDED none");
    }

    @Test
    void anIdThatChangesForCredentialsThatComeWithEveryRequestIsNothing() throws Exception {
        browser.get("/begin");
        browser.get("/add");
        browser.getAs("ada", "/closed/look");
        site.outerFilter(
                (request, response, chain) -> {
                    request.changeSessionId();
                    chain.doFilter(request, response);
                });

        assertThat(cookies(browser.getAs("ada", "/closed/look"))).isEmpty();
    }

    @Test
    void norIsOneThatChangesForACertificateOfTheClient() throws Exception {
        browser.get("/begin");
        browser.get("/add");
        browser.get("/log-in");
        site.outerFilter(
                (request, response, chain) -> {
                    request.setAttribute(
                            "jakarta.servlet.request.X509Certificate", new X509Certificate[0]);
                    request.changeSessionId();
                    chain.doFilter(request, response);
                });

        assertThat(cookies(browser.get("/look"))).isEmpty();
    }

    @Test
    void anIdThatChangesWhereThereIsNoRequestOfOursThrowsNothing() {
        site.webSessions().containerChangedId();

        assertThat(site.log()).isEmpty();
    }

    // ---- logout

    @ParameterizedTest
    @ValueSource(strings = {"/log-out", "/log-out-plain"})
    void aLogoutEndsTheSessionAndTakesTheCookie(String path) throws Exception {
        browser.get("/begin");
        browser.get("/log-in");
        browser.get("/add");
        String id = browser.id();

        HttpResponse<String> answer = browser.get(path);

        assertThat(cookies(answer)).singleElement().asString().startsWith("sid=;");
        assertThat(lookWith(id)).isEqualTo("ENDED none");
    }

    @Test
    void afterALogoutThroughThePlainRequestTheSessionIsEndedBeforeTheAnswerLeaves()
            throws Exception {
        site.page(
                "/log-out-and-go",
                (request, response) -> {
                    plain(request).logout();
                    response.sendRedirect("/look");
                    site.log("redirected");
                });
        browser.get("/begin");
        browser.get("/log-in");
        browser.get("/add");
        String id = browser.id();
        site.settle();

        HttpResponse<String> answer = browser.get("/log-out-and-go");

        assertThat(cookies(answer)).singleElement().asString().startsWith("sid=;");
        site.settle();
        assertThat(site.log()).endsWith("LOAD", "REPLACE", "redirected");
        assertThat(lookWith(id)).isEqualTo("ENDED none");
    }

    @Test
    void aRequestThatWentAsynchronousIsNotLoggedOutByAServerThatForgetsItsUser() throws Exception {
        site.page(
                "/async",
                (request, response) -> {
                    AsyncContext async = request.startAsync();
                    site.counter("a").add();
                    plain(request).logout(); // as if another thread had completed it already
                    response.flushBuffer();
                    async.complete();
                });
        browser.get("/begin");
        browser.get("/log-in");
        browser.get("/add");

        HttpResponse<String> answer = browser.get("/async");

        assertThat(cookies(answer)).isEmpty();
        assertThat(browser.get("/look").body()).isEqualTo("LOADED 2");
    }

    // ---- begun by a stand-in

    @Test
    void aRequestThatAListenerBeforeOursBeganIsAskedItselfWhoIsThere() throws Exception {
        browser.getAs("ada", "/closed/add");
        site.outerListener(
                (phase, request) -> {
                    if (phase.equals("initialized") && site.webSessions().find(request) == null) {
                        HttpServletRequest standIn =
                                new HttpServletRequestWrapper(request) {
                                    @Override
                                    public Principal getUserPrincipal() {
                                        return () -> "whom another thread serves";
                                    }
                                };
                        UnitOfWork begun = site.webSessions().findOrBegin(standIn);
                        assertThat(begun.ids()).containsExactly(id(browser));
                    }
                });

        assertThat(browser.getAs("ada", "/closed/look").body()).isEqualTo("LOADED 1");
    }

    private static SessionId id(Browser browser) {
        return SessionId.parse(browser.id()).orElseThrow();
    }
}
