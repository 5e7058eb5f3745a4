package org.memcachedsession.servers.login;

import java.util.List;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.memcachedsession.servers.Browser;
import org.memcachedsession.servers.Browser.Answer;
import org.memcachedsession.servers.login.site.BasicMechanism;

/** The container's mechanism of Jakarta Security that asks with every request; the application knows the users. */
class ContainerLoginJakartaBasicIT extends ContainerLogin {

    @Deployment(testable = false)
    static WebArchive war() {
        return war("login-jakarta-basic", "", BasicMechanism.class);
    }

    @Override
    List<Answer> logIn(Browser by, String user) {
        return List.of(ContainerLoginBasicIT.challengeAndLogIn(by, user), by.get("closed/unused"));
    }

    /** The application is asked who that is with every request, and keeps a count in the session. */
    @Override
    String afterTheEndOfTheSessionOf(String user) {
        return user + " CREATED []";
    }

    @Test
    void requestsInParallelThatAllBringCredentialsGiveNoFurtherCookie() {
        ContainerLoginBasicIT.assertThatOneOfManyRequestsRotates(browser);
    }
}
