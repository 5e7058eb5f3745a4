package org.memcachedsession.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Serializable;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.fory.Fory;
import org.apache.fory.memory.MemoryBuffer;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.memcachedsession.session.UnreadableException;

/**
 * Bytes of Apache Fory as somebody makes them who has the seal: every one is read or refused, and what is
 * read holds in each field an object of its type.
 */
class HostileForyTest {

    private static final List<Class<?>> TYPES =
            List.of(Bean.class, Line.class, Point.class, Kind.class);

    private static final int MUTATIONS = 3_000;

    private final PlainSerializer fory =
            new ForySerialization(HostileForyTest.class.getClassLoader(), TYPES);

    static final class Bean implements Serializable {
        private static final long serialVersionUID = 1L;

        private String name = "bean";
        private int count = 70_000;
        private long total = Long.MAX_VALUE;
        private boolean open = true;
        private double ratio = 0.5;
        private BigDecimal price = new BigDecimal("12.50");
        private Instant at = Instant.EPOCH;
        private ZonedDateTime zoned =
                ZonedDateTime.parse("2026-11-25T10:00:00+01:00[Europe/Paris]");
        private UUID id = new UUID(1, 2);
        private Locale locale = Locale.ITALY;
        private Kind kind = Kind.LARGE;
        private Point point = new Point(1, "p");
        private List<Line> lines = new ArrayList<>(List.of(new Line("a"), new Line("b")));
        private Map<String, Line> byName = new HashMap<>(Map.of("a", lines.get(0)));
        private Map<Kind, Object> ordered = new LinkedHashMap<>(Map.of(Kind.SMALL, 1));
        private TreeMap<Integer, String> sorted = new TreeMap<>(Map.of(1, "one", 2, "two"));
        private Set<Object> set = new HashSet<>(List.of("x", 1, 2L));
        private Map<String, Integer> concurrent = new ConcurrentHashMap<>(Map.of("k", 1));
        private List<String> fixed = List.of("f", "g", "h");
        private byte[] bytes = {1, 2, 3};
        private int[][] grid = {{1}, {2, 3}};
        private Line[] array = {lines.get(1), null};
        private Object any = lines;
        private Bean self = this;
    }

    static final class Line implements Serializable {
        private static final long serialVersionUID = 1L;
        private final String text;

        Line(String text) {
            this.text = text;
        }
    }

    record Point(int x, String label) implements Serializable {}

    enum Kind {
        SMALL,
        LARGE
    }

    private byte[] written(Object graph) {
        return fory.write(graph).orElseThrow();
    }

    /** Gives whether it was read. */
    private boolean readOrRefuse(byte[] bytes) {
        try {
            Object read = fory.read(bytes);
            assertTypes(read, Collections.newSetFromMap(new IdentityHashMap<>()));
            return true;
        } catch (UnreadableException refused) {
            return false;
        }
    }

