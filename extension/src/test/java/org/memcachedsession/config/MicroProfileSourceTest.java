package org.memcachedsession.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.spi.ConfigProviderResolver;
import org.junit.jupiter.api.Test;
import org.memcachedsession.SessionSettings;

/** With SmallRye's implementation, with the API alone, and with nothing. */
class MicroProfileSourceTest {

    private static final String IDLE = "memcached.session.idle-timeout";

    private final Map<String, String> properties = new HashMap<>();
    private final Map<String, String> environment = new HashMap<>();
    private final Map<String, String> parameters =
            new HashMap<>(Map.of("memcached.session.servers", "127.0.0.1"));

    @Test
    void itsSourcesSpeakBeforeWebXmlAndInsteadOfOurOwn() throws Exception {
        environment.put("MEMCACHED_SESSION_IDLE_TIMEOUT", "PT1H");
        properties.put("memcached.session.cookie.name", "shop");
        parameters.put(IDLE, "PT2H");

        SessionSettings settings = SessionSettings.builder(draft()).build();

        assertThat(settings.idleTimeout()).isEqualTo(Duration.ofHours(1));
        assertThat(settings.cookieName()).isEqualTo("shop");
    }

    @Test
    void aMistakeNamesTheSourceAsMicroProfileConfigNamesIt() throws Exception {
        properties.put(IDLE, "30");
        environment.put("MEMCACHED_SESSION_CONNECTIONS", "0");

        assertThat(draft().settle().mistakes())
                .hasSize(2)
                .anyMatch(
                        m ->
                                m.startsWith(
                                        "MSS-18 memcached.session.idle-timeout is \"30\" (MicroProfile"
                                                + " Config, PropertiesConfigSource[source=the file]):"))
                .anyMatch(
                        m ->
                                m.startsWith(
                                        "MSS-23 memcached.session.connections is \"0\" (MicroProfile"
                                                + " Config, EnvConfigSource):"));
    }

    @Test
    void unknownNamesAreToldOnceEach() throws Exception {
        properties.put("memcached.session.idle.timeout", "PT1H");
        properties.put("memcached.session.colour", "blue");
        environment.put("MEMCACHED_SESSION_COOKIE_NAM", "x");
        environment.put("MEMCACHED_SESSION_IDLE_TIMEOUT", "PT1H");
        environment.put("MEMCACHED_SESSION_SERVICE_HOST", "10.96.0.7");
        environment.put("MEMCACHED_SESSION_PORT", "tcp://10.96.0.7:11211");

        assertThat(draft().settle().mistakes())
                .hasSize(3)
                .anyMatch(m -> m.startsWith("MSS-1 memcached.session.idle.timeout is set"))
                .anyMatch(m -> m.startsWith("MSS-1 memcached.session.colour is set"))
                .anyMatch(m -> m.startsWith("MSS-1 MEMCACHED_SESSION_COOKIE_NAM is set"));
    }

    @Test
    void anEmptyValueLetsTheNextSourceSpeak() throws Exception {
        environment.put("MEMCACHED_SESSION_IDLE_TIMEOUT", "");
        parameters.put(IDLE, "PT2H");

        assertThat(SessionSettings.builder(draft()).build().idleTimeout())
                .isEqualTo(Duration.ofHours(2));
    }

