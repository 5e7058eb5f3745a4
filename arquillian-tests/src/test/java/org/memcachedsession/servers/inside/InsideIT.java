package org.memcachedsession.servers.inside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.memcachedsession.servers.inside.Wishes.Occasion.BIRTHDAY;
import static org.memcachedsession.servers.inside.Wishes.Occasion.CHRISTMAS;

import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.ContextNotActiveException;
import jakarta.enterprise.context.spi.AlterableContext;
import jakarta.enterprise.context.spi.Context;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.inject.IllegalProductException;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Inject;
import java.net.URL;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.memcachedsession.MemcachedSession;
import org.memcachedsession.MemcachedSessionScoped;
import org.memcachedsession.SessionOrigin;
import org.memcachedsession.servers.Browser;
import org.memcachedsession.servers.Browser.Answer;
import org.memcachedsession.servers.ScenarioWar;
import org.memcachedsession.servers.numbered.Numbered;

/**
 * The scope as the server's CDI sees it. A test without {@code RunAsClient} runs in the server, in a
 * request of its own and without a cookie; what needs two requests is told by a browser.
 */
@ExtendWith(ArquillianExtension.class)
class InsideIT {

    @Inject Diary diary;
    @Inject Tally tally;
    @Inject Wired wired;
    @Inject Listener listener;
    @Inject Greeter greeter;
    @Inject Narcissus narcissus;
    @Inject Runnable unstorable;
    @Inject Map<String, String> labels;

    @Inject
    @Wishes(BIRTHDAY)
    List<String> birthdayWishes;

    @Inject
    @Wishes(CHRISTMAS)
    List<String> christmasWishes;

    @Inject RequestNumber requestNumber;
    @Inject Instance<Tally> tallies;
    @Inject Instance<Wired> wireds;
    @Inject Event<Ping> pings;
    @Inject BeanManager beanManager;
    @Inject MemcachedSession session;

    @Resource ManagedExecutorService executor;

    @ArquillianResource URL site;

    @Deployment
    static WebArchive war() {
        return ScenarioWar.beside(InsideIT.class)
                .addClasses(Browser.class, Answer.class)
                .addPackage(Numbered.class.getPackage())
                .addAsLibraries(ScenarioWar.library("assertj-core"))
                .addAsResource(
                        new StringAsset("memcached.session.cookie.secure = true\n"),
                        "META-INF/memcached-session.properties");
    }

    @BeforeEach
    void newPage() {
        if (diary != null) { // in the server
            diary.take();
        }
    }

    // ---- the context

    @Test
    void theScopeIsActiveInEveryRequest() {
        assertThat(context().isActive()).isTrue();
        assertThat(session.isActive()).isTrue();
        assertThat(session.origin()).isEqualTo(SessionOrigin.NONE_SENT);
    }

    @Test
    void aBeanIsOneInstanceForTheWholeRequest() {
        tally.next();

        assertThat(tallies.get().next()).isEqualTo(2);
        assertThat(wired.countThroughProxy()).isEqualTo(3);
        assertThat(tally.count()).isEqualTo(3);
    }

    @Test
    void lookingForABeanCreatesNone() {
        assertThat(context().get(bean(Tally.class))).isNull();
        assertThat(session.exists()).isFalse();

        tally.next();

        assertThat(context().get(bean(Tally.class))).isNotNull();
        assertThat(session.exists()).isTrue();
        assertThat(session.origin()).isEqualTo(SessionOrigin.CREATED);
    }

    @Test
    void destroyingThroughInstanceEndsTheBeanOnce() {
        tally.next();
        diary.take();

        tallies.destroy(tallies.get());

        assertThat(diary.take()).containsExactly("tally ended at 1");
        assertThat(tally.next()).isOne();
    }

    @Test
    void destroyingThroughTheContextEndsTheBeanOnce() {
        AlterableContext context = (AlterableContext) context();
        tally.next();
        diary.take();

        context.destroy(bean(Tally.class));
        context.destroy(bean(Tally.class));

        assertThat(diary.take()).containsExactly("tally ended at 1");
        assertThat(context.get(bean(Tally.class))).isNull();
    }

    @Test
    void aDestroyedBeanTakesItsDependentsWithIt() {
        wired.usePart();
        wired.usePart();
        diary.take();

        wireds.destroy(wireds.get());

        assertThat(diary.take())
                .containsExactlyInAnyOrder("wired ended", "part ended after 2 uses");
    }

