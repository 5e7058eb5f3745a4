package org.memcachedsession;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.memcachedsession.config.Secret;
import org.memcachedsession.config.ServerList;
import org.memcachedsession.config.Setting;
import org.memcachedsession.config.SettingsDraft;
import org.memcachedsession.config.SettledSettings;

/**
 * The settings in force. Read once at deployment, immutable, and valid: ranges and combinations were
 * checked when it was built.
 *
 * <p>To change settings in code, observe the builder at start-up. It holds what the outer sources
 * say, and what is set here takes precedence:
 *
 * <pre>{@code
 * void configure(@Observes SessionSettings.Builder settings) {
 *     settings.idleTimeout(Duration.ofHours(2)).cookieName("shop");
 * }
 * }</pre>
 */
public final class SessionSettings {

    private static final Duration REFRESH_OF_DISCOVERED = Duration.ofMinutes(1);

    private final boolean embedded;
    private final List<Server> servers;
    private final Optional<Server> configurationEndpoint;
    private final List<Server> previousServers;
    private final Optional<Duration> serversRefresh;
    private final Secret secret;
    private final boolean withoutSecret; // as somebody has said
    private final Optional<Credentials> credentials;
    private final String application;
    private final Duration idleTimeout;
    private final Duration absoluteTimeout;
    private final Slide slide;
    private final List<String> slideExclude;
    private final String cookieName;
    private final String cookiePath;
    private final Optional<String> cookieDomain;
    private final SameSite cookieSameSite;
    private final CookieSecure cookieSecure;
    private final Optional<Duration> cookieMaxAge;
    private final Duration rotationGrace;
    private final Optional<Duration> rotationInterval;
    private final boolean logoutEverywhere;
    private final ConflictPolicy conflict;
    private final Duration operationTimeout;
    private final Duration connectTimeout;
    private final int connections;
    private final int failureLimit;
    private final int copies;
    private final Duration retryInterval;
    private final Outage outage;
    private final int sizeLimit;
    private final int sizeWarn;
    private final OptionalInt compressFrom;
    private final Serializer serializer;
    private final List<String> serializeAllow;
    private final List<String> notes;
    private final String line;

    private SessionSettings(SettledSettings settled) {
        ServerList list = settled.get(Setting.SERVERS);
        embedded = list.embedded();
        servers = list.discovered() ? List.of() : servers(list);
        configurationEndpoint =
                list.discovered() ? Optional.of(servers(list).get(0)) : Optional.empty();
        previousServers =
                settled.find(Setting.SERVERS_PREVIOUS)
                        .map(SessionSettings::servers)
                        .orElse(List.of());
        serversRefresh =
                settled.find(Setting.SERVERS_REFRESH)
                        .or(() -> configurationEndpoint.map(endpoint -> REFRESH_OF_DISCOVERED));
        secret = settled.find(Setting.SECRET).orElse(Secret.NONE);
        withoutSecret = settled.find(Setting.SECRET).filter(Secret.NONE::equals).isPresent();
        credentials =
                settled.find(Setting.USERNAME)
                        .map(
                                username ->
                                        new Credentials(
                                                username,
                                                settled.get(Setting.PASSWORD),
                                                Authentication.of(
                                                        settled.get(Setting.AUTHENTICATION))));
        application = settled.get(Setting.APPLICATION);
        idleTimeout = settled.get(Setting.IDLE_TIMEOUT);
        absoluteTimeout = settled.get(Setting.ABSOLUTE_TIMEOUT);
        slide = Slide.of(settled.get(Setting.SLIDE));
        slideExclude = settled.find(Setting.SLIDE_EXCLUDE).orElse(List.of());
        cookieName = settled.get(Setting.COOKIE_NAME);
        cookiePath = settled.get(Setting.COOKIE_PATH);
        cookieDomain = settled.find(Setting.COOKIE_DOMAIN);
        cookieSameSite = SameSite.of(settled.get(Setting.COOKIE_SAME_SITE));
        cookieSecure = CookieSecure.of(settled.get(Setting.COOKIE_SECURE));
        cookieMaxAge = settled.find(Setting.COOKIE_MAX_AGE);
        rotationGrace = settled.get(Setting.ROTATION_GRACE);
        rotationInterval = settled.find(Setting.ROTATION_INTERVAL);
        logoutEverywhere = Boolean.parseBoolean(settled.get(Setting.LOGOUT_EVERYWHERE));
        conflict = conflictPolicy(settled.get(Setting.CONFLICT));
        operationTimeout = settled.get(Setting.OPERATION_TIMEOUT);
        connectTimeout = settled.get(Setting.CONNECT_TIMEOUT);
        connections = settled.get(Setting.CONNECTIONS);
        failureLimit = settled.get(Setting.FAILURE_LIMIT);
        copies = settled.get(Setting.COPIES);
        retryInterval = settled.get(Setting.RETRY_INTERVAL);
        outage = Outage.of(settled.get(Setting.OUTAGE));
        sizeLimit = settled.get(Setting.SIZE_LIMIT);
        sizeWarn = settled.get(Setting.SIZE_WARN);
        compressFrom = settled.get(Setting.COMPRESS_FROM);
        serializer = Serializer.of(settled.get(Setting.SERIALIZER));
        serializeAllow = settled.find(Setting.SERIALIZE_ALLOW).orElse(List.of());
        notes = settled.notes();
        line = settled.toString();
    }

