package org.memcachedsession.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.memcachedsession.store.InMemorySessionStore.Operation.CREATE;
import static org.memcachedsession.store.InMemorySessionStore.Operation.LOAD;
import static org.memcachedsession.store.InMemorySessionStore.Operation.REPLACE;

import jakarta.servlet.DispatcherType;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memcachedsession.session.UnitOfWork;

/** One request is one unit of work, wherever inside the server it goes. */
class DispatchTest extends ServletTest {

    @Test
    void aForwardSeesTheSameBeansAndIsSavedOnce() throws Exception {
        List<Counter> seen = new ArrayList<>();
        site.page(
                "/",
                (request, response) -> {
                    seen.add(site.counter("a"));
                    site.counter("a").add();
                    request.getRequestDispatcher("/target").forward(request, response);
                });
        site.page(
                "/target",
                (request, response) -> {
                    seen.add(site.counter("a"));
                    response.getWriter().print(site.counter("a").add());
                });

        HttpResponse<String> answer = browser.get("/");

        assertThat(answer.body()).isEqualTo("2");
        assertThat(seen.get(0)).isSameAs(seen.get(1));
        assertThat(answer.headers().allValues("Set-Cookie")).hasSize(1);
        site.settle();
        assertThat(site.calls()).containsExactly(CREATE);
        assertThat(site.units()).hasSize(1);
    }

    @Test
    void nestedIncludesSeeTheSameBeansAndAreSavedOnce() throws Exception {
        List<Counter> seen = new ArrayList<>();
        site.page(
                "/",
                (request, response) -> {
                    request.getRequestDispatcher("/outer").include(request, response);
                    seen.add(site.counter("a"));
                    response.getWriter().print(" " + site.counter("a").add());
                });
        site.page(
                "/outer",
                (request, response) -> {
                    request.getRequestDispatcher("/inner").include(request, response);
                    seen.add(site.counter("a"));
                    response.getWriter().print(" " + site.counter("a").add());
                });
        site.page(
                "/inner",
                (request, response) -> {
                    seen.add(site.counter("a"));
                    response.getWriter().print(site.counter("a").add());
                });

        HttpResponse<String> answer = browser.get("/");

        assertThat(answer.body()).isEqualTo("1 2 3");
        assertThat(seen).hasSize(3).allMatch(counter -> counter == seen.get(0));
        assertThat(answer.headers().allValues("Set-Cookie")).hasSize(1);
        site.settle();
        assertThat(site.calls()).containsExactly(CREATE);
        assertThat(site.units()).hasSize(1);
        assertThat(browser.get("/").body()).isEqualTo("4 5 6");
    }

    @Test
    void aSessionBegunInAnIncludeThatFlushesGetsItsCookie() throws Exception {
        site.page(
                "/",
                (request, response) ->
                        request.getRequestDispatcher("/part").include(request, response));
        site.page(
                "/part",
                (request, response) -> {
                    response.getWriter().print(site.counter("a").add());
                    response.flushBuffer();
                });

        browser.get("/");

        assertThat(browser.get("/").body()).isEqualTo("2");
    }

    @Test
    void aSessionBegunBeforeAnIncludeThatFillsTheBufferGetsItsCookie() throws Exception {
        site.page(
                "/",
                (request, response) -> {
                    site.counter("a").add();
                    request.getRequestDispatcher("/part").include(request, response);
                });
        site.page("/part", (request, response) -> response.getWriter().print("a".repeat(100_000)));

        browser.get("/");

        assertThat(browser.id()).isNotNull();
        assertThat(site.calls()).containsExactly(CREATE);
    }

