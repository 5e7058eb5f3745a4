package org.memcachedsession.config;

import static org.memcachedsession.config.DurationValue.Habit.MILLISECONDS;
import static org.memcachedsession.config.DurationValue.Habit.MINUTES;
import static org.memcachedsession.config.DurationValue.Habit.SECONDS;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A setting: its key, its default and what it takes. The constants below are all there are.
 *
 * @param <T> the type of its value in code
 */
public final class Setting<T> {

    /** What every key begins with outside of this project. */
    public static final String PREFIX = "memcached.session.";

    static final String ENVIRONMENT_PREFIX = "MEMCACHED_SESSION_";

    public static final Setting<ServerList> SERVERS =
            new Setting<>("servers", null, new ServersValue());

    /** What {@link #SERVERS} was before it was changed. */
    public static final Setting<ServerList> SERVERS_PREVIOUS =
            new Setting<>("servers.previous", null, new ServersValue());

    /** How often the two above are read again. */
    public static final Setting<Duration> SERVERS_REFRESH =
            new Setting<>(
                    "servers.refresh",
                    null,
                    new DurationValue(
                            Duration.ofSeconds(1),
                            Duration.ofDays(1),
                            "1 second (PT1S) to 1 day (P1D)",
                            "nodes that have read another list at another time share the sessions"
                                    + " of both meanwhile",
                            SECONDS));

    public static final Setting<Secret> SECRET = new Setting<>("secret", null, new SecretValue());

    /** Who the nodes are to the servers. */
    public static final Setting<String> USERNAME =
            new Setting<>("username", null, new CredentialValue(TextRules::username));

    public static final Setting<String> PASSWORD =
            new Setting<>("password", null, new CredentialValue(TextRules::password));

    /** One of {@code token}, {@code sasl}, in this spelling. */
    public static final Setting<String> AUTHENTICATION =
            new Setting<>("authentication", "token", new WordValue("token", "sasl"));

    public static final Setting<String> APPLICATION =
            new Setting<>("application", null, new TextValue(TextRules::application));

    public static final Setting<Duration> IDLE_TIMEOUT =
            new Setting<>(
                    "idle-timeout",
                    "PT30M",
                    new DurationValue(
                            Duration.ofSeconds(1),
                            Duration.ofDays(30),
                            "1 second (PT1S) to 30 days (P30D)",
                            "memcached counts seconds, and takes more than 30 days for a date",
                            MINUTES));

    public static final Setting<Duration> ABSOLUTE_TIMEOUT =
            new Setting<>(
                    "absolute-timeout",
                    "PT12H",
                    new DurationValue(
                            Duration.ofSeconds(1),
                            Duration.ofDays(365),
                            "1 second (PT1S) to 365 days (P365D)",
                            "whoever steals the cookie has the session for as long",
                            MINUTES));

    /** One of {@code request}, {@code use}, in this spelling. */
    public static final Setting<String> SLIDE =
            new Setting<>("slide", "request", new WordValue("request", "use"));

    public static final Setting<List<String>> SLIDE_EXCLUDE =
            new Setting<>("slide.exclude", null, new PathPatternsValue());

    public static final Setting<String> COOKIE_NAME =
            new Setting<>("cookie.name", "sid", new TextValue(TextRules::cookieName));

    public static final Setting<String> COOKIE_PATH =
            new Setting<>("cookie.path", "/", new TextValue(TextRules::cookiePath));

    public static final Setting<String> COOKIE_DOMAIN =
            new Setting<>("cookie.domain", null, new TextValue(TextRules::cookieDomain));

    /** One of {@code Lax}, {@code Strict}, {@code None}, in this spelling. */
    public static final Setting<String> COOKIE_SAME_SITE =
            new Setting<>("cookie.same-site", "Lax", new WordValue("Lax", "Strict", "None"));

    /** One of {@code auto}, {@code true}, {@code false}, in this spelling. */
    public static final Setting<String> COOKIE_SECURE =
            new Setting<>("cookie.secure", "auto", new WordValue("auto", "true", "false"));

    public static final Setting<Duration> COOKIE_MAX_AGE =
            new Setting<>(
                    "cookie.max-age",
                    null,
                    new DurationValue(
                            Duration.ofSeconds(1),
                            Duration.ofDays(400),
                            "1 second (PT1S) to 400 days (P400D)",
                            "browsers count seconds, and keep no cookie for longer",
                            MINUTES));

    public static final Setting<Duration> ROTATION_GRACE =
            new Setting<>(
                    "rotation.grace",
                    "PT30S",
                    new DurationValue(
                            Duration.ZERO,
                            Duration.ofMinutes(5),
                            "0 seconds (PT0S) to 5 minutes (PT5M)",
                            "whoever has the old id has the session for as long",
                            MILLISECONDS));

    public static final Setting<Duration> ROTATION_INTERVAL =
            new Setting<>(
                    "rotation.interval",
                    null,
                    new DurationValue(
                            Duration.ofMinutes(1),
                            Duration.ofDays(30),
                            "1 minute (PT1M) to 30 days (P30D)",
                            "more renewals cost more than they guard, and fewer guard nobody",
                            MINUTES));

    /** One of {@code false}, {@code true}, in this spelling. */
    public static final Setting<String> LOGOUT_EVERYWHERE =
            new Setting<>("logout-everywhere", "false", new WordValue("false", "true"));

