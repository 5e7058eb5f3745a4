package org.memcachedsession.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionIdTest {

    private final SecureRandom random = new SecureRandom();

    @Test
    void whatTheBrowserSendsBackIsTheSameId() {
        for (int i = 0; i < 1000; i++) {
            SessionId id = SessionId.random(random);
            assertThat(id.cookieValue()).hasSize(32).matches("[A-Za-z0-9_-]*");
            assertThat(SessionId.parse(id.cookieValue())).contains(id);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "0123456789012345678901234567890",
                "012345678901234567890123456789012",
                "0123456789012345678901234567890=",
                "0123456789012345678901234567890+",
                "0123456789012345678901234567890/",
                "0123456789012345678901234567890\n",
                "0123456789012345678901234567890\u00e9",
                " 1234567890123456789012345678901",
                "\"234567890123456789012345678901\""
            })
    void everythingElseIsNoId(String text) {
        assertThat(SessionId.parse(text)).isEmpty();
    }

    @Test
    void idsAreDifferentAndSoAreTheirFingerprints() {
        Set<SessionId> ids = new HashSet<>();
        Set<String> fingerprints = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            SessionId id = SessionId.random(random);
            ids.add(id);
            fingerprints.add(id.fingerprint());
        }
        assertThat(ids).hasSize(10_000);
        assertThat(fingerprints).hasSize(10_000);
    }

    @Test
    void whatIsPrintedIsTheFingerprint() {
        SessionId id = SessionId.random(random);
        assertThat(id.toString()).isEqualTo(id.fingerprint()).doesNotContain(id.cookieValue());
    }

    /** Ids that a client has made up so that they have one hash code. */
    private static List<SessionId> colliding(int count) {
        List<SessionId> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] bytes = new byte[24];
            for (int pair = 0; pair < 12; pair++) {
                int digit = (i >> (2 * pair)) & 3;
                bytes[2 * pair] = (byte) digit;
                bytes[2 * pair + 1] = (byte) (-31 * digit); // undoes it
            }
            String text = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            ids.add(SessionId.parse(text).orElseThrow());
        }
        return ids;
    }

    @Test
    void idsOfOneHashCodeDoNotSlowDownWhatRemembersThem() {
        List<SessionId> ids = colliding(50_000);
        assertThat(ids).extracting(SessionId::hashCode).containsOnly(ids.get(0).hashCode());

        Touches touches = new Touches();

        assertTimeoutPreemptively( // one by one it would take some minutes
                Duration.ofSeconds(30),
                () -> ids.forEach(id -> touches.done(id, Instant.EPOCH, Duration.ofMinutes(30))));
        assertThat(touches.due(ids.get(0), Instant.EPOCH, Duration.ofMinutes(30))).isFalse();
    }
}
