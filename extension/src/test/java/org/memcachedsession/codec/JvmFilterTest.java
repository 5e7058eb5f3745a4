package org.memcachedsession.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BinaryOperator;
import org.junit.jupiter.api.Test;
import org.memcachedsession.SessionException;
import org.memcachedsession.session.UnreadableException;

/** The filter of a JVM is set once, before it reads anything: so each of these has a JVM of its own. */
class JvmFilterTest {

    private static final String NAME = JvmFilterTest.class.getName();

    record Admitted(Object inside) implements Serializable {}

    record Refused() implements Serializable {}

    record Unlisted() implements Serializable {}

    /** Gives each stream a filter of its own, beside what the stream asks for. */
    public static final class Factory implements BinaryOperator<ObjectInputFilter> {
        @Override
        public ObjectInputFilter apply(ObjectInputFilter current, ObjectInputFilter next) {
            ObjectInputFilter filter = next == null ? current : next;
            return ObjectInputFilter.merge(
                    ObjectInputFilter.Config.createFilter("maxdepth=40"), filter);
        }
    }

    /** What {@link #main} tells where the property of the JVM has this value. */
    private static List<String> with(String property, String value) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-D" + property + "=" + value);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), NAME));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String told = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue()).as(told).isZero();
            return told.lines().toList();
        } finally {
            process.destroyForcibly();
        }
    }

    /** In the JVM with the filter. */
    public static void main(String... none) throws IOException {
        JavaSerialization serialization =
                new JavaSerialization(
                        List.of(JvmFilterTest.class.getClassLoader()),
                        new AllowList(List.of(NAME + "$Admitted", NAME + "$Refused")));
        List<Object> deep = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            deep = new ArrayList<>(List.of(deep));
        }
        for (Object graph :
                List.of(
                        new Admitted("a"),
                        new Admitted(new Refused[] {new Refused()}),
                        new Admitted(new Unlisted()),
                        deep)) {
            System.out.println(read(serialization, graph));
            System.out.println(saved(serialization, graph));
        }
    }

    private static String read(JavaSerialization serialization, Object graph) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(graph);
        }
        try {
            return "read "
                    + serialization
                            .read(bytes.toByteArray(), false)
                            .graph()
                            .getClass()
                            .getSimpleName();
        } catch (UnreadableException e) {
            return e.getMessage();
        }
    }

    private static String saved(JavaSerialization serialization, Object graph) {
        try {
            byte[] bytes = serialization.write(graph, graph, "class Bean").bytes();
            serialization.requireReadable(bytes, () -> false, "class Bean");
            return "saved";
        } catch (SessionException e) {
            return e.getMessage();
        }
    }

    /** Of graphs that no filter but ours has anything against, the first six lines. */
    private static void assertThatOursAloneDecidesOnClasses(List<String> told) {
        assertThat(told).hasSize(8).startsWith("read Admitted", "saved", "read Admitted", "saved");
        assertThat(told.get(4)).contains("$Unlisted", "not among the classes");
        assertThat(told.get(5)).contains("$Unlisted", "no field declares");
    }

    /** The last two lines. */
    private static void assertThatDeepIsRefused(List<String> told) {
        assertThat(told.get(6)).contains("REJECTED");
        assertThat(told.get(7)).contains("class Bean could not be read", "jdk.serialFilter");
    }

    @Test
    void withoutOneOursDecidesAlone() throws Exception {
        List<String> told = with("unused", "");
        assertThatOursAloneDecidesOnClasses(told);
        assertThat(told).endsWith("read ArrayList", "saved");
    }

    @Test
    void whatItRefusesIsNeitherReadNorSaved() throws Exception {
        List<String> told = with("jdk.serialFilter", "maxdepth=40;!" + NAME + "$Refused");
        assertThat(told).hasSize(8).startsWith("read Admitted", "saved");
        assertThat(told.get(2)).contains("REJECTED");
        assertThat(told.get(3))
                .contains(
                        "class Bean holds a " + NAME + "$Refused",
                        "jdk.serialFilter",
                        "at " + NAME + "$Admitted.inside");
        assertThat(told.get(4)).contains("$Unlisted");
        assertThat(told.get(5)).contains("$Unlisted", "no field declares");
        assertThatDeepIsRefused(told);
    }

    @Test
    void whatAFactoryOfFiltersRefusesIsNotSavedEither() throws Exception {
        List<String> told = with("jdk.serialFilterFactory", NAME + "$Factory");
        assertThatOursAloneDecidesOnClasses(told);
        assertThatDeepIsRefused(told);
    }

    @Test
    void whatItAdmitsIsStillRefusedByOurs() throws Exception {
        List<String> told = with("jdk.serialFilter", NAME + "$*;java.base/*;!*");
        assertThatOursAloneDecidesOnClasses(told);
        assertThat(told).endsWith("read ArrayList", "saved");
    }
}
