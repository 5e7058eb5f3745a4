package org.memcachedsession.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RememberedTest {

    private final List<String> derived = new ArrayList<>();
    private final Remembered<String, String> remembered =
            new Remembered<>(
                    from -> {
                        derived.add(from);
                        return "of " + from;
                    });

    @Test
    void whatIsAskedForAgainIsDerivedOnce() {
        assertThat(remembered.of("one")).isEqualTo("of one");
        assertThat(remembered.of(new StringBuilder("one").toString())).isEqualTo("of one");
        assertThat(derived).containsExactly("one");
    }

    /** Their hash codes are the same, which somebody could arrange who chooses them. */
    @Test
    void twoOfOnePlaceEachGetTheirOwn() {
        assertThat("Aa").hasSameHashCodeAs("BB");
        for (int i = 0; i < 3; i++) {
            assertThat(remembered.of("Aa")).isEqualTo("of Aa");
            assertThat(remembered.of("BB")).isEqualTo("of BB");
        }
        assertThat(derived).as("they take the place from each other").hasSize(6);
    }

    @Test
    void howeverManyComeNoMoreThanThePlacesAreRemembered() {
        for (int i = 0; i < 10 * Remembered.PLACES; i++) {
            assertThat(Remembered.place(i)).isBetween(0, Remembered.PLACES - 1);
        }
        for (int i = 0; i < 10 * Remembered.PLACES; i++) {
            remembered.of("number " + i);
        }
        derived.clear();
        for (int i = 10 * Remembered.PLACES; i-- > 0; ) {
            assertThat(remembered.of("number " + i)).isEqualTo("of number " + i);
        }
        assertThat(derived).hasSizeGreaterThanOrEqualTo(9 * Remembered.PLACES);
    }
}