    @Test
    void anExpressionIsResolved() throws Exception {
        properties.put(IDLE, "${idle}");
        properties.put("idle", "PT5M");

        assertThat(SessionSettings.builder(draft()).build().idleTimeout())
                .isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void anExpressionThatLeadsNowhereIsAMistakeUnlessCodeSetsTheValue() throws Exception {
        properties.put(IDLE, "${nowhere}");

        SettingsDraft draft = draft();

        assertThat(draft.settle().mistakes())
                .containsExactly(
                        "MSS-4 memcached.session.idle-timeout is \"${nowhere}\" (MicroProfile Config,"
                                + " PropertiesConfigSource[source=the file]): MicroProfile Config cannot"
                                + " make a value of it. Set what it refers to, or write the value"
                                + " itself.");
        assertThat(SessionSettings.builder(draft).idleTimeout(Duration.ofHours(1)).build())
                .isNotNull();
    }

    @Test
    void nothingOfASecretIsToldThatMicroProfileConfigCannotMakeAValueOf() throws Exception {
        properties.put("memcached.session.secret", "telltale${nowhere}");
        assertThat(draft().settle().mistakes())
                .singleElement()
                .asString()
                .startsWith("MSS-4 memcached.session.secret is \"***\" (MicroProfile Config")
                .doesNotContain("telltale", "nowhere");

        properties.put("memcached.session.secret", "telltale${memcached.session.secret}");
        assertThat(draft().settle().mistakes())
                .singleElement()
                .asString()
                .startsWith("MSS-5 memcached.session.secret cannot be read (MicroProfile Config:")
                .doesNotContain("telltale");
    }

    @Test
    void whatASourceSaysThatFailsIsNotToldOfASecret() {
        Mistakes mistakes = new Mistakes();
        mistakes.unreadableValue(
                Setting.SECRET, "a source", new IllegalStateException("telltale is no key"));

        assertThat(mistakes.texts())
                .singleElement()
                .asString()
                .startsWith(
                        "MSS-5 memcached.session.secret cannot be read (a source:"
                                + " java.lang.IllegalStateException):")
                .doesNotContain("telltale");
    }

    @Test
    void anExpressionThatRefersToItselfIsAMistake() throws Exception {
        properties.put(IDLE, "${" + IDLE + "}");

        assertThat(draft().settle().mistakes())
                .singleElement()
                .asString()
                .startsWith(
                        "MSS-5 memcached.session.idle-timeout cannot be read (MicroProfile Config:");
    }

    @Test
    void whatTheServerItselfHasIsRead() throws Exception {
        System.setProperty(IDLE, "PT6M");
        try (URLClassLoader application = new URLClassLoader(new URL[0], null)) {
            SettingsDraft draft =
                    SettingsReader.read(
                            new Deployment(
                                    application, parameters, Optional.of("/shop"), false, false));
            ConfigProviderResolver resolver = ConfigProviderResolver.instance();
            resolver.releaseConfig(resolver.getConfig(application));

            assertThat(draft.settle().get(Setting.IDLE_TIMEOUT)).isEqualTo(Duration.ofMinutes(6));
        } finally {
            System.clearProperty(IDLE);
        }
    }

    @Test
    void withoutTheApiSystemPropertiesAreRead() throws Exception {
        assertThat(idleTimeoutSeenWith(Optional.empty())).isEqualTo("PT7M");
    }

    @Test
    void withTheApiAndNothingBehindItSystemPropertiesAreRead() throws Exception {
        assertThat(idleTimeoutSeenWith(Optional.of(location(Config.class)))).isEqualTo("PT7M");
    }

    private SettingsDraft draft() throws Exception {
        Config config =
                new SmallRyeConfigBuilder()
                        .addDefaultInterceptors()
                        .withSources(
                                new PropertiesConfigSource(properties, "the file", 400),
                                new EnvConfigSource(environment, 300))
                        .build();
        ConfigProviderResolver resolver = ConfigProviderResolver.instance();
        try (URLClassLoader application = new URLClassLoader(new URL[0], null)) {
            resolver.registerConfig(config, application);
            try {
                // what is only here shows whether our own sources were asked
                Map<String, String> ours = Map.of(IDLE, "PT9H");
                return new SettingsReader(true, ours, Map.of())
                        .draft(
                                new Deployment(
                                        application,
                                        parameters,
                                        Optional.of("/shop"),
                                        false,
                                        false));
            } finally {
                resolver.releaseConfig(config);
            }
        }
    }

    /** Loads this room anew, where of MicroProfile Config there is at most its API. */
    private static String idleTimeoutSeenWith(Optional<URL> api) throws Exception {
        URL[] urls =
                api.map(jar -> new URL[] {location(Setting.class), location(Probe.class), jar})
                        .orElseGet(
                                () -> new URL[] {location(Setting.class), location(Probe.class)});
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader alone =
                new URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
            thread.setContextClassLoader(alone);
            return (String)
                    alone.loadClass(Probe.class.getName()).getMethod("idleTimeout").invoke(null);
        } catch (InvocationTargetException e) {
            throw new AssertionError(e.getCause());
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static URL location(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation();
    }

    /** Runs in the other class loader. */
    public static final class Probe {

        private Probe() {}

        public static String idleTimeout() {
            return new SettingsReader(
                            true,
                            Map.of(IDLE, "PT7M", "memcached.session.servers", "10.0.0.1"),
                            Map.of())
                    .draft(
                            new Deployment(
                                    Probe.class.getClassLoader(),
                                    Map.of(),
                                    Optional.of("/shop"),
                                    false,
                                    false))
                    .settle()
                    .get(Setting.IDLE_TIMEOUT)
                    .toString();
        }
    }
}
