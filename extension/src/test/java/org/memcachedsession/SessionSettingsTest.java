package org.memcachedsession;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.memcachedsession.SessionSettings.Authentication;
import org.memcachedsession.SessionSettings.CookieSecure;
import org.memcachedsession.SessionSettings.Credentials;
import org.memcachedsession.SessionSettings.SameSite;
import org.memcachedsession.SessionSettings.Serializer;
import org.memcachedsession.SessionSettings.Server;
import org.memcachedsession.SessionSettings.Slide;

class SessionSettingsTest {

    private static final int MB = 1024 * 1024;

    @Test
    void withServersAndApplicationAloneTheDefaultsAreInForce() {
        SessionSettings settings = required().build();

        assertThat(settings.toString())
                .isEqualTo(
                        "servers=10.0.0.1:11211,[::1]:11212:2; secret=***; application=/shop;"
                                + " idle-timeout=PT30M; absolute-timeout=PT12H; slide=request; cookie.name=sid;"
                                + " cookie.path=/; cookie.same-site=Lax; cookie.secure=auto;"
                                + " rotation.grace=PT30S; logout-everywhere=false;"
                                + " conflict=last-write-wins; operation-timeout=PT0.3S; connect-timeout=PT1S; connections=1;"
                                + " failure-limit=5; retry-interval=PT1S; copies=1; outage=fail;"
                                + " size.limit=900KB; size.warn=100KB; compress.from=64KB;"
                                + " serializer=auto; authentication=token");
        assertThat(settings.embedded()).isFalse();
        assertThat(settings.servers())
                .containsExactly(new Server("10.0.0.1", 11211), new Server("::1", 11212, 2));
        assertThat(settings.secret()).containsExactly(key(1));
        assertThat(settings.credentials()).isEmpty();
        assertThat(settings.application()).isEqualTo("/shop");
        assertThat(settings.idleTimeout()).isEqualTo(Duration.ofMinutes(30));
        assertThat(settings.absoluteTimeout()).isEqualTo(Duration.ofHours(12));
        assertThat(settings.slide()).isEqualTo(Slide.REQUEST);
        assertThat(settings.slideExclude()).isEmpty();
        assertThat(settings.cookieName()).isEqualTo("sid");
        assertThat(settings.cookiePath()).isEqualTo("/");
        assertThat(settings.cookieDomain()).isEmpty();
        assertThat(settings.cookieSameSite()).isEqualTo(SameSite.LAX);
        assertThat(settings.cookieSecure()).isEqualTo(CookieSecure.AUTO);
        assertThat(settings.cookieMaxAge()).isEmpty();
        assertThat(settings.rotationGrace()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.rotationInterval()).isEmpty();
        assertThat(settings.logoutEverywhere()).isFalse();
        assertThat(settings.operationTimeout()).isEqualTo(Duration.ofMillis(300));
        assertThat(settings.connectTimeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(settings.connections()).isEqualTo(1);
        assertThat(settings.sizeLimit()).isEqualTo(900 * 1024);
        assertThat(settings.sizeWarn()).isEqualTo(100 * 1024);
        assertThat(settings.compressFrom()).hasValue(65_536);
        assertThat(settings.serializer()).isEqualTo(Serializer.AUTO);
        assertThat(settings.serializeAllow()).isEmpty();
        assertThat(settings.notes()).isEmpty();
    }

    @Test
    void everythingCanBeSetInCode() {
        SessionSettings settings =
                SessionSettings.builder()
                        .embedded()
                        .secret(List.of(key(1), key(2)))
                        .application("x")
                        .idleTimeout(Duration.ofDays(30))
                        .absoluteTimeout(Duration.ofDays(365))
                        .slide(Slide.USE)
                        .slideExclude(List.of("/poll/*", "*.png"))
                        .cookieName("shop")
                        .cookiePath("/shop")
                        .cookieDomain("example.org")
                        .cookieSameSite(SameSite.NONE)
                        .cookieSecure(CookieSecure.ALWAYS)
                        .cookieMaxAge(Duration.ofDays(14))
                        .rotationGrace(Duration.ofSeconds(10))
                        .rotationInterval(Duration.ofHours(1))
                        .logoutEverywhere(true)
                        .conflict(ConflictPolicy.FIRST_WRITE_WINS)
                        .operationTimeout(Duration.ofSeconds(1))
                        .connectTimeout(Duration.ofSeconds(2))
                        .connections(3)
                        .failureLimit(7)
                        .retryInterval(Duration.ofSeconds(3))
                        .outage(SessionSettings.Outage.TRANSIENT)
                        .sizeLimit(2 * MB)
                        .sizeWarn(1500)
                        .compressFrom(3 * 1024)
                        .serializer(Serializer.JAVA)
                        .serializeAllow(List.of("org.example.Order$Line", "org.example.model.*"))
                        .username("shop")
                        .password("pass word")
                        .authentication(Authentication.SASL)
                        .build();

        assertThat(settings.toString())
                .isEqualTo(
                        "servers=embedded; secret=***; application=x; idle-timeout=P30D; absolute-timeout=P365D;"
                                + " slide=use; slide.exclude=/poll/*,*.png;"
                                + " cookie.name=shop; cookie.path=/shop; cookie.domain=example.org;"
                                + " cookie.same-site=None; cookie.secure=true; cookie.max-age=P14D;"
                                + " rotation.grace=PT10S; rotation.interval=PT1H; logout-everywhere=true;"
                                + " conflict=first-write-wins; operation-timeout=PT1S; connect-timeout=PT2S; connections=3;"
                                + " failure-limit=7; retry-interval=PT3S; copies=1; outage=transient;"
                                + " size.limit=2MB; size.warn=1500; compress.from=3KB; serializer=java;"
                                + " serialize.allow=org.example.Order$Line,org.example.model.*;"
                                + " username=***; password=***; authentication=sasl");
        assertThat(settings.credentials())
                .contains(new Credentials("shop", "pass word", Authentication.SASL));
        assertThat(settings.embedded()).isTrue();
        assertThat(settings.servers()).isEmpty();
        assertThat(settings.secret()).containsExactly(key(1), key(2));
        assertThat(settings.slide()).isEqualTo(Slide.USE);
        assertThat(settings.slideExclude()).containsExactly("/poll/*", "*.png");
        assertThat(settings.cookieDomain()).isEqualTo(Optional.of("example.org"));
        assertThat(settings.cookieSameSite()).isEqualTo(SameSite.NONE);
        assertThat(settings.cookieSecure()).isEqualTo(CookieSecure.ALWAYS);
        assertThat(settings.cookieMaxAge()).isEqualTo(Optional.of(Duration.ofDays(14)));
        assertThat(settings.rotationGrace()).isEqualTo(Duration.ofSeconds(10));
        assertThat(settings.rotationInterval()).isEqualTo(Optional.of(Duration.ofHours(1)));
        assertThat(settings.logoutEverywhere()).isTrue();
        assertThat(settings.conflict()).isEqualTo(ConflictPolicy.FIRST_WRITE_WINS);
    }

    @Test
    void copiesAreOnServersThatAreThere() {
        SessionSettings settings = required().servers("10.0.0.1,10.0.0.2").copies(2).build();

        assertThat(settings.copies()).isEqualTo(2);
    }

    @Test
    void aListOfServersThatChangesHasTheOneBeforeBesideIt() {
        SessionSettings settings =
                required()
                        .servers("10.0.0.1,10.0.0.2")
                        .previousServers("10.0.0.1")
                        .serversRefresh(Duration.ofSeconds(30))
                        .build();

        assertThat(settings.previousServers()).containsExactly(new Server("10.0.0.1", 11211));
        assertThat(settings.serversRefresh()).contains(Duration.ofSeconds(30));
    }

    @Test
    void aListBeforeThatIsNotOnLoopbackNeedsASecretToo() {
        SessionSettings.Builder builder =
                SessionSettings.builder()
                        .application("shop")
                        .servers("127.0.0.1")
                        .previousServers("10.0.0.1");

        assertThatThrownBy(builder::build)
                .isInstanceOf(SessionSettingsException.class)
                .hasMessageContaining("MSS-40")
                .hasMessageContaining("servers.previous");
    }

    @Test
    void serversThatAreAskedForAreReadAgainEveryMinuteUnlessItIsSaidOtherwise() {
        SessionSettings settings = required().servers("discover:127.0.0.1:11311").copies(2).build();

        assertThat(settings.configurationEndpoint()).contains(new Server("127.0.0.1", 11311));
        assertThat(settings.servers()).isEmpty();
        assertThat(settings.serversRefresh()).contains(Duration.ofMinutes(1));
        assertThat(settings.toString()).contains("servers=discover:127.0.0.1:11311");
    }

    @Test
    void whatWasSetCanBeTakenBack() {
        SessionSettings settings =
                required()
                        .cookieDomain("example.org")
                        .cookieMaxAge(Duration.ofDays(1))
                        .slideExclude(List.of("/poll/*"))
                        .rotationInterval(Duration.ofHours(1))
                        .serializeAllow(List.of("org.example.Order"))
                        .noCookieDomain()
                        .noCookieMaxAge()
                        .slideExclude(List.of())
                        .serializeAllow(List.of())
                        .noRotationInterval()
                        .build();

        assertThat(settings.cookieDomain()).isEmpty();
        assertThat(settings.cookieMaxAge()).isEmpty();
        assertThat(settings.slideExclude()).isEmpty();
        assertThat(settings.serializeAllow()).isEmpty();
        assertThat(settings.rotationInterval()).isEmpty();
    }

    @Test
    void theDefaultPolicyCannotBeToResolveSinceThatNeedsAResolverOfTheBean() {
        assertThatThrownBy(() -> required().conflict(ConflictPolicy.RESOLVE).build())
                .isInstanceOf(SessionSettingsException.class)
                .hasMessageContainingAll(
                        "memcached.session.conflict",
                        "resolve",
                        "last-write-wins",
                        "first-write-wins",
                        "fail");
    }

    @ParameterizedTest
    @MethodSource("justAllowed")
    void theEndsOfEachRangeAreAllowed(UnaryOperator<SessionSettings.Builder> change) {
        assertThatCode(() -> change.apply(required()).build()).doesNotThrowAnyException();
    }

    static List<UnaryOperator<SessionSettings.Builder>> justAllowed() {
        return List.of(
                b -> b.idleTimeout(Duration.ofSeconds(1)),
                b -> b.idleTimeout(Duration.ofDays(30)).absoluteTimeout(Duration.ofDays(30)),
                b -> b.idleTimeout(Duration.ofSeconds(1)).absoluteTimeout(Duration.ofSeconds(1)),
                b -> b.absoluteTimeout(Duration.ofDays(365)),
                b -> b.cookieMaxAge(Duration.ofSeconds(1)),
                b -> b.cookieMaxAge(Duration.ofDays(400)),
                b -> b.slideExclude(List.of("/", "/*", "/a", "/a/", "/a.b/c", "/a/*", "*.a")),
                b -> b.rotationGrace(Duration.ZERO),
                b -> b.rotationGrace(Duration.ofMinutes(5)),
                b -> b.rotationInterval(Duration.ofMinutes(1)),
                b -> b.rotationInterval(Duration.ofDays(30)),
                b ->
                        b.rotationGrace(Duration.ofMinutes(2))
                                .rotationInterval(Duration.ofMinutes(2).plusNanos(1)),
                b -> b.operationTimeout(Duration.ofMillis(1)),
                b -> b.operationTimeout(Duration.ofSeconds(60)),
                b -> b.connectTimeout(Duration.ofMillis(1)),
                b -> b.connectTimeout(Duration.ofSeconds(60)),
                b -> b.connections(1),
                b -> b.connections(64),
                b -> b.sizeLimit(1024).sizeWarn(1024).compressFrom(1024),
                b -> b.sizeLimit(1024).sizeWarn(1024).compressNever(),
                b -> b.compressFrom(0),
                b -> b.sizeLimit(128 * MB).sizeWarn(1),
                b -> b.servers(List.of(new Server("a", 1, 1), new Server("a", 65535, 1000))),
                b -> b.secret(List.of(key(1), key(2), key(3))),
                b -> b.application("x".repeat(200)),
                b -> b.cookieName("x".repeat(64)),
                b -> b.cookiePath("/" + "x".repeat(1023)),
                b -> b.cookieSameSite(SameSite.NONE).cookieSecure(CookieSecure.AUTO),
                b -> b.cookieSameSite(SameSite.LAX).cookieSecure(CookieSecure.NEVER),
                b -> b.username("u").password("p:" + "é".repeat(124) + "x"),
                b -> b.username("é@host").password("p p").authentication(Authentication.SASL));
    }

    @ParameterizedTest
    @MethodSource("justRefused")
    void whatIsJustBeyondEachRangeIsRefused(UnaryOperator<SessionSettings.Builder> change) {
        assertThatThrownBy(() -> change.apply(required()).build())
                .isInstanceOfSatisfying(
                        SessionSettingsException.class, e -> assertThat(e.mistakes()).hasSize(1))
                .hasMessageContaining("(code)");
    }

    static List<UnaryOperator<SessionSettings.Builder>> justRefused() {
        return List.of(
                b -> b.idleTimeout(Duration.ofMillis(999)),
                b -> b.idleTimeout(Duration.ofDays(30).plusNanos(1)),
                b -> b.idleTimeout(Duration.ofHours(12).plusNanos(1)),
                b -> b.absoluteTimeout(Duration.ofDays(365).plusNanos(1)),
                b -> b.absoluteTimeout(Duration.ofMinutes(30).minusNanos(1)),
                b -> b.cookieMaxAge(Duration.ofMillis(999)),
                b -> b.cookieMaxAge(Duration.ofDays(400).plusSeconds(1)),
                b -> b.slideExclude(List.of("")),
                b -> b.slideExclude(List.of("a/*")),
                b -> b.slideExclude(List.of("*")),
                b -> b.slideExclude(List.of("*.")),
                b -> b.slideExclude(List.of("*.tar.gz")),
                b -> b.slideExclude(List.of("*.a/b")),
                b -> b.slideExclude(List.of("/a*")),
                b -> b.slideExclude(List.of("/*/a")),
                b -> b.slideExclude(List.of("/a/**")),
                b -> b.slideExclude(List.of("/a?b=c")),
                b -> b.slideExclude(List.of("/a#b")),
                b -> b.slideExclude(List.of("/a;b")),
                b -> b.slideExclude(List.of("/a,/b")),
                b -> b.slideExclude(List.of("/a /b")),
                b -> b.rotationGrace(Duration.ofNanos(-1)),
                b -> b.rotationGrace(Duration.ofMinutes(5).plusNanos(1)),
                b -> b.rotationInterval(Duration.ofMinutes(1).minusNanos(1)),
                b -> b.rotationInterval(Duration.ofDays(30).plusNanos(1)),
                b -> b.rotationGrace(Duration.ofMinutes(2)).rotationInterval(Duration.ofMinutes(2)),
                b -> b.operationTimeout(Duration.ofNanos(999_999)),
                b -> b.operationTimeout(Duration.ofSeconds(60).plusNanos(1)),
                b -> b.connectTimeout(Duration.ZERO),
                b -> b.connectTimeout(Duration.ofSeconds(60).plusNanos(1)),
                b -> b.connections(0),
                b -> b.connections(65),
                b -> b.sizeLimit(1023).sizeWarn(1),
                b -> b.sizeLimit(128 * MB + 1),
                b -> b.sizeLimit(100 * 1024 - 1),
                b -> b.sizeWarn(0),
                b -> b.compressFrom(-1),
                b -> b.compressFrom(900 * 1024 + 1),
                b -> b.sizeLimit(128 * MB).compressFrom(128 * MB + 1),
                b -> b.servers(List.of()),
                b -> b.servers(List.of(new Server("a", 0))),
                b -> b.servers(List.of(new Server("a", 65536))),
                b -> b.servers(List.of(new Server("a", 1, 0))),
                b -> b.servers(List.of(new Server("a", 1, 1001))),
                b -> b.servers(List.of(new Server("a b", 1))),
                b -> b.servers(List.of(new Server("a\r\nset", 1))),
                b -> b.servers(List.of(new Server("[::1]", 1))),
                b -> b.servers(List.of(new Server("a", 1), new Server("A", 1, 2))),
                b -> b.secret(List.of()),
                b -> b.secret(List.of(new byte[31])),
                b -> b.secret(List.of(key(1), new byte[33])),
                b -> b.secret(List.of(key(1), key(2), key(1))),
                b -> b.application(""),
                b -> b.application("  "),
                b -> b.application("x".repeat(201)),
                b -> b.application("a\u202eb"),
                b -> b.cookieName(""),
                b -> b.cookieName("x".repeat(65)),
                b -> b.cookieName("__secure-sid"),
                b -> b.cookieName("a=b"),
                b -> b.cookiePath(""),
                b -> b.cookiePath("/\r\n"),
                b -> b.cookiePath("/é"),
                b -> b.cookiePath("/" + "x".repeat(1024)),
                b -> b.cookieDomain("example.org:8080"),
                b -> b.cookieDomain("http://example.org"),
                b -> b.cookieDomain("-a.org"),
                b -> b.cookieSameSite(SameSite.NONE).cookieSecure(CookieSecure.NEVER),
                b -> b.username("u"),
                b -> b.password("p"),
                b -> b.authentication(Authentication.SASL),
                b -> b.username("").password("p"),
                b -> b.username("u u").password("p"),
                b -> b.username("u\u00a0u").password("p"),
                b -> b.username("u:u").password("p"),
                b -> b.username("u\r\nset").password("p"),
                b -> b.username("u").password(""),
                b -> b.username("u").password("p p"),
                b -> b.username("u").password("p\r\nflush_all"),
                b -> b.username("u").password("p\u0000p").authentication(Authentication.SASL),
                b -> b.username("u").password("p:" + "é".repeat(125)));
    }

    @Test
    void aPasswordIsToldNowhereWhateverIsWrongWithIt() {
        for (String wrong : List.of("tell tale", "tell\ntale", "telltale".repeat(40))) {
            SessionSettings.Builder builder = required().username("u").password(wrong);
            assertThatThrownBy(builder::build)
                    .isInstanceOf(SessionSettingsException.class)
                    .hasMessageContaining("memcached.session.password is \"***\" (code)")
                    .hasMessageNotContaining("tale");
        }

        SessionSettings settings = required().username("u").password("telltale").build();
        assertThat(settings.toString()).contains("; username=***; password=***; ");
        assertThat(settings.credentials().orElseThrow().toString()).isEqualTo("*** (token)");
    }

    @Test
    void allMistakesAreToldAtOnce() {
        assertThatThrownBy(
                        () ->
                                SessionSettings.builder()
                                        .connections(0)
                                        .idleTimeout(Duration.ZERO)
                                        .servers("unix:/tmp/a,b:0")
                                        .build())
                .isInstanceOfSatisfying(
                        SessionSettingsException.class,
                        e ->
                                assertThat(e.mistakes())
                                        .hasSize(5)
                                        .anyMatch(m -> m.startsWith("MSS-13 "))
                                        .anyMatch(m -> m.startsWith("MSS-10 "))
                                        .anyMatch(m -> m.startsWith("MSS-20 "))
                                        .anyMatch(m -> m.startsWith("MSS-23 "))
                                        .anyMatch(m -> m.startsWith("MSS-34 ")));
    }

    @Test
    void aBuilderCanBeCorrectedAndBuiltAgain() {
        SessionSettings.Builder builder = required().connections(0);
        assertThatThrownBy(builder::build).isInstanceOf(SessionSettingsException.class);

        assertThat(builder.connections(2).build().connections()).isEqualTo(2);
    }

    @Test
    void aLimitAboveWhatMemcachedTakesByItselfIsNoted() {
        assertThat(required().sizeLimit(MB - 1024).build().notes()).isEmpty();
        assertThat(required().sizeLimit(MB - 1023).build().notes())
                .singleElement()
                .asString()
                .endsWith("Start every server with -I 2m or more.");
        assertThat(required().sizeLimit(2 * MB).build().notes())
                .containsExactly(
                        "memcached.session.size.limit is \"2MB\" (code): memcached takes items of 1 MB"
                                + " unless it is started with a larger -I. Start every server with -I 3m"
                                + " or more.");
    }

    // ---- the secret

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.9.9.9:1",
                "localhost",
                "LocalHost.",
                "[::1]",
                "[0:0:0:0:0:0:0:1]",
                "[::ffff:127.0.0.1]",
                "embedded",
                "localhost:1,127.0.0.1:2"
            })
    void onLoopbackNoSecretIsNeeded(String servers) {
        SessionSettings settings = withoutSecret(servers).build();

        assertThat(settings.secret()).isEmpty();
        assertThat(settings.toString()).doesNotContain("secret");
        assertThat(settings.notes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.1",
                "0.0.0.0",
                "[::]",
                "[::ffff:10.0.0.1]",
                "126.0.0.1",
                "127.example.org",
                "127.0.0.1.example.org",
                "localhost.example.org",
                "memcached",
                "127.0.0.1,10.0.0.1"
            })
    void anywhereElseASecretIsNeededOrDeclined(String servers) {
        assertThatThrownBy(() -> withoutSecret(servers).build())
                .isInstanceOfSatisfying(
                        SessionSettingsException.class, e -> assertThat(e.mistakes()).hasSize(1))
                .hasMessageContainingAll("MSS-40 ", "openssl rand -base64 32", "write none");

        SessionSettings declined = withoutSecret(servers).noSecret().build();
        assertThat(declined.secret()).isEmpty();
        assertThat(declined.toString()).contains("; secret=none; ");
        assertThat(declined.notes())
                .containsExactly(
                        "memcached.session.secret is none (code): whoever can write to a memcached"
                                + " server can make up a session whose id they know.");
        assertThat(withoutSecret(servers).secret(" None ").build().secret()).isEmpty();
    }

    @Test
    void keysAreSeparatedByCommasOrBlanksAndKeepTheirOrder() {
        String keys = base64(2) + ",\n " + base64(1) + "\t" + base64(3);

        assertThat(required().secret(keys).build().secret())
                .containsExactly(key(2), key(1), key(3));
    }

    @Test
    void nothingOfASecretIsToldWhateverIsWrongWithIt() {
        for (String wrong :
                List.of("tell-tale!", "telltale", base64(7) + ",telltale", "none,telltale")) {
            SessionSettings.Builder builder = required().secret(wrong);
            assertThatThrownBy(builder::build)
                    .isInstanceOf(SessionSettingsException.class)
                    .hasMessageContainingAll("memcached.session.secret is \"***\" (code)")
                    .hasNoCause()
                    .message()
                    .doesNotContain("tell", base64(7));
        }
        SessionSettings settings = required().secret(base64(7)).build();
        assertThat(settings.toString()).doesNotContain(base64(7));
        assertThat(settings.notes()).isEmpty();
    }

    @Test
    void whoChangesTheArraysThatWereGivenOrTakenChangesNoKey() {
        byte[] given = key(1);
        SessionSettings.Builder builder = required().secret(List.of(given));
        given[0]++;
        SessionSettings settings = builder.build();
        settings.secret().get(0)[0]++;

        assertThat(settings.secret()).containsExactly(key(1));
    }

    private static byte[] key(int number) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) number);
        return key;
    }

    private static String base64(int number) {
        return Base64.getEncoder().encodeToString(key(number));
    }

    private static SessionSettings.Builder withoutSecret(String servers) {
        return SessionSettings.builder().servers(servers).application("/shop");
    }

    private static SessionSettings.Builder required() {
        return SessionSettings.builder()
                .servers(List.of(new Server("10.0.0.1", 11211), new Server("::1", 11212, 2)))
                .secret(List.of(key(1)))
                .application("/shop");
    }
}
