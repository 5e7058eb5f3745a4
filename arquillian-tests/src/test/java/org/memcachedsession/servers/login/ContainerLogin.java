package org.memcachedsession.servers.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.memcachedsession.servers.Browser;
import org.memcachedsession.servers.Browser.Answer;
import org.memcachedsession.servers.RawHttp;
import org.memcachedsession.servers.ScenarioWar;
import org.memcachedsession.servers.login.site.Attempts;
import org.memcachedsession.servers.login.site.Cart;
import org.memcachedsession.servers.login.site.SiteServlet;
import org.memcachedsession.servers.login.site.Users;

/** What holds for every way in which a container lets users log in. */
@ExtendWith(ArquillianExtension.class)
abstract class ContainerLogin {

    @ArquillianResource private URL site;

    Browser browser;

    /**
     * @param loginConfig of the {@code web.xml}; empty for a mechanism of Jakarta Security
     * @param classes what is needed besides the site itself
     */
    static WebArchive war(String name, String loginConfig, Class<?>... classes) {
        return ScenarioWar.named(name)
                .addClasses(SiteServlet.class, Cart.class, Attempts.class, Users.class)
                .addClasses(classes)
                .setWebXML(
                        new StringAsset(
                                """
                                <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
                                  <security-constraint>
                                    <web-resource-collection>
                                      <web-resource-name>closed</web-resource-name>
                                      <url-pattern>/closed/*</url-pattern>
                                    </web-resource-collection>
                                    <auth-constraint>
                                      <role-name>**</role-name>
                                    </auth-constraint>
                                  </security-constraint>
                                  %s
                                  <error-page>
                                    <error-code>404</error-code>
                                    <location>/open/look</location>
                                  </error-page>
                                  <error-page>
                                    <exception-type>java.lang.IllegalStateException</exception-type>
                                    <location>/open/look</location>
                                  </error-page>
                                </web-app>
                                """
                                        .formatted(loginConfig)));
    }

    /** Lets a user log in, who is there with the next request, and gives what was answered. */
    abstract List<Answer> logIn(Browser by, String user);

    /** What the next request of a user gets, whose session has been ended elsewhere. */
    String afterTheEndOfTheSessionOf(String user) {
        return user + " ENDED nothing";
    }

    @BeforeEach
    void newBrowser() {
        browser = newBrowserAtTheSite();
    }

    Browser newBrowserAtTheSite() {
        return Browser.at(site);
    }

    /** A browser with the session cookie of another one. */
    Browser thief(Browser of) {
        Browser thief = newBrowserAtTheSite();
        thief.setCookie("sid", id(of));
        return thief;
    }

    static String id(Browser of) {
        return of.cookie("sid").orElseThrow();
    }

    /** Without anything but this id. */
    String lookWith(String id) {
        return RawHttp.get(site, "open/look", "Cookie: sid=" + id).body();
    }

    static List<String> sessionCookies(List<Answer> answers) {
        return answers.stream().flatMap(answer -> answer.sessionCookies().stream()).toList();
    }

    // ---- login

    @Test
    void theCartIsCarriedOverUnderOneNewIdAndLaterRequestsGiveNoCookie() {
        browser.get("open/add?item=book");
        String before = id(browser);

        List<Answer> answers = new ArrayList<>(logIn(browser, "alice"));
        answers.add(browser.get("closed/look"));

        assertThat(answers.get(answers.size() - 1).body()).isEqualTo("alice LOADED [book]");
        assertThat(sessionCookies(answers)).hasSize(1);
        assertThat(id(browser)).isNotEqualTo(before);

        List<Answer> later =
                List.of(
                        browser.get("closed/add?item=pen"),
                        browser.get("open/unused"),
                        browser.get("closed/unused"),
                        browser.get("closed/look"));
        assertThat(later.get(3).body()).isEqualTo("alice LOADED [book, pen]");
        assertThat(sessionCookies(later)).isEmpty();
    }

