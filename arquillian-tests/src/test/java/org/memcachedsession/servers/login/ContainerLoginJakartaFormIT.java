package org.memcachedsession.servers.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.memcachedsession.servers.Browser;
import org.memcachedsession.servers.Browser.Answer;
import org.memcachedsession.servers.login.site.FormMechanism;

/** The container's form of Jakarta Security; the application knows the users. */
class ContainerLoginJakartaFormIT extends ContainerLogin {

    @Deployment(testable = false)
    static WebArchive war() {
        return war("login-jakarta-form", "", FormMechanism.class);
    }

    @Override
    List<Answer> logIn(Browser by, String user) {
        return ContainerLoginFormIT.logInByForm(by, user);
    }

    /** The redirect to the page that says so is answered before any filter. */
    @Test
    void whatAnIdentityStoreCountsIsThereAfterALoginThatFails() {
        browser.get("closed/look");
        for (int i = 1; i <= 3; i++) {
            Answer refused =
                    browser.postForm(
                            "j_security_check",
                            Map.of("j_username", "alice", "j_password", "wrong"));

            assertThat(refused.status()).isEqualTo(302);
            assertThat(refused.sessionCookies()).hasSize(i == 1 ? 1 : 0);
            assertThat(browser.get("open/attempts").body()).isEqualTo(String.valueOf(i));
        }
    }
}
