package org.memcachedsession.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathPatternsTest {

    @ParameterizedTest
    @CsvSource({
        "/status, /status",
        "/a/b, /a/b",
        "/a/, /a/",
        "/a.b, /a.b",
        "/, /",
        "/poll/*, /poll",
        "/poll/*, /poll/",
        "/poll/*, /poll/a",
        "/poll/*, /poll/a/b.png",
        "/a/b/*, /a/b/c",
        "/*, /",
        "/*, ''",
        "/*, /a/b.png",
        "*.png, /a.png",
        "*.png, /a/b.c.png",
        "*.png, /a.b/.png",
    })
    void aPatternMatchesWhatItStandsFor(String pattern, String path) {
        assertThat(new PathPatterns(List.of(pattern)).matches(path)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "/status, /status/",
        "/status, /status/a",
        "/status, /Status",
        "/status, /a/status",
        "/status, /statuses",
        "/a/, /a",
        "/, /a",
        "/, /a/",
        "/poll/*, /polls",
        "/poll/*, /polls/a",
        "/poll/*, /a/poll/b",
        "/poll/*, /Poll/a",
        "/poll/*, /",
        "/a/b/*, /a",
        "/a/b/*, /a/c",
        "*.png, /png",
        "*.png, /a.PNG",
        "*.png, /a.png/b",
        "*.png, /a.png.b",
        "*.png, /a.apng",
        "*.png, /a.png/",
        "*.png, /a.",
        "*.png, /",
    })
    void aPatternMatchesNothingElse(String pattern, String path) {
        assertThat(new PathPatterns(List.of(pattern)).matches(path)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/status", "/health", "/poll/a", "/events/b", "/c/d.png", "/e.css"})
    void ofSeveralPatternsOneIsEnough(String path) {
        List<String> patterns =
                List.of("/status", "/poll/*", "*.png", "/health", "/events/*", "*.css");

        assertThat(new PathPatterns(patterns).matches(path)).isTrue();
    }

    @Test
    void withoutPatternsNothingMatches() {
        PathPatterns none = new PathPatterns(List.of());

        assertThat(none.matches("/")).isFalse();
        assertThat(none.matches("/a.png")).isFalse();
        assertThat(none.matches("")).isFalse();
    }
}
