package org.memcachedsession.config;

import static java.util.stream.Collectors.joining;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Everything that this room says to people, and the mistakes collected so far. A mistake has a
 * number that stays the same for ever, and a text of three parts: what was found and where, what is
 * needed, what to do. Numbers up to 49 are for settings, and 57, 64, and 70 to 79.
 */
final class Mistakes {

    private static final String EXAMPLE = "10.0.0.1:11211,10.0.0.2:11211";

    private final List<String> texts = new ArrayList<>();

    Mistakes() {}

    Mistakes(Mistakes others) {
        texts.addAll(others.texts);
    }

    private void add(int number, String found, String needed, String remedy) {
        texts.add("MSS-" + number + " " + found + ": " + needed + ". " + remedy);
    }

    int count() {
        return texts.size();
    }

    List<String> texts() {
        return List.copyOf(texts);
    }

    // ---- sources

    /**
     * @param name as the source has it
     * @param nearest a name of a setting, in the spelling of that source
     */
    void unknownKey(String name, String source, Optional<String> nearest) {
        String remedy =
                nearest.map(known -> "Did you mean " + known + "?")
                        .orElseGet(
                                () ->
                                        "The settings are, each with "
                                                + Setting.PREFIX
                                                + " in front: "
                                                + Setting.ALL.stream()
                                                        .map(Setting::shortKey)
                                                        .collect(joining(", "))
                                                + ".");
        add(1, Found.safe(name) + " is set (" + source + ")", "there is no such setting", remedy);
    }

    void severalFiles(String name, List<String> places) {
        add(
                2,
                name + " is there " + places.size() + " times, with different content",
                "an application can have one",
                "Keep one and remove the others of: " + String.join(", ", places) + ".");
    }

    void unreadableFile(String place, Exception problem) {
        add(
                3,
                place + " cannot be read (" + Found.safe(problem.toString()) + ")",
                "it has to be a properties file in UTF-8",
                "Correct the file, or remove it.");
    }

    void unresolved(Found found) {
        add(
                4,
                found.toString(),
                "MicroProfile Config cannot make a value of it",
                "Set what it refers to, or write the value itself.");
    }

    void unreadableValue(Setting<?> setting, String source, Exception problem) {
        add(
                5,
                setting
                        + " cannot be read ("
                        + source
                        + ": "
                        + (setting.type().isSecret()
                                ? problem.getClass().getName() // its message may have the value
                                : Found.safe(problem.toString()))
                        + ")",
                "a source has to answer",
                "Correct what the message in brackets says.");
    }

    // ---- servers

    void noServers() {
        String text =
                """
                Write them in one of these places:
                    command line:  -Dmemcached.session.servers=10.0.0.1:11211,10.0.0.2:11211
                    environment:   MEMCACHED_SESSION_SERVERS=10.0.0.1:11211,10.0.0.2:11211
                    web.xml:       <context-param>
                                     <param-name>memcached.session.servers</param-name>
                                     <param-value>10.0.0.1:11211,10.0.0.2:11211</param-value>
                                   </context-param>
                    META-INF/memcached-session.properties:
                                   memcached.session.servers=10.0.0.1:11211,10.0.0.2:11211
                    code:          void configure(@Observes SessionSettings.Builder settings) {
                                       settings.servers("10.0.0.1:11211,10.0.0.2:11211");
                                   }
                For development without a memcached, leave it out and add this dependency:
                    org.memcachedsession:embedded-memcached""";
        add(
                6,
                Setting.SERVERS + " is not set",
                "the addresses of the memcached servers are needed",
                text);
    }

    void emptyServerList(Found found) {
        add(
                7,
                found.toString(),
                "at least one server is needed",
                "Write for example " + EXAMPLE + ".");
    }

    void notAnAddress(Found found, String part) {
        add(
                8,
                found.part(part),
                "a server is host:port or host:port:weight, or PHP's tcp://host:port?weight=2",
                "Separate servers by commas, and put an IPv6 address in brackets: [::1]:11211.");
    }

    void badHost(Found found, String part) {
        add(
                9,
                found.part(part),
                "this is no host name and no IP address",
                "Write for example memcached1.example.org:11211, 10.0.0.1:11211 or [::1]:11211.");
    }

    void badPort(Found found, String part) {
        add(
                10,
                found.part(part),
                "a port is a number from 1 to 65535",
                "Write for example 10.0.0.1:11211, or leave the port out if it is 11211.");
    }