    @Test
    void whoKnowsTheIdFromBeforeTheLoginGetsNothingWithIt() {
        Browser attacker = newBrowserAtTheSite();
        attacker.get("open/add?item=planted");
        String planted = id(attacker);
        browser = thief(attacker);

        logIn(browser, "alice");
        browser.get("closed/add?item=private");

        assertThat(lookWith(planted)).contains("nobody ENDED nothing");
        assertThat(attacker.get("open/add?item=again").body()).isEqualTo("nobody ENDED nothing");
        assertThat(id(attacker)).isEqualTo(planted);
        assertThat(lookWith(planted)).contains("nobody ENDED nothing");
        assertThat(browser.get("closed/look").body()).isEqualTo("alice LOADED [planted, private]");
    }

    @Test
    void whoLogsInWithThePlantedIdAfterwardsGetsNothingEither() {
        Browser attacker = newBrowserAtTheSite();
        attacker.get("open/add?item=planted");
        Browser victim = thief(attacker);
        logIn(victim, "alice");
        victim.get("closed/add?item=private");

        List<Answer> answers = new ArrayList<>(logIn(attacker, "bob"));
        answers.add(attacker.get("closed/look"));

        assertThat(answers).noneMatch(answer -> answer.body().contains("private"));
        assertThat(victim.get("closed/look").body()).isEqualTo("alice LOADED [planted, private]");
    }

    // ---- somebody else's session

    @Test
    void theSessionOfAnotherUserIsEndedAndNeverShown() {
        logIn(browser, "alice");
        browser.get("closed/add?item=private");
        Browser thief = thief(browser);

        List<Answer> answers = new ArrayList<>(logIn(thief, "bob"));
        answers.add(thief.get("closed/look"));

        assertThat(answers).noneMatch(answer -> answer.body().contains("private"));
        assertThat(answers.get(answers.size() - 1).body()).startsWith("bob ");
        assertThat(browser.get("closed/look").body()).isEqualTo(afterTheEndOfTheSessionOf("alice"));
    }

    // ---- logout

    @Test
    void logoutEndsTheSessionAndTakesTheCookie() {
        logIn(browser, "alice");
        browser.get("closed/add?item=private");
        String id = id(browser);

        Answer answer = browser.get("closed/log-out");

        assertThat(answer.body()).isEqualTo("nobody ENDED nothing");
        assertTaken(answer);
        assertThat(lookWith(id)).contains("nobody ENDED nothing");
    }

    @Test
    void logoutThroughTheInjectedRequestEndsTheSessionAndTakesTheCookie() {
        logIn(browser, "alice");
        browser.get("closed/add?item=private");
        String id = id(browser);

        Answer answer = browser.get("closed/log-out-injected");

        assertTaken(answer);
        assertThat(lookWith(id)).contains("nobody ENDED nothing");
    }

    @Test
    void afterALogoutThroughTheInjectedRequestTheSessionIsEndedBeforeTheRedirectLeaves() {
        logIn(browser, "alice");
        browser.get("closed/add?item=private");
        String id = id(browser);

        Answer answer = browser.get("closed/log-out-injected-and-redirect");

        assertThat(answer.status()).isEqualTo(302);
        assertTaken(answer);
        assertThat(lookWith(id)).contains("nobody ENDED nothing");
    }

    private static void assertTaken(Answer answer) {
        assertThat(answer.sessionCookies())
                .singleElement()
                .asString()
                .startsWith("sid=;")
                .contains("Max-Age=0");
    }

    // ---- where a container might not say who is there

    @Test
    void errorPagesAndOtherThreadsEndNoSession() {
        logIn(browser, "alice");
        browser.get("closed/add?item=book");

        List<Answer> answers =
                List.of(
                        browser.get("closed/fail"),
                        browser.get("closed/missing"),
                        browser.get("closed/elsewhere"));

        assertThat(answers.get(0).body()).contains("LOADED [book]");
        assertThat(answers.get(1).body()).contains("LOADED [book]");
        assertThat(answers.get(2).body()).contains("LOADED [book, from elsewhere]");
        assertThat(sessionCookies(answers)).isEmpty();
        assertThat(browser.get("closed/look").body())
                .isEqualTo("alice LOADED [book, from elsewhere]");
    }
}
