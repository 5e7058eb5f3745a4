package org.memcachedsession.servers.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memcachedsession.servers.Browser;
import org.memcachedsession.servers.Browser.Answer;

/** The application calls {@code login}, {@code logout} and {@code changeSessionId} on the request. */
class ContainerLoginRequestIT extends ContainerLogin {

    @Deployment(testable = false)
    static WebArchive war() {
        return war(
                "login-request", "<login-config><auth-method>BASIC</auth-method></login-config>");
    }

    /** Payara remembers a user in its own session alone, and begins none for that. */
    @Override
    List<Answer> logIn(Browser by, String user) {
        by.get("open/begin-container-session");
        return List.of(by.get("open/log-in?as=" + user));
    }

    @Test
    void loginThroughTheInjectedRequestGivesOneNewIdInTheSameAnswer() {
        browser.get("open/begin-container-session");
        browser.get("open/add?item=book");
        String before = id(browser);

        Answer answer = browser.get("open/log-in-injected?as=alice");
        Answer later = browser.get("closed/look");

        assertThat(answer.body()).isEqualTo("alice LOADED [book]");
        assertThat(answer.sessionCookies()).hasSize(1);
        assertThat(later.body()).isEqualTo("alice LOADED [book]");
        assertThat(later.sessionCookies()).isEmpty();
        assertThat(lookWith(before)).contains("nobody ENDED nothing");
    }

    @Test
    void beansOfAnotherUserThatWereUsedBeforeTheLoginAreNotShownAfterIt() {
        logIn(browser, "alice");
        browser.get("closed/add?item=private");
        Browser thief = thief(browser);

        Answer answer = thief.get("open/look-and-log-in?as=bob");

        assertThat(answer.body()).isEqualTo("bob ENDED nothing");
        assertThat(browser.get("closed/look").body()).isEqualTo("alice ENDED nothing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"change-id", "change-id-injected"})
    void changeSessionIdGivesOneNewIdToVisitorsAndToUsers(String step) {
        browser.get("open/begin-container-session");
        browser.get("open/add?item=book");
        String first = id(browser);

        Answer ofVisitor = browser.get("open/" + step);
        String second = id(browser);
        logIn(browser, "alice");
        String third = id(browser);
        Answer ofUser = browser.get("closed/" + step);

        assertThat(ofVisitor.body()).isEqualTo("nobody LOADED [book]");
        assertThat(ofVisitor.sessionCookies()).hasSize(1);
        assertThat(ofUser.body()).isEqualTo("alice LOADED [book]");
        assertThat(ofUser.sessionCookies()).hasSize(1);
        assertThat(id(browser)).isNotIn(first, second, third);
        assertThat(browser.get("closed/look").sessionCookies()).isEmpty();
        assertThat(lookWith(first)).contains("nobody ENDED nothing");
        assertThat(lookWith(second)).contains("nobody ENDED nothing");
        assertThat(lookWith(third)).contains("nobody ENDED nothing");
    }
}
