package org.memcachedsession.servers.login;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.util.List;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.memcachedsession.servers.Browser;
import org.memcachedsession.servers.Browser.Answer;
import org.memcachedsession.servers.login.site.Handshake;
import org.memcachedsession.servers.login.site.HandshakeServlet;
import org.memcachedsession.servers.login.site.RedirectingMechanism;

/** A mechanism keeps state in a bean and sends the user to another site, from where they come back. */
class ContainerLoginRedirectIT extends ContainerLogin {

    @Deployment(testable = false)
    static WebArchive war() {
        return war(
                "login-redirect",
                "",
                RedirectingMechanism.class,
                Handshake.class,
                HandshakeServlet.class);
    }

    @Override
    List<Answer> logIn(Browser by, String user) {
        Answer redirect = by.get("closed/unused");
        assertThat(redirect.status()).isEqualTo(302);
        String state = redirect.header("Location").orElseThrow().split("state=", 2)[1];
        return List.of(redirect, by.get("open/callback?user=" + user + "&state=" + state));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "redirect, 302",
        "response-redirect, 302",
        "forward, 200",
        "unauthorized, 401",
        "not-found, 404",
        "message-response, 403",
        "written, 200",
        "nothing, 200",
        "do-nothing, 200",
        "exception, 500"
    })
    void howeverTheMechanismAnswersItsStateAndItsCookieAreThere(String way, int status) {
        Answer first = browser.get("closed/look?way=" + way);
        String handshake = browser.get("open/handshake").body();
        Answer second = browser.get("closed/look?way=" + way);

        assertThat(first.status()).isEqualTo(status);
        assertThat(first.sessionCookies()).hasSize(1);
        assertThat(handshake).isEqualTo("state 1");
        assertThat(second.sessionCookies()).isEmpty();
        assertThat(browser.get("open/handshake").body()).isEqualTo("state 2");
    }

    @Test
    void theUserComesBackToWhatTheMechanismRemembers() {
        List<Answer> answers = logIn(browser, "alice");

        assertThat(answers.get(1).body()).isEqualTo("alice LOADED []");
        assertThat(sessionCookies(answers)).hasSize(2); // begun at the redirect, new at the login
        assertThat(browser.get("closed/look").sessionCookies()).isEmpty();
    }

    @Test
    void aStateThatAnotherBrowserBeganIsRefused() {
        Answer redirect = browser.get("closed/unused");
        String state = redirect.header("Location").orElseThrow().split("state=", 2)[1];
        Browser other = newBrowserAtTheSite();
        other.get("closed/unused");
        other.get("closed/unused"); // its own is the second one

        Answer refused = other.get("open/callback?user=mallory&state=" + state);

        assertThat(refused.status()).isEqualTo(401);
        assertThat(state).isEqualTo(URLEncoder.encode("state 1", UTF_8));
        assertThat(browser.get("open/callback?user=alice&state=" + state).body())
                .startsWith("alice ");
    }
}
