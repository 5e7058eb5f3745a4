package org.memcachedsession.config;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.memcachedsession.config.ServerList.Entry;

/** What the log shows of a setting can be written into a source, and means the same there. */
class SettingTextsPropertyTest {

    private static <T> T read(Setting<T> setting, String text) {
        Mistakes mistakes = new Mistakes();
        T value =
                setting.type()
                        .parse(new Found(setting.key(), text, "test", false), mistakes)
                        .orElseThrow(() -> new AssertionError(mistakes.texts()));
        assertThat(mistakes.texts()).isEmpty();
        return value;
    }

    private static <T> T readBack(Setting<T> setting, T value) {
        return read(setting, setting.type().text(value));
    }

    // ---- durations

    @Property
    void anyDuration(@ForAll long seconds, @ForAll @IntRange(max = 999_999_999) int nanoseconds) {
        Duration duration = Duration.ofSeconds(seconds, nanoseconds);
        assertThat(readBack(Setting.IDLE_TIMEOUT, duration)).isEqualTo(duration);
    }

    @Property
    void anyNumberOfDays(@ForAll int days) {
        Duration duration = Duration.ofDays(days);
        assertThat(readBack(Setting.IDLE_TIMEOUT, duration)).isEqualTo(duration);
    }

    // ---- numbers of bytes and others

    @Property
    void anyNumberOfBytes(@ForAll @IntRange(min = 0) int bytes) {
        assertThat(readBack(Setting.SIZE_LIMIT, bytes)).isEqualTo(bytes);
    }

    @Property
    void anyNumberOfKilobytesAndMegabytesInAnySpelling(
            @ForAll @IntRange(min = 0, max = 2000) int count, @ForAll("units") String unit) {
        int factor = unit.strip().toUpperCase(Locale.ROOT).equals("KB") ? 1024 : 1024 * 1024;
        int bytes = read(Setting.SIZE_LIMIT, count + unit);
        assertThat(bytes).isEqualTo(count * factor);
        assertThat(readBack(Setting.SIZE_LIMIT, bytes)).isEqualTo(bytes);
    }

    @Provide
    Arbitrary<String> units() {
        return Arbitraries.of("KB", "kb", " kB", "MB", "Mb", "\tmb");
    }

    @Property
    void anyWholeNumber(@ForAll int number) {
        assertThat(readBack(Setting.CONNECTIONS, number)).isEqualTo(number);
    }

    // ---- servers

    /** All that is allowed. */
    @Provide
    Arbitrary<List<Entry>> servers() {
        Arbitrary<String> labels =
                Arbitraries.strings()
                        .alpha()
                        .numeric()
                        .withChars('_')
                        .ofMinLength(1)
                        .ofMaxLength(8);
        Arbitrary<String> names =
                labels.list().ofMinSize(1).ofMaxSize(4).map(list -> "h" + String.join(".", list));
        Arbitrary<String> speaking =
                Arbitraries.of(
                        "unix", "file", "tcp", "udp", "embedded.", "localhost", "none", "weight");
        Arbitrary<String> ipv4 =
                Arbitraries.integers()
                        .between(0, 255)
                        .list()
                        .ofSize(4)
                        .map(list -> list.stream().map(String::valueOf).collect(joining(".")));
        Arbitrary<String> ipv6 =
                Arbitraries.integers()
                        .between(0, 0xffff)
                        .list()
                        .ofSize(8)
                        .map(list -> list.stream().map(Integer::toHexString).collect(joining(":")));
        Arbitrary<String> hosts =
                Arbitraries.oneOf(
                        names,
                        speaking,
                        ipv4,
                        ipv6,
                        Arbitraries.of("::1", "::", "::ffff:10.0.0.1"));
        return Combinators.combine(
                        hosts,
                        Arbitraries.integers().between(1, 65535),
                        Arbitraries.integers().between(1, 1000))
                .as(Entry::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(6);
    }

    @Property
    void anyListOfServers(@ForAll("servers") List<Entry> servers) {
        assertThat(readBack(Setting.SERVERS, ServerList.of(servers)))
                .isEqualTo(ServerList.of(servers));
    }

    @Property
    void anyListOfServersAsPhpHasIt(@ForAll("servers") List<Entry> servers, @ForAll Random random) {
        String text =
                servers.stream()
                        .map(server -> savePath(server, random))
                        .collect(joining(random.nextBoolean() ? "," : ", "));
        assertThat(read(Setting.SERVERS, text).servers()).isEqualTo(servers);
    }

    private static String savePath(Entry server, Random random) {
        String host = server.host();
        String text = "tcp://" + (host.indexOf(':') < 0 ? host : "[" + host + "]");
        if (server.port() != ServerList.DEFAULT_PORT || random.nextBoolean()) {
            text += ":" + server.port();
        }
        text += random.nextBoolean() ? "/?persistent=1" : "?timeout=3";
        if (server.weight() != 1 || random.nextBoolean()) {
            text += "&weight=" + server.weight();
        }
        return text + (random.nextBoolean() ? "&retry_interval=15" : "");
    }

    // ---- secret, path patterns, words

    @Property
    void theKeysOfASecret(@ForAll @Size(min = 1, max = 3) List<@Size(32) byte[]> keys) {
        String text = keys.stream().map(Base64.getEncoder()::encodeToString).collect(joining(", "));
        Secret secret = read(Setting.SECRET, text);

        assertThat(secret.keys()).usingRecursiveComparison().isEqualTo(keys);
        assertThat(Setting.SECRET.type().text(secret)).isEqualTo("***");
    }

    @Property
    void anyListOfPathPatterns(@ForAll("patterns") List<String> patterns) {
        assertThat(readBack(Setting.SLIDE_EXCLUDE, patterns)).isEqualTo(patterns);
    }

    @Provide
    Arbitrary<List<String>> patterns() {
        Arbitrary<String> words =
                Arbitraries.strings().withCharRange('!', '~').excludeChars('*', '?', '#', ';', ',');
        return Arbitraries.oneOf(
                        words.map(word -> "/" + word),
                        words.map(word -> "/" + word + "/*"),
                        words.map(word -> "*." + word))
                .list()
                .ofMinSize(1)
                .ofMaxSize(5);
    }

    @Property
    void wordsInAnyCase(@ForAll("words") String word, @ForAll Random random) {
        String mixed =
                word.chars()
                        .mapToObj(c -> String.valueOf((char) c))
                        .map(c -> random.nextBoolean() ? c.toUpperCase(Locale.ROOT) : c)
                        .collect(joining());
        assertThat(read(Setting.CONFLICT, mixed)).isEqualTo(word);
        assertThat(readBack(Setting.CONFLICT, word)).isEqualTo(word);
    }

    @Provide
    Arbitrary<String> words() {
        return Arbitraries.of("last-write-wins", "first-write-wins", "fail");
    }
}
