package org.memcachedsession.codec;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What Apache Fory 1.6 has written is read, and written again byte by byte, on every JDK: nodes with
 * different ones share sessions. Another version of Fory has bytes, and a file, of its own.
 */
class FrozenForyTest {

    private final ForySerialization fory =
            new ForySerialization(
                    FrozenForyTest.class.getClassLoader(),
                    List.of(Basket.class, Item.class, Kind.class));

    enum Kind {
        TEA,
        JAM
    }

    record Item(String name, Kind kind, BigDecimal price, Item with) implements Serializable {}

    static final class Basket implements Serializable {
        private static final long serialVersionUID = 7L;

        private boolean open = true;
        private int count = -3;
        private long total = 1L << 40;
        private double weight = 0.25;
        private char letter = 'ß';
        private final String text = "two words, \u8a9e";
        private final Instant since = Instant.parse("2026-01-02T03:04:05.000000006Z");
        private final Duration stay = Duration.ofMinutes(90);
        private final Locale locale = Locale.CANADA_FRENCH;
        private final byte[] bytes = {1, 2, 3};
        private final List<Object> items = new ArrayList<>();
        private final Map<String, Item> byName = new HashMap<>();
        private final Map<Integer, String> sorted = new TreeMap<>(Map.of(2, "b", 1, "a"));
        private final Set<String> tags = new LinkedHashSet<>(List.of("new", "old"));
        private final List<String> fixed = List.of("x", "y");
        private transient String forgotten = "not written";
        private Basket itself;

        private String state() {
            return String.join(
                    "|",
                    List.of(
                            open + " " + count + " " + total + " " + weight + " " + letter,
                            text + " " + since + " " + stay + " " + locale + " " + bytes[2],
                            items.toString(),
                            byName.toString(),
                            sorted + " " + tags + " " + fixed,
                            forgotten + " " + (itself == this)));
        }
    }

    private static Basket basket() {
        Basket basket = new Basket();
        Item jam = new Item("jam", Kind.JAM, new BigDecimal("3.20"), null);
        Item tea = new Item("tea", Kind.TEA, new BigDecimal("4.50"), jam);
        basket.items.addAll(List.of(tea, jam, tea, 5, "text"));
        basket.byName.put("tea", tea);
        basket.byName.put("jam", jam);
        basket.itself = basket;
        return basket;
    }

    private static byte[] frozen(String file) throws IOException {
        try (InputStream in = FrozenForyTest.class.getResourceAsStream(file)) {
            String hex = new String(in.readAllBytes(), US_ASCII);
            return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
        }
    }

    /** Once, times that were one object were written once. */
    @ParameterizedTest
    @ValueSource(strings = {"fory-1.6.txt", "fory-1.6-times-shared.txt"})
    void whatWasWrittenThenIsReadNow(String file) throws Exception {
        Basket read = (Basket) fory.read(frozen(file)).graph();

        Basket made = basket();
        made.forgotten = null;
        assertThat(read.state()).isEqualTo(made.state());
        assertThat(read.items.get(0)).as("one object").isSameAs(read.items.get(2));
        assertThat(read.byName.get("tea")).isSameAs(read.items.get(0));
    }

    @Test
    void writingItNowGivesTheBytesOfThen() throws Exception {
        assertThat(HexFormat.of().formatHex(fory.write(basket()).orElseThrow()))
                .isEqualTo(HexFormat.of().formatHex(frozen("fory-1.6.txt")));
    }
}
