package org.memcachedsession.servers.login;

import java.util.List;
import java.util.Map;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.memcachedsession.servers.Browser;
import org.memcachedsession.servers.Browser.Answer;

/** The form of the Servlet specification; the server knows the users. */
class ContainerLoginFormIT extends ContainerLogin {

    @Deployment(testable = false)
    static WebArchive war() {
        return war(
                "login-form",
                """
                <login-config>
                  <auth-method>FORM</auth-method>
                  <form-login-config>
                    <form-login-page>/login</form-login-page>
                    <form-error-page>/refused</form-error-page>
                  </form-login-config>
                </login-config>
                """);
    }

    @Override
    List<Answer> logIn(Browser by, String user) {
        return logInByForm(by, user);
    }

    /** Asks for a page, is shown the form, sends it, and comes back to the page. */
    static List<Answer> logInByForm(Browser by, String user) {
        Answer form = by.get("closed/unused");
        Answer redirect =
                by.postForm("j_security_check", Map.of("j_username", user, "j_password", "secret"));
        return List.of(form, redirect, by.get(redirect.header("Location").orElseThrow()));
    }
}
