package org.memcachedsession.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamField;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
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
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.memcachedsession.session.UnreadableException;

/** What Apache Fory writes comes back as from JDK serialization, and unchanged gives the same bytes. */
class ForySerializationTest {

    private static final String NAME = ForySerializationTest.class.getName();

    private static final List<Class<?>> TYPES =
            List.of(
                    Holder.class,
                    Item.class,
                    Base.class,
                    Derived.class,
                    Box.class,
                    Part.class,
                    ByContent.class,
                    Point.class,
                    Colour.class,
                    ByLength.class,
                    WithTransient.class,
                    Outer.class,
                    Outer.Inner.class,
                    Primitives.class,
                    FromUnwritten.class);

    private final PlainSerializer fory = serializer(TYPES);

    private static PlainSerializer serializer(List<Class<?>> types) {
        return new ForySerialization(ForySerializationTest.class.getClassLoader(), types);
    }

    // ---- what beans hold

    static final class Holder implements Serializable {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings("serial") // anything
        private final Object content;

        @SuppressWarnings("serial")
        private final Object more;

        Holder(Object content) {
            this(content, null);
        }

        Holder(Object content, Object more) {
            this.content = content;
            this.more = more;
        }
    }

    static final class Item implements Serializable {
        private static final long serialVersionUID = 1L;

        private final String name;
        private Item other;

        Item(String name) {
            this.name = name;
        }

        @Override
        public boolean equals(Object object) {
            return object instanceof Item item && item.name.equals(name);
        }

        @Override
        public int hashCode() {
            return name.hashCode();
        }
    }

    static class Base implements Serializable {
        private static final long serialVersionUID = 1L;
        private int base = 1;
    }

    static final class Derived extends Base {
        private static final long serialVersionUID = 1L;
        private int derived = 2;
    }

    record Point(int x, long y, String label) implements Serializable {}

    static final class Box implements Serializable {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings("serial")
        private Object content;
    }

    record Part(Box of) implements Serializable {}

    static final class ByContent implements Comparator<String>, Serializable {
        private static final long serialVersionUID = 1L;
        private final Box box;

        ByContent(Box box) {
            this.box = box;
        }

        @Override
        public int compare(String one, String other) {
            return one.compareTo(other);
        }
    }

    enum Colour {
        RED,
        GREEN,
        BLUE
    }

    enum WithBody {
        ONE {
            @Override
            int number() {
                return 1;
            }
        };

        abstract int number();
    }

    static final class ByLength implements Comparator<String>, Serializable {
        private static final long serialVersionUID = 1L;

        @Override
        public int compare(String one, String other) {
            return Integer.compare(one.length(), other.length());
        }
    }

    static final class WithTransient implements Serializable {
        private static final long serialVersionUID = 1L;
        private static final AtomicInteger MADE = new AtomicInteger();

        private final transient String cache = String.valueOf("made by the constructor");
        private int kept = 5;

        WithTransient() {
            MADE.incrementAndGet();
        }
    }

    static final class Outer implements Serializable {
        private static final long serialVersionUID = 1L;
        private final String name = String.valueOf("outer");
        private final Inner inner = new Inner();

        final class Inner implements Serializable {
            private static final long serialVersionUID = 1L;

            String nameOfOuter() {
                return name;
            }
        }
    }

    static final class Primitives implements Serializable {
        private static final long serialVersionUID = 1L;
        private boolean z = true;
        private byte b = -1;
        private char c = '\uFFFF';
        private short s = Short.MIN_VALUE;
        private int i = Integer.MIN_VALUE;
        private long l = Long.MIN_VALUE;
        private float f = -0.0f;
        private double d = Double.NaN;

        @Override
        public String toString() {
            return z + " " + b + " " + (int) c + " " + s + " " + i + " " + l + " " + f + " " + d;
        }
    }

    static class Unwritten {
        String begun = "by the constructor";
    }

    static final class FromUnwritten extends Unwritten implements Serializable {
        private static final long serialVersionUID = 1L;
        private int own = 3;
    }

    static class WritesItself implements Serializable {
        private static final long serialVersionUID = 1L;

        private void writeObject(ObjectOutputStream out) throws IOException {
            out.defaultWriteObject();
        }
    }

    private byte[] written(Object graph) {
        return fory.write(graph).orElseThrow(() -> new AssertionError("left to the JDK"));
    }

