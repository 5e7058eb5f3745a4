package org.memcachedsession.servers.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.memcachedsession.servers.Browser;
import org.memcachedsession.servers.Browser.Answer;
import org.memcachedsession.servers.login.site.CustomFormMechanism;
import org.memcachedsession.servers.login.site.CustomLoginServlet;

/** The application asks by a form of its own, and calls {@code SecurityContext.authenticate}. */
class ContainerLoginCustomFormIT extends ContainerLogin {

    @Deployment(testable = false)
    static WebArchive war() {
        return war("login-custom-form", "", CustomFormMechanism.class, CustomLoginServlet.class);
    }

    @Override
    List<Answer> logIn(Browser by, String user) {
        Answer form = by.get("closed/unused");
        Answer redirect = by.postForm("custom-login", Map.of("as", user, "password", "secret"));
        return List.of(form, redirect, by.get(redirect.header("Location").orElseThrow()));
    }

    @Test
    void aLoginThatTheUserBeginsGivesOneNewIdToo() {
        browser.get("open/add?item=book");
        String before = id(browser);

        List<Answer> answers = new ArrayList<>();
        answers.add(
                browser.postForm(
                        "custom-login", Map.of("as", "alice", "password", "secret", "new", "")));
        answers.add(browser.get("closed/look"));

        assertThat(answers.get(1).body()).isEqualTo("alice LOADED [book]");
        assertThat(sessionCookies(answers)).hasSize(1);
        assertThat(id(browser)).isNotEqualTo(before);
        assertThat(lookWith(before)).contains("nobody ENDED nothing");
    }

    @Test
    void whatAnIdentityStoreCountsIsThereAfterALoginThatFails() {
        browser.get("closed/look");
        for (int i = 1; i <= 3; i++) {
            Answer refused =
                    browser.postForm("custom-login", Map.of("as", "alice", "password", "wrong"));

            assertThat(refused.sessionCookies()).hasSize(i == 1 ? 1 : 0);
            assertThat(browser.get("open/attempts").body()).isEqualTo(String.valueOf(i));
        }
    }
}
