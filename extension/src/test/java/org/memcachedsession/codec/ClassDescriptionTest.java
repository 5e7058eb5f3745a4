package org.memcachedsession.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectInputStream;
import java.io.ObjectOutput;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.ObjectStreamField;
import java.io.Serializable;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.memcachedsession.codec.JavaSerialization.Read;
import org.memcachedsession.session.UnreadableException;

/** Streams name classes by all that is said of them, so that what another version has written is told by one look. */
class ClassDescriptionTest {

    private final JavaSerialization serialization =
            new JavaSerialization(
                    List.of(ClassDescriptionTest.class.getClassLoader()),
                    new AllowList(List.of("*")));

    private static class Base implements Serializable {
        private static final long serialVersionUID = 7L;
        private long number = 1;
    }

    private static final class Derived extends Base {
        private static final long serialVersionUID = 7L;
        private final String text = "text";
        private final int amount = 5;
    }

    private record Pair(String one, @SuppressWarnings("serial") Object other)
            implements Serializable {}

    private static final class OwnStream implements Serializable {
        private static final long serialVersionUID = 1L;
        private transient int number = 5;

        private void writeObject(ObjectOutputStream out) throws IOException {
            out.defaultWriteObject();
            out.writeInt(number);
            out.writeObject(new int[] {number});
        }

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            number = in.readInt();
            in.readObject();
        }
    }

    private static final class OwnFields implements Serializable {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings("unused") // by the JDK
        private static final ObjectStreamField[] serialPersistentFields = {
            new ObjectStreamField("kept", String.class)
        };

        private final String kept = "kept";
        private final transient String left = "left";
    }

    /** Public, as its constructor has to be. */
    public static final class External extends Base implements Externalizable {
        private static final long serialVersionUID = 1L;

        @Override
        public void writeExternal(ObjectOutput out) throws IOException {
            out.writeUTF("text");
            out.writeObject(new int[] {1});
        }

        @Override
        public void readExternal(ObjectInput in) throws IOException, ClassNotFoundException {
            in.readUTF();
            in.readObject();
        }
    }

    private enum Colour {
        RED,
        GREEN {
            @Override
            public String toString() {
                return "green";
            }
        }
    }

    /** Takes several blocks of data, and a length of four bytes. */
    private static final class Wide implements Serializable {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings("unused") // by the JDK
        private static final ObjectStreamField[] serialPersistentFields =
                IntStream.range(0, 30)
                        .mapToObj(
                                i ->
                                        new ObjectStreamField(
                                                "numberOfALongName".repeat(9) + i, long.class))
                        .toArray(ObjectStreamField[]::new);

        private void writeObject(ObjectOutputStream out) throws IOException {
            out.putFields();
            out.writeFields();
        }

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.readFields();
        }
    }

    static Stream<Arguments> contents() {
        return Stream.<Object>of(
                        "text",
                        1.5,
                        5,
                        new Object[] {null, 'c', (short) 1, 2f, 3L},
                        new boolean[] {true},
                        new byte[] {1},
                        new char[] {'c'},
                        new short[] {1},
                        new int[] {1},
                        new float[] {1},
                        new long[][] {{1}, null},
                        new double[] {1},
                        new String[][] {{"a", "a"}},
                        new Derived[][] {{new Derived()}},
                        new Colour[] {Colour.RED},
                        int.class,
                        void.class,
                        int[].class,
                        Colour.class,
                        Runnable.class,
                        Object.class,
                        Derived.class,
                        ClassDescriptionTest.class, // not serializable
                        Colour.RED,
                        Colour.GREEN,
                        new Derived(),
                        new Pair("one", new Pair("two", null)),
                        new OwnStream(),
                        new OwnFields(),
                        new External(),
                        new Wide(),
                        new ArrayList<>(List.of(new Base(), new Derived())),
                        new TreeMap<>(Map.of("a", 1)),
                        new EnumMap<>(Map.of(Colour.GREEN, 1)),
                        new BigDecimal("1.50"),
                        Instant.EPOCH,
                        Locale.ROOT,
                        new IllegalStateException("with its trace"),
                        (Comparator<String> & Serializable) (one, other) -> 0)
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("contents")
    void whatIsReadIsWrittenAsItWasWhetherItsClassesAreKnownOrNot(Object content) throws Exception {
        List<Object> graph = new ArrayList<>(Arrays.asList(content, content, new Derived()));
        byte[] bytes = serialization.write(graph, graph, "class Bean").bytes();
        serialization.requireReadable(bytes, () -> false, "class Bean");
        for (int i = 0; i < 2; i++) {
            Read read = serialization.read(bytes, false);
            assertThat(read.mayGiveOtherBytes()).isFalse();
            assertThat(read.graph()).hasSameClassAs(graph);
            assertThat(serialization.write(read.graph(), graph, "class Bean").bytes())
                    .isEqualTo(bytes);
        }
        serialization.requireReadable(bytes, () -> false, "class Bean");
    }

    @ParameterizedTest
    @MethodSource("contents")
    void whatIsParsedHasTheNameVersionAndFieldsOfTheClass(Object content) throws Exception {
        ObjectStreamClass here = ObjectStreamClass.lookupAny(content.getClass());
        ObjectStreamClass parsed = ClassDescription.of(here).parsed();
        assertThat(parsed.forClass()).isNull();
        assertThat(parsed.toString()).isEqualTo(here.toString()); // name and version
        assertThat(fields(parsed)).isEqualTo(fields(here));
    }

    private static List<String> fields(ObjectStreamClass descriptor) {
        return Stream.of(descriptor.getFields())
                .map(field -> field.getTypeCode() + field.getName() + field.getTypeString())
                .toList();
    }

    @Test
    void theSameClassHasTheSameDescriptionAndOthersHaveOthers() throws Exception {
        List<ClassDescription> descriptions = new ArrayList<>();
        for (Class<?> type :
                List.of(
                        Base.class,
                        Derived.class,
                        Pair.class,
                        OwnStream.class,
                        External.class,
                        Colour.class,
                        Wide.class,
                        Integer.class,
                        int[].class,
                        Integer[].class)) {
            ObjectStreamClass descriptor = ObjectStreamClass.lookup(type);
            ClassDescription description = ClassDescription.of(descriptor);
            assertThat(description)
                    .isEqualTo(ClassDescription.of(descriptor))
                    .hasSameHashCodeAs(ClassDescription.of(descriptor));
            assertThat(descriptions).doesNotContain(description);
            descriptions.add(description);
        }
    }

    // ---- what another version has written: each text stands for one of the same length

    private byte[] fromOtherVersion(String here, String there) {
        Derived graph = new Derived();
        String text =
                new String(serialization.write(graph, graph, "class Bean").bytes(), ISO_8859_1);
        int at = text.indexOf(here);
        assertThat(at).isNotNegative();
        return (text.substring(0, at) + there + text.substring(at + here.length()))
                .getBytes(ISO_8859_1);
    }

    private void readOnce() throws UnreadableException {
        Derived graph = new Derived();
        serialization.read(serialization.write(graph, graph, "class Bean").bytes(), false);
    }

    @ParameterizedTest
    @CsvSource({
        "amount, amounz, of a field that is not here",
        "text, tezt, of an object in such a field"
    })
    void whatAnotherVersionHasIsPassedOverAndMayGiveOtherBytes(
            String here, String there, String why) throws Exception {
        byte[] bytes = fromOtherVersion(here, there);
        for (int i = 0; i < 2; i++) {
            Read read = serialization.read(bytes, false);
            assertThat(read.mayGiveOtherBytes()).as(why).isTrue();
            assertThat(read.graph()).isInstanceOf(Derived.class);
            serialization.requireReadable(bytes, () -> false, "class Bean");
            readOnce();
        }
    }

    @Test
    void anotherSuperclassThereMayGiveOtherBytes() throws Exception {
        byte[] bytes =
                fromOtherVersion(hash(Base.class.getName()), hash("of a class that was between"));
        for (int i = 0; i < 2; i++) {
            assertThat(serialization.read(bytes, false).mayGiveOtherBytes()).isTrue();
            readOnce();
        }
    }

    private static String hash(String name) {
        return new String(
                ByteBuffer.allocate(Integer.BYTES).putInt(name.hashCode()).array(), ISO_8859_1);
    }

    @ParameterizedTest
    @MethodSource
    void whatDoesNotFitTheClassHereIsUnreadableThoughTheClassIsKnown(
            String here, String there, String message) throws Exception {
        byte[] bytes = fromOtherVersion(here, there);
        readOnce();
        assertThatThrownBy(() -> serialization.read(bytes, false))
                .isInstanceOf(UnreadableException.class)
                .hasMessageContaining(message);
    }

    static Stream<Arguments> whatDoesNotFitTheClassHereIsUnreadableThoughTheClassIsKnown() {
        return Stream.of(
                Arguments.of("\0\0\0\0\0\0\0\7", "\0\0\0\0\0\0\0\1", "local class incompatible"),
                Arguments.of("I\0\6amount", "F\0\6amount", "incompatible types for field amount"),
                Arguments.of("Derived", "Delived", "ClassNotFoundException"),
                Arguments.of("Derived", "Delived", "Delived"));
    }
}
