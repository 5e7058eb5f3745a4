package org.memcachedsession.session;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class GenerationTest {

    @Property
    void whatComesAfterIsLaterHoweverOftenAndWhateverWasBefore(
            @ForAll long first,
            @ForAll long chance,
            @ForAll @IntRange(min = 1, max = 100) int saves) {
        long last = first;
        for (int i = 0; i < saves; i++) {
            last = Generation.after(last, chance * i);
        }

        assertThat(Generation.isLater(last, first)).isTrue();
        assertThat(Generation.isLater(first, last)).isFalse();
    }

    @Property
    void ofTwoThatWereMadeOfOneTheSameIsLaterForEverybody(
            @ForAll long before, @ForAll int chance, @ForAll int otherChance) {
        long one = Generation.after(before, chance);
        long other = Generation.after(before, otherChance);

        assertThat(Generation.isLater(one, other) ^ Generation.isLater(other, one))
                .isEqualTo(chance != otherChance);
    }

    @Test
    void theCountRunsOver() {
        long last = Generation.of(-1, 5);

        assertThat(Generation.after(last, 7)).isEqualTo(7);
        assertThat(Generation.isLater(7, last)).isTrue();
    }
}
