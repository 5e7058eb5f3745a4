package org.memcachedsession.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VisitorTest {

    // one character, two chars
    private static final String CLEF = "\uD834\uDD1E";

    private final Visitor visitor = new Visitor();

    @Test
    void aVisitorHasNoNameAtFirst() {
        assertThat(visitor.name()).isEmpty();
    }

    @Test
    void aNameIsKeptWithoutTheBlanksAroundIt() {
        visitor.signIn("  Ada Lovelace ");

        assertThat(visitor.name()).contains("Ada Lovelace");
    }

    @Test
    void fortyCharactersAreAName() {
        visitor.signIn(CLEF.repeat(40));

        assertThat(visitor.name()).contains(CLEF.repeat(40));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "   ", "a\nb", "a\u0000", "12345678901234567890123456789012345678901"})
    void whatIsNotANameIsRefusedAndTheOldOneStays(String name) {
        visitor.signIn("Ada");

        assertThatThrownBy(() -> visitor.signIn(name))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.status()).isEqualTo(400));
        assertThat(visitor.name()).contains("Ada");
    }
}
