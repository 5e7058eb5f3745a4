package org.memcachedsession.servers.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.memcachedsession.servers.Browser;
import org.memcachedsession.servers.Browser.Answer;
import org.memcachedsession.servers.login.site.OwnMechanism;

/** A mechanism of the application and its identity store, before every filter. */
class ContainerLoginMechanismIT extends ContainerLogin {

    @Deployment(testable = false)
    static WebArchive war() {
        return war("login-mechanism", "", OwnMechanism.class);
    }

    @Override
    List<Answer> logIn(Browser by, String user) {
        return List.of(by.get("open/unused?user=" + user));
    }

    @Test
    void aBeanThatTheIdentityStoreMakesIsInTheSessionOfTheRequestThatGoesOn() {
        Answer answer = browser.get("open/add?item=book&user=alice");

        assertThat(answer.body()).isEqualTo("alice CREATED [book]");
        assertThat(answer.sessionCookies()).hasSize(1);
        assertThat(browser.get("open/attempts").body()).isEqualTo("1");
        assertThat(browser.get("open/attempts").sessionCookies()).isEmpty();
    }

    @Test
    void aLoginThatFailsKeepsWhatTheIdentityStoreChanged() {
        for (int i = 1; i <= 3; i++) {
            Answer refused = browser.get("closed/look?user=mallory");

            assertThat(refused.body()).doesNotContain("LOADED");
            assertThat(refused.sessionCookies()).hasSize(i == 1 ? 1 : 0);
            assertThat(browser.get("open/attempts").body()).isEqualTo(String.valueOf(i));
        }
    }

    @Test
    void requestAuthenticateGivesOneNewId() {
        browser.get("open/add?item=book");
        String before = id(browser);

        Answer answer = browser.get("open/authenticate?as=alice");
        Answer later = browser.get("closed/look");

        assertThat(answer.body()).isEqualTo("alice LOADED [book]");
        assertThat(later.body()).isEqualTo("alice LOADED [book]");
        assertThat(sessionCookies(List.of(answer, later))).hasSize(1);
        assertThat(id(browser)).isNotEqualTo(before);
        assertThat(lookWith(before)).contains("nobody ENDED nothing");
    }
}
