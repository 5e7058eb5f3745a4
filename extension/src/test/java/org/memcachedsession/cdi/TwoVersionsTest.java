package org.memcachedsession.cdi;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.Extension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.memcachedsession.BeanDiscarded;
import org.memcachedsession.CompiledVersion;
import org.memcachedsession.LoggedMessages;
import org.memcachedsession.SessionSettings;
import org.memcachedsession.SessionSettings.Serializer;
import org.memcachedsession.store.InMemorySessionStore;
import org.memcachedsession.store.InMemorySessionStore.Operation;

/**
 * Sessions that an older version of the application has left, or a newer one: while nodes are upgraded one
 * after the other, both serve the same browser. By JDK serialization, and by Apache Fory where it can.
 */
@ParameterizedClass(name = "serializer={0}")
@EnumSource(names = {"JAVA", "AUTO"})
class TwoVersionsTest {

    private static final String IMPORTS =
            """
            import jakarta.annotation.*;
            import jakarta.enterprise.context.*;
            import jakarta.enterprise.inject.*;
            import jakarta.interceptor.*;
            import java.io.*;
            import java.lang.annotation.*;
            import java.util.*;
            import java.util.function.*;
            import org.memcachedsession.*;


            """;

    /** Beside what changes. */
    private static final String NAME =
            """
            @MemcachedSessionScoped
            public class Name implements Serializable, UnaryOperator<String> {
                private static final long serialVersionUID = 1;
                private String name;
                public String apply(String what) {
                    name = what == null ? name : what;
                    return name;
                }
            }
            """;

    @Parameter private Serializer serializer;

    private final InMemorySessionStore store =
            new InMemorySessionStore(Clock.systemUTC(), 1_000_000);
    private final CookieJar browser = new CookieJar();
    @TempDir private Path directory;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    private final class Node {

        private final CompiledVersion version;
        private final TestNode node;

        Node(String... sources) throws Exception {
            this("node " + open.size(), sources);
        }

        Node(String containerId, String[] sources) throws Exception {
            Path own = Files.createTempDirectory(directory, "version");
            version = CompiledVersion.of(own, "shop", IMPORTS, sources);
            open.push(version);
            Thread thread = Thread.currentThread();
            ClassLoader before = thread.getContextClassLoader();
            thread.setContextClassLoader(version);
            try {
                node =
                        TestNode.on(store, Clock.systemUTC())
                                .containerId(containerId)
                                .extension(new Writing(serializer))
                                .weld(weld -> weld.setClassLoader(version))
                                .beans(version.types())
                                .beans(Discarded.class)
                                .start();
            } finally {
                thread.setContextClassLoader(before);
            }
            open.push(node);
        }

        /** Changes the bean, or only looks where the text is null. */
        @SuppressWarnings("unchecked") // all beans of the versions are such
        String ask(String bean, String what) throws Exception {
            UnaryOperator<String> asked = (UnaryOperator<String>) node.bean(version.type(bean));
            return node.request(browser, () -> asked.apply(what));
        }

        List<String> discarded() {
            return node.bean(Discarded.class).all();
        }
    }

    private static String cart(String uid, String members) {
        return """
                @MemcachedSessionScoped
                public class Cart implements Serializable, UnaryOperator<String> {
                    %s
                    %s
                }
                """
                .formatted(uid, members);
    }

    /** With a declared version, and an answer to whatever is asked. */
    private static String cart(String members) {
        return cart("private static final long serialVersionUID = 1;", members);
    }

    // ---- a class that has changed

    @Test
    void aFieldThatTheOtherVersionDoesNotHaveIsNullThereAndLostWhereThatOneChangesTheBean()
            throws Exception {
        Node old = new Node(cart(ITEM), NAME);
        Node next = new Node(cart(ITEM_AND_NOTE), NAME);
        old.ask("Cart", "tea");

        assertThat(next.ask("Cart", null)).isEqualTo("tea, null");
        assertThat(next.ask("Cart", "note fragile")).isEqualTo("tea, fragile");
        assertThat(old.ask("Cart", null)).isEqualTo("tea");
        assertThat(next.ask("Cart", null)).isEqualTo("tea, fragile");
        assertThat(old.ask("Cart", "jam")).isEqualTo("jam");
        assertThat(next.ask("Cart", null)).isEqualTo("jam, null");
    }

    private static final String ITEM =
            """
            private String item;
            public String apply(String what) {
                item = what == null ? item : what;
                return item;
            }
            """;

    private static final String ITEM_AND_NOTE =
            """
            private String note;
            private String item;
            public String apply(String what) {
                if (what != null && what.startsWith("note ")) {
                    note = what.substring(5);
                } else if (what != null) {
                    item = what;
                }
                return item + ", " + note;
            }
            """;