    void badWeight(Found found, String part) {
        add(
                11,
                found.part(part),
                "a weight is a number from 1 to 1000",
                "Write for example 10.0.0.1:11211:2 for a server that takes twice as many sessions"
                        + " as one without a weight.");
    }

    void serverTwice(Found found, String part) {
        add(
                12,
                found.part(part) + " a second time",
                "each server can be in the list once",
                "Remove one; to give a server more sessions, give it a weight: 10.0.0.1:11211:2.");
    }

    void socketFile(Found found, String part) {
        add(
                13,
                found.part(part),
                "the Java client connects by TCP only, not through a socket file",
                "Let memcached listen on TCP (memcached -l 127.0.0.1 -p 11211) and write"
                        + " 127.0.0.1:11211.");
    }

    void badScheme(Found found, String part, String scheme) {
        add(
                14,
                found.part(part),
                "connections are plain TCP, without TLS; "
                        + Found.safe(scheme)
                        + ":// is not possible",
                "Write tcp://host:11211 or host:11211; to cross a network that others can read,"
                        + " run a proxy on this machine that speaks TLS to the server, such as"
                        + " stunnel (docs/operating.md), and write its local end, for example"
                        + " 127.0.0.1:11211.");
    }

    void unknownServerOption(Found found, String part, String option) {
        add(
                15,
                found.part(part),
                "there is no option " + Found.quoted(option) + " for a server",
                "Remove it; weight is the option that has an effect.");
    }

    void embeddedAmongServers(Found found) {
        add(
                16,
                found.toString(),
                "embedded stands for the in-process server and stands alone",
                "Write either embedded or the addresses of servers.");
    }

    void embeddedIsMissing(Found found) {
        add(
                17,
                found.toString(),
                "the in-process server is not part of this application",
                "Add the dependency org.memcachedsession:embedded-memcached, or write the addresses"
                        + " of servers, for example "
                        + EXAMPLE
                        + ".");
    }

    // ---- ranges

    /** What to do about a value beyond one of the ends of its range. */
    static String raiseTo(String least) {
        return "Write " + least + " or more.";
    }

    /** What to do about a value beyond one of the ends of its range. */
    static String lowerTo(String most) {
        return "Write " + most + " or less.";
    }

    // ---- durations

    /**
     * @param likely the unit that was probably meant, besides seconds
     * @param meant the number in that unit
     */
    void durationWithoutUnit(Found found, long number, String likely, Duration meant) {
        String remedy =
                "Write "
                        + meant
                        + " for "
                        + counted(number, likely)
                        + " or "
                        + Duration.ofSeconds(number)
                        + " for "
                        + counted(number, "second")
                        + ".";
        add(18, found.toString(), "a duration needs a unit", remedy);
    }

    private static String counted(long number, String unit) {
        return number + " " + unit + (number == 1 ? "" : "s");
    }

    void notADuration(Found found, Optional<Duration> suggestion) {
        add(
                19,
                found.toString(),
                "a duration is written as in ISO 8601",
                suggestion
                        .map(meant -> "Write " + DurationValue.iso(meant) + ".")
                        .orElse("Write for example PT0.5S, PT30M, PT12H or P14D."));
    }

    void durationOutOfRange(Found found, String range, String reason, String remedy) {
        add(20, found.toString(), "it can be " + range + ", since " + reason, remedy);
    }

    void absoluteBeforeIdle(Found absolute, Found idle) {
        add(
                21,
                absolute + ", and " + idle,
                "the absolute timeout cannot be shorter than the idle timeout",
                "Raise the first or lower the second.");
    }

    // ---- numbers and sizes

    void notANumber(Found found, int least, int most) {
        add(
                22,
                found.toString(),
                "a whole number is needed",
                "Write one from " + least + " to " + most + ".");
    }

    void numberOutOfRange(Found found, int least, int most, String remedy) {
        add(23, found.toString(), "it can be " + least + " to " + most, remedy);
    }

    void moreCopiesThanServers(Found copies, Found servers, int count) {
        add(
                57,
                copies + ", and " + servers,
                "each copy of a session is on a server of its own, and there "
                        + (count == 1 ? "is 1" : "are " + count),
                "Write " + count + ", or add servers.");
    }

    void previousWithEmbedded(Found previous, Found servers) {
        add(
                74,
                previous + ", and " + servers,
                "the in-process server is new at every start, so there is nothing to move from it or"
                        + " to it",
                "Remove " + Setting.SERVERS_PREVIOUS + ".");
    }

