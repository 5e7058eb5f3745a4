package org.memcachedsession.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.memcachedsession.SessionSettings;
import org.memcachedsession.SessionSettingsException;

class SettingsReaderTest {

    private static final String IDLE = "memcached.session.idle-timeout";

    @TempDir private Path directory;

    private final Map<String, String> properties = new HashMap<>();
    private final Map<String, String> environment = new HashMap<>();
    private final Map<String, String> parameters =
            new HashMap<>(Map.of("memcached.session.servers", "127.0.0.1"));
    private Optional<String> contextPath = Optional.of("/shop");
    private boolean embeddedModule;
    private URLClassLoader classLoader;

    @AfterEach
    void closeTheClassLoader() throws IOException {
        if (classLoader != null) {
            classLoader.close();
        }
    }

    @Test
    void eachSourceIsAskedBeforeTheNext() throws IOException {
        assertThat(read().idleTimeout()).isEqualTo(Duration.ofMinutes(30));
        file("first", IDLE + "=PT1M\n");
        assertThat(read("first").idleTimeout()).isEqualTo(Duration.ofMinutes(1));
        parameters.put(IDLE, "PT2M");
        assertThat(read("first").idleTimeout()).isEqualTo(Duration.ofMinutes(2));
        environment.put("MEMCACHED_SESSION_IDLE_TIMEOUT", "PT3M");
        assertThat(read("first").idleTimeout()).isEqualTo(Duration.ofMinutes(3));
        properties.put(IDLE, "PT4M");
        assertThat(read("first").idleTimeout()).isEqualTo(Duration.ofMinutes(4));
        assertThat(builder("first").idleTimeout(Duration.ofMinutes(5)).build().idleTimeout())
                .isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void everySettingHasAnEnvironmentVariable() {
        environment.put("MEMCACHED_SESSION_COOKIE_SAME_SITE", "strict");
        environment.put("MEMCACHED_SESSION_SIZE_LIMIT", "1023KB");

        SessionSettings settings = read();

        assertThat(settings.cookieSameSite()).isEqualTo(SessionSettings.SameSite.STRICT);
        assertThat(settings.sizeLimit()).isEqualTo(1023 * 1024);
    }

    @Test
    void pathPatternsAreSeparatedByCommasOrBlanksAndKeepTheirOrder() {
        parameters.put("memcached.session.slide.exclude", "\n  /status,\n  /poll/* *.png , /*\n");

        assertThat(read().slideExclude()).containsExactly("/status", "/poll/*", "*.png", "/*");
    }

    @Test
    void classesAreSeparatedByCommasOrBlanks() {
        parameters.put("memcached.session.serialize.allow", " Top, org.a.B$C\n org.a.b.* ");

        assertThat(read().serializeAllow()).containsExactly("Top", "org.a.B$C", "org.a.b.*");
    }

    @Test
    void aWordMayBeWrittenInUpperCase() {
        parameters.put("memcached.session.slide", "USE");
        parameters.put("memcached.session.logout-everywhere", "True");

        assertThat(read().slide()).isEqualTo(SessionSettings.Slide.USE);
        assertThat(read().logoutEverywhere()).isTrue();
    }

    @Test
    void anEmptyValueLetsTheNextSourceSpeak() {
        properties.put(IDLE, "  ");
        environment.put("MEMCACHED_SESSION_IDLE_TIMEOUT", "");
        parameters.put(IDLE, "PT2M");

        assertThat(read().idleTimeout()).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void blanksAroundAValueAreNotPartOfIt() {
        parameters.put("memcached.session.cookie.name", "\n    shop\n  ");

        assertThat(read().cookieName()).isEqualTo("shop");
    }

    @Test
    void aValueSetInCodeMakesAMistakeInItsSourceVanish() {
        properties.put(IDLE, "30");
        parameters.put("memcached.session.cookie.domain", ".example.org");

        SessionSettings settings =
                builder().idleTimeout(Duration.ofMinutes(30)).noCookieDomain().build();

        assertThat(settings.idleTimeout()).isEqualTo(Duration.ofMinutes(30));
        assertThat(settings.cookieDomain()).isEmpty();
    }

    @Test
    void aMistakeInCodeIsToldTogetherWithThoseOfOtherSources() {
        properties.put("memcached.session.colour", "blue");
        parameters.put(IDLE, "30");

        assertThatThrownBy(() -> builder().connections(0).cookieName("").build())
                .isInstanceOfSatisfying(
                        SessionSettingsException.class,
                        e ->
                                assertThat(e.mistakes())
                                        .hasSize(4)
                                        .anyMatch(m -> m.contains("colour"))
                                        .anyMatch(m -> m.contains("\"30\" (web.xml"))
                                        .anyMatch(m -> m.contains("connections is \"0\" (code)"))
                                        .anyMatch(m -> m.contains("cookie.name is \"\" (code)")));
    }

    @Test
    void aMistakeThatAHigherSourceHidesIsNotInForce() {
        parameters.put(IDLE, "30");
        properties.put(IDLE, "PT1H");

        assertThat(read().idleTimeout()).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void theApplicationIsItsContextPathUnlessSet() {
        assertThat(read().application()).isEqualTo("/shop");
        contextPath = Optional.of("");
        assertThat(read().application()).isEqualTo("/");
        parameters.put("memcached.session.application", "the shop");
        assertThat(read().application()).isEqualTo("the shop");
    }

    @Test
    void withoutServersTheEmbeddedOneIsTakenWhereItsModuleIs() {
        parameters.clear();
        embeddedModule = true;

        assertThat(read().embedded()).isTrue();
        assertThat(read().servers()).isEmpty();
        parameters.put("memcached.session.servers", "127.0.0.1");
        assertThat(read().embedded()).isFalse();
        parameters.put("memcached.session.servers", "Embedded");
        assertThat(read().embedded()).isTrue();
    }

    @Test
    void theSameFileFoundTwiceIsOneFile() throws IOException {
        file("first", IDLE + "=PT1M\n");
        file("second", IDLE + "=PT1M\n");

        assertThat(read("first", "second").idleTimeout()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void twoDifferentFilesAreAMistakeThatNamesBoth() throws IOException {
        file("first", IDLE + "=PT1M\n");
        file("second", IDLE + "=PT2M\n");

        List<String> mistakes = draft("first", "second").settle().mistakes();

        assertThat(mistakes)
                .containsExactly(
                        "MSS-2 META-INF/memcached-session.properties is there 2 times, with different"
                                + " content: an application can have one. Keep one and remove the others"
                                + " of: "
                                + url("first")
                                + SettingsFile.NAME
                                + ", "
                                + url("second")
                                + SettingsFile.NAME
                                + ".");
    }

    @Test
    void aFileThatIsNotUtf8IsAMistake() throws IOException {
        Path file = directory.resolve("first").resolve(SettingsFile.NAME);
        Files.createDirectories(file.getParent());
        Files.write(
                file, "memcached.session.application=café\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(draft("first").settle().mistakes())
                .singleElement()
                .asString()
                .startsWith("MSS-3 " + url("first") + SettingsFile.NAME + " cannot be read (");
    }

    @Test
    void aFileInUtf8MayHaveAnyLetter() throws IOException {
        file("first", "memcached.session.application=café\n");

        assertThat(read("first").application()).isEqualTo("café");
    }

    @Test
    void variablesThatKubernetesSetsForAServiceAreNotSettings() {
        environment.put("MEMCACHED_SESSION_SERVICE_HOST", "10.96.0.7");
        environment.put("MEMCACHED_SESSION_SERVICE_PORT", "11211");
        environment.put("MEMCACHED_SESSION_SERVICE_PORT_MEMCACHED", "11211");
        environment.put("MEMCACHED_SESSION_PORT", "tcp://10.96.0.7:11211");
        environment.put("MEMCACHED_SESSION_PORT_11211_TCP_ADDR", "10.96.0.7");
        environment.put("MEMCACHED_SESSION_B_SERVICE_HOST", "10.96.0.8");
        environment.put("MEMCACHED_SESSION_B_PORT", "tcp://10.96.0.8:11211");

        assertThat(draft().settle().mistakes()).isEmpty();
    }

    @Test
    void aVariableThatLooksLikeOneOfKubernetesIsUnknownWithoutItsService() {
        environment.put("MEMCACHED_SESSION_PORT", "11212");

        assertThat(draft().settle().mistakes()).singleElement().asString().startsWith("MSS-1 ");
    }

    @Test
    void namesWithoutThePrefixAreNobodysBusiness() {
        properties.put("memcached.servers", "x");
        environment.put("MEMCACHED_SERVERS", "x");
        parameters.put("memcached.sessions.colour", "x");

        assertThat(draft().settle().mistakes()).isEmpty();
    }

    private SettingsDraft draft(String... classPath) {
        URL[] urls = List.of(classPath).stream().map(this::url).toArray(URL[]::new);
        classLoader = new URLClassLoader(urls, null);
        return new SettingsReader(false, properties, environment)
                .draft(new Deployment(classLoader, parameters, contextPath, embeddedModule, true));
    }

    private SessionSettings.Builder builder(String... classPath) {
        return SessionSettings.builder(draft(classPath));
    }

    private SessionSettings read(String... classPath) {
        return builder(classPath).build();
    }

    private void file(String place, String content) throws IOException {
        Path file = directory.resolve(place).resolve(SettingsFile.NAME);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private URL url(String place) {
        try {
            return directory.resolve(place).toUri().toURL();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
