package org.memcachedsession.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.memcachedsession.CompiledVersion;
import org.memcachedsession.SessionException;
import org.memcachedsession.session.UnreadableException;

class JavaSerializationTest {

    private static final long PATIENCE_MILLIS = 20_000;

    private static final ClassLoader APPLICATION = JavaSerializationTest.class.getClassLoader();

    private static final AllowList ALLOW_LIST =
            new AllowList(
                    List.of(
                            Holder.class.getName(),
                            Keeping.class.getName(),
                            KeepingExternal.class.getName()));

    private final JavaSerialization serialization =
            new JavaSerialization(List.of(APPLICATION), ALLOW_LIST);

    private static final class Holder implements Serializable {
        private static final long serialVersionUID = 1L;

        private final List<Object> things = new ArrayList<>();
        private final Map<String, Object> named = new HashMap<>();
        private final int[] numbers = {1, 2, 3};

        @Override
        public boolean equals(Object other) {
            return other instanceof Holder holder
                    && things.equals(holder.things)
                    && named.equals(holder.named)
                    && Arrays.equals(numbers, holder.numbers);
        }

        @Override
        public int hashCode() {
            return things.hashCode();
        }
    }

    private byte[] written(Object graph) {
        return serialization.write(graph, graph, "class Holder").bytes();
    }

    @Test
    void whatIsReadIsWhatWasWritten() throws UnreadableException {
        Holder holder = new Holder();
        holder.things.add(int.class);
        holder.things.add(String[].class);
        holder.named.put("a", new Holder());
        assertThat(serialization.read(written(holder), false).graph()).isEqualTo(holder);
        assertThat(serialization.write(holder, holder, "class Holder").bound()).isFalse();
    }

    private static ObjectOutput kept;

    private static final class Keeping implements Serializable {
        private static final long serialVersionUID = 1L;

        private void writeObject(ObjectOutputStream out) throws IOException {
            out.defaultWriteObject();
            kept = out;
        }
    }

    /** Public, as its constructor has to be. */
    public static final class KeepingExternal implements Externalizable {

        /** Called by the stream. */
        public KeepingExternal() {}

        @Override
        public void writeExternal(ObjectOutput out) {
            kept = out;
        }

        @Override
        public void readExternal(ObjectInput in) {}
    }

    private static Stream<Object> whatKeepsItsStream() {
        return Stream.of(new Keeping(), new KeepingExternal());
    }

    @ParameterizedTest
    @MethodSource("whatKeepsItsStream")
    void whoeverKeepsAStreamDoesNotWriteIntoTheNextBean(Object keeping) throws IOException {
        Holder next = new Holder();
        byte[] expected = written(next);
        kept = null;
        written(keeping);
        kept.writeInt(4711);
        kept.writeObject(next);
        assertThat(written(next)).isEqualTo(expected);
    }

    @Test
    void aClassIsWrittenThoughItRefersToOneThatIsNotThere(@TempDir Path directory)
            throws Exception {
        try (CompiledVersion application =
                CompiledVersion.of(
                        directory,
                        "shop",
                        "",
                        "public class Plugin { public Absent absent() { return null; } }",
                        "public class Absent {}")) {
            Files.delete(directory.resolve("classes/shop/Absent.class"));
            Class<?> type = application.type("Plugin");
            JavaSerialization ofApplication =
                    new JavaSerialization(List.of(application), ALLOW_LIST);

            byte[] bytes = ofApplication.write(type, type, "class Plugin").bytes();

            assertThat(ofApplication.read(bytes, false).graph()).isSameAs(type);
        }
    }

    @Test
    void whatCannotBeWrittenIsNamedWithItsPlaceAndWithoutItsNeighboursContent() {
        Holder holder = new Holder();
        holder.named.put("credit card 4711", new ArrayList<>(List.of("fine", new Object())));
        assertThatThrownBy(() -> written(holder))
                .isInstanceOf(SessionException.class)
                .hasMessageContaining("class Holder holds a java.lang.Object")
                .hasMessageContaining("Holder.named.value[0][1]")
                .hasMessageNotContaining("4711");
    }

    @Test
    void aClassThatTheApplicationCannotLoadIsRefusedWhenItIsWritten() {
        JavaSerialization ofAnotherApplication =
                new JavaSerialization(List.of(ClassLoader.getPlatformClassLoader()), ALLOW_LIST);
        List<Object> list = new ArrayList<>(List.of("fine", new Holder()));
        assertThatThrownBy(() -> ofAnotherApplication.write(list, list, "class List"))
                .isInstanceOf(SessionException.class)
                .hasMessageContaining("cannot load")
                .hasMessageContaining("java.util.ArrayList[1]");
    }