    @Test
    void aBeanThatUsesItselfWhileItIsCreatedIsToldSo() {
        assertThatThrownBy(narcissus::look)
                .hasStackTraceContaining("Narcissus")
                .hasStackTraceContaining("uses itself");
    }

    // ---- events

    @Test
    void aSessionsLifeIsToldInOrder() {
        tally.next();
        tally.next();
        session.invalidate();

        assertThat(diary.take())
                .containsExactly(
                        "initialized", "before destroyed", "tally ended at 2", "destroyed");
    }

    @Test
    void anObserverThatMustExistHearsOnlyWhenItDoes() {
        pings.fire(new Ping());
        assertThat(diary.take()).isEmpty();

        listener.appear();
        diary.take();
        pings.fire(new Ping());

        assertThat(diary.take()).containsExactly("heard 1");
    }

    // ---- kinds of beans

    @Test
    void interceptorsAndDecoratorsWork() {
        assertThat(greeter.greet("Ada")).isEqualTo("1: greeting 1 for dear Ada, bow 1");
        assertThat(greeter.greet("Bob")).isEqualTo("2: greeting 2 for dear Bob, bow 2");
    }

    @Test
    void producersOfOneTypeAreToldApartByTheirQualifiers() {
        birthdayWishes.add("bicycle");
        christmasWishes.add("sledge");
        labels.put("bicycle", "sledge");

        assertThat(birthdayWishes).containsExactly("bicycle");
        assertThat(christmasWishes).containsExactly("sledge");
        assertThat(labels).hasSize(1);
    }

    @Test
    void endingTheSessionDisposesOfWhatWasProduced() {
        birthdayWishes.add("bicycle");
        diary.take();

        session.invalidate();

        assertThat(diary.take())
                .containsExactly("before destroyed", "disposed of [bicycle]", "destroyed");
    }

    @Test
    void aProductThatCannotBeStoredIsRefused() {
        assertThatThrownBy(unstorable::run).isInstanceOf(IllegalProductException.class);
    }

    @Test
    void whatIsInjectedIntoABeanWorks() throws Exception {
        assertThat(wired.usePart()).isOne();
        assertThat(wired.countThroughProxy()).isOne();
        assertThat(wired.countThroughInstance()).isEqualTo(2);
        assertThat(wired.knowsBeanOf(Tally.class)).isTrue();
        assertThat(wired.requestNumber()).isEqualTo(requestNumber.number());
        assertThat(wired.sessionFingerprint()).isEqualTo(session.fingerprint().orElseThrow());
        assertThat(wired.ask()).isEqualTo("at your service");
        assertThat(wired.isWithoutTransaction()).isTrue();
        assertThat(wired.reachesDatabase()).isTrue();
    }

    // ---- other threads

    @Test
    void aBeanIsOutOfReachOnAPlainThread() {
        assertThatThrownBy(() -> onPlainThread(tally::next))
                .isInstanceOf(ContextNotActiveException.class)
                .hasMessageContaining("MemcachedSessionScoped");
    }

    @Test
    void aTaskOfTheServersExecutorHasTheSessionOfItsRequest() throws Throwable {
        tally.next();

        assertThat(inExecutor(tally::next)).isEqualTo(2);
        assertThat(inExecutor(session::isActive)).isTrue();
        assertThat(tally.next()).isEqualTo(3);
    }

    @Test
    void aCapturedTaskHasTheSessionOfItsRequestOnAnyThread() throws Throwable {
        tally.next();

        assertThat(onPlainThread(session.capture((Callable<Integer>) tally::next))).isEqualTo(2);
        assertThat(tally.next()).isEqualTo(3);
    }

    @Test
    void theHandleSaysWhyThereIsNoSessionOnThisThread() {
        assertThatThrownBy(() -> onPlainThread(session::exists))
                .isInstanceOf(ContextNotActiveException.class)
                .hasMessageContaining("a plain thread")
                .hasMessageContaining("HTTP request")
                .hasMessageContaining("MemcachedSession.capture");
    }

    @Test
    void anyThreadMayAskWhetherItHasASession() throws Throwable {
        assertThat(onPlainThread(session::isActive)).isFalse();
        assertThat(session.isActive()).isTrue();
    }

    private static <T> T onPlainThread(Callable<T> work) throws Throwable {
        FutureTask<T> task = new FutureTask<>(work);
        new Thread(task, "a plain thread").start();
        return result(task);
    }

    private <T> T inExecutor(Callable<T> work) throws Throwable {
        return result(executor.submit(work));
    }

    /** Throws what the task threw. */
    private static <T> T result(Future<T> task) throws Throwable {
        try {
            return task.get(1, TimeUnit.MINUTES);
        } catch (ExecutionException e) {
            throw e.getCause();
        }
    }