    @Test
    void aFieldOfAClassThatTheOtherVersionDoesNotHaveIsPassedOverByTheJdk() throws Exception {
        Node old = new Node(cart(ITEM), NAME);
        Node next =
                new Node(
                        cart(
                                ITEM_AND_NOTE
                                                .replace("String note", "Note note")
                                                .replace(
                                                        "what.substring(5)",
                                                        "new Note(what.substring(5))")
                                        + "public record Note(String text) implements Serializable {}"),
                        NAME);
        next.ask("Cart", "tea");
        assertThat(next.ask("Cart", "note fragile")).isEqualTo("tea, Note[text=fragile]");

        if (isJava()) {
            assertThat(old.ask("Cart", null)).isEqualTo("tea");
            assertThat(next.ask("Cart", null)).isEqualTo("tea, Note[text=fragile]");
        } else {
            assertThat(old.ask("Cart", null)).isNull(); // there is no telling where the note ends
            assertThat(old.discarded()).containsExactly("class shop.Cart UNREADABLE");
        }
    }

    @Test
    void whatASuperclassOfOneVersionAloneHasIsThereAfterTheOtherHasLooked() throws Exception {
        String noted =
                """
                public abstract class Noted implements Serializable {
                    private static final long serialVersionUID = 1;
                    protected String note;
                }
                """;
        Node old = new Node(cart(ITEM), NAME);
        Node next =
                new Node(
                        cart(ITEM_AND_NOTE.replace("private String note;", ""))
                                .replace("Cart implements", "Cart extends Noted implements"),
                        noted,
                        NAME);
        old.ask("Cart", "tea");
        StoreCalls calls = StoreCalls.of(store);

        assertThat(next.ask("Cart", null)).isEqualTo("tea, null");
        assertThat(calls.take()).doesNotContain(Operation.REPLACE);
        assertThat(next.ask("Cart", "note fragile")).isEqualTo("tea, fragile");
        assertThat(old.ask("Cart", null)).isEqualTo("tea");
        assertThat(next.ask("Cart", null)).isEqualTo("tea, fragile");
    }

    @Test
    void aSuperclassThatBothVersionsHaveMayBeThatOfAClassInOneAlone() throws Exception {
        String noted =
                """
                public abstract class Noted implements Serializable {
                    private static final long serialVersionUID = 1;
                    protected String note;
                    public static class Line extends Noted {
                        private static final long serialVersionUID = 1;
                    }
                }
                """;
        Node old = new Node(cart(LINE + ITEM), noted, NAME);
        Node next =
                new Node(
                        cart(LINE + ITEM_AND_NOTE.replace("private String note;", ""))
                                .replace("Cart implements", "Cart extends Noted implements"),
                        noted,
                        NAME);
        old.ask("Cart", "tea");
        StoreCalls calls = StoreCalls.of(store);

        assertThat(next.ask("Cart", null)).isEqualTo("tea, null");
        assertThat(calls.take()).doesNotContain(Operation.REPLACE);
        assertThat(next.ask("Cart", "note fragile")).isEqualTo("tea, fragile");
        calls.take();
        assertThat(old.ask("Cart", null)).isEqualTo("tea");
        assertThat(calls.take()).doesNotContain(Operation.REPLACE);
        assertThat(next.ask("Cart", null)).isEqualTo("tea, fragile");
    }

    private static final String LINE = "private Noted.Line line = new Noted.Line();\n";

    @Test
    void aBeanThatOneVersionLeavesToTheJdkIsNotStoredAgainForALook() throws Exception {
        String note =
                """
                private Note note;
                public static class Note implements Serializable {
                    private static final long serialVersionUID = 1;
                    %s
                }
                """;
        String writeObject =
                "private void writeObject(ObjectOutputStream out) throws IOException {}";
        Node old = new Node(cart(note.formatted("") + ITEM), NAME);
        Node next = new Node(cart(note.formatted(writeObject) + ITEM), NAME);
        old.ask("Cart", "tea");
        StoreCalls calls = StoreCalls.of(store);

        assertThat(next.ask("Cart", null)).isEqualTo("tea");
        assertThat(calls.take()).doesNotContain(Operation.REPLACE);
        assertThat(next.ask("Cart", "jam")).isEqualTo("jam");
        assertThat(old.ask("Cart", null)).isEqualTo("jam");
    }