    private Object throughBytes(Object content) throws UnreadableException {
        return ((Holder) fory.read(written(new Holder(content))).graph()).content;
    }

    static Stream<Object> values() {
        return Stream.of(
                "text",
                "Zürich \uD83D\uDE00 中",
                "x".repeat(100_000),
                true,
                (byte) -1,
                'x',
                (short) 300,
                -70_000,
                Long.MIN_VALUE,
                1.5f,
                Double.MIN_VALUE,
                new BigDecimal("1.10"),
                new BigDecimal("-1E+1000"),
                new BigInteger("-123456789012345678901234567890"),
                UUID.fromString("00000000-0000-0001-0000-000000000002"),
                URI.create("https://example.org/a?b=c#d"),
                Currency.getInstance("EUR"),
                Locale.GERMANY,
                Locale.forLanguageTag("zh-Hant-TW-u-nu-latn"),
                new Locale(""),
                new Date(-1),
                new java.sql.Date(1),
                new java.sql.Time(2),
                timestamp(),
                Duration.ofSeconds(-1, 999),
                Instant.ofEpochSecond(-5, 123_456_789),
                LocalDate.of(-44, 3, 15),
                LocalTime.of(23, 59, 59, 999_999_999),
                LocalDateTime.MAX,
                MonthDay.of(2, 29),
                OffsetDateTime.of(LocalDateTime.MIN, ZoneOffset.ofHoursMinutes(-3, -30)),
                OffsetTime.MAX,
                Period.of(1, -2, 3),
                Year.of(2026),
                YearMonth.of(2026, 11),
                ZoneOffset.ofTotalSeconds(3_601),
                ZonedDateTime.of(LocalDateTime.of(2026, 10, 25, 2, 30), ZoneId.of("Europe/Paris")),
                new Point(-1, Long.MAX_VALUE, null),
                Colour.GREEN,
                new Item("bolt"),
                new ArrayList<>(Arrays.asList(1, null, "a")),
                new LinkedList<>(List.of("b", "a")),
                List.of(),
                List.of("a", "b"),
                IntStream.range(0, 100).boxed().toList(),
                Arrays.asList("a", "b"),
                Collections.emptyList(),
                new HashSet<>(Arrays.asList(null, "a", 7)),
                new LinkedHashSet<>(List.of("z", "a")),
                new TreeSet<>(List.of("z", "a")),
                Set.of("a", "b", "c"),
                Set.of(1),
                Collections.emptySet(),
                new HashMap<>(Map.of("a", List.of(1), "b", List.of())),
                new LinkedHashMap<>(Map.of(Colour.RED, 1)),
                new TreeMap<>(Map.of("z", 1, "a", 2)),
                new ConcurrentHashMap<>(Map.of("a", 1)),
                Map.of("a", 1, "b", 2, "c", 3),
                Map.of(),
                Collections.emptyMap());
    }

    private static Object timestamp() {
        java.sql.Timestamp timestamp = new java.sql.Timestamp(5_000);
        timestamp.setNanos(123_456_789);
        return timestamp;
    }

    @ParameterizedTest
    @MethodSource("values")
    void aValueComesBackEqualAndOfItsClassAndGivesTheSameBytes(Object value) throws Exception {
        byte[] bytes = written(new Holder(value));

        Object back = ((Holder) fory.read(bytes).graph()).content;

        assertThat(back).isEqualTo(value);
        assertThat(back.getClass()).isEqualTo(value.getClass());
        assertThat(written(new Holder(back))).isEqualTo(bytes);
    }

    static Stream<Object> arrays() {
        return Stream.of(
                new int[] {1, -2},
                new byte[] {1},
                new char[] {'x'},
                new boolean[] {true, false},
                new long[][] {{1}, {}, null},
                new double[0],
                new String[] {"a", null},
                new Object[] {1, "a", null},
                new Item[] {new Item("a"), null},
                new Colour[][] {{Colour.RED}},
                new Integer[] {1, null});
    }

    @ParameterizedTest
    @MethodSource("arrays")
    void anArrayComesBack(Object array) throws Exception {
        Object back = throughBytes(array);

        assertThat(back.getClass()).isEqualTo(array.getClass());
        assertThat(Arrays.deepEquals(new Object[] {back}, new Object[] {array})).isTrue();
    }