    private static List<Server> servers(ServerList list) {
        return list.servers().stream().map(Server::of).toList();
    }

    /** Begins with the defaults alone; {@code servers} and {@code application} have to be set. */
    public static Builder builder() {
        return new Builder(SettingsDraft.empty());
    }

    /** Begins with what the sources of a deployment say. For the extension itself. */
    public static Builder builder(SettingsDraft sources) {
        return new Builder(sources);
    }

    /** Whether sessions live in the in-process server, which this node alone has. */
    public boolean embedded() {
        return embedded;
    }

    /** The memcached servers in the order in which they were named; none if embedded, or told by an endpoint. */
    public List<Server> servers() {
        return servers;
    }

    /** Who is asked which memcached servers there are, by {@code config get cluster}. Empty: they are named. */
    public Optional<Server> configurationEndpoint() {
        return configurationEndpoint;
    }

    /**
     * Servers that the {@linkplain #configurationEndpoint endpoint} has told, as if they had been set. For the extension
     * itself.
     *
     * @throws SessionSettingsException they break a rule
     */
    public List<Server> checked(List<Server> told) {
        Builder checking = builder().application(application).copies(copies).servers(told);
        if (withoutSecret) {
            checking.secret("none");
        } else if (!secret().isEmpty()) {
            checking.secret(secret());
        }
        return checking.build().servers();
    }

    /** The servers before the list was changed, while their sessions move; none where it was not. */
    public List<Server> previousServers() {
        return previousServers;
    }

    /**
     * How often both lists are read again while the application runs: 1 second to 1 day. Empty: never. Where an endpoint
     * tells them it is a minute unless set.
     */
    public Optional<Duration> serversRefresh() {
        return serversRefresh;
    }

    /**
     * The keys that seal sessions, of 32 bytes each: the first seals, all open. None: whoever can write
     * to the servers can make up a session whose id they know. Not to be printed.
     */
    public List<byte[]> secret() {
        return secret.keys();
    }

    /** Who the nodes are to the servers. Empty: the servers ask nobody. */
    public Optional<Credentials> credentials() {
        return credentials;
    }

    /**
     * What keeps the sessions of this application apart from others on the same servers: 1 to 200
     * printable characters.
     */
    public String application() {
        return application;
    }

    /** How long a session lives without a request: 1 second to 30 days. */
    public Duration idleTimeout() {
        return idleTimeout;
    }

    /**
     * How long a session lives at most, counted from its last login, or from its creation if there was
     * none: not shorter than the idle timeout, 365 days at most.
     */
    public Duration absoluteTimeout() {
        return absoluteTimeout;
    }

    /** Which requests start the idle time anew, but for those of {@link #slideExclude()}. */
    public Slide slide() {
        return slide;
    }

    /**
     * Path patterns of the requests that never start the idle time anew: {@code /status}, {@code
     * /poll/*}, {@code *.png}, below the context path; often none.
     */
    public List<String> slideExclude() {
        return slideExclude;
    }

    /** The name of the cookie, without the prefix that it may get. */
    public String cookieName() {
        return cookieName;
    }

    /** Begins with a slash. */
    public String cookiePath() {
        return cookiePath;
    }