    @Test
    void aClassThatOneVersionWritesInAStreamOfItsOwnIsNotStoredAgainForALook() throws Exception {
        String note =
                """
                private Note note = new Note();
                public static class Note implements Serializable {
                    private static final long serialVersionUID = 1;
                    private int number = 1;
                    %s
                }
                """;
        String writeObject =
                "private void writeObject(ObjectOutputStream out) throws IOException {"
                        + " out.defaultWriteObject(); }";
        Node old = new Node(cart(note.formatted("") + ITEM), NAME);
        Node next = new Node(cart(note.formatted(writeObject) + ITEM), NAME);
        old.ask("Cart", "tea");
        StoreCalls calls = StoreCalls.of(store);

        if (isJava()) {
            assertThat(next.ask("Cart", null)).isEqualTo("tea");
            assertThat(calls.take()).doesNotContain(Operation.REPLACE);
        } else {
            assertThat(next.ask("Cart", null)).isNull(); // a class that Apache Fory does not know
        }
        assertThat(next.ask("Cart", "jam")).isEqualTo("jam");
        calls.take();
        assertThat(old.ask("Cart", null)).isEqualTo("jam");
        assertThat(calls.take()).doesNotContain(Operation.REPLACE);
    }

    private boolean isJava() {
        return serializer == Serializer.JAVA;
    }

    @Test
    void aClassWithoutADeclaredVersionIsWarnedOfAndBeginsAnewAloneWhereTheJdkWroteIt()
            throws Exception {
        String without = "";
        try (LoggedMessages log = LoggedMessages.record()) {
            Node old = new Node(cart(without, ITEM), NAME);
            assertThat(log.warnings())
                    .singleElement()
                    .asString()
                    .contains("MSS-62 shop.Cart has no serialVersionUID");
            Node next = new Node(cart(without, ITEM_AND_NOTE), NAME);
            if (isJava()) {
                assertThatItsBeanBeginsAnewAlone(old, next, "null, null");
            } else { // which goes by the names of fields
                old.ask("Cart", "tea");
                assertThat(next.ask("Cart", null)).isEqualTo("tea, null");
            }
        }
    }

    @Test
    void aFieldOfAnotherTypeMakesItsBeanBeginAnewAlone() throws Exception {
        Node old = new Node(cart(ITEM), NAME);
        Node next =
                new Node(
                        cart(
                                """
                                private List<String> item;
                                public String apply(String what) {
                                    item = what == null ? item : new ArrayList<>(List.of(what));
                                    return String.valueOf(item);
                                }
                                """),
                        NAME);
        assertThatItsBeanBeginsAnewAlone(old, next, "null");
    }

    @Test
    void aClassThatIsGoneMakesTheBeanThatHoldsItBeginAnewAlone() throws Exception {
        String lines =
                """
                private List<%1$s> lines = new ArrayList<>();
                public record %1$s(String item) implements Serializable {}
                public String apply(String what) {
                    if (what != null) {
                        lines.add(new %1$s(what));
                    }
                    return lines.isEmpty() ? "null" : lines.get(0).item();
                }
                """;
        Node old = new Node(cart(lines.formatted("Line")), NAME);
        Node next = new Node(cart(lines.formatted("Position")), NAME);
        assertThatItsBeanBeginsAnewAlone(old, next, "null");
    }

    @Test
    void aConstantThatIsGoneMakesTheBeanThatHoldsItBeginAnewAlone() throws Exception {
        String kinds =
                """
                private Kind kind;
                public enum Kind { %s }
                public String apply(String what) {
                    kind = what == null ? kind : Kind.valueOf(what);
                    return String.valueOf(kind);
                }
                """;
        Node old = new Node(cart(kinds.formatted("tea, jam")), NAME);
        Node next = new Node(cart(kinds.formatted("jam")), NAME);
        assertThatItsBeanBeginsAnewAlone(old, next, "null");
    }

    private void assertThatItsBeanBeginsAnewAlone(Node old, Node next, String nothing)
            throws Exception {
        old.ask("Name", "Ada");
        old.ask("Cart", "tea");

        // whoever does not use it leaves it as it is
        assertThat(next.ask("Name", "Eve")).isEqualTo("Eve");
        assertThat(next.discarded()).isEmpty();
        assertThat(old.ask("Cart", null)).isEqualTo("tea");
        assertThat(old.ask("Name", null)).isEqualTo("Eve");

        assertThat(next.ask("Cart", null)).isEqualTo(nothing);
        assertThat(next.discarded()).containsExactly("class shop.Cart UNREADABLE");
        assertThat(next.ask("Name", null)).isEqualTo("Eve");
    }

    @Test
    void aBeanThatOneVersionDoesNotHaveIsCarriedThroughByIt() throws Exception {
        Node old = new Node(cart(ITEM), NAME);
        Node next = new Node(NAME);
        old.ask("Cart", "tea");

        next.ask("Name", "Ada");

        assertThat(old.ask("Cart", null)).isEqualTo("tea");
        assertThat(next.discarded()).isEmpty();
    }