    /** The name of a policy in lower case, with hyphens; not {@code resolve}, which is for one bean. */
    public static final Setting<String> CONFLICT =
            new Setting<>(
                    "conflict",
                    "last-write-wins",
                    new WordValue("last-write-wins", "first-write-wins", "fail"));

    public static final Setting<Duration> OPERATION_TIMEOUT =
            new Setting<>(
                    "operation-timeout",
                    "PT0.3S",
                    new DurationValue(
                            Duration.ofMillis(1),
                            Duration.ofSeconds(60),
                            "1 millisecond (PT0.001S) to 60 seconds (PT60S)",
                            "a request waits this long for a server that does not answer",
                            MILLISECONDS));

    public static final Setting<Duration> CONNECT_TIMEOUT =
            new Setting<>(
                    "connect-timeout",
                    "PT1S",
                    new DurationValue(
                            Duration.ofMillis(1),
                            Duration.ofSeconds(60),
                            "1 millisecond (PT0.001S) to 60 seconds (PT60S)",
                            "a server that cannot be reached is given up only after this long",
                            MILLISECONDS));

    public static final Setting<Integer> CONNECTIONS =
            new Setting<>("connections", "1", new NumberValue(1, 64));

    /** Calls in a row without an answer until a server is given up. */
    public static final Setting<Integer> FAILURE_LIMIT =
            new Setting<>("failure-limit", "5", new NumberValue(1, 1000));

    public static final Setting<Duration> RETRY_INTERVAL =
            new Setting<>(
                    "retry-interval",
                    "PT1S",
                    new DurationValue(
                            Duration.ofMillis(100),
                            Duration.ofMinutes(5),
                            "100 milliseconds (PT0.1S) to 5 minutes (PT5M)",
                            "a server that is back is found only after this long",
                            MILLISECONDS));

    /** Servers that hold each session. */
    public static final Setting<Integer> COPIES =
            new Setting<>("copies", "1", new NumberValue(1, 3));

    /** One of {@code fail}, {@code transient}, in this spelling. */
    public static final Setting<String> OUTAGE =
            new Setting<>("outage", "fail", new WordValue("fail", "transient"));

    /** In bytes. */
    public static final Setting<Integer> SIZE_LIMIT =
            new Setting<>("size.limit", "900KB", new SizeValue(1024, 128 * SizeValue.MB));

    /** In bytes. */
    public static final Setting<Integer> SIZE_WARN =
            new Setting<>("size.warn", "100KB", new SizeValue(1, 128 * SizeValue.MB));

    /** In bytes; empty for never. */
    public static final Setting<OptionalInt> COMPRESS_FROM =
            new Setting<>("compress.from", "64KB", new SizeOrNeverValue(0, 128 * SizeValue.MB));

    public static final Setting<List<String>> SERIALIZE_ALLOW =
            new Setting<>("serialize.allow", null, new ClassNamesValue());

    /** One of {@code auto}, {@code java}, {@code fory}, in this spelling. */
    public static final Setting<String> SERIALIZER =
            new Setting<>("serializer", "auto", new WordValue("auto", "java", "fory"));

    /** Every setting, essentials first. */
    public static final List<Setting<?>> ALL =
            List.of(
                    SERVERS,
                    SERVERS_PREVIOUS,
                    SERVERS_REFRESH,
                    SECRET,
                    APPLICATION,
                    IDLE_TIMEOUT,
                    ABSOLUTE_TIMEOUT,
                    SLIDE,
                    SLIDE_EXCLUDE,
                    COOKIE_NAME,
                    COOKIE_PATH,
                    COOKIE_DOMAIN,
                    COOKIE_SAME_SITE,
                    COOKIE_SECURE,
                    COOKIE_MAX_AGE,
                    ROTATION_GRACE,
                    ROTATION_INTERVAL,
                    LOGOUT_EVERYWHERE,
                    CONFLICT,
                    OPERATION_TIMEOUT,
                    CONNECT_TIMEOUT,
                    CONNECTIONS,
                    FAILURE_LIMIT,
                    RETRY_INTERVAL,
                    COPIES,
                    OUTAGE,
                    SIZE_LIMIT,
                    SIZE_WARN,
                    COMPRESS_FROM,
                    SERIALIZER,
                    SERIALIZE_ALLOW,
                    USERNAME,
                    PASSWORD,
                    AUTHENTICATION);

    private final String shortKey;
    private final String defaultText;
    private final ValueType<T> type;

    private Setting(String shortKey, String defaultText, ValueType<T> type) {
        this.shortKey = shortKey;
        this.defaultText = defaultText;
        this.type = type;
    }

    /** The key without the prefix: {@code idle-timeout}. */
    String shortKey() {
        return shortKey;
    }

    /** The key as it is written in all sources but the environment. */
    String key() {
        return PREFIX + shortKey;
    }

    /** The name of the environment variable, by the rule of MicroProfile Config. */
    String environmentName() {
        return environmentName(key());
    }

    static String environmentName(String key) {
        return key.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    /** As one would write it in a source. Empty: none, or one that depends on the deployment. */
    Optional<String> defaultText() {
        return Optional.ofNullable(defaultText);
    }

    ValueType<T> type() {
        return type;
    }

    @Override
    public String toString() {
        return key();
    }
}
