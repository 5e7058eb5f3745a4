package org.memcachedsession.servers.smoke;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.inject.Inject;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.memcachedsession.servers.ScenarioWar;

@ExtendWith(ArquillianExtension.class)
class SmokeIT {
    @Inject Hello hello;

    @Deployment
    static WebArchive war() {
        return ScenarioWar.beside(SmokeIT.class)
                .addAsLibraries(ScenarioWar.library("assertj-core"));
    }

    @Test
    void inside() {
        assertThat(hello.hello()).isEqualTo("hello");
        assertThat(System.getProperty("memcached.session.servers")).startsWith("127.0.0.1:");
    }

    @Test
    @RunAsClient
    void outside(@ArquillianResource URL base) throws Exception {
        HttpResponse<String> answer =
                HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(URI.create(base + "api/hello")).build(),
                                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.body()).isEqualTo("hello");
    }
}
