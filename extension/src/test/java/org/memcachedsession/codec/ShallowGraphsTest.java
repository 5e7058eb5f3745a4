package org.memcachedsession.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Currency;
import java.util.Date;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.memcachedsession.CompiledVersion;

/** What needs no look at its stream, since its objects tell that no chain of them is too long. */
class ShallowGraphsTest {

    private final Shapes shapes = new Shapes();

    /** What holds another object, and adds a level or two. */
    private enum Link {
        RECORD(Holder::new),
        OBJECT(Holding::new),
        SUBCLASS(HoldingMore::new),
        ARRAY(next -> new Object[] {next}),
        ARRAY_LIST(next -> new ArrayList<>(Arrays.asList(next))),
        VIEW_OF_ARRAY(next -> Arrays.asList(next)),
        LINKED_LIST(next -> new LinkedList<>(List.of(next))),
        ARRAY_DEQUE(next -> new ArrayDeque<>(List.of(next))),
        LIST_OF(List::of),
        LIST_OF_THREE(next -> List.of(1, next, 2)),
        SINGLETON(Collections::singleton),
        SINGLETON_LIST(Collections::singletonList),
        HASH_MAP(next -> new HashMap<>(Map.of("key", next))),
        LINKED_HASH_MAP(next -> new LinkedHashMap<>(Map.of("key", next))),
        TREE_MAP(next -> new TreeMap<>(Map.of("key", next))),
        CONCURRENT_HASH_MAP(next -> new ConcurrentHashMap<>(Map.of("key", next))),
        ENUM_MAP(next -> new EnumMap<>(Map.of(TimeUnit.DAYS, next))),
        MAP_OF(next -> Map.of("key", next)),
        MAP_OF_TWO(next -> Map.of("key", next, "other", 1)),
        SINGLETON_MAP(next -> Collections.singletonMap("key", next)),
        TREE_SET_BY_ORDER(next -> new TreeSet<>(new Order(next)));

        private final UnaryOperator<Object> link;

        Link(UnaryOperator<Object> link) {
            this.link = link;
        }

        Object chain(int length, Object end) {
            Object chain = end;
            for (int i = 0; i < length; i++) {
                chain = link.apply(chain);
            }
            return chain;
        }
    }

    private record Holder(@SuppressWarnings("serial") Object next) implements Serializable {}

    private static class Holding implements Serializable {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings({"serial", "unused"})
        private final Object next;

        Holding(Object next) {
            this.next = next;
        }
    }

    private static final class HoldingMore extends Holding {
        private static final long serialVersionUID = 1L;

        HoldingMore(Object next) {
            super(next);
        }
    }

    private static final class Order implements Comparator<Object>, Serializable {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings({"serial", "unused"})
        private final Object next;

        Order(Object next) {
            this.next = next;
        }

        @Override
        public int compare(Object one, Object other) {
            return 0;
        }
    }

    private record OfClass(Class<?> type) implements Serializable {}

    private record Line(String text, long number, Instant added, BigDecimal price)
            implements Serializable {}

    private static Stream<Object> ends() {
        return Stream.of(
                "a",
                new Line("a", 1, Instant.EPOCH, BigDecimal.TEN),
                new BigDecimal("1.50"),
                ZonedDateTime.parse("2026-01-01T00:00:00Z[UTC]"),
                Locale.ROOT,
                Currency.getInstance("EUR"),
                TimeUnit.DAYS,
                ArrayList.class,
                new Date(0),
                new AtomicInteger(),
                new int[2][2],
                EnumSet.allOf(TimeUnit.class),
                new EnumMap<>(TimeUnit.class),
                new ConcurrentHashMap<>(Map.of(1, 2)),
                new HashSet<>(Set.of(1)),
                new LinkedHashSet<>(Set.of(1)),
                Set.of(1, 2),
                Collections.emptySet(),
                Collections.emptyMap());
    }

    @ParameterizedTest
    @EnumSource
    void theLongestChainThatIsSaidToBeShallowIsReadAgain(Link link) {
        ends().forEach(
                        end -> {
                            int longest = longest(link, end);
                            assertThat(longest).as(link + " to " + end).isGreaterThan(100);
                            assertThatCode(() -> requireReadable(link.chain(longest, end)))
                                    .as(longest + " times " + link + " to " + end)
                                    .doesNotThrowAnyException();
                        });
    }

    private int longest(Link link, Object end) {
        return IntStream.range(0, 400)
                .filter(length -> shapes.isShallow(link.chain(length, end)))
                .max()
                .orElseThrow();
    }

    private static void requireReadable(Object graph) {
        JavaSerialization serialization =
                new JavaSerialization(
                        List.of(ShallowGraphsTest.class.getClassLoader()),
                        new AllowList(List.of()));
        serialization.requireReadable(
                Copies.writtenWithDescriptions(graph), () -> false, "class Bean");
    }

    @Test
    void aLongListOfObjectsThatHoldValuesIsShallow() {
        List<Line> lines =
                IntStream.range(0, 1_000)
                        .mapToObj(i -> new Line("a", i, Instant.EPOCH, BigDecimal.TEN))
                        .toList();
        assertThat(shapes.isShallow(new ArrayList<>(lines))).isTrue();
        assertThat(shapes.isShallow(new Holding(new HashMap<>(Map.of("all", lines))))).isTrue();
    }

    @Test
    void whatIsWrittenByCodeOfItsOwnIsNot() {
        assertThat(shapes.isShallow(new ArrayList<>(List.of("a", new OwnStream())))).isFalse();
    }

    private static final class OwnStream implements Serializable {
        private static final long serialVersionUID = 1L;

        private void writeObject(ObjectOutputStream out) throws IOException {
            out.writeObject(Link.RECORD.chain(300, "a"));
        }
    }

    @Test
    void superclassesAreLevelsToo(@TempDir Path directory) throws Exception {
        String[] sources = new String[60];
        for (int i = 0; i < sources.length; i++) {
            sources[i] =
                    "public class Thing%d %s { private static final long serialVersionUID = 1L; }"
                            .formatted(
                                    i,
                                    i == 0
                                            ? "implements java.io.Serializable"
                                            : "extends Thing" + (i - 1));
        }
        try (CompiledVersion version = CompiledVersion.of(directory, "things", "", sources)) {
            for (int superclasses = 0; superclasses < sources.length; superclasses++) {
                Object end = version.type("Thing" + superclasses).getConstructor().newInstance();
                for (int length = 200; length < 300; length++) {
                    Object graph = Link.RECORD.chain(length, end);
                    if (shapes.isShallow(graph)) {
                        assertThatCode(() -> requireReadable(graph)).doesNotThrowAnyException();
                    }
                }
                Object holdsClass = new OfClass(end.getClass());
                Object chain = Link.RECORD.chain(255, holdsClass);
                if (shapes.isShallow(chain)) {
                    assertThatCode(() -> requireReadable(chain)).doesNotThrowAnyException();
                }
            }
            Object end = version.type("Thing20").getConstructor().newInstance();
            assertThat(shapes.isShallow(Link.RECORD.chain(200, end))).isTrue();
            assertThat(shapes.isShallow(Link.RECORD.chain(200, end.getClass()))).isTrue();
        }
    }
}
