package org.memcachedsession.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.HashSet;
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
}
