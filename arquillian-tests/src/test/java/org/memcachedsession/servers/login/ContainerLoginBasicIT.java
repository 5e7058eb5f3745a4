package org.memcachedsession.servers.login;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.memcachedsession.servers.Browser;
import org.memcachedsession.servers.Browser.Answer;

/** Name and password come along with every request; the server knows the users. */
class ContainerLoginBasicIT extends ContainerLogin {

    private static final int PARALLEL = 8;

    @Deployment(testable = false)
    static WebArchive war() {
        return war("login-basic", "<login-config><auth-method>BASIC</auth-method></login-config>");
    }

    @Override
    List<Answer> logIn(Browser by, String user) {
        return List.of(challengeAndLogIn(by, user), by.get("closed/unused"));
    }

    /** From then on the browser sends name and password without being asked. */
    static Answer challengeAndLogIn(Browser by, String user) {
        Answer challenge = by.get("closed/unused");
        assertThat(challenge.status()).isEqualTo(401);
        String credentials = user + ":secret";
        by.setHeader(
                "Authorization",
                "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8)));
        return challenge;
    }

    @Test
    void requestsInParallelThatAllBringCredentialsGiveNoFurtherCookie() {
        assertThatOneOfManyRequestsRotates(browser);
    }

    /** Also where the container gives its own session a new id at each of them. */
    static void assertThatOneOfManyRequestsRotates(Browser browser) {
        browser.get("open/add?item=book");
        browser.get("open/begin-container-session");
        challengeAndLogIn(browser, "alice");
        Answer first = browser.get("closed/look");
        assertThat(first.sessionCookies()).hasSize(1);

        List<CompletableFuture<Answer>> parallel = new ArrayList<>();
        for (int i = 0; i < PARALLEL; i++) {
            Browser tab = browser.copy();
            parallel.add(CompletableFuture.supplyAsync(() -> tab.get("closed/look")));
        }

        assertThat(parallel.stream().map(CompletableFuture::join))
                .allMatch(answer -> answer.body().equals("alice LOADED [book]"))
                .allMatch(answer -> answer.sessionCookies().isEmpty());
    }
}