    @Test
    void theCookieOutlivesAnApplicationThatSetsTheHeaderAnew() throws Exception {
        site.page(
                "/",
                (request, response) -> {
                    site.counter("a").add();
                    response.setBufferSize(8192);
                    response.setCharacterEncoding("UTF-8");
                    response.getWriter().print("a".repeat(response.getBufferSize() * 3 / 4));
                    assertThat(site.calls()).as("saved").contains(CREATE);
                    response.setHeader("Set-Cookie", "other=1; Path=/");
                });

        HttpResponse<String> answer = browser.get("/");

        assertThat(answer.headers().allValues("Set-Cookie")).hasSize(2);
        assertThat(browser.id()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/status", "/exception"})
    void anErrorPageUsesTheSessionOfItsRequest(String path) throws Exception {
        site.page(
                "/status",
                (request, response) -> {
                    site.counter("a").add();
                    response.sendError(ServletServer.STATUS_WITH_PAGE);
                });
        site.page(
                "/exception",
                (request, response) -> {
                    site.counter("a").add();
                    throw new ServletServer.PageException();
                });
        site.page(
                TestSite.ERROR_PAGE,
                (request, response) -> {
                    assertThat(request.getDispatcherType()).isEqualTo(DispatcherType.ERROR);
                    response.getWriter().print(site.counter("a").add());
                    response.getWriter().flush();
                    site.log("answered");
                });

        HttpResponse<String> first = browser.get(path);
        site.settle();

        assertThat(first.body()).isEqualTo("2");
        assertThat(first.headers().allValues("Set-Cookie")).hasSize(1);
        assertThat(site.log()).containsExactly("CREATE", "REPLACE", "answered");
        assertThat(site.units()).hasSize(1);
        assertThat(browser.get(path).body()).isEqualTo("4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/status", "/exception"})
    void aSessionThatAnErrorPageBeginsGetsItsCookieBeforeTheAnswerLeaves(String path)
            throws Exception {
        site.page(
                "/status",
                (request, response) -> response.sendError(ServletServer.STATUS_WITH_PAGE));
        site.page(
                "/exception",
                (request, response) -> {
                    throw new ServletServer.PageException();
                });
        site.page(
                TestSite.ERROR_PAGE,
                (request, response) -> {
                    response.getWriter().print(site.counter("a").add());
                    response.getWriter().flush();
                    site.log("answered");
                });

        HttpResponse<String> first = browser.get(path);

        assertThat(first.body()).isEqualTo("1");
        assertThat(site.log()).containsExactly("CREATE", "answered");
        assertThat(browser.get(path).body()).isEqualTo("2");
    }

    @Test
    void anErrorPageReadsWithoutASecondLoad() throws Exception {
        site.page("/start", (request, response) -> site.counter("a").add());
        site.page(
                "/",
                (request, response) -> {
                    site.find("a");
                    response.sendError(ServletServer.STATUS_WITH_PAGE);
                });
        site.page(
                TestSite.ERROR_PAGE,
                (request, response) -> response.getWriter().print(site.find("a").value()));
        browser.get("/start");
        site.settle();
        site.forgetCalls();

        assertThat(browser.get("/").body()).isEqualTo("1");
        site.settle();
        assertThat(site.calls()).containsExactly(LOAD);
    }

    @Test
    void filtersAndListenersAroundOursFindTheUnitOfWorkOfTheRequest() throws Exception {
        List<UnitOfWork> seen = new ArrayList<>();
        List<String> places = new ArrayList<>();
        site.innerListener(
                (phase, request) -> {
                    places.add("inner listener " + phase);
                    seen.add(site.webSessions().find(request));
                });
        site.outerFilter(
                (request, response, chain) -> {
                    places.add("outer filter");
                    seen.add(site.webSessions().find(request));
                    chain.doFilter(request, response);
                    places.add("outer filter again");
                    seen.add(site.webSessions().find(request));
                });
        site.innerFilter(
                (request, response, chain) -> {
                    places.add("inner filter");
                    seen.add(site.unit());
                    chain.doFilter(request, response);
                });
        site.page(
                "/",
                (request, response) -> {
                    places.add("servlet");
                    seen.add(site.unit());
                });

        browser.get("/");
        site.innerListener((phase, request) -> {});
        site.settle();

        assertThat(places)
                .startsWith(
                        "inner listener initialized",
                        "outer filter",
                        "inner filter",
                        "servlet",
                        "outer filter again");
        assertThat(seen).doesNotContainNull();
        assertThat(seen).allMatch(unit -> unit == seen.get(0));
    }

    @Test
    void beforeOurListenerThereIsNoUnitOfWorkAndAfterItIsClosed() throws Exception {
        List<Object> seen = new ArrayList<>();
        site.outerListener(
                (phase, request) -> {
                    if (request.getServletPath().equals("/")) {
                        UnitOfWork unit = site.webSessions().find(request);
                        seen.add(unit == null ? phase + " none" : phase + " " + unit.isOpen());
                    }
                });
        site.page("/", (request, response) -> site.counter("a").add());

        browser.get("/");
        site.settle();

        assertThat(seen).containsExactly("initialized none", "destroyed false");
    }

    @Test
    void aBeanThatAFilterBeforeOursChangesIsSaved() throws Exception {
        site.page("/", (request, response) -> response.getWriter().print(site.find("a").value()));
        site.outerFilter(
                (request, response, chain) -> {
                    UnitOfWork unit = site.webSessions().find(request);
                    ((Counter) unit.findOrCreate(TestSite.key("a"), Counter::new)).add();
                    chain.doFilter(request, response);
                });

        assertThat(browser.get("/").body()).isEqualTo("1");
        assertThat(browser.get("/").body()).isEqualTo("2");
    }

    @Test
    void aBeanThatAFilterBeforeOursChangesAfterwardsIsSavedLate() throws Exception {
        site.page("/start", (request, response) -> site.counter("a").add());
        site.page("/", (request, response) -> site.find("a").add());
        site.page(
                "/read", (request, response) -> response.getWriter().print(site.find("a").value()));
        browser.get("/start");
        site.outerFilter(
                (request, response, chain) -> {
                    chain.doFilter(request, response);
                    UnitOfWork unit = site.webSessions().find(request);
                    ((Counter) unit.find(TestSite.key("a"))).add();
                });
        browser.get("/");
        site.settle();
        site.outerFilter((request, response, chain) -> chain.doFilter(request, response));

        assertThat(browser.get("/read").body()).isEqualTo("3");
    }

    @Test
    void aBeanRemovedAfterTheLastSaveIsRemovedFromTheStore() throws Exception {
        site.page("/start", (request, response) -> site.counter("a").add());
        site.page("/", (request, response) -> site.find("a").add());
        site.page(
                "/read", (request, response) -> response.getWriter().print(site.find("a") == null));
        browser.get("/start");
        site.outerFilter(
                (request, response, chain) -> {
                    chain.doFilter(request, response);
                    site.webSessions().find(request).remove(TestSite.key("a"));
                });
        browser.get("/");
        site.settle();
        site.outerFilter((request, response, chain) -> chain.doFilter(request, response));

        assertThat(browser.get("/read").body()).isEqualTo("true");
    }

    @Test
    void aRequestWithManyPartsLoadsOnceAndReplacesOnce() throws Exception {
        site.page("/start", (request, response) -> site.counter("a").add());
        site.page(
                "/",
                (request, response) -> {
                    site.find("a").add();
                    request.getRequestDispatcher("/part").include(request, response);
                    request.getRequestDispatcher("/part").include(request, response);
                });
        site.page(
                "/part", (request, response) -> response.getWriter().print(site.find("a").value()));
        browser.get("/start");
        site.settle();
        site.forgetCalls();

        assertThat(browser.get("/").body()).isEqualTo("22");
        site.settle();
        assertThat(site.calls()).containsExactly(LOAD, REPLACE);
    }

    @Test
    void aSessionBegunInAnIncludeThatFillsTheBufferGetsItsCookieOrAWarningSaysThatItCannot()
            throws Exception {
        site.page(
                "/",
                (request, response) ->
                        request.getRequestDispatcher("/part").include(request, response));
        site.page(
                "/part",
                (request, response) -> {
                    site.counter("a").add();
                    response.getWriter().print("a".repeat(100_000));
                });

        browser.get("/");

        site.settle();
        boolean warned = site.log().stream().anyMatch(line -> line.contains("answer had left"));
        assertThat(warned).isEqualTo(browser.id() == null);
    }
}