    @Test
    void sharedObjectsAreOneAndCyclesAreClosedAfterReading() throws Exception {
        Item one = new Item("one");
        one.other = new Item("two");
        one.other.other = one;
        List<Object> all = new ArrayList<>(List.of(one, one.other, one));
        all.add(all);

        byte[] bytes = written(new Holder(all, one));
        Holder holder = (Holder) fory.read(bytes).graph();
        List<?> back = (List<?>) holder.content;

        assertThat(back.get(0)).isSameAs(back.get(2)).isSameAs(holder.more);
        assertThat(((Item) back.get(0)).other.other).isSameAs(back.get(0));
        assertThat(back.get(3)).isSameAs(back);
        assertThat(written(holder)).isEqualTo(bytes);
    }

    @Test
    void allPrimitivesComeBack() throws Exception {
        assertThat(throughBytes(new Primitives())).hasToString(new Primitives().toString());
    }

    @Test
    void fieldsOfSuperclassesComeBack() throws Exception {
        Derived derived = new Derived();
        derived.derived = 20;
        ((Base) derived).base = 10;

        Derived back = (Derived) throughBytes(derived);

        assertThat(back.derived).isEqualTo(20);
        assertThat(((Base) back).base).isEqualTo(10);
    }

    @Test
    void noConstructorRunsAndTransientFieldsAreEmptyAsAfterJdkSerialization() throws Exception {
        WithTransient object = new WithTransient();
        object.kept = 6;
        int made = WithTransient.MADE.get();

        WithTransient back = (WithTransient) throughBytes(object);

        assertThat(WithTransient.MADE).hasValue(made);
        assertThat(back.cache).isNull();
        assertThat(back.kept).isEqualTo(6);
    }

    @Test
    void theConstructorOfASuperclassThatIsNotSerializableRuns() throws Exception {
        FromUnwritten object = new FromUnwritten();
        object.begun = "changed";
        object.own = 4;

        FromUnwritten back = (FromUnwritten) throughBytes(object);

        assertThat(back.begun).isEqualTo("by the constructor");
        assertThat(back.own).isEqualTo(4);
    }

    @Test
    void anInnerObjectKeepsItsOuter() throws Exception {
        Outer back = (Outer) throughBytes(new Outer());

        assertThat(back.inner.nameOfOuter()).isEqualTo("outer");
    }

    @Test
    void aComparatorOfTheApplicationSortsOn() throws Exception {
        TreeMap<String, Integer> map = new TreeMap<>(new ByLength());
        map.put("aaa", 3);
        map.put("b", 1);

        TreeMap<?, ?> back = (TreeMap<?, ?>) throughBytes(map);

        assertThat(back.comparator()).isInstanceOf(ByLength.class);
        assertThat(back.firstKey()).isEqualTo("b");
    }

    // ---- what is left to the JDK

    static Stream<Object> leftToTheJdk() {
        Map<String, Integer> leastRecentlyUsed = new LinkedHashMap<>(16, 0.75f, true);
        leastRecentlyUsed.put("a", 1);
        return Stream.of(
                Optional.of(1),
                new Object(),
                String.class,
                WithBody.ONE,
                new WritesItself(),
                leastRecentlyUsed,
                new TreeSet<>(Comparator.<String>reverseOrder()),
                new PriorityQueue<>(List.of(1)),
                new EnumMap<>(Colour.class),
                EnumSet.of(Colour.RED),
                Collections.unmodifiableList(new ArrayList<>()),
                new StringBuilder("a"),
                new IllegalStateException("a"),
                (Supplier<Object> & Serializable) () -> 1,
                new ArrayList<>() {},
                Stream.of(1, null).toList());
    }

    @ParameterizedTest
    @MethodSource("leftToTheJdk")
    void whatWouldComeBackOtherwiseIsLeftToTheJdk(Object content) {
        assertThat(fory.write(new Holder(content))).isEmpty();
        assertThat(fory.write(new Holder("and the next is written"))).isPresent();
    }

    static Stream<Object> madeLastAndHoldingThemselves() {
        return Stream.<Function<Box, Object>>of(
                        box -> new TreeSet<>(new ByContent(box)),
                        box -> new TreeMap<>(new ByContent(box)),
                        List::of,
                        box -> List.of(1, 2, box),
                        Set::of,
                        box -> Set.of(1, box),
                        box -> Map.of("a", box),
                        box -> Map.of("a", 1, "b", box),
                        Arrays::asList,
                        Part::new)
                .flatMap(
                        made -> {
                            Box direct = new Box();
                            direct.content = made.apply(direct);
                            Box inArrays = new Box();
                            Object other = made.apply(inArrays);
                            inArrays.content = new Object[] {1, new Object[] {null, other}};
                            return Stream.of(direct.content, other);
                        });
    }