    /** A host name. Empty: the cookie goes to the host that set it and no other. */
    public Optional<String> cookieDomain() {
        return cookieDomain;
    }

    public SameSite cookieSameSite() {
        return cookieSameSite;
    }

    public CookieSecure cookieSecure() {
        return cookieSecure;
    }

    /** 1 second to 400 days. Empty: the browser drops the cookie when it is closed. */
    public Optional<Duration> cookieMaxAge() {
        return cookieMaxAge;
    }

    /**
     * How long the old id may still lead to the session after a renewal of the id with the same
     * rights: zero to 5 minutes.
     */
    public Duration rotationGrace() {
        return rotationGrace;
    }

    /**
     * How often the id is renewed by itself: 1 minute to 30 days, longer than the grace. Empty:
     * never.
     */
    public Optional<Duration> rotationInterval() {
        return rotationInterval;
    }

    /**
     * Whether all sessions of a principal can be ended at once. It costs one more read per request
     * that uses the session of a user who is logged in, and such a session is refused when memcached
     * has lost its principal's marker.
     */
    public boolean logoutEverywhere() {
        return logoutEverywhere;
    }

    /** What happens to beans that say nothing else when two requests have changed them. */
    public ConflictPolicy conflict() {
        return conflict;
    }

    private static ConflictPolicy conflictPolicy(String word) {
        return ConflictPolicy.valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    private static String word(ConflictPolicy policy) {
        return policy.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** How long to wait for the answer of a server: 1 millisecond to 60 seconds. */
    public Duration operationTimeout() {
        return operationTimeout;
    }

    /** How long to wait for a connection: 1 millisecond to 60 seconds. */
    public Duration connectTimeout() {
        return connectTimeout;
    }

    /** Connections to each server: 1 to 64. */
    public int connections() {
        return connections;
    }

    /**
     * How many calls in a row may get no answer until a server is given up: 1 to 1000. From then on calls
     * fail at once, until it has answered again.
     */
    public int failureLimit() {
        return failureLimit;
    }

    /** How long after that it is asked again, and after each attempt in vain: 100 milliseconds to 5 minutes. */
    public Duration retryInterval() {
        return retryInterval;
    }

    /** How many servers hold each session: 1 to 3. */
    public int copies() {
        return copies;
    }

    /** What a request gets whose session cannot be loaded, since its server does not answer. */
    public Outage outage() {
        return outage;
    }

    /** The most bytes that a session may have in memcached: 1 KB to 128 MB. */
    public int sizeLimit() {
        return sizeLimit;
    }

    /** The bytes from which on a session is worth a warning; not above the limit. */
    public int sizeWarn() {
        return sizeWarn;
    }

    /**
     * The bytes from which on a session is compressed where that pays, as it is before that; empty if
     * none is.
     */
    public OptionalInt compressFrom() {
        return compressFrom;
    }

    public Serializer serializer() {
        return serializer;
    }

    /**
     * Classes that stored beans may hold though no field says so: {@code org.example.Payment}, or {@code
     * org.example.model.*} for all of a package and those inside of it; often none.
     */
    public List<String> serializeAllow() {
        return serializeAllow;
    }

    /** What was accepted but should be known, for the log: a line each, often none. */
    public List<String> notes() {
        return notes;
    }

    /** All that is in force, in one line; stars in place of what is secret. */
    @Override
    public String toString() {
        return line;
    }

    /**
     * A memcached server. Its parts are checked when the settings are built.
     *
     * @param host name or address, an IPv6 address without brackets
     * @param port 1 to 65535
     * @param weight 1 to 1000: a server of weight 2 gets twice as many sessions as one of weight 1
     */
    public record Server(String host, int port, int weight) {

        public Server {
            Objects.requireNonNull(host, "host");
        }

        /** Of weight 1. */
        public Server(String host, int port) {
            this(host, port, 1);
        }

        private static Server of(ServerList.Entry entry) {
            return new Server(entry.host(), entry.port(), entry.weight());
        }

        private ServerList.Entry entry() {
            return new ServerList.Entry(host, port, weight);
        }

        /** As in the setting: {@code host:port}, with {@code :weight} if it is not 1. */
        @Override
        public String toString() {
            return entry().toString();
        }
    }

    /**
     * Who the nodes are to the servers.
     *
     * @param username printable characters without blanks and colons
     * @param password printable characters; without blanks for {@link Authentication#TOKEN}. Not to be printed
     */
    public record Credentials(String username, String password, Authentication authentication) {

        public Credentials {
            Objects.requireNonNull(username, "username");
            Objects.requireNonNull(password, "password");
            Objects.requireNonNull(authentication, "authentication");
        }

        /** How, and not who. */
        @Override
        public String toString() {
            return "*** (" + authentication.word + ')';
        }
    }

    /** How the servers are told who asks. */
    public enum Authentication {
        /** By a line of the text protocol; memcached has a file of users ({@code -Y}). */
        TOKEN("token"),
        /** By SASL PLAIN and the binary protocol; memcached was started with {@code -S}. */
        SASL("sasl");

        private final String word;

        Authentication(String word) {
            this.word = word;
        }

        private static Authentication of(String word) {
            for (Authentication authentication : values()) {
                if (authentication.word.equals(word)) {
                    return authentication;
                }
            }
            throw new IllegalArgumentException(word);
        }
    }

    /** Which requests start the idle time of their session anew. */
    public enum Slide {
        /** Any that comes with the cookie of a living session. */
        REQUEST("request"),
        /** Only one that uses a bean of the scope or the session. */
        USE("use");

        private final String word;

        Slide(String word) {
            this.word = word;
        }

        private static Slide of(String word) {
            for (Slide slide : values()) {
                if (slide.word.equals(word)) {
                    return slide;
                }
            }
            throw new IllegalArgumentException(word);
        }
    }

    /** When the browser sends the cookie with requests that come from other sites. */
    public enum SameSite {
        /** Only when the user follows a link. */
        LAX("Lax"),
        /** Never. */
        STRICT("Strict"),
        /** Always; the cookie has to be Secure then. */
        NONE("None");

        private final String attribute;

        SameSite(String attribute) {
            this.attribute = attribute;
        }

        /** The value of the cookie's attribute. */
        public String attribute() {
            return attribute;
        }

        private static SameSite of(String attribute) {
            for (SameSite sameSite : values()) {
                if (sameSite.attribute.equals(attribute)) {
                    return sameSite;
                }
            }
            throw new IllegalArgumentException(attribute);
        }
    }

    /** Whether the cookie is Secure, so that browsers send it by HTTPS only. */
    public enum CookieSecure {
        /**
         * Secure, unless the request is plain HTTP to a loopback host name and no proxy said that it
         * forwarded it. Always with {@link SameSite#NONE}.
         */
        AUTO("auto"),
        ALWAYS("true"),
        NEVER("false");

        private final String word;

        CookieSecure(String word) {
            this.word = word;
        }

        private static CookieSecure of(String word) {
            for (CookieSecure secure : values()) {
                if (secure.word.equals(word)) {
                    return secure;
                }
            }
            throw new IllegalArgumentException(word);
        }
    }

    /** What a request gets that needs its session while memcached does not answer. */
    public enum Outage {
        /** A {@link SessionStoreException}: the answer is 503, with {@code Retry-After}. */
        FAIL("fail"),
        /**
         * Beans of its own, which are not stored, and no cookie. What guards access fails all the same: an end
         * of the session, and a save of a session that was loaded before.
         */
        TRANSIENT("transient");

        private final String word;

        Outage(String word) {
            this.word = word;
        }

        private static Outage of(String word) {
            for (Outage outage : values()) {
                if (outage.word.equals(word)) {
                    return outage;
                }
            }
            throw new IllegalArgumentException(word);
        }
    }

    /** What writes plain beans; those that hold objects of the container are for the JDK. */
    public enum Serializer {
        /** Apache Fory if the application has it, else the JDK. */
        AUTO("auto"),
        /** The JDK. What Apache Fory has written is read where the application has it. */
        JAVA("java"),
        /** As {@link #AUTO}, and without Apache Fory deployment fails. */
        FORY("fory");

        private final String word;

        Serializer(String word) {
            this.word = word;
        }

        private static Serializer of(String word) {
            for (Serializer serializer : values()) {
                if (serializer.word.equals(word)) {
                    return serializer;
                }
            }
            throw new IllegalArgumentException(word);
        }
    }

    /**
     * Collects settings. A later value for a setting takes the place of an earlier one, be it right
     * or wrong; all are checked together by {@link #build()}. Not thread-safe.
     */
    public static final class Builder {

        private final SettingsDraft draft;

        private Builder(SettingsDraft draft) {
            this.draft = draft;
        }

        private <T> Builder set(Setting<T> setting, T value) {
            draft.set(setting, value);
            return this;
        }

        /** At least one. */
        public Builder servers(List<Server> servers) {
            return set(
                    Setting.SERVERS, ServerList.of(servers.stream().map(Server::entry).toList()));
        }

        /** As the setting is written: {@code host:port} with commas, or PHP's {@code save_path}. */
        public Builder servers(String text) {
            draft.setText(Setting.SERVERS, text);
            return this;
        }

        /** Whoever is at this address is asked which servers there are, by {@code config get cluster}. */
        public Builder discover(Server endpoint) {
            return set(Setting.SERVERS, ServerList.discoveredAt(endpoint.entry()));
        }

        /** What {@link #servers} was before it was changed, until all sessions have moved. None: it was not. */
        public Builder previousServers(List<Server> servers) {
            if (servers.isEmpty()) {
                draft.unset(Setting.SERVERS_PREVIOUS);
                return this;
            }
            return set(
                    Setting.SERVERS_PREVIOUS,
                    ServerList.of(servers.stream().map(Server::entry).toList()));
        }

        /** As the setting is written. */
        public Builder previousServers(String text) {
            draft.setText(Setting.SERVERS_PREVIOUS, text);
            return this;
        }

        /**
         * How often {@code servers} and {@code servers.previous} are read again: 1 second to 1 day. Whoever observes this
         * builder is asked each time.
         */
        public Builder serversRefresh(Duration interval) {
            return set(Setting.SERVERS_REFRESH, interval);
        }

        /** The in-process server of the module embedded-memcached, for development and tests. */
        public Builder embedded() {
            return set(Setting.SERVERS, ServerList.EMBEDDED);
        }

        /** Keys of 32 bytes, at least one: the first seals, all open. */
        public Builder secret(List<byte[]> keys) {
            return set(Setting.SECRET, Secret.of(keys));
        }

        /** As the setting is written: keys in base64 with commas, or {@code none}. */
        public Builder secret(String text) {
            draft.setText(Setting.SECRET, text);
            return this;
        }

        /** Does without, also where servers are not on loopback. */
        public Builder noSecret() {
            return set(Setting.SECRET, Secret.NONE);
        }

        /** Printable characters without blanks and colons. Needs a password. */
        public Builder username(String name) {
            return set(Setting.USERNAME, name);
        }

        /** Printable characters; without blanks, unless it is for SASL. Together with the name 252 bytes at most. */
        public Builder password(String password) {
            return set(Setting.PASSWORD, password);
        }

        public Builder authentication(Authentication authentication) {
            return set(Setting.AUTHENTICATION, authentication.word);
        }

        /** 1 to 200 printable characters. */
        public Builder application(String name) {
            return set(Setting.APPLICATION, name);
        }

        /** 1 second to 30 days. */
        public Builder idleTimeout(Duration timeout) {
            return set(Setting.IDLE_TIMEOUT, timeout);
        }

        /** Not shorter than the idle timeout, at most 365 days. */
        public Builder absoluteTimeout(Duration timeout) {
            return set(Setting.ABSOLUTE_TIMEOUT, timeout);
        }

        public Builder slide(Slide slide) {
            return set(Setting.SLIDE, slide.word);
        }

        /**
         * Each begins with a slash or with {@code *.}, as {@code /status}, {@code /poll/*} and
         * {@code *.png} do. An empty list: no request is excluded, as is the default.
         */
        public Builder slideExclude(List<String> patterns) {
            if (patterns.isEmpty()) {
                draft.unset(Setting.SLIDE_EXCLUDE);
                return this;
            }
            return set(Setting.SLIDE_EXCLUDE, List.copyOf(patterns));
        }

        /** 1 to 64 characters of a token, without {@code __Host-} or {@code __Secure-}. */
        public Builder cookieName(String name) {
            return set(Setting.COOKIE_NAME, name);
        }

        /** Begins with a slash. */
        public Builder cookiePath(String path) {
            return set(Setting.COOKIE_PATH, path);
        }

        /** A host name. */
        public Builder cookieDomain(String domain) {
            return set(Setting.COOKIE_DOMAIN, domain);
        }

        /** The cookie goes to the host that set it and no other, as is the default. */
        public Builder noCookieDomain() {
            draft.unset(Setting.COOKIE_DOMAIN);
            return this;
        }

        /** {@code NONE} cannot be together with {@link CookieSecure#NEVER}. */
        public Builder cookieSameSite(SameSite sameSite) {
            return set(Setting.COOKIE_SAME_SITE, sameSite.attribute);
        }

        public Builder cookieSecure(CookieSecure secure) {
            return set(Setting.COOKIE_SECURE, secure.word);
        }

        /** 1 second to 400 days. */
        public Builder cookieMaxAge(Duration maxAge) {
            return set(Setting.COOKIE_MAX_AGE, maxAge);
        }

        /** The browser drops the cookie when it is closed, as is the default. */
        public Builder noCookieMaxAge() {
            draft.unset(Setting.COOKIE_MAX_AGE);
            return this;
        }

        /** Zero to 5 minutes, and shorter than the interval, if there is one. */
        public Builder rotationGrace(Duration grace) {
            return set(Setting.ROTATION_GRACE, grace);
        }

        /** 1 minute to 30 days, and longer than the grace. */
        public Builder rotationInterval(Duration interval) {
            return set(Setting.ROTATION_INTERVAL, interval);
        }

        /** The id is not renewed by itself, as is the default. */
        public Builder noRotationInterval() {
            draft.unset(Setting.ROTATION_INTERVAL);
            return this;
        }

        public Builder logoutEverywhere(boolean possible) {
            return set(Setting.LOGOUT_EVERYWHERE, Boolean.toString(possible));
        }

        /** Any but {@code RESOLVE}, which needs a resolver and so is for one bean. */
        public Builder conflict(ConflictPolicy policy) {
            return set(Setting.CONFLICT, word(policy));
        }

        /** 1 millisecond to 60 seconds. */
        public Builder operationTimeout(Duration timeout) {
            return set(Setting.OPERATION_TIMEOUT, timeout);
        }

        /** 1 millisecond to 60 seconds. */
        public Builder connectTimeout(Duration timeout) {
            return set(Setting.CONNECT_TIMEOUT, timeout);
        }

        /** 1 to 64, to each server. */
        public Builder connections(int count) {
            return set(Setting.CONNECTIONS, count);
        }

        /** 1 to 1000. */
        public Builder failureLimit(int failures) {
            return set(Setting.FAILURE_LIMIT, failures);
        }

        /** 100 milliseconds to 5 minutes. */
        public Builder retryInterval(Duration interval) {
            return set(Setting.RETRY_INTERVAL, interval);
        }

        /** 1 to 3, and not more than there are servers. */
        public Builder copies(int count) {
            return set(Setting.COPIES, count);
        }

        public Builder outage(Outage outage) {
            return set(Setting.OUTAGE, outage.word);
        }

        /** 1 KB to 128 MB. */
        public Builder sizeLimit(int bytes) {
            return set(Setting.SIZE_LIMIT, bytes);
        }

        /** 1 byte to the limit. */
        public Builder sizeWarn(int bytes) {
            return set(Setting.SIZE_WARN, bytes);
        }

        /** 0, for every session that gains by it, to the limit. */
        public Builder compressFrom(int bytes) {
            return set(Setting.COMPRESS_FROM, OptionalInt.of(bytes));
        }

        /** No session is compressed. Those that are already are read all the same. */
        public Builder compressNever() {
            return set(Setting.COMPRESS_FROM, OptionalInt.empty());
        }

        public Builder serializer(Serializer serializer) {
            return set(Setting.SERIALIZER, serializer.word);
        }

        /**
         * Names of classes, or of packages with {@code .*}. An empty list: none but those that the
         * fields of beans declare, as is the default.
         */
        public Builder serializeAllow(List<String> names) {
            if (names.isEmpty()) {
                draft.unset(Setting.SERIALIZE_ALLOW);
                return this;
            }
            return set(Setting.SERIALIZE_ALLOW, List.copyOf(names));
        }

        /**
         * Checks everything.
         *
         * @throws SessionSettingsException with all mistakes, if there are any
         */
        public SessionSettings build() {
            SettledSettings settled = draft.settle();
            if (!settled.mistakes().isEmpty()) {
                throw new SessionSettingsException(settled.mistakes());
            }
            return new SessionSettings(settled);
        }
    }
}
