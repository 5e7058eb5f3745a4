package org.memcachedsession.benchmarks.application.floor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.memcachedsession.benchmarks.application.Items;

class FloorCodecTest {

    @ParameterizedTest
    @CsvSource({"1, 504", "43, 4098", "381, 32742"})
    void theItemsHaveTheBytesThatTheFiguresAreNamedAfter(int items, int bytes) {
        assertThat(FloorCodec.named("jdk").write(Items.of(items)).length)
                .isBetween(bytes * 98 / 100, bytes * 102 / 100);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk", "hand"})
    void whatIsWrittenIsReadBack(String name) {
        FloorCodec codec = FloorCodec.named(name);
        Items items = Items.of(43);
        items.change();

        Items back = codec.read(codec.write(items));

        assertThat(back.answer()).isEqualTo("43 1");
        assertThat(back).usingRecursiveComparison().isEqualTo(items);
    }
}