    @ParameterizedTest
    @MethodSource("madeLastAndHoldingThemselves")
    void whatWouldFindNullForItselfIsLeftToTheJdk(Object whole) {
        assertThat(fory.write(new Holder(whole))).isEmpty();
        assertThat(fory.write(new Holder("and the next is written"))).isPresent();
    }

    @Test
    void whatIsMadeLastMayReferToItsHolderAndBeReferredToTwice() throws Exception {
        Box box = new Box();
        TreeSet<String> sorted = new TreeSet<>(new ByContent(box));
        box.content = List.of(new Part(box), sorted, sorted, new Object[] {box});
        sorted.add("a");

        byte[] bytes = written(box);
        Box back = (Box) fory.read(bytes).graph();
        List<?> content = (List<?>) back.content;

        assertThat(((Part) content.get(0)).of()).isSameAs(back);
        assertThat(content.get(1)).isSameAs(content.get(2));
        assertThat(((ByContent) ((TreeSet<?>) content.get(1)).comparator()).box).isSameAs(back);
        assertThat(((Object[]) content.get(3))[0]).isSameAs(back);
        assertThat(written(back)).isEqualTo(bytes);
    }

    static Stream<Arguments> obstacles() {
        return Stream.of(
                arguments(WritesItself.class, "has writeObject"),
                arguments(
                        ExtendsIt.class,
                        "extends " + NAME + "$WritesItself, which has writeObject"),
                arguments(Resolved.class, "has readResolve"),
                arguments(Chosen.class, "has serialPersistentFields"),
                arguments(Strings.class, "extends java.util.ArrayList"),
                arguments(WithBody.class, "has constants with a body"),
                arguments(Twice.class, "has two fields of the name base"));
    }

    @ParameterizedTest
    @MethodSource("obstacles")
    void aClassThatTheJdkDoesNotWriteFieldByFieldIsLeftToItAlsoWhereItIsAllowed(
            Class<?> type, String obstacle) throws Exception {
        PlainSerializer all = serializer(List.of(Holder.class, type));

        assertThat(BeanSerialization.obstacle(type)).hasValue(obstacle);
        Object object = type.isEnum() ? WithBody.ONE : type.getDeclaredConstructor().newInstance();
        assertThat(all.write(new Holder(object))).isEmpty();
    }

    static final class ExtendsIt extends WritesItself {
        private static final long serialVersionUID = 1L;
    }

    static final class Resolved implements Serializable {
        private static final long serialVersionUID = 1L;

        private Object readResolve() {
            return this;
        }
    }

    static final class Chosen implements Serializable {
        private static final long serialVersionUID = 1L;
        private static final ObjectStreamField[] serialPersistentFields = {};
    }

    static final class Strings extends ArrayList<String> {
        private static final long serialVersionUID = 1L;
    }

    static final class Twice extends Base {
        private static final long serialVersionUID = 1L;
        private int base = 2;
    }

    @Test
    void oneGraphAfterTheOtherIsReadByItself() throws Exception {
        byte[] first = written(new Holder("one"));
        byte[] second = written(new Holder("two"));
        for (int i = 0; i < 3; i++) {
            assertThat(((Holder) fory.read(first).graph()).content).isEqualTo("one");
            assertThat(((Holder) fory.read(second).graph()).content).isEqualTo("two");
        }
    }

    @Test
    void whatWasRefusedInACircleIsWrittenWhenItIsInNone() {
        Box box = new Box();
        Part part = new Part(box);
        box.content = part;
        assertThat(fory.write(part)).isEmpty();

        box.content = "end";
        assertThat(fory.write(new Holder(part))).isPresent();
    }