    @Test
    void cutAndGarbledBytesAreUnreadableAndNothingElse() {
        byte[] bytes = written(new Holder());
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> serialization.read(cut, false))
                    .isInstanceOf(UnreadableException.class);
        }
        assertThatThrownBy(
                        () ->
                                serialization.read(
                                        "no stream of objects".getBytes(StandardCharsets.UTF_8),
                                        false))
                .isInstanceOf(UnreadableException.class);
    }

    @Test
    void whatIsGarbledIsReadOrUnreadableAndNothingElse() {
        byte[] bytes = written(new Holder());
        int unreadable = 0;
        for (int i = 0; i < bytes.length; i++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] garbled = bytes.clone();
                garbled[i] ^= (byte) (1 << bit);
                try {
                    serialization.read(garbled, false);
                } catch (UnreadableException e) {
                    unreadable++;
                }
            }
        }
        assertThat(unreadable).isGreaterThan(bytes.length);
    }

    @Test
    void aStreamWithTheDescriptorsOfTheJdkIsReadAndMayGiveOtherBytes() throws UnreadableException {
        List<String> list = new ArrayList<>(List.of("a"));
        byte[] bytes = Copies.written(list);
        assertThat(bytes[0]).isEqualTo((byte) 0xAC);
        assertThat(serialization.read(bytes, false).graph()).isEqualTo(list);
        assertThat(serialization.read(bytes, false).mayGiveOtherBytes()).isTrue();
        serialization.requireReadable(bytes, () -> false, "class Holder");

        assertThat(serialization.read(written(list), false).mayGiveOtherBytes()).isFalse();
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> serialization.read(cut, false))
                    .isInstanceOf(UnreadableException.class);
        }
    }

    @Test
    void aChainOfObjectsIsReadBackOrRefusedWhenItIsWritten() throws UnreadableException {
        assertThat(serialization.read(written(chain(100)), false).graph()).isInstanceOf(List.class);
        List<Object> endless = chain(200_000);
        assertThatThrownBy(() -> written(endless))
                .isInstanceOf(SessionException.class)
                .hasMessageContaining("chain");
    }

    @Test
    void whatABeanIsWrittenToDoesNotDependOnTheBeansBeforeIt() {
        Holder holder = new Holder();
        holder.things.addAll(List.of("a", new Holder(), int.class, List.of("b")));
        byte[] first =
                new JavaSerialization(List.of(APPLICATION), ALLOW_LIST)
                        .write(holder, holder, "class Holder")
                        .bytes();

        assertThat(written(holder)).isEqualTo(first);
        assertThat(written(holder)).as("the same once more").isEqualTo(first);
        written(holder.things);
        assertThat(written(holder)).as("after a part of it").isEqualTo(first);
        Holder broken = new Holder();
        broken.things.addAll(List.of(holder, new Object()));
        assertThatThrownBy(() -> written(broken)).isInstanceOf(SessionException.class);
        assertThat(written(holder)).as("after one that failed").isEqualTo(first);
        Holder large = new Holder();
        large.named.put("large", new byte[1_000_000]);
        written(large);
        assertThat(written(holder)).as("after a large one").isEqualTo(first);
    }

    @Test
    void whatWasWrittenStaysAsItIsWhenMoreIsWritten() {
        Holder one = new Holder();
        one.named.put("name", "one");
        Holder other = new Holder();
        other.named.put("name", "two");
        written(one); // from now on its size is known
        byte[] first = written(one);
        byte[] copy = first.clone();
        byte[] second = written(other);

        assertThat(first).isEqualTo(copy).isNotEqualTo(second).hasSameSizeAs(second);
    }

    @Test
    void manyThreadsWriteAtOnce() {
        Holder one = new Holder();
        one.named.put("name", "one");
        Holder other = new Holder();
        other.things.add(one);
        byte[] bytesOfOne = written(one);
        byte[] bytesOfOther = written(other);

        IntStream.range(0, 5000)
                .parallel()
                .forEach(
                        i ->
                                assertThat(written(i % 2 == 0 ? one : other))
                                        .isEqualTo(i % 2 == 0 ? bytesOfOne : bytesOfOther));
    }

    @Test
    void nothingOfABeanIsHeldWhenItIsWritten() throws InterruptedException {
        ReferenceQueue<Object> forgotten = new ReferenceQueue<>();
        WeakReference<Object> bean = new WeakReference<>(writtenAndForgotten(), forgotten);
        System.gc();
        assertThat(forgotten.remove(PATIENCE_MILLIS)).isSameAs(bean);
        assertThat(serialization).as("still there, with what it keeps").isNotNull();
    }

    private Object writtenAndForgotten() {
        Holder holder = new Holder();
        written(holder);
        return holder;
    }

    private static List<Object> chain(int length) {
        List<Object> chain = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            chain = new ArrayList<>(List.of(chain));
        }
        return chain;
    }
}