    void previousDiscovered(Found found) {
        add(
                75,
                found.toString(),
                "whoever is asked which servers there are tells those of now, not those before",
                "Write the addresses that were in force until now, or leave it out: what was told"
                        + " before is remembered while the application runs.");
    }

    void severalEndpoints(Found found) {
        add(
                76,
                found.toString(),
                "one address is asked which servers there are",
                "Write discover: once, and one host:port after it; or the servers themselves, without"
                        + " discover:.");
    }

    void notASize(Found found) {
        add(
                24,
                found.toString(),
                "a size is a whole number of bytes, KB (1024 bytes) or MB (1024 KB)",
                "Write for example 2048, 900KB or 1MB.");
    }

    void sizeOutOfRange(Found found, String least, String most, String remedy) {
        add(25, found.toString(), "it can be " + least + " to " + most, remedy);
    }

    void warnAboveLimit(Found warn, Found limit) {
        add(
                26,
                warn + ", and " + limit,
                "the size from which to warn cannot be above the limit",
                "Lower the first or raise the second.");
    }

    void neitherSizeNorNever(Found found) {
        add(
                48,
                found.toString(),
                "a whole number of bytes, KB (1024 bytes) or MB (1024 KB) is needed, or the word never",
                "Write for example 64KB, or never for no compression.");
    }

    void compressAboveLimit(Found from, Found limit) {
        add(
                49,
                from + ", and " + limit,
                "what is between the two would be refused, and never made smaller",
                "Lower the first or raise the second, or write never for no compression.");
    }

    // ---- cookie

    void badCookieName(Found found) {
        add(
                27,
                found.toString(),
                "a cookie name is 1 to 64 letters, digits and ! # $ % & ' * + - . ^ _ ` | ~",
                "Write for example sid.");
    }

    void cookieNameWithPrefix(Found found, String rest) {
        add(
                28,
                found.toString(),
                "this prefix is added automatically wherever browsers accept it",
                "Write " + (rest.isEmpty() ? "for example sid" : rest) + ".");
    }

    void cookieNameOfServer(Found found) {
        add(
                29,
                found.toString(),
                "this is the cookie of the application server's own sessions",
                "Write another name, for example sid.");
    }

    void badCookiePath(Found found) {
        add(
                30,
                found.toString(),
                "a cookie path begins with / and has up to 1024 ASCII characters, without ; and"
                        + " control characters",
                "Write / for all of the host, or for example /shop.");
    }

    void badCookieDomain(Found found) {
        add(
                31,
                found.toString(),
                "a cookie domain is a host name, without a dot in front, scheme or port",
                "Write for example example.org, or leave it out, so that the cookie goes to the"
                        + " host that set it and no other.");
    }

    void sameSiteNoneWithoutSecure(Found sameSite, Found secure) {
        add(
                32,
                sameSite + ", and " + secure,
                "browsers drop a cookie with SameSite=None that is not Secure",
                "Write auto or true for the second, or Lax for the first.");
    }

    void notOneOf(Found found, List<String> words) {
        add(
                33,
                found.toString(),
                "it is one of " + String.join(", ", words),
                "Write one of these words.");
    }

    // ---- application

    void noApplication() {
        add(
                34,
                Setting.APPLICATION + " is not set, and there is no context path",
                "a name is needed that keeps this application's sessions apart from others on the"
                        + " same servers",
                "Set it, for example to shop.");
    }

    void badApplication(Found found) {
        add(
                35,
                found.toString(),
                "an application name is 1 to 200 printable characters",
                "Write for example shop.");
    }

    // ---- path patterns

    void badPatternBeginning(Found found, String part) {
        add(
                36,
                found.part(part),
                "a path pattern has / or *. at its beginning",
                "Write for example /status, /poll/* or *.png, or /* for all, without the context"
                        + " path.");
    }

    void badPattern(Found found, String part) {
        add(
                37,
                found.part(part),
                "a path pattern can have one *, at its end as in /poll/* or before an extension"
                        + " without dots as in *.png, and no ? # ; comma or blank",
                "Write for example /status, /poll/* or *.png.");
    }

    void emptyPatternList(Found found) {
        add(
                38,
                found.toString(),
                "at least one path pattern is needed",
                "Write for example /poll/*, or leave the setting out.");
    }

    // ---- rotation