    private static void assertTypes(Object object, Set<Object> seen) {
        if (object == null || !seen.add(object)) {
            return;
        }
        if (object instanceof Object[] array) {
            for (Object element : array) {
                assertTypes(element, seen);
            }
        } else if (object instanceof Collection<?> collection) {
            collection.forEach(element -> assertTypes(element, seen));
        } else if (object instanceof Map<?, ?> map) {
            map.forEach(
                    (key, value) -> {
                        assertTypes(key, seen);
                        assertTypes(value, seen);
                    });
        } else if (TYPES.contains(object.getClass()) && !(object instanceof Enum)) {
            for (Field field : object.getClass().getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
                    assertField(object, field, seen);
                }
            }
        }
    }

    private static void assertField(Object object, Field field, Set<Object> seen) {
        try {
            Object value = field.get(object);
            assertThat(value == null || field.getType().isInstance(value)).isTrue();
            assertTypes(value, seen);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aStreamThatIsCutAnywhereIsRefused() {
        byte[] bytes = written(new Bean());
        for (int length = 1; length < bytes.length; length++) {
            assertThat(readOrRefuse(Arrays.copyOf(bytes, length))).as("%d bytes", length).isFalse();
        }
        assertThat(readOrRefuse(Arrays.copyOf(bytes, bytes.length + 1))).isFalse();
    }

    @Test
    void whyAStreamIsRefusedDoesNotShowWhatIsInIt() {
        byte[] bytes = written(new ArrayList<>(List.of("of a user", new Line("too"))));
        for (int length = 1; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> fory.read(cut))
                    .isInstanceOf(UnreadableException.class)
                    .satisfies(
                            refusal ->
                                    assertThat(Throwables.getStackTrace(refusal))
                                            .doesNotContain("of a user"));
        }
    }

    @Test
    void memoryThatIsShortMakesNoBeanUnreadable() {
        PlainSerializer own =
                new ForySerialization(HostileForyTest.class.getClassLoader(), List.of(Large.class));
        byte[] bytes = own.write(new Large(1)).orElseThrow();

        Large.memoryIsShort = true;
        try {
            assertThatThrownBy(() -> own.read(bytes)).isInstanceOf(OutOfMemoryError.class);
        } finally {
            Large.memoryIsShort = false;
        }
    }

    record Large(int size) implements Serializable {
        private static boolean memoryIsShort;

        Large {
            if (memoryIsShort) {
                throw new OutOfMemoryError();
            }
        }
    }

    @Test
    void twoBitsOfEveryByteCanBeOther() {
        byte[] bytes = written(new Bean());
        int refused = 0;
        for (int i = 5; i < bytes.length; i++) {
            for (int bit = i % 4; bit < 8; bit += 4) {
                byte[] other = bytes.clone();
                other[i] ^= (byte) (1 << bit);
                refused += readOrRefuse(other) ? 0 : 1;
            }
        }
        assertThat(refused).isPositive();
    }

    @Test
    void bytesCanBeOverwrittenInsertedAndTakenOut() {
        byte[] bytes = written(new Bean());
        Random random = new Random(20_261_125);
        int refused = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            refused += readOrRefuse(mutated(bytes, random)) ? 0 : 1;
        }
        assertThat(refused).isBetween(MUTATIONS / 10, MUTATIONS);
    }

    private static byte[] mutated(byte[] bytes, Random random) {
        List<Byte> mutated = new ArrayList<>();
        for (byte each : bytes) {
            mutated.add(each);
        }
        for (int times = 1 + random.nextInt(4); times > 0; times--) {
            int at = 5 + random.nextInt(mutated.size() - 5);
            switch (random.nextInt(4)) {
                case 0 -> mutated.set(at, (byte) random.nextInt(256));
                case 1 ->
                        mutated.set(
                                at, (byte) (random.nextBoolean() ? 0xFF : random.nextInt(4) - 3));
                case 2 -> mutated.add(at, (byte) random.nextInt(256));
                default -> mutated.remove(at);
            }
        }
        byte[] result = new byte[mutated.size()];
        for (int i = 0; i < result.length; i++) {
            result[i] = mutated.get(i);
        }
        return result;
    }

    // ---- well formed, by a Fory that refuses nothing

    private byte[] forged(Object graph) {
        Fory open =
                Fory.builder()
                        .withXlang(false)
                        .withCodegen(false)
                        .withCompatible(false)
                        .withRefTracking(true)
                        .requireClassRegistration(false)
                        .registerGuavaTypes(false)
                        .serializeEnumByName(true)
                        .withMaxDepth(1_000_000)
                        .build();
        byte[] header = written("any");
        MemoryBuffer buffer = MemoryBuffer.newHeapBuffer(64);
        buffer.writeBytes(header, 0, 5);
        open.serialize(buffer, graph);
        return buffer.getBytes(0, buffer.writerIndex());
    }

    interface Greeter {
        String greet();
    }

    static final class Handler implements InvocationHandler, Serializable {
        private static final long serialVersionUID = 1L;

        @Override
        public Object invoke(Object proxy, java.lang.reflect.Method method, Object[] arguments) {
            return "";
        }
    }

    static final class Unlisted implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    static Stream<Object> whatForyHasByItself() {
        return Stream.of(
                String.class,
                new Unlisted(),
                List.of((Object) new Object[] {new Unlisted()}),
                List.of((Object) new Unlisted[1]),
                (Supplier<Object> & Serializable) () -> 1,
                Proxy.newProxyInstance(
                        HostileForyTest.class.getClassLoader(),
                        new Class<?>[] {Greeter.class},
                        new Handler()),
                new IllegalStateException("x"),
                java.util.regex.Pattern.compile("(a+)+"),
                java.util.Optional.of(1),
                new StringBuilder("x"),
                java.nio.charset.StandardCharsets.UTF_8,
                java.util.TimeZone.getDefault(),
                Thread.State.NEW,
                new java.util.concurrent.atomic.AtomicReference<>("x"),
                java.nio.ByteBuffer.allocate(8));
    }

    @ParameterizedTest
    @MethodSource("whatForyHasByItself")
    void whatForyWouldReadByItselfIsRefused(Object content) {
        byte[] bytes = forged(content);

        assertThatThrownBy(() -> fory.read(bytes)).isInstanceOf(UnreadableException.class);
    }

    @Test
    void anObjectOfAnotherTypeThanTheFieldIsRefused() {
        byte[] right = written(new Line("text!"));
        byte[] text = written("text!");
        byte[] value = Arrays.copyOfRange(text, 6, text.length);
        int at = right.length - value.length;
        assertThat(Arrays.copyOfRange(right, at, right.length)).isEqualTo(value);
        byte[] number = written(7);
        byte[] forged = Arrays.copyOf(right, at + number.length - 6);
        System.arraycopy(number, 6, forged, at, number.length - 6);

        assertThatThrownBy(() -> fory.read(forged))
                .isInstanceOf(UnreadableException.class)
                .hasMessageContaining("IllegalArgumentException");
    }

    @Test
    @Timeout(20)
    void moreElementsThanBytesAreRefusedBeforeThereIsRoomForThem() {
        byte[] list = written(new ArrayList<>());
        assertThat(list[list.length - 1]).isZero();
        for (byte[] size :
                List.of(
                        new byte[] {-1, -1, -1, -1, 7},
                        new byte[] {-1, -1, -1, -1, 15},
                        new byte[] {-128, -128, -128, 1})) {
            byte[] forged = Arrays.copyOf(list, list.length - 1 + size.length);
            System.arraycopy(size, 0, forged, list.length - 1, size.length);
            assertThatThrownBy(() -> fory.read(forged)).isInstanceOf(UnreadableException.class);
        }
    }

    @Test
    @Timeout(20)
    void setsThatHoldEachOtherTwiceAHundredLevelsDeepAreRefused() {
        assertThat(readOrRefuse(bomb(10))).isTrue();

        assertThatThrownBy(() -> fory.read(bomb(100))).isInstanceOf(UnreadableException.class);
    }

    /** By hand, since to write it takes as long as to read it: each holds the next, and a list of it. */
    private byte[] bomb(int levels) {
        byte[] set = written(new HashSet<>());
        byte[] list = written(new ArrayList<>());
        MemoryBuffer buffer = MemoryBuffer.newHeapBuffer(64);
        buffer.writeBytes(set, 0, 6);
        for (int level = 0; level < levels; level++) {
            buffer.writeBytes(set, 6, set.length - 7);
            buffer.writeVarUInt32(2);
        }
        buffer.writeBytes(set, 6, set.length - 6);
        for (int level = levels; level > 0; level--) {
            buffer.writeBytes(list, 6, list.length - 7);
            buffer.writeVarUInt32(1);
            buffer.writeByte(Fory.REF_FLAG);
            buffer.writeVarUInt32(level);
        }
        return buffer.getBytes(0, buffer.writerIndex());
    }

    @Test
    @Timeout(20)
    void aGraphThatIsTooDeepIsRefused() {
        List<Object> deep = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            deep = new ArrayList<>(Collections.singletonList(deep));
        }
        byte[] bytes = written(deep);
        byte[] head = Arrays.copyOfRange(bytes, 6, 6 + (bytes.length - 6) / 201);
        MemoryBuffer buffer = MemoryBuffer.newHeapBuffer(64);
        buffer.writeBytes(bytes, 0, 6);
        for (int i = 0; i < 100_000; i++) {
            buffer.writeBytes(head);
        }
        byte[] forged = buffer.getBytes(0, buffer.writerIndex());

        assertThatThrownBy(() -> fory.read(forged))
                .isInstanceOf(UnreadableException.class)
                .hasMessageContaining("depth");
    }
}
