package org.memcachedsession.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectInputStream;
import java.io.ObjectOutput;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamField;
import java.io.Serializable;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.Date;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ShapeTest {

    private final Shapes shapes = new Shapes();

    private Shape shape(Object graph) {
        return shapes.of(graph).orElseThrow();
    }

    // ---- each kind of object, and each thing that can become of it

    private static <T> Arguments change(String what, T object, Consumer<T> change) {
        return arguments(object.getClass().getSimpleName() + ": " + what, object, change);
    }

    static Stream<Arguments> changesOfFields() {
        return Stream.of(
                change("boolean", new All(), all -> all.truth = true),
                change("byte", new All(), all -> all.small = -1),
                change("char", new All(), all -> all.letter = 'z'),
                change("short", new All(), all -> all.shorter = 3),
                change("int", new All(), all -> all.number = Integer.MIN_VALUE),
                change("long", new All(), all -> all.longer = 1L << 40),
                change("float", new All(), all -> all.real = -0.0f),
                change("double", new All(), all -> all.precise = -0.0),
                change("text", new All(), all -> all.text = "pen"),
                change("no text", new All(), all -> all.text = null),
                change("number", new All(), all -> all.price = BigDecimal.TEN),
                change("constant", new All(), all -> all.unit = TimeUnit.DAYS),
                change("constant with a body", new All(), all -> all.way = Way.DOWN),
                change("time", new All(), all -> all.since = Instant.EPOCH),
                change("class", new All(), all -> all.type = Long.class),
                change("anything", new All(), all -> all.anything = "pen"),
                change("an equal text", new All(), all -> all.anything = new String("book")),
                change("of a superclass", new All(), all -> all.count()),
                change("of what is inside", new Outer().inner, inner -> inner.outer().number++),
                change("of what holds itself", new Loop(), loop -> loop.next.number = 5));
    }

    static Stream<Arguments> changesOfElements() {
        return Stream.of(
                change("add", new ArrayList<>(), list -> list.add(null)),
                change("remove", list("a", "b", "a"), list -> list.remove(2)),
                change("set", list("a", "b"), list -> list.set(1, "c")),
                change("reverse", list("a", "b"), Collections::reverse),
                change("add", new LinkedList<>(list("a")), list -> list.addFirst("b")),
                change("remove", new LinkedList<>(list("a")), LinkedList::removeLast),
                change("set", Arrays.asList("a", "b"), list -> list.set(0, "c")),
                change("add", new ArrayDeque<>(), deque -> deque.add("a")),
                change("remove", new ArrayDeque<>(list("a", "b")), ArrayDeque::removeFirst),
                change("add", new HashSet<>(), set -> set.add("a")),
                change("clear", new HashSet<>(list("a", "b")), HashSet::clear),
                change("add", new LinkedHashSet<>(), set -> set.add("a")),
                change("order", new LinkedHashSet<>(list("a", "b")), ShapeTest::toEnd),
                change("add", new TreeSet<>(list("a")), set -> set.add("b")),
                change("remove", new TreeSet<>(list("a")), set -> set.remove("a")),
                change("add", EnumSet.of(TimeUnit.DAYS), set -> set.add(TimeUnit.HOURS)),
                change("remove", EnumSet.of(TimeUnit.DAYS), set -> set.clear()),
                change("add", EnumSet.noneOf(Many.class), set -> set.add(Many.A64)));
    }

    static Stream<Arguments> changesOfMaps() {
        return Stream.of(
                change("put", new HashMap<>(), map -> map.put(null, null)),
                change("value", new HashMap<>(Map.of("a", "b")), map -> map.put("a", "c")),
                change("remove", new HashMap<>(Map.of("a", "b")), map -> map.remove("a")),
                change("put", new LinkedHashMap<>(), map -> map.put("a", "b")),
                change("look", byAccess("a", "b"), map -> map.get("a")),
                change("put", new TreeMap<>(Map.of("a", 1)), map -> map.put("b", 1)),
                change("value", new TreeMap<>(Map.of("a", 1)), map -> map.put("a", 2)),
                change("order", new TreeMap<>(new Order()), map -> order(map).isReverse = true),
                change("order", new TreeSet<>(new Order()), set -> order(set).isReverse = true),
                change("put", new ConcurrentHashMap<>(), map -> map.put("a", "b")),
                change("remove", new ConcurrentHashMap<>(Map.of("a", 1)), Map::clear),
                change("put", new EnumMap<>(TimeUnit.class), map -> map.put(TimeUnit.DAYS, 1)),
                change(
                        "value",
                        new EnumMap<>(Map.of(TimeUnit.DAYS, 1)),
                        map -> map.put(TimeUnit.DAYS, null)));
    }

    static Stream<Arguments> changesOfArraysAndNumbers() {
        return Stream.of(
                change("element", new boolean[2], array -> array[1] = true),
                change("element", new byte[2], array -> array[1] = 1),
                change("element", new char[2], array -> array[1] = 1),
                change("element", new short[2], array -> array[1] = 1),
                change("element", new int[2], array -> array[1] = 1),
                change("element", new long[2], array -> array[1] = 1),
                change("element", new float[2], array -> array[1] = -0.0f),
                change("element", new double[2], array -> array[1] = -0.0),
                change("no number", notNumbers(), array -> array[0] = otherNotNumber()),
                change("element", new Object[2], array -> array[1] = "a"),
                change("element", new String[] {"a"}, array -> array[0] = null),
                change("element", new int[2][2], array -> array[1][1] = 1),
                change("boolean", new AtomicBoolean(), truth -> truth.set(true)),
                change("int", new AtomicInteger(), AtomicInteger::incrementAndGet),
                change("long", new AtomicLong(), number -> number.set(-1)),
                change("time", new Date(0), date -> date.setTime(1)));
    }

    /** Of what is in something that cannot change itself, or far away. */
    static Stream<Arguments> changesDeepInside() {
        return Stream.of(
                change("array", new Mixed("a", new int[1], null), mixed -> mixed.numbers[0]++),
                change("list", new Mixed("a", null, list("a")), mixed -> mixed.list.add("b")),
                change("list", List.of(list("a")), list -> list.get(0).clear()),
                change("lists", List.of(list("a"), list(), list()), list -> list.get(2).add("a")),
                change("element", Set.of(new AtomicInteger()), ShapeTest::countUp),
                change("elements", Set.of(new AtomicInteger(), "a"), ShapeTest::countUp),
                change("value", Map.of("a", list("a")), map -> map.get("a").clear()),
                change("values", Map.of("a", list(), "b", list()), map -> map.get("b").add("a")),
                change("list", Collections.singletonList(list()), list -> list.get(0).add("a")),
                change("element", Collections.singleton(new AtomicInteger()), ShapeTest::countUp),
                change(
                        "value",
                        Collections.singletonMap("a", list()),
                        map -> map.get("a").add("b")),
                change("move", list(list("a"), list()), ShapeTest::moveToNext),
                change("key", new HashMap<>(Map.of(new Key(), 1)), ShapeTest::changeKey),
                change("far", chain(200), ShapeTest::changeEnd),
                change("one of many", many(500), list -> list.get(499).number++));
    }

    static Stream<Arguments> changes() {
        return Stream.of(
                        changesOfFields(),
                        changesOfElements(),
                        changesOfMaps(),
                        changesOfArraysAndNumbers(),
                        changesDeepInside())
                .flatMap(each -> each);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("changes")
    <T> void whatHasChangedIsNeverSaidToBeUnchanged(String what, T object, Consumer<T> change) {
        T read = Copies.of(object);
        Shape shape = shape(read);
        assertThat(shape.isUnchanged()).isTrue();
        assertThat(shape.isUnchanged()).isTrue();

        change.accept(read);

        assertThat(shape.isUnchanged()).isFalse();
        assertThat(shape(read).isUnchanged()).isTrue();
    }

    @Test
    void whatIsNotWrittenMayChange() {
        All all = new All();
        Shape shape = shape(all);

        all.notWritten = "changed";
        All.ofTheClass++;

        assertThat(shape.isUnchanged()).isTrue();
    }

    @Test
    void whatIsAsItWasAgainIsUnchanged() {
        All all = new All();
        String text = all.text;
        Shape shape = shape(all);

        all.number++;
        all.text = "other";
        assertThat(shape.isUnchanged()).isFalse();
        all.number--;
        all.text = text;

        assertThat(shape.isUnchanged()).isTrue();
    }

    @Test
    void aTableThatGrewAndHasWhatItHadIsUnchanged() {
        Map<String, Integer> table = new HashMap<>(Map.of("a", 1));
        Shape shape = shape(table);

        for (int i = 0; i < 1_000; i++) {
            table.put("b" + i, i);
        }
        assertThat(shape.isUnchanged()).isFalse();
        table.keySet().removeIf(key -> key.startsWith("b"));

        assertThat(shape.isUnchanged()).isTrue(); // its bytes tell of its size, which nobody reads
    }

    @Test
    void aRecordOfValuesIsWhatItIs() {
        assertThat(shape(new Values(1, "a", BigDecimal.ONE, Way.UP)).isUnchanged()).isTrue();
        assertThat(shape("text").isUnchanged()).isTrue();
        assertThat(shape(ZoneId.of("Europe/Paris")).isUnchanged()).isTrue();
        assertThat(shape(Way.DOWN).isUnchanged()).isTrue();
    }

    // ---- what has no shape

    static Stream<Object> unknown() {
        return Stream.of(
                new OwnStream(),
                new OwnFields(),
                new OwnReading(),
                new Replaced(),
                new ReplacedRecord(1),
                new Outside(),
                new OwnList(),
                new OwnNumber(),
                new NotSerializable(),
                new Object(),
                Collections.unmodifiableList(new ArrayList<>()),
                Collections.synchronizedList(new ArrayList<>()),
                new TreeMap<>(Comparator.reverseOrder()),
                new TreeSet<>((Comparator<String> & Serializable) (a, b) -> a.compareTo(b)),
                new StringBuilder("a"),
                new BitSet(),
                new PriorityQueue<>(),
                new CopyOnWriteArrayList<>(),
                new java.sql.Timestamp(0),
                Clock.offset(Clock.systemUTC(), Duration.ofDays(1)),
                Proxy.newProxyInstance(
                        ShapeTest.class.getClassLoader(),
                        new Class<?>[] {Runnable.class},
                        (proxy, method, arguments) -> null));
    }

    @ParameterizedTest
    @MethodSource("unknown")
    void whatIsNotKnownHasNoShapeNorHasWhatHoldsIt(Object unknown) {
        assertThat(shapes.of(unknown)).isEmpty();
        assertThat(shapes.of(Map.of("key", List.of("a", unknown)))).isEmpty();
        assertThat(shapes.of(new Anything(unknown))).isEmpty();
    }

    @Test
    void aLargeGraphHasNoShape() {
        assertThat(shapes.of(many(100))).isPresent();
        assertThat(shapes.of(many(Shapes.MOST))).isEmpty();
        assertThat(shapes.of(chain(100_000))).isEmpty();
        assertThat(shapes.of(new byte[8 * Shapes.MOST])).isEmpty();
        assertThat(shapes.of(new long[8 * Shapes.MOST])).isEmpty();
        assertThat(shapes.of(Collections.nCopies(Shapes.MOST, "a").toArray())).isEmpty();
    }

    @Test
    void listsOfListsThatCannotChangeComeToAnEnd() {
        List<?> lists = List.of();
        for (int i = 0; i < 100; i++) {
            lists = List.of(lists, lists);
        }
        assertThat(shapes.of(lists)).isEmpty();
    }

    @Test
    void aShapeDoesNotDependOnWhatTheGraphBeforeHeld() {
        for (int count : new int[] {0, 3, 200, 1, 2_000, 64, 63, 0, 65}) {
            List<Loop> loops = many(count);
            Shape shape = shape(loops);
            assertThat(shape.isUnchanged()).isTrue();
            loops.add(null);
            assertThat(shape.isUnchanged()).isFalse();
            loops.remove(count);
            assertThat(shape.isUnchanged()).isTrue();
            for (Loop loop : loops) {
                loop.number++;
                assertThat(shape.isUnchanged()).isFalse();
                loop.number--;
            }
        }
    }

    @Test
    void aListWhoseElementsReferToItsOwnerIsLookedAtOnce() {
        Owner owner = new Owner();
        for (int i = 0; i < 1_000; i++) {
            owner.lines.add(new OwnedLine(owner));
        }
        Shape shape = shape(owner);
        assertThat(shape.isUnchanged()).isTrue();
        owner.lines.get(999).owner = null;
        assertThat(shape.isUnchanged()).isFalse();
    }

    static class Owner implements Serializable {
        private static final long serialVersionUID = 1L;
        private final ArrayList<OwnedLine> lines = new ArrayList<>();
    }

    static class OwnedLine implements Serializable {
        private static final long serialVersionUID = 1L;
        private Owner owner;

        OwnedLine(Owner owner) {
            this.owner = owner;
        }
    }

    // ---- the application's code

    @Test
    void nothingOfTheApplicationRuns() {
        Touchy touchy = new Touchy();
        List<Object> all = new ArrayList<>();
        all.add(new HashMap<>(Map.of(touchy, touchy)));
        all.add(new HashSet<>(Set.of(touchy)));
        all.add(new TreeSet<>(Set.of(touchy)));
        all.add(new TreeMap<>(Map.of(touchy, touchy)));
        all.add(Map.of(touchy, touchy));
        all.add(new TreeSet<>(new Order()));
        Touchy.isTouched = false;

        Shape shape = shape(all);
        assertThat(shape.isUnchanged()).isTrue();
        assertThat(Touchy.isTouched).isFalse();

        touchy.number++;
        assertThat(shape.isUnchanged()).isFalse();
        assertThat(Touchy.isTouched).isFalse();
    }

    @Test
    void whatAnotherThreadChangesMeanwhileDisturbsNobody() throws Exception {
        List<Object> list = list("a", "b", "c");
        Map<Object, Object> map = new HashMap<>(Map.of("a", 1));
        List<Object> both = List.of(list, map);
        AtomicBoolean isOver = new AtomicBoolean();
        Thread other =
                new Thread(
                        () -> {
                            while (!isOver.get()) {
                                for (int i = 0; i < 100; i++) {
                                    list.add(i);
                                    map.put(i, i);
                                }
                                list.subList(3, 103).clear();
                                map.keySet().removeIf(key -> key instanceof Integer);
                            }
                        });
        other.start();
        try {
            for (int i = 0; i < 20_000; i++) {
                shapes.of(both).ifPresent(Shape::isUnchanged);
            }
        } finally {
            isOver.set(true);
            other.join();
        }
        Shape shape = shape(both);
        list.add("d");
        assertThat(shape.isUnchanged()).isFalse();
    }

    // ---- objects

    private static List<Object> list(Object... elements) {
        return new ArrayList<>(Arrays.asList(elements));
    }

    private static void toEnd(Set<Object> set) {
        Object first = set.iterator().next();
        set.remove(first);
        set.add(first);
    }

    private static Map<Object, Object> byAccess(Object... keys) {
        Map<Object, Object> map = new LinkedHashMap<>(16, 0.75f, true);
        for (Object key : keys) {
            map.put(key, key);
        }
        return map;
    }

    private static Order order(TreeMap<?, ?> map) {
        return (Order) (Object) map.comparator();
    }

    private static Order order(TreeSet<?> set) {
        return (Order) (Object) set.comparator();
    }

    private static double[] notNumbers() {
        return new double[] {Double.NaN};
    }

    private static double otherNotNumber() {
        return Double.longBitsToDouble(0x7ff8000000000001L);
    }

    private static void countUp(Set<?> counters) {
        for (Object each : counters) {
            if (each instanceof AtomicInteger counter) {
                counter.incrementAndGet();
            }
        }
    }

    /** What one has less the next one has more. */
    @SuppressWarnings("unchecked")
    private static void moveToNext(List<Object> lists) {
        List<Object> one = (List<Object>) lists.get(0);
        List<Object> next = (List<Object>) lists.get(1);
        next.add(one.remove(0));
    }

    private static void changeKey(Map<Key, Integer> map) {
        map.keySet().iterator().next().number++;
    }

    private static Loop chain(int length) {
        Loop end = new Loop();
        Loop chain = end;
        for (int i = 0; i < length; i++) {
            Loop longer = new Loop();
            longer.next = chain;
            chain = longer;
        }
        return chain;
    }

    private static void changeEnd(Loop chain) {
        Loop end = chain;
        while (end.next != end) {
            end = end.next;
        }
        end.number++;
    }

    private static List<Loop> many(int count) {
        return new ArrayList<>(Stream.generate(Loop::new).limit(count).toList());
    }

    enum Way {
        UP,
        DOWN {
            @Override
            boolean isUp() {
                return false;
            }
        };

        boolean isUp() {
            return true;
        }
    }

    static class NotWritten {
        int neither;
    }

    static class Base extends NotWritten implements Serializable {
        private static final long serialVersionUID = 1L;
        private int counted;

        void count() {
            counted++;
        }
    }

    static class All extends Base {
        private static final long serialVersionUID = 1L;
        private static int ofTheClass;
        private boolean truth;
        private byte small;
        private char letter;
        private short shorter;
        private int number;
        private long longer;
        private float real;
        private double precise;
        private String text = "book";
        private BigDecimal price = BigDecimal.ONE;
        private TimeUnit unit = TimeUnit.HOURS;
        private Way way = Way.UP;
        private Instant since = Instant.MAX;
        private Class<?> type = Integer.class;

        @SuppressWarnings("serial")
        private Object anything = "book";

        private transient String notWritten = "a";
    }

    static class Outer implements Serializable {
        private static final long serialVersionUID = 1L;
        private int number;
        private final Inner inner = new Inner();

        class Inner implements Serializable {
            private static final long serialVersionUID = 1L;

            Outer outer() {
                return Outer.this;
            }
        }
    }

    /** Holds itself, or the next one. */
    static class Loop implements Serializable {
        private static final long serialVersionUID = 1L;
        private Loop next = this;
        private int number;
    }

    static class Key implements Serializable {
        private static final long serialVersionUID = 1L;
        private int number;
    }

    static class Order implements Comparator<Object>, Serializable {
        private static final long serialVersionUID = 1L;
        private boolean isReverse;

        @Override
        public int compare(Object one, Object other) {
            int order = one.toString().compareTo(other.toString());
            return isReverse ? -order : order;
        }
    }

    record Values(int number, String text, BigDecimal price, Way way) implements Serializable {}

    record Mixed(String text, int[] numbers, List<Object> list) implements Serializable {}

    @SuppressWarnings("serial")
    record Anything(Object thing) implements Serializable {}

    enum Many {
        A0,
        A1,
        A2,
        A3,
        A4,
        A5,
        A6,
        A7,
        A8,
        A9,
        A10,
        A11,
        A12,
        A13,
        A14,
        A15,
        A16,
        A17,
        A18,
        A19,
        A20,
        A21,
        A22,
        A23,
        A24,
        A25,
        A26,
        A27,
        A28,
        A29,
        A30,
        A31,
        A32,
        A33,
        A34,
        A35,
        A36,
        A37,
        A38,
        A39,
        A40,
        A41,
        A42,
        A43,
        A44,
        A45,
        A46,
        A47,
        A48,
        A49,
        A50,
        A51,
        A52,
        A53,
        A54,
        A55,
        A56,
        A57,
        A58,
        A59,
        A60,
        A61,
        A62,
        A63,
        A64
    }

    /** Tells when somebody calls what collections call. */
    static class Touchy implements Comparable<Touchy>, Serializable {
        private static final long serialVersionUID = 1L;
        private static boolean isTouched;
        private int number;

        @Override
        public boolean equals(Object other) {
            isTouched = true;
            return this == other;
        }

        @Override
        public int hashCode() {
            isTouched = true;
            return 1;
        }

        @Override
        public String toString() {
            isTouched = true;
            return "";
        }

        @Override
        public int compareTo(Touchy other) {
            isTouched = true;
            return 0;
        }
    }

    static class OwnStream implements Serializable {
        private static final long serialVersionUID = 1L;

        private void writeObject(ObjectOutputStream out) throws IOException {
            out.writeLong(System.nanoTime());
        }
    }

    static class OwnFields implements Serializable {
        private static final long serialVersionUID = 1L;
        private static final ObjectStreamField[] serialPersistentFields = {
            new ObjectStreamField("written", int.class)
        };
        private transient int written;

        int written() {
            return written;
        }
    }

    static class OwnReading implements Serializable {
        private static final long serialVersionUID = 1L;

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
        }
    }

    static class Replaced implements Serializable {
        private static final long serialVersionUID = 1L;

        private Object writeReplace() {
            return System.nanoTime();
        }
    }

    record ReplacedRecord(int number) implements Serializable {
        private Object writeReplace() {
            return System.nanoTime();
        }
    }

    public static class Outside implements Externalizable {
        private static final long serialVersionUID = 1L;

        @Override
        public void writeExternal(ObjectOutput out) throws IOException {
            out.writeLong(System.nanoTime());
        }

        @Override
        public void readExternal(ObjectInput in) {}
    }

    static class OwnList extends ArrayList<String> {
        private static final long serialVersionUID = 1L;
    }

    static class OwnNumber extends BigDecimal {
        private static final long serialVersionUID = 1L;

        OwnNumber() {
            super(1);
        }
    }

    static class NotSerializable {}
}
