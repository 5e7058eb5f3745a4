package org.memcachedsession.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.memcachedsession.session.UnreadableException;

/** Two versions of an application, each with classes of its own, on what Apache Fory has written. */
class ForyEvolutionTest {

    @TempDir private Path directory;
    private final List<Version> versions = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (Version version : versions) {
            version.loader.close();
        }
    }

    /** A class {@code Thing}, and others in the same source. */
    private static final class Version {

        private final URLClassLoader loader;
        private final PlainSerializer fory;

        Version(URLClassLoader loader, List<Class<?>> types) {
            this.loader = loader;
            this.fory = new ForySerialization(loader, types);
        }

        Object make() throws ReflectiveOperationException {
            Constructor<?> constructor = loader.loadClass("Thing").getDeclaredConstructor();
            constructor.setAccessible(true);
            return constructor.newInstance();
        }

        byte[] written() throws ReflectiveOperationException {
            return fory.write(make()).orElseThrow();
        }
    }

    private Version version(String source, String... names) throws Exception {
        Path root = Files.createDirectories(directory.resolve("version" + versions.size()));
        Path file = Files.writeString(root.resolve("Thing.java"), source, UTF_8);
        int result =
                ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-d", root.toString(), file.toString());
        assertThat(result).isZero();
        URLClassLoader loader =
                new URLClassLoader(
                        new URL[] {root.toUri().toURL()}, ForyEvolutionTest.class.getClassLoader());
        List<Class<?>> types = new ArrayList<>();
        for (String name : names) {
            types.add(loader.loadClass(name));
        }
        Version version = new Version(loader, types);
        versions.add(version);
        return version;
    }

    private Version thing(String fields) throws Exception {
        return version(
                "class Thing implements java.io.Serializable {"
                        + " private static final long serialVersionUID = 1L;"
                        + fields
                        + " }",
                "Thing");
    }

    private static Object value(Object thing, String name) throws ReflectiveOperationException {
        Class<?> type = thing.getClass();
        while (true) {
            try {
                Field field = type.getDeclaredField(name);
                field.setAccessible(true);
                return field.get(thing);
            } catch (NoSuchFieldException e) {
                type = type.getSuperclass();
            }
        }
    }

    @Test
    void aFieldThatWasAddedIsEmpty() throws Exception {
        Version old = thing("int a = 1; String c = \"c\";");
        Version now = thing("int a; int b = 7; String c; String d = \"made\";");

        Object read = now.fory.read(old.written()).graph();

        assertThat(value(read, "a")).isEqualTo(1);
        assertThat(value(read, "b")).isEqualTo(0);
        assertThat(value(read, "c")).isEqualTo("c");
        assertThat(value(read, "d")).isNull();
    }

    @Test
    void aFieldThatWasRemovedIsSkipped() throws Exception {
        Version old =
                thing(
                        "int a = 1; long b = 2; Object c = new java.util.ArrayList<>("
                                + "java.util.List.of(\"c\")); double d = 4; String e = \"e\";");
        Version now = thing("int a; String e;");

        Object read = now.fory.read(old.written()).graph();

        assertThat(value(read, "a")).isEqualTo(1);
        assertThat(value(read, "e")).isEqualTo("e");
    }

    @Test
    void fieldsInAnotherOrderGiveTheSameBytes() throws Exception {
        Version old = thing("int a = 1; String b = \"b\"; long c = 3;");
        Version now = thing("long c = 3; int a = 1; String b = \"b\";");

        assertThat(now.written()).isEqualTo(old.written());
    }

    @Test
    void aFieldThatMovedToASuperclassIsReadThere() throws Exception {
        Version old = thing("int a = 1; int b = 2;");
        Version now =
                version(
                        "class Thing extends Above { private static final long serialVersionUID ="
                                + " 1L; int a; } class Above implements java.io.Serializable {"
                                + " private static final long serialVersionUID = 1L; int b; }",
                        "Thing",
                        "Above");

        Object read = now.fory.read(old.written()).graph();

        assertThat(value(read, "a")).isEqualTo(1);
        assertThat(value(read, "b")).isEqualTo(2);
    }

    @Test
    void aClassOfAnotherNameIsNotRead() throws Exception {
        Version old = thing("int a = 1;");
        Version now =
                version("class Renamed implements java.io.Serializable { int a; }", "Renamed");

        assertNotRead(now, old.written());
    }

    @Test
    void aFieldOfAnotherTypeIsNotRead() throws Exception {
        byte[] old = thing("int a = 1; Object b = \"text\";").written();

        assertNotRead(thing("long a; Object b;"), old);
        assertNotRead(thing("Integer a; Object b;"), old);
        assertNotRead(thing("int a; Thing b;"), old);
        assertNotRead(thing("int a; Integer b;"), old);
    }

    @Test
    void anotherSerialVersionUidIsNotRead() throws Exception {
        Version old = thing("int a = 1;");
        Version now =
                version(
                        "class Thing implements java.io.Serializable { private static final long"
                                + " serialVersionUID = 2L; int a; }",
                        "Thing");

        assertNotRead(now, old.written());
    }

    @Test
    void constantsOfAnEnumAreKnownByName() throws Exception {
        String thing = " class Thing implements java.io.Serializable { Kind kind = Kind.B; }";
        byte[] old = version("enum Kind { A, B }" + thing, "Thing", "Kind").written();
        Version reordered = version("enum Kind { C, B, A }" + thing, "Thing", "Kind");
        Version without =
                version("enum Kind { A, C }" + thing.replace("Kind.B", "null"), "Thing", "Kind");

        assertThat(value(reordered.fory.read(old).graph(), "kind")).hasToString("B");
        assertNotRead(without, old);
    }

    @Test
    void aComponentThatWasAddedToARecordIsEmpty() throws Exception {
        String thing =
                " class Thing implements java.io.Serializable { Object part = new Part(1, \"b\"); }";
        byte[] old =
                version(
                                "record Part(int a, String b) implements java.io.Serializable {}"
                                        + thing,
                                "Thing",
                                "Part")
                        .written();
        Version now =
                version(
                        "record Part(String b, long c, String d, int a) implements"
                                + " java.io.Serializable {}"
                                + thing.replace("1, \"b\"", "null, 0, null, 0"),
                        "Thing",
                        "Part");

        assertThat(value(now.fory.read(old).graph(), "part"))
                .hasToString("Part[b=b, c=0, d=null, a=1]");
    }

    private static void assertNotRead(Version version, byte[] bytes) {
        assertThatThrownBy(() -> version.fory.read(bytes)).isInstanceOf(UnreadableException.class);
    }
}
