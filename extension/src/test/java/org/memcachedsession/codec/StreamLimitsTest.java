package org.memcachedsession.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectInputStream;
import java.io.ObjectOutput;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.memcachedsession.SessionException;
import org.memcachedsession.session.UnreadableException;

/** What would be refused for its size when it is read is refused when it is saved. */
class StreamLimitsTest {

    private final JavaSerialization serialization =
            new JavaSerialization(
                    List.of(StreamLimitsTest.class.getClassLoader()),
                    new AllowList(List.of(StreamLimitsTest.class.getName() + "$*")));

    private record Link(@SuppressWarnings("serial") Object next) implements Serializable {}

    private static final class Writing implements Serializable {
        private static final long serialVersionUID = 1L;
        private transient Object next;

        Writing(Object next) {
            this.next = next;
        }

        private void writeObject(ObjectOutputStream out) throws IOException {
            out.defaultWriteObject();
            out.writeInt(7);
            out.writeObject(next);
            out.writeUTF("more than is read");
        }

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            in.readInt();
            next = in.readObject();
        }
    }

    /** Public, as its constructor has to be. */
    public static final class External implements Externalizable {
        private Object next;

        /** Called by the stream. */
        public External() {}

        External(Object next) {
            this.next = next;
        }

        @Override
        public void writeExternal(ObjectOutput out) throws IOException {
            out.writeObject(next);
            out.writeLong(7);
        }

        @Override
        public void readExternal(ObjectInput in) throws IOException, ClassNotFoundException {
            next = in.readObject();
            in.readLong();
        }
    }

    private static class Base implements Serializable {
        private static final long serialVersionUID = 1L;
        private final long number = 7;

        long number() {
            return number;
        }
    }

    private static final class Resolved extends Base {
        private static final long serialVersionUID = 1L;
        private final int[] numbers = {1, 2, 3};

        private Object writeReplace() {
            return new StandIn(numbers);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // of a test
    private record StandIn(int[] numbers) implements Serializable {
        private Object readResolve() {
            return new Resolved();
        }
    }

    private enum Kind {
        RECORD(Link::new),
        WRITING(Writing::new),
        EXTERNAL(External::new),
        ARRAY(next -> new Object[] {next}),
        LIST(next -> new ArrayList<>(Arrays.asList(next))),
        VIEW(next -> Collections.unmodifiableList(new ArrayList<>(Arrays.asList(next)))),
        MAP(next -> new TreeMap<>(Map.of("key", next)));

        private final UnaryOperator<Object> link;

        Kind(UnaryOperator<Object> link) {
            this.link = link;
        }

        Object chain(int length) {
            Object chain = "end";
            for (int i = 0; i < length; i++) {
                chain = link.apply(chain);
            }
            return chain;
        }
    }

    private byte[] written(Object graph) {
        return serialization.write(graph, graph, "class Bean").bytes();
    }

    private boolean isSaved(byte[] bytes) {
        try {
            serialization.requireReadable(bytes, () -> false, "class Bean");
            return true;
        } catch (SessionException e) {
            assertThat(e)
                    .hasMessageContaining("class Bean holds objects that refer to each other")
                    .hasMessageContaining("Keep them in a collection");
            return false;
        }
    }

    private boolean isRead(byte[] bytes) {
        try {
            assertThat(serialization.read(bytes, false).graph()).isNotNull();
            return true;
        } catch (UnreadableException e) {
            assertThat(e).hasMessageContaining("a chain of more than 300");
            return false;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aChainIsSavedIfAndOnlyIfItIsReadAgain(Kind kind) {
        int longest = 0;
        for (int length = 140; length < 310; length++) {
            byte[] bytes = written(kind.chain(length));
            boolean isSaved = isSaved(bytes);
            assertThat(isRead(bytes)).as("of " + length).isEqualTo(isSaved);
            if (isSaved) {
                longest = length;
            }
        }
        assertThat(longest).isGreaterThan(140).isLessThanOrEqualTo(300);
    }

    @ParameterizedTest
    @EnumSource
    void theLongestChainIsReadOnAThreadOfTheUsualStack(Kind kind) throws Exception {
        byte[] longest = null;
        for (int length = 140; length < 310; length++) {
            byte[] bytes = written(kind.chain(length));
            if (isSaved(bytes)) {
                longest = bytes;
            }
        }
        byte[] stream = longest;
        CompletableFuture<Object> read = new CompletableFuture<>();
        Thread thread =
                new Thread(
                        null,
                        () -> {
                            try {
                                read.complete(serialization.read(stream, false).graph());
                            } catch (UnreadableException e) {
                                read.completeExceptionally(e);
                            }
                        },
                        "reads",
                        1024 * 1024);
        thread.start();
        assertThat(read.get(1, TimeUnit.MINUTES)).isNotNull();
    }

    @Test
    @Timeout(60)
    void moreObjectsThanAreReadAreNotSaved() {
        byte[] many = written(new Object[1_999_998]);
        assertThatCode(() -> serialization.requireReadable(many, () -> false, "class Bean"))
                .doesNotThrowAnyException();
        Object[] objects = new Object[2_000_001];
        Arrays.fill(objects, "a");
        byte[] tooMany = written(objects);
        assertThatThrownBy(() -> serialization.requireReadable(tooMany, () -> false, "class Bean"))
                .isInstanceOf(SessionException.class)
                .hasMessageContaining("class Bean holds more than 2000000 objects");
        assertThatThrownBy(() -> serialization.read(tooMany, false))
                .isInstanceOf(UnreadableException.class)
                .hasMessageContaining("more than 2000000 objects");
    }

    @Test
    void nothingElseIsRefusedWhateverItConsistsOf() throws Exception {
        List<Object> all = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            all.add(kind.chain(70));
        }
        for (int i = 0; i < 100; i++) {
            all.addAll(
                    List.of(
                            new Resolved(),
                            new Base(),
                            Kind.LIST,
                            EnumSet.allOf(Kind.class),
                            new EnumMap<>(Map.of(Kind.MAP, "a")),
                            new int[][] {{i}, {}},
                            new byte[i],
                            new char[] {'a'},
                            new double[] {1.5},
                            new boolean[] {true},
                            new String[][] {{"a"}},
                            new Kind[] {Kind.MAP},
                            int.class,
                            int[].class,
                            Kind[].class,
                            Link.class,
                            Override.class,
                            new BigDecimal("1.50"),
                            Instant.EPOCH,
                            Locale.ROOT,
                            new RuntimeException("with its trace"),
                            "long".repeat(20_000)));
        }
        all.add(all); // back to itself
        byte[] bytes = written(all);

        assertThat(StreamLimits.areOutOfReach(bytes, () -> false)).isFalse();
        serialization.requireReadable(bytes, () -> false, "class Bean");
        List<?> read = (List<?>) serialization.read(bytes, false).graph();
        assertThat(read.size()).isEqualTo(all.size()); // a failure would print megabytes
    }

    @Test
    void aLongTextAndManyNumbersNeedNoLook() {
        assertThat(
                        StreamLimits.areOutOfReach(
                                written("a surprising usual text ".repeat(5000)), () -> false))
                .isTrue();
        assertThat(StreamLimits.areOutOfReach(written(new long[50_000]), () -> false)).isTrue();
        assertThat(StreamLimits.areOutOfReach(written(Kind.RECORD.chain(200)), () -> false))
                .isTrue();
    }

    @Test
    void whatIsShallowNeedsNoLook() {
        byte[] manyObjects = written(Kind.LIST.chain(310));
        assertThat(isSaved(manyObjects)).isFalse();
        assertThatCode(() -> serialization.requireReadable(manyObjects, () -> true, "class Bean"))
                .doesNotThrowAnyException();
        Object[] objects = new Object[2_000_001];
        Arrays.fill(objects, "a");
        byte[] manyReferences = written(objects);
        assertThatThrownBy(
                        () ->
                                serialization.requireReadable(
                                        manyReferences, () -> true, "class Bean"))
                .isInstanceOf(SessionException.class);
    }

    /** Bytes that count as one, those beside them, and any. */
    private static byte[] likeLevels(Random random) {
        byte[] stream = new byte[random.nextInt(random.nextBoolean() ? 20 : 20_000)];
        random.nextBytes(stream);
        int counting = random.nextInt(1_000);
        for (int i = 0; i + 2 < stream.length; i++) {
            if (random.nextInt(1_000) < counting) {
                stream[i] = LIKE_MARKS[random.nextInt(LIKE_MARKS.length)];
                stream[i + 1] = LIKE_MARKS[random.nextInt(LIKE_MARKS.length)];
                stream[i + 2] = (byte) random.nextInt(0x22);
                i += 2;
            }
        }
        return stream;
    }

    private static final byte[] LIKE_MARKS = {
        0x73, 0x75, 0x78, 0x71, 0x72, 0x7d, 0x73, 0x71, 0x70, 0x74, 0x7f, -0x0d, 0x63, -0x80
    };

    /** As {@link StreamLimits#areOutOfReach} says that it counts, byte by byte. */
    private static boolean hasFewerLevelsThanTheLimit(byte[] stream) {
        int levels = 2;
        for (int i = 2; i < stream.length; i++) {
            boolean isMark =
                    stream[i - 2] == 0x73 || stream[i - 2] == 0x75 || stream[i - 2] == 0x78;
            boolean isClass =
                    stream[i - 1] == 0x71 || stream[i - 1] == 0x72 || stream[i - 1] == 0x7d;
            levels += isMark && isClass && stream[i] >= 0 && stream[i] < 0x20 ? 1 : 0;
        }
        return levels < 300;
    }

    @Test
    void whatLooksLikeALevelCountsWhereverItIs() {
        Random random = new Random(1);
        Set<Boolean> seen = new HashSet<>();
        for (int i = 0; i < 5_000; i++) {
            byte[] stream = likeLevels(random);
            boolean expected = hasFewerLevelsThanTheLimit(stream);
            seen.add(expected);
            assertThat(StreamLimits.areOutOfReach(stream, () -> false)).isEqualTo(expected);
        }
        assertThat(seen).hasSize(2);
    }

    @Test
    void theLevelThatIsTooManyCountsWhereverItIs() {
        for (byte mark : new byte[] {0x73, 0x75, 0x78}) {
            for (byte next : new byte[] {0x71, 0x72, 0x7d}) {
                for (byte following : new byte[] {0, 1, 0x1f}) {
                    for (int before = 0; before < 20; before++) {
                        byte[] stream = new byte[before + 3 * 298 + before % 7];
                        for (int i = 0; i < 298; i++) {
                            stream[before + 3 * i] = mark;
                            stream[before + 3 * i + 1] = next;
                            stream[before + 3 * i + 2] = following;
                        }
                        assertThat(StreamLimits.areOutOfReach(stream, () -> false)).isFalse();
                        stream[before + 3 * (before * 13) + 2] = 0x20;
                        assertThat(StreamLimits.areOutOfReach(stream, () -> false)).isTrue();
                    }
                }
            }
        }
    }

    @Test
    void nothingOfTheApplicationRunsWhenItIsLookedAt() {
        Trap trap = new Trap();
        List<Link> many =
                Stream.generate(() -> new Link(null)).limit(StreamLimits.MAX_DEPTH).toList();
        byte[] bytes = written(new Object[] {trap, new ArrayList<>(many)});
        assertThat(StreamLimits.areOutOfReach(bytes, () -> false)).isFalse();
        assertThatCode(() -> serialization.requireReadable(bytes, () -> false, "class Bean"))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> serialization.read(bytes, false))
                .isInstanceOf(UnreadableException.class)
                .hasMessageContaining("the trap is shut"); // it is alive
    }

    private static final class Trap implements Serializable {
        private static final long serialVersionUID = 1L;

        private Object readResolve() {
            throw new IllegalStateException("the trap is shut");
        }
    }
}
