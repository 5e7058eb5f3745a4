package org.memcachedsession.servers.cookie;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.memcachedsession.servers.Browser.Answer;
import org.memcachedsession.servers.RawHttp;
import org.memcachedsession.servers.ScenarioWar;

/**
 * What comes out of the servers is to the letter what the golden file of the library says, for the
 * requests that plain HTTP can make. One class for each deployment, with settings of its own.
 */
@ExtendWith(ArquillianExtension.class)
abstract class CookieIT {

    private static final Path GOLDEN = Path.of(System.getProperty("golden.set.cookie"));

    @ArquillianResource private URL site;

    /** As they stand in the golden file. */
    private final String settings;

    CookieIT(String settings) {
        this.settings = settings;
    }

    static WebArchive war(String... properties) {
        return ScenarioWar.beside(CookieIT.class)
                .addAsResource(
                        new StringAsset(String.join("\n", properties) + "\n"),
                        "META-INF/memcached-session.properties");
    }

    static Stream<Arguments> requests() {
        return Stream.of("localhost", "127.0.0.1", "[::1]", "shop.example.org")
                .flatMap(
                        host ->
                                Stream.of("direct", "forwarded")
                                        .map(proxy -> arguments(host, proxy)));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void theCookieIsGivenAndTakenBackAsInTheGoldenFile(String host, String proxy)
            throws IOException {
        Answer begun = get("api/visit", host, proxy);

        assertThat(begun.body()).contains("1");
        assertThat(begun.setCookies()).hasSize(1);
        String given = begun.setCookies().get(0);
        String pair = given.substring(0, given.indexOf(';'));
        String id = pair.substring(pair.indexOf('=') + 1);
        assertThat(id).matches("[A-Za-z0-9_-]{32}");
        assertThat(given.replace(id, "ID")).isEqualTo(golden(host, proxy, "give"));

        Answer ended = get("api/end", host, proxy, "Cookie: " + pair);

        assertThat(ended.body()).contains("ENDED");
        assertThat(ended.setCookies()).containsExactly(golden(host, proxy, "take back"));
    }

    private Answer get(String path, String host, String proxy, String... lines) {
        Stream<String> forwarded =
                proxy.equals("forwarded") ? Stream.of("X-Forwarded-Proto: https") : Stream.of();
        return RawHttp.get(site, path, host, Stream.concat(forwarded, Stream.of(lines)).toList());
    }

    private String golden(String host, String proxy, String what) throws IOException {
        String begin = "http %s %s %s %s => ".formatted(host, proxy, settings, what);
        List<String> lines =
                Files.readAllLines(GOLDEN).stream().filter(line -> line.startsWith(begin)).toList();
        assertThat(lines).as(begin).hasSize(1);
        return lines.get(0).substring(begin.length());
    }

    URL site() {
        return site;
    }
}
