package org.memcachedsession.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectInputStream;
import java.io.ObjectOutput;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamConstants;
import java.io.Serializable;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.memcachedsession.SessionException;
import org.memcachedsession.session.UnreadableException;

/**
 * Streams that are well formed and that nobody should read, in both forms: written without a look at what is
 * written, as by somebody who has the seal. Nothing of an unlisted class runs.
 */
@HostileGraphsTest.Marked
class HostileGraphsTest {

    private static final AtomicInteger TRIPPED = new AtomicInteger();

    private final JavaSerialization serialization =
            new JavaSerialization(
                    List.of(HostileGraphsTest.class.getClassLoader()),
                    new AllowList(List.of(Bean.class.getName(), Listed.class.getName())));

    @BeforeEach
    void armTripwires() {
        TRIPPED.set(0);
    }

    private static final class Bean implements Serializable {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings("serial") // anything, as an attacker has it
        private final Object content;

        Bean(Object content) {
            this.content = content;
        }
    }

    private static class Listed implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    private static final class ReadsItself implements Serializable {
        private static final long serialVersionUID = 1L;

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            TRIPPED.incrementAndGet();
        }
    }

    private static final class Resolves implements Serializable {
        private static final long serialVersionUID = 1L;

        private Object readResolve() {
            TRIPPED.incrementAndGet();
            return this;
        }
    }

    private static final class SubclassOfListed extends Listed {
        private static final long serialVersionUID = 1L;

        private Object readResolve() {
            TRIPPED.incrementAndGet();
            return this;
        }
    }

    /** Public, as its constructor has to be. */
    public static final class External implements Externalizable {

        /** Called by the stream. */
        public External() {
            TRIPPED.incrementAndGet();
        }

        @Override
        public void writeExternal(ObjectOutput out) {}

        @Override
        public void readExternal(ObjectInput in) {
            TRIPPED.incrementAndGet();
        }
    }

    private enum Unlisted {
        ONE
    }

    private static final class Handler implements InvocationHandler, Serializable {
        private static final long serialVersionUID = 1L;

        @Override
        public Object invoke(Object proxy, Method method, Object[] arguments) {
            TRIPPED.incrementAndGet();
            return 0;
        }
    }

    private static final class Tripping implements Comparator<Object>, Serializable {
        private static final long serialVersionUID = 1L;

        @Override
        public int compare(Object one, Object other) {
            TRIPPED.incrementAndGet();
            return 0;
        }
    }

    private static byte[] bytes(Object graph) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(graph);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }

    private static Object proxy() {
        return Proxy.newProxyInstance(
                HostileGraphsTest.class.getClassLoader(),
                new Class<?>[] {Comparable.class, Runnable.class},
                new Handler());
    }

    private static Object queue() {
        PriorityQueue<Object> queue = new PriorityQueue<>(new Tripping());
        queue.add("a");
        queue.add("b");
        TRIPPED.set(0);
        return queue;
    }

    private static Object lambda() {
        return (Comparator<String> & Serializable) (one, other) -> 0;
    }

    static Stream<Object> unlisted() {
        return Stream.of(
                new ReadsItself(),
                new Resolves(),
                new SubclassOfListed(),
                new External(),
                Unlisted.ONE,
                proxy(),
                queue(),
                lambda());
    }

    static Stream<org.junit.jupiter.params.provider.Arguments> hidden() {
        return unlisted()
                .flatMap(
                        culprit ->
                                Stream.of(
                                        arguments("alone", culprit),
                                        arguments("in a field", new Bean(culprit)),
                                        arguments("in a list", new ArrayList<>(List.of(culprit))),
                                        arguments("in an array", new Object[] {"a", culprit}),
                                        arguments(
                                                "as a value",
                                                new HashMap<>(Map.of("key", new Bean(culprit)))),
                                        arguments(
                                                "deep",
                                                new Bean(List.of(new Bean(List.of(culprit)))))));
    }

    @ParameterizedTest
    @MethodSource("hidden")
    void nothingOfAnUnlistedClassRunsWhereverItIs(String where, Object graph) {
        for (byte[] stream : List.of(bytes(graph), Copies.writtenWithDescriptions(graph))) {
            TRIPPED.set(0);
            for (boolean bound : new boolean[] {false, true}) {
                assertThatThrownBy(() -> serialization.read(stream, bound))
                        .as(where)
                        .isInstanceOf(UnreadableException.class)
                        .hasMessageContaining("is not among the classes that are read")
                        .hasMessageContaining("memcached.session.serialize.allow");
            }
        }
        assertThat(TRIPPED).hasValue(0);
    }

    @ParameterizedTest
    @MethodSource("hidden")
    void whatWouldNotBeReadIsNotWritten(String where, Object graph) {
        assertThatThrownBy(() -> serialization.write(graph, graph, "class Bean"))
                .as(where)
                .isInstanceOf(SessionException.class)
                .hasMessageContaining("class Bean holds a ");
    }

    @Test
    void whatIsRefusedWhenItIsWrittenIsNamedWithItsPlaceAndTheRemedies() {
        Object graph = new Bean(new ArrayList<>(List.of("fine", new Resolves())));
        assertThatThrownBy(() -> serialization.write(graph, graph, "class Bean"))
                .hasMessageContaining("holds a " + Resolves.class.getName())
                .hasMessageContaining("at " + Bean.class.getName() + ".content[1]")
                .hasMessageContaining("@AllowSerialized(Resolves.class)")
                .hasMessageContaining("setting memcached.session.serialize.allow");
        Object withLambda = new Bean(lambda());
        assertThatThrownBy(() -> serialization.write(withLambda, withLambda, "class Bean"))
                .hasMessageContaining(SerializedLambda.class.getName())
                .hasMessageContaining("at " + Bean.class.getName() + ".content");
    }

    @Test
    void anUnlistedClassIsNotEvenInitialized() throws Exception {
        String name = "org.memcachedsession.codec.HostileGraphsTest$Initialized";
        for (byte[] stream : List.of(streamOf(name), describedStreamOf(name))) {
            assertThatThrownBy(() -> serialization.read(stream, true))
                    .isInstanceOf(UnreadableException.class)
                    .hasMessageContaining("HostileGraphsTest$Initialized");
        }
        assertThat(TRIPPED).hasValue(0);
        assertThat(Initialized.serialVersionUID).isEqualTo(1L); // the wire is live
        assertThat(TRIPPED).hasValue(1);
    }

    /** Not to be touched by the code that writes the stream. */
    static final class Initialized implements Serializable {
        static final long serialVersionUID = Long.parseLong("1");

        static {
            TRIPPED.incrementAndGet();
        }
    }

    @Test
    void anInterfaceOfAProxyIsNotInitialized() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        header(out);
        out.writeByte(ObjectStreamConstants.TC_OBJECT);
        out.writeByte(ObjectStreamConstants.TC_PROXYCLASSDESC);
        out.writeInt(1);
        out.writeUTF("org.memcachedsession.codec.HostileGraphsTest$InitializedInterface");
        out.writeByte(ObjectStreamConstants.TC_ENDBLOCKDATA);
        out.writeByte(ObjectStreamConstants.TC_NULL);
        for (boolean bound : new boolean[] {false, true}) {
            assertThatThrownBy(() -> serialization.read(bytes.toByteArray(), bound))
                    .isInstanceOf(UnreadableException.class)
                    .hasMessageContaining("it holds a java.lang.reflect.Proxy");
        }
        assertThat(TRIPPED).hasValue(0);
        assertThat(InitializedInterface.WIRE).isEqualTo(1); // it is live
    }

    /** As {@link Initialized}. One without a method of its own would not be initialized with a class. */
    interface InitializedInterface {
        int WIRE = TRIPPED.incrementAndGet();

        default void run() {}
    }

    private static byte[] streamOf(String className) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        header(out);
        out.writeByte(ObjectStreamConstants.TC_OBJECT);
        out.writeByte(ObjectStreamConstants.TC_CLASSDESC);
        out.writeUTF(className);
        out.writeLong(1);
        out.writeByte(ObjectStreamConstants.SC_SERIALIZABLE);
        out.writeShort(0);
        out.writeByte(ObjectStreamConstants.TC_ENDBLOCKDATA);
        out.writeByte(ObjectStreamConstants.TC_NULL);
        return bytes.toByteArray();
    }

    /** By docs/format.md. */
    private static byte[] describedStreamOf(String className) throws IOException {
        ByteArrayOutputStream description = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(description);
        out.writeUTF(className);
        out.writeLong(1);
        out.writeByte(ObjectStreamConstants.SC_SERIALIZABLE);
        out.writeShort(0);

        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        out = new DataOutputStream(bytes);
        out.writeByte(0xAD);
        out.writeByte(ObjectStreamConstants.TC_OBJECT);
        out.writeByte(ObjectStreamConstants.TC_CLASSDESC);
        out.writeShort(2 + description.size());
        out.writeByte(ObjectStreamConstants.TC_BLOCKDATA);
        out.writeByte(description.size());
        out.write(description.toByteArray());
        out.writeByte(ObjectStreamConstants.TC_ENDBLOCKDATA);
        out.writeByte(ObjectStreamConstants.TC_NULL);
        return bytes.toByteArray();
    }

    @Test
    void aStreamMadeByHandIsReadIfItsClassIsListed() throws Exception {
        byte[] stream = describedStreamOf(Listed.class.getName());
        assertThat(stream).isEqualTo(Copies.writtenWithDescriptions(new Listed()));
        assertThat(serialization.read(stream, false).graph()).isInstanceOf(Listed.class);
    }

    @Test
    void aClassThatIsKnownFromABoundEntryIsNotReadFromAPlainOne() throws Exception {
        byte[] stream = Copies.writtenWithDescriptions(new Listed$$_WeldSubclass());
        for (int i = 0; i < 2; i++) {
            assertThat(serialization.read(stream, true).graph())
                    .isInstanceOf(Listed$$_WeldSubclass.class);
            assertThatThrownBy(() -> serialization.read(stream, false))
                    .isInstanceOf(UnreadableException.class)
                    .hasMessageContaining("is not among the classes that are read");
        }
    }

    /** Named as one that the container has made. */
    @SuppressWarnings("checkstyle:TypeName")
    private static final class Listed$$_WeldSubclass extends Listed {
        private static final long serialVersionUID = 1L;
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, 0x0FFF_FFFF, Integer.MAX_VALUE - (0x1000 << 16), -0x1000_0001})
    void aLengthOfADescriptionThatTheBytesCannotHoldTakesNoMemory(int length) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeByte(0xAD);
        out.writeByte(ObjectStreamConstants.TC_OBJECT);
        out.writeByte(ObjectStreamConstants.TC_CLASSDESC);
        if (length == 1_000) {
            out.writeShort(length);
        } else {
            out.writeInt((0x1000 << 16) + length);
        }
        out.writeLong(0);
        assertThatThrownBy(() -> serialization.read(bytes.toByteArray(), false))
                .isInstanceOf(UnreadableException.class)
                .hasMessageContaining(length + " bytes for a class");
    }

    private static void header(DataOutputStream out) throws IOException {
        out.writeShort(ObjectStreamConstants.STREAM_MAGIC);
        out.writeShort(ObjectStreamConstants.STREAM_VERSION);
    }

    @Test
    void theContainersClassesAreOfBoundEntriesAlone() throws UnreadableException {
        byte[] annotation = bytes(HostileGraphsTest.class.getAnnotation(Marked.class));
        assertThatThrownBy(() -> serialization.read(annotation, false))
                .isInstanceOf(UnreadableException.class);
        assertThat(serialization.read(annotation, true).graph()).isInstanceOf(Marked.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[I", "[B", "[J", "[Ljava.lang.Object;"})
    void aLengthThatTheBytesCannotHoldTakesNoMemory(String arrayClass) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        header(out);
        out.writeByte(ObjectStreamConstants.TC_ARRAY);
        out.writeByte(ObjectStreamConstants.TC_CLASSDESC);
        out.writeUTF(arrayClass);
        out.writeLong(
                java.io.ObjectStreamClass.lookup(Class.forName(arrayClass)).getSerialVersionUID());
        out.writeByte(ObjectStreamConstants.SC_SERIALIZABLE);
        out.writeShort(0);
        out.writeByte(ObjectStreamConstants.TC_ENDBLOCKDATA);
        out.writeByte(ObjectStreamConstants.TC_NULL);
        out.writeInt(10_000_000);
        assertThatThrownBy(() -> serialization.read(bytes.toByteArray(), false))
                .isInstanceOf(UnreadableException.class)
                .hasMessageContaining("an array that is longer than the bytes");
    }

    @Test
    @Timeout(60)
    void setsThatHoldEachOtherTwiceAreGivenUpBeforeTheyTakeForever() throws Exception {
        byte[] stream = hashBomb(100);
        assertThatThrownBy(() -> serialization.read(stream, false))
                .isInstanceOf(UnreadableException.class)
                .hasMessageContaining("too long");
        assertThat(serialization.read(hashBomb(10), false).graph()).isInstanceOf(Set.class);
    }

    @Test
    @Timeout(60)
    void aSetOfListsThatHoldEachOtherTwiceIsGivenUpToo() throws Exception {
        byte[] inner = bytes(listBomb(100));
        assertThatThrownBy(() -> serialization.read(inner, false))
                .isInstanceOf(UnreadableException.class)
                .hasMessageContaining("too long");
        assertThat(serialization.read(bytes(listBomb(10)), false).graph()).isInstanceOf(List.class);
    }

    private static List<Object> listBomb(int levels) {
        List<Object> list = new ArrayList<>(List.of("a"));
        for (int i = 0; i < levels; i++) {
            List<Object> next = new ArrayList<>();
            next.add(list);
            next.add(list);
            list = next;
        }
        return list;
    }

    /** Filled from the outside in, so that no level asks those below it while they are there. */
    private static byte[] hashBomb(int levels) {
        Set<Object> root = new HashSet<>();
        Set<Object> one = root;
        Set<Object> other = new HashSet<>();
        for (int i = 0; i < levels; i++) {
            Set<Object> nextOne = new HashSet<>();
            Set<Object> nextOther = new HashSet<>();
            nextOne.add("differs");
            one.add(nextOne);
            one.add(nextOther);
            other.add(nextOne);
            other.add(nextOther);
            one = nextOne;
            other = nextOther;
        }
        return bytes(root);
    }

    @Test
    void aGraphThatIsTooDeepIsUnreadable() {
        byte[] stream = nestedArrays(20_000);
        assertThatThrownBy(() -> serialization.read(stream, false))
                .isInstanceOf(UnreadableException.class)
                .hasMessageContaining("a chain of more than 300");
    }

    /** Deeper than the JDK's stream could write. */
    private static byte[] nestedArrays(int depth) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            byte[] one = bytes(new Object[0]);
            int classDescription = one.length - 4 - 1 - 4; // without header, tag and length
            header(out);
            out.writeByte(ObjectStreamConstants.TC_ARRAY);
            out.write(one, 5, classDescription);
            out.writeInt(1);
            for (int i = 0; i < depth; i++) {
                out.writeByte(ObjectStreamConstants.TC_ARRAY);
                out.writeByte(ObjectStreamConstants.TC_REFERENCE);
                out.writeInt(ObjectStreamConstants.baseWireHandle);
                out.writeInt(1);
            }
            out.writeByte(ObjectStreamConstants.TC_NULL);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }

    @Test
    @Timeout(60)
    void aGraphOfTooManyObjectsIsUnreadable() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            byte[] one = bytes(new Object[0]);
            header(out);
            out.writeByte(ObjectStreamConstants.TC_ARRAY);
            out.write(one, 5, one.length - 4 - 1 - 4);
            out.writeInt(3_000_000);
            for (int i = 0; i < 3_000_000; i++) {
                out.writeByte(ObjectStreamConstants.TC_ARRAY);
                out.writeByte(ObjectStreamConstants.TC_REFERENCE);
                out.writeInt(ObjectStreamConstants.baseWireHandle);
                out.writeInt(0);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        UnreadableException refused =
                catchThrowableOfType(
                        UnreadableException.class,
                        () -> serialization.read(bytes.toByteArray(), false).graph());
        assertThat(refused).hasMessageContaining("more than 2000000 objects");
    }

    @java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)
    @interface Marked {}
}