    @Test
    void aGraphIsLeftToTheJdkRatherThanWrittenTooDeepToBeRead() throws Exception {
        Object graph = new Holder("innermost");
        Object lists = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            graph = new Holder(graph);
            lists = new ArrayList<>(List.of(lists));
        }
        assertThat(fory.read(written(graph)).graph()).isInstanceOf(Holder.class);
        assertThat(fory.read(written(lists)).graph()).isEqualTo(lists);
        for (int i = 0; i < 100; i++) {
            graph = new Holder(graph);
            lists = new ArrayList<>(List.of(lists));
        }
        assertThat(fory.write(graph)).isEmpty();
        assertThat(fory.write(lists)).isEmpty();
        assertThat(fory.write(new Holder(new Object[] {graph}))).isEmpty();
    }

    @Test
    void aGraphIsLeftToTheJdkRatherThanWrittenTooLargeToBeRead() throws Exception {
        assertThat(fory.write(emptyLists(700_000))).isEmpty();
        assertThat(fory.write(new Holder(new int[200_000]))).isEmpty();

        List<?> read = (List<?>) fory.read(written(emptyLists(170_000))).graph();
        assertThat(read.size()).isEqualTo(170_000); // close to what is written
    }

    private static List<Object> emptyLists(int count) {
        List<Object> lists = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lists.add(new ArrayList<>());
        }
        return lists;
    }

    // ---- the same bytes

    @Test
    void collectionsThatOnceWereLargerGiveTheSameBytesAfterReading() throws Exception {
        Map<Object, Object> map = new HashMap<>();
        Set<Object> set = new HashSet<>();
        Map<Object, Object> concurrent = new ConcurrentHashMap<>();
        for (int i = 0; i < 5_000; i++) {
            map.put("key " + i, i);
            set.add(new Item("element " + i));
            concurrent.put(new Item("key " + i), i);
        }
        map.keySet().removeIf(key -> !key.toString().endsWith("77"));
        set.removeIf(element -> !((Item) element).name.endsWith("77"));
        concurrent.keySet().removeIf(key -> !((Item) key).name.endsWith("77"));

        byte[] bytes = written(new Holder(new ArrayList<>(List.of(map, set, concurrent))));

        assertThat(written(fory.read(bytes).graph())).isEqualTo(bytes);
    }

    @Test
    void whatHasAnOrderByChanceIsWrittenInTheSameOrder() {
        Set<Colour> one = new HashSet<>(List.of(Colour.RED, Colour.GREEN, Colour.BLUE));
        Set<Colour> other = new LinkedHashSet<>(List.of(Colour.BLUE, Colour.RED, Colour.GREEN));

        assertThat(written(new Holder(one))).isEqualTo(written(new Holder(new HashSet<>(other))));
        assertThat(written(new Holder(Set.of("b", "a", "c"))))
                .isEqualTo(written(new Holder(Set.of("c", "b", "a"))));
    }

    @Test
    void twoNodesGiveTheSameBytesWhateverTheOrderInWhichTheyFoundTheClasses() throws Exception {
        List<Class<?>> reversed = new ArrayList<>(TYPES);
        Collections.reverse(reversed);
        PlainSerializer other = serializer(reversed);
        Object graph =
                new Holder(
                        new ArrayList<>(List.of(new Item("a"), Colour.BLUE, new Point(1, 2, "p"))),
                        new Derived());

        byte[] bytes = written(graph);

        assertThat(other.write(graph)).hasValue(bytes);
        assertThat(other.write(other.read(bytes).graph())).hasValue(bytes);
    }

    // ---- what is not read

    @Test
    void aClassThatIsNotRegisteredIsNotRead() {
        byte[] bytes = written(new Holder(new Item("a")));
        PlainSerializer without = serializer(List.of(Holder.class));

        assertThatThrownBy(() -> without.read(bytes)).isInstanceOf(UnreadableException.class);
    }

    @Test
    void anotherSerialVersionUidIsNotRead() throws Exception {
        byte[] bytes = written(new Holder(null));
        int version = indexOf(bytes, new byte[] {1, 2, 2}); // declared, 1 as a varint, two fields

        bytes[version + 1] = 4;

        assertThatThrownBy(() -> fory.read(bytes))
                .isInstanceOf(UnreadableException.class)
                .hasMessageContaining("serialVersionUID 1 here and 2 there");
    }

    private static int indexOf(byte[] bytes, byte[] part) {
        for (int i = 0; i < bytes.length - part.length; i++) {
            if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        throw new AssertionError("not there");
    }

    @Test
    void theBytesOfAnotherVersionOfForyAreNotRead() {
        byte[] bytes = written(new Holder(null));
        bytes[2]++;

        assertThatThrownBy(() -> fory.read(bytes))
                .isInstanceOf(UnreadableException.class)
                .hasMessageContaining("another version of Apache Fory");
    }
}