    // ---- classes that the container makes

    @Test
    void anInterceptedBeanWithAnotherMethodIsStillRead() throws Exception {
        String intercepted = cart(ITEM).replace("@Memc", "@Passed @Memc");
        String more =
                intercepted.replace(
                        "private String item;",
                        "private String item; public int much() { return 1; }");
        String[] older = {intercepted, NAME, PASSED, INTERCEPTOR};
        String[] newer = {more, NAME, PASSED, INTERCEPTOR};
        new Node("shop", older).ask("Cart", "tea");
        stop(); // two containers of one name are on two machines

        Node next = new Node("shop", newer);
        StoreCalls calls = StoreCalls.of(store);
        assertThat(next.ask("Cart", null)).isEqualTo("tea");
        assertThat(calls.take()).doesNotContain(Operation.REPLACE);
        assertThat(next.ask("Cart", "jam")).isEqualTo("jam");
        assertThat(next.discarded()).isEmpty();
        stop();

        assertThat(new Node("shop", older).ask("Cart", null)).isEqualTo("jam");
    }

    private static final String PASSED =
            """
            @InterceptorBinding
            @Retention(RetentionPolicy.RUNTIME)
            public @interface Passed {}
            """;

    private static final String INTERCEPTOR =
            """
            @Passed
            @Interceptor
            @jakarta.annotation.Priority(1)
            public class Passing implements Serializable {
                private static final long serialVersionUID = 1;
                @AroundInvoke
                Object pass(InvocationContext call) throws Exception {
                    return call.proceed();
                }
            }
            """;

    @Test
    void producersInAnotherOrderAreNotTakenForEachOther() throws Exception {
        String first = made("first");
        String second = made("second");
        Node old = new Node(MADE, makers(first + second), ASKING_FIRST);
        Node next = new Node(MADE, makers(made("another") + second + first), ASKING_FIRST);
        old.ask("AskingFirst", "tea");

        assertThat(next.ask("AskingFirst", null)).isEqualTo("first tea");
        assertThat(next.ask("AskingFirst", "jam")).isEqualTo("first jam");
        assertThat(old.ask("AskingFirst", null)).isEqualTo("first jam");
    }

    private static String made(String name) {
        return """
                @Produces @MemcachedSessionScoped @jakarta.inject.Named("%1$s")
                public Made %1$s() {
                    Made made = new Made();
                    made.apply("%1$s");
                    return made;
                }
                """
                .formatted(name);
    }

    private static String makers(String methods) {
        return "@ApplicationScoped public class Makers {" + methods + "}";
    }

    /** Not to be found but by its producers. */
    private static final String MADE =
            """
            @Vetoed
            public class Made implements Serializable, UnaryOperator<String> {
                private static final long serialVersionUID = 1;
                private String maker;
                private String item;
                public String apply(String what) {
                    if (maker == null) {
                        maker = what;
                    } else {
                        item = what == null ? item : what;
                    }
                    return maker + " " + item;
                }
            }
            """;

    private static final String ASKING_FIRST =
            """
            @ApplicationScoped
            public class AskingFirst implements UnaryOperator<String> {
                @jakarta.inject.Inject @jakarta.inject.Named("first") Made made;
                public String apply(String what) {
                    return made.apply(what);
                }
            }
            """;

    // ---- both at once

    @Test
    void aVisitThatWandersBetweenTheVersionsLosesNothingThatBothKnow() throws Exception {
        String counting =
                """
                private final List<String> items = new ArrayList<>();
                %s
                public String apply(String what) {
                    items.add(what);
                    return String.join(",", items);
                }
                """;
        Node old = new Node(cart(counting.formatted("")), NAME);
        Node next = new Node(cart(counting.formatted("private int added;")), NAME);
        StringBuilder all = new StringBuilder("0");
        old.ask("Cart", "0");
        for (int i = 1; i < 100; i++) {
            all.append(',').append(i);
            Node node = i % 3 == 0 ? old : next;
            assertThat(node.ask("Cart", String.valueOf(i))).isEqualTo(all.toString());
        }
        assertThat(old.discarded()).isEmpty();
        assertThat(next.discarded()).isEmpty();
    }

    private static final class Writing implements Extension {

        private final Serializer serializer;

        Writing(Serializer serializer) {
            this.serializer = serializer;
        }

        void set(@Observes SessionSettings.Builder builder) {
            builder.serializer(serializer);
        }
    }

    @ApplicationScoped
    static class Discarded {

        private final List<String> all = new ArrayList<>();

        void hear(@Observes BeanDiscarded event) {
            all.add(event.bean() + " " + event.cause());
        }

        List<String> all() {
            return all;
        }
    }

    @AfterEach
    void stop() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }
}
