package org.memcachedsession.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.io.ByteArrayOutputStream;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StreamSuperclassesTest {

    private static final String NAME = StreamSuperclassesTest.class.getName();

    private static class Base implements Serializable {
        private static final long serialVersionUID = 1L;
        private final long number = 1;
    }

    private static final class Derived extends Base {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings("serial") // anything
        private final Object content;

        private final boolean flag = true;

        Derived(Object content) {
            this.content = content;
        }
    }

    /** After whatever else there is. */
    private static final class Last extends Base {
        private static final long serialVersionUID = 1L;
    }

    private static final class OwnStream implements Serializable {
        private static final long serialVersionUID = 1L;
        private final int number = 5;

        private void writeObject(ObjectOutputStream out) throws IOException {
            out.defaultWriteObject();
            out.write(new byte[2_000]);
            out.writeObject(List.of("among the numbers"));
            out.writeInt(3);
        }
    }

    public static final class Written implements Externalizable {
        private static final long serialVersionUID = 1L;

        @Override
        public void writeExternal(ObjectOutput out) throws IOException {
            out.writeUTF("text");
            out.writeObject(new int[] {1});
        }

        @Override
        public void readExternal(ObjectInput in) {}
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

    private static final class Handler implements InvocationHandler, Serializable {
        private static final long serialVersionUID = 1L;

        @Override
        public Object invoke(Object proxy, Method method, Object[] arguments) {
            return null;
        }
    }

    static Stream<Object> contents() {
        return Stream.of(
                "text",
                "x".repeat(100_000),
                1.5,
                (byte) 1,
                new Object[] {null, 'c', (short) 1, 2f, 3L},
                new boolean[] {true},
                new byte[] {1},
                new char[] {'c'},
                new short[] {1},
                new int[] {1},
                new float[] {1},
                new long[][] {{1}, null},
                new double[] {1},
                new String[] {"a", "a"},
                String.class,
                int[].class,
                StreamSuperclassesTest.class,
                Colour.RED,
                Colour.GREEN,
                new OwnStream(),
                new Written(),
                new HashMap<>(Map.of("a", List.of(1))),
                new ArrayList<>(List.of(new Base())),
                Proxy.newProxyInstance(
                        StreamSuperclassesTest.class.getClassLoader(),
                        new Class<?>[] {Runnable.class},
                        new Handler()));
    }

    @ParameterizedTest
    @MethodSource("contents")
    void theSuperclassesAreFoundWhateverElseIsInTheStream(Object content) throws Exception {
        List<Object> graph = Arrays.asList(content, new Derived(content), new Last());

        assertThat(StreamSuperclasses.of(stream(graph)))
                .contains(
                        entry(NAME + "$Base", null),
                        entry(NAME + "$Derived", NAME + "$Base"),
                        entry(NAME + "$Last", NAME + "$Base"));
    }

    @Test
    void whatIsNoStreamIsToldOf() throws Exception {
        byte[] stream = stream(new Derived(null));

        assertThatThrownBy(() -> StreamSuperclasses.of(Arrays.copyOf(stream, stream.length - 1)))
                .isInstanceOf(RuntimeException.class);
        stream[4] = 0;
        assertThatThrownBy(() -> StreamSuperclasses.of(stream))
                .isInstanceOf(RuntimeException.class);
    }

    private static byte[] stream(Object graph) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ObjectOutputStream(bytes)) {
            out.writeObject(graph);
        }
        return bytes.toByteArray();
    }
}
