package org.memcachedsession.servers.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.net.URL;
import java.util.stream.Stream;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.memcachedsession.servers.Browser;
import org.memcachedsession.servers.Browser.Answer;
import org.memcachedsession.servers.ScenarioWar;
import org.memcachedsession.servers.ServerLog;

/** Logins that the application has made itself, and an attacker who has planted their cookie before. */
@ExtendWith(ArquillianExtension.class)
class RotationIT {

    @ArquillianResource private URL site;

    private Browser attacker;
    private Browser victim;
    private String planted;

    @Deployment(testable = false)
    static WebArchive war() {
        return ScenarioWar.beside(RotationIT.class);
    }

    @BeforeEach
    void plantACookie() {
        attacker = Browser.at(site);
        attacker.post("api/arrive");
        planted = attacker.cookie("sid").orElseThrow();
        victim = Browser.at(site);
        victim.setCookie("sid", planted);
    }

    static Stream<Arguments> successfulLogins() {
        return Stream.of(
                arguments("api/login/status?status=200", 200),
                arguments("api/login/status?status=303", 303),
                arguments("api/login/and-write", 204),
                arguments("api/login/stage?status=200", 200),
                arguments("api/login/managed-future?status=200", 200),
                arguments("api/login/committed", 204),
                arguments("api/login/committed-although-throwing", 202),
                arguments("api/login/enterprise-bean", 204),
                arguments("transaction-around", 200));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("successfulLogins")
    void whoeverHasPlantedTheOldIdGetsNothingOfTheLogin(String login, int status) {
        ServerLog log = ServerLog.fromNow();

        Answer answer = victim.post(login);

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.sessionCookies()).hasSize(1);
        assertThat(victim.cookie("sid").orElseThrow()).isNotEqualTo(planted);
        assertThat(victim.get("api/name").body()).isEqualTo("Ada");
        assertThat(attacker.get("api/name").body()).isEqualTo("no session");
        assertThat(log.text()).doesNotContain("has succeeded too late");
    }

    static Stream<Arguments> failedLogins() {
        return Stream.of(
                arguments("api/login/status?status=401", 401),
                arguments("api/login/throws", 401),
                arguments("api/login/stage?status=401", 401),
                arguments("api/login/managed-future?status=401", 401),
                arguments("api/login/stage-fails", 401),
                arguments("api/login/rolled-back", 401),
                arguments("api/login/rolled-back-later", 401),
                arguments("api/login/rollback-only", 204),
                arguments("api/login/enterprise-bean-refuses", 200),
                arguments("api/login/enterprise-bean-rollback-only", 204));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failedLogins")
    void aLoginThatHasNotSucceededLeavesTheIdAndWhatWasThere(String login, int status) {
        Answer answer = victim.post(login);

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.sessionCookies()).isEmpty();
        assertThat(victim.get("api/draft").body()).isEqualTo("of nobody");
        assertThat(attacker.get("api/name").body()).isNotEqualTo("no session");
    }

    @Test
    void whatIsNotToBeCarriedOverEndsAndWhatIsWrittenAfterTheLoginStays() {
        victim.post("api/login/status?status=200");
        assertThat(victim.get("api/draft").body()).isEmpty();

        victim.post("api/login/and-write");
        assertThat(victim.get("api/draft").body()).isEqualTo("of Ada");
    }

    @Test
    void aLoginWithoutASessionGivesNoCookieOfItsOwn() {
        Browser stranger = Browser.at(site);

        assertThat(stranger.post("api/login/status?status=401").sessionCookies()).isEmpty();
        assertThat(stranger.post("api/login/status?status=200").sessionCookies()).hasSize(1);
        assertThat(stranger.get("api/name").body()).isEqualTo("Ada");
    }

    @Test
    void aPollDoesNotCountAsAnAccess() {
        String before = victim.get("api/last-access").body();

        victim.post("api/poll");
        assertThat(victim.get("api/name").body()).isEqualTo("somebody who polls");
        assertThat(victim.get("api/last-access").body()).isEqualTo(before);

        victim.post("api/work");
        assertThat(victim.get("api/last-access").body()).isNotEqualTo(before);
    }

    @Test
    void whoeverIsToBeRememberedIsOnceTheyHaveLoggedIn() {
        victim.post("api/remember?status=401");
        assertThat(victim.get("api/idle-timeout").body()).isEqualTo("PT30M");

        victim.post("api/remember?status=200");
        assertThat(victim.get("api/idle-timeout").body()).isEqualTo("PT336H");
    }
}
