package org.memcachedsession.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.memcachedsession.SessionSettings;
import org.memcachedsession.SessionSettings.Server;

class ServersValueTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "localhost | localhost:11211",
                "10.0.0.1:11212 | 10.0.0.1:11212",
                "a,b:2, c:3 | a:11211 b:2 c:3",
                "a b\tc | a:11211 b:11211 c:11211",
                "a,,b, | a:11211 b:11211",
                "a:1,a:2 | a:1 a:2",
                "a:11211:3 | a:11211:3",
                "a:65535:1000 | a:65535:1000",
                "[::1] | [::1]:11211",
                "[2001:db8::7]:11212:2 | [2001:db8::7]:11212:2",
                "tcp://a | a:11211",
                "TCP://a:11212/ | a:11212",
                "tcp://a:1?weight=2,tcp://b | a:1:2 b:11211",
                "tcp://[::1]:11212?weight=2 | [::1]:11212:2",
                "tcp://a:11211/?persistent=1&weight=4 | a:11211:4",
                "cache_1.internal. | cache_1.internal.:11211",
                "unix:11212 | unix:11212",
                "tcp://file?weight=2 | file:11211:2",
            })
    void whatIsWrittenIsWhatIsMeant(String text, String servers) {
        assertThat(
                        settings(text).servers().stream()
                                .map(Server::toString)
                                .reduce((a, b) -> a + " " + b))
                .hasValue(servers);
    }

    @Test
    void anAddressOfIpv6IsKeptWithoutBrackets() {
        assertThat(settings("[::1]:11212").servers()).containsExactly(new Server("::1", 11212));
    }

    @Test
    void thePathThatPhpSavesToIsTakenAsItIs() {
        SessionSettings settings =
                settings(
                        "tcp://host1:11211?weight=2&timeout=1&retry_interval=15&persistent=1,tcp://host2");

        assertThat(settings.servers())
                .containsExactly(new Server("host1", 11211, 2), new Server("host2", 11211, 1));
        assertThat(settings.notes())
                .containsExactly(
                        "memcached.session.servers (code): options of PHP without an effect here:"
                                + " timeout, retry_interval, persistent. Connections are always kept; how"
                                + " long to wait is set by memcached.session.operation-timeout and"
                                + " memcached.session.connect-timeout.");
    }

    @Test
    void ignoredOptionsAreNamedOnceForAllServers() {
        assertThat(
                        settings("tcp://a?persistent=1,tcp://b?persistent=1&udp_port=0&status=1")
                                .notes())
                .singleElement()
                .asString()
                .contains("here: persistent, udp_port, status. ");
    }

    @Test
    void withoutIgnoredOptionsThereIsNoNote() {
        assertThat(settings("tcp://a?weight=2").notes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tcp://user:hidden@host:11211",
                "user:hidden@host",
                "user:also:hidden@host",
                ":hidden@host",
                "a:1 b::hidden@host",
                "embedded,tcp://user:hidden@host",
                "tcp://user:hidden/hidden@host:11211",
                "user:/hidden//hidden+hidden==@host",
                "user://hidden@host",
                "user:hidden@hidden@host",
                "user@example.org:hidden@host",
                "us/er:hidden@host",
                "user:1?hidden@host",
                "tcp://user:99999?hidden&hidden=1@host",
                "tls://user:hidden/hidden@host",
                "discover:user:hidden/hidden@host:11211"
            })
    void aPasswordThatSomebodyHasWrittenIsNotRepeatedInTheMessage(String text) {
        assertThatThrownBy(() -> settings(text))
                .hasMessageContaining("***@host")
                .hasMessageNotContaining("hidden");
    }

    /** Tried from each character on, and to each, it would take hours. */
    @Test
    void aLongTextIsLookedThroughForPasswordsOnce() {
        for (String part : List.of(":", "/:", "a://:", "@:")) {
            String text = part.repeat(50_000);

            assertTimeoutPreemptively(
                    Duration.ofSeconds(30),
                    () -> assertThatThrownBy(() -> settings(text)).hasMessageContaining("MSS-"));
        }
    }

    private static SessionSettings settings(String servers) {
        return SessionSettings.builder()
                .application("shop")
                .servers(servers)
                .secret(List.of(new byte[32]))
                .build();
    }
}