    void intervalWithinGrace(Found interval, Found grace) {
        add(
                39,
                interval + ", and " + grace,
                "the interval has to be longer than the grace, so that one old id at most still"
                        + " leads to the session",
                "Raise the first or lower the second.");
    }

    // ---- secret

    private static final String MAKE_A_KEY = "Make one by: openssl rand -base64 32.";

    void noSecret(Found servers) {
        add(
                40,
                Setting.SECRET + " is not set, and " + servers,
                "where servers are not on loopback, a secret that all nodes know is needed, so that"
                        + " nobody else can make up a session",
                MAKE_A_KEY
                        + " Give it to every node, for example as environment variable "
                        + Setting.SECRET.environmentName()
                        + ". Where nobody else can reach the servers, write none to do without.");
    }

    void noKeys(Found found) {
        add(
                41,
                found.toString(),
                "at least one key is needed",
                MAKE_A_KEY + " Or write none to do without.");
    }

    void noneAmongKeys(Found found) {
        add(
                42,
                found.toString(),
                "none means that there is no key and stands alone",
                "Write either none or keys.");
    }

    void keyNotInBase64(Found found, int position, int count, int characters) {
        add(
                43,
                key(found, position, count) + " is " + characters + " characters and not base64",
                "a key is 32 bytes in base64, which are 44 characters",
                MAKE_A_KEY);
    }

    void keyOfOtherLength(Found found, int position, int count, int bytes) {
        add(
                44,
                key(found, position, count) + " has " + counted(bytes, "byte"),
                "a key has 32 bytes, which are 44 characters in base64",
                MAKE_A_KEY);
    }

    void keyTwice(Found found, int position, int count) {
        add(
                45,
                key(found, position, count) + " is there already",
                "each key can be in the list once",
                "Remove one.");
    }

    private static String key(Found found, int position, int count) {
        return found + ", and key " + position + " of " + count;
    }

    // ---- classes

    void badClassName(Found found, String part) {
        add(
                46,
                found.part(part),
                "a class has its full name, with $ before a nested one, and a package .* at its end",
                "Write for example org.example.Payment, org.example.Order$Line or"
                        + " org.example.model.*, which holds for packages inside of it too.");
    }

    void emptyClassList(Found found) {
        add(
                47,
                found.toString(),
                "at least one class is needed",
                "Write for example org.example.Payment, or leave the setting out.");
    }

    // ---- credentials

    /**
     * @param given what makes no sense alone
     * @param missing what is not set
     */
    void halfOfCredentials(Found given, Setting<?> missing) {
        add(
                70,
                given + ", and " + missing + " is not set",
                "a user name and a password go together",
                "Set both as the memcached servers know them, or leave both out.");
    }

    void badUsername(Found found) {
        add(
                71,
                found.toString(),
                "a user name is printable characters without blanks and colons, and at least one",
                "Write the name as it is in the file or data base of the memcached servers.");
    }

    void badPassword(Found found, String needed) {
        add(
                72,
                found.toString(),
                needed,
                "Give the user another one, here and in the file or data base of the memcached"
                        + " servers.");
    }

    void longCredentials(Found username, Found password, int bytes, int most) {
        add(
                73,
                username + ", and " + password + ", together " + bytes + " bytes in UTF-8",
                "memcached reads " + most + " of them",
                "Give the user a shorter name or password.");
    }

    // ---- serializer

    void foryIsMissing(Found found) {
        add(
                64,
                found.toString(),
                "Apache Fory is not there beside this library, or is not of a version that it works"
                        + " with",
                "Add org.apache.fory:fory-core to the application, beside this library, or write auto"
                        + " or java.");
    }

    // ---- notes

    static String withoutSecret(Found secret) {
        return secret.key()
                + " is none ("
                + secret.source()
                + "): whoever can write to a memcached server can make up a session whose id they"
                + " know.";
    }

    static String ignored(Found servers, List<String> options) {
        return servers.key()
                + " ("
                + servers.source()
                + "): options of PHP without an effect here: "
                + String.join(", ", options)
                + ". Connections are always kept; how long to wait is set by "
                + Setting.OPERATION_TIMEOUT
                + " and "
                + Setting.CONNECT_TIMEOUT
                + ".";
    }

    static String needsLargerItems(Found limit, int megabytes) {
        return limit
                + ": memcached takes items of 1 MB unless it is started with a larger -I. Start every"
                + " server with -I "
                + megabytes
                + "m or more.";
    }
}