    // ---- over requests

    @Test
    @RunAsClient
    void allInjectedThingsWorkAfterALoad() {
        Browser browser = Browser.at(site);
        browser.get("api/diary");

        assertThat(browser.post("api/wired").body())
                .isEqualTo(
                        "part 1; proxy 1; instance 2; beans true; same request true;"
                                + " same session true; clerk at your service;"
                                + " no transaction true; database true");
        for (int i = 2; i <= 4; i++) {
            assertThat(browser.post("api/wired").body())
                    .isEqualTo(
                            "part %d; proxy %d; instance %d; beans true; same request true;"
                                            .formatted(i, 2 * i - 1, 2 * i)
                                    + " same session true; clerk at your service;"
                                    + " no transaction true; database true");
        }
    }

    @Test
    @RunAsClient
    void aProxyInABeanReachesTheBeanOfTheCurrentRequest() {
        Browser browser = Browser.at(site);
        browser.post("api/wired");
        String first = browser.get("api/request-number").body();

        assertThat(browser.get("api/request-number").body()).isNotEqualTo(first);
    }

    @Test
    @RunAsClient
    void interceptorsAndDecoratorsKeepTheirState() {
        Browser browser = Browser.at(site);
        for (int i = 1; i <= 4; i++) {
            assertThat(browser.post("api/greet").body())
                    .isEqualTo("%d: greeting %d for dear Ada, bow %d".formatted(i, i, i));
        }
    }

    @Test
    @RunAsClient
    void productsOfOneTypeStayApart() {
        Browser browser = Browser.at(site);
        browser.post("api/wish?birthday=bicycle&christmas=sledge");
        browser.post("api/wish?birthday=boat&christmas=skates");

        assertThat(browser.get("api/wishes").body())
                .isEqualTo("[bicycle, boat] [sledge, skates] {bicycle=sledge, boat=skates}");
    }

    @Test
    @RunAsClient
    void anObserverThatIsOnlyInMemcachedHears() {
        Browser browser = Browser.at(site);
        Browser stranger = Browser.at(site);
        browser.post("api/listen");
        browser.get("api/diary");

        stranger.post("api/ping");
        assertThat(browser.get("api/diary").body()).isEmpty();
        browser.post("api/ping");
        browser.post("api/ping");

        assertThat(browser.get("api/diary").body()).isEqualTo("heard 1; heard 2");
    }

    @Test
    @RunAsClient
    void aBeanThatIsOnlyInMemcachedCanBeDestroyed() {
        Browser browser = Browser.at(site);
        browser.post("api/tally");
        browser.post("api/tally");
        browser.get("api/diary");

        browser.post("api/destroy-tally");

        assertThat(browser.get("api/diary").body()).isEqualTo("tally ended at 2");
        assertThat(browser.post("api/tally").body()).isEqualTo("1");
    }

    @Test
    @RunAsClient
    void aLoadedBeanTakesItsDependentsWithIt() {
        Browser browser = Browser.at(site);
        browser.post("api/wired");
        browser.post("api/wired");
        browser.get("api/diary");

        browser.post("api/destroy-wired");

        assertThat(browser.get("api/diary").body().split("; ", -1))
                .containsExactlyInAnyOrder("wired ended", "part ended after 2 uses");
    }

    @Test
    @RunAsClient
    void aSessionIsInitializedOnceAndDestroyedOnce() {
        Browser browser = Browser.at(site);
        browser.get("api/diary");
        browser.post("api/tally");
        browser.post("api/tally");
        assertThat(browser.get("api/diary").body()).isEqualTo("initialized");

        browser.post("api/end");

        assertThat(browser.get("api/diary").body())
                .isEqualTo("before destroyed; tally ended at 2; destroyed");
    }

    // ---- the setting of this WAR

    @Test
    @RunAsClient
    void aSecureCookieIsBoundToItsHostEvenOnLoopback() {
        Browser browser = Browser.at(site);

        Answer answer = browser.post("api/tally");

        assertThat(answer.sessionCookies()).hasSize(1);
        assertThat(answer.sessionCookies().get(0)).startsWith("__Host-sid=").contains("; Secure");
        assertThat(browser.post("api/tally").body()).isEqualTo("2");
    }

    private Context context() {
        return beanManager.getContext(MemcachedSessionScoped.class);
    }

    private Bean<?> bean(Class<?> type) {
        return beanManager.resolve(beanManager.getBeans(type));
    }
}
