package org.memcachedsession.servers.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.memcachedsession.servers.ServerKind.PAYARA_MICRO;
import static org.memcachedsession.servers.ServerKind.WILDFLY;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.memcachedsession.nodes.Node;
import org.memcachedsession.nodes.NodeSettings;
import org.memcachedsession.servers.Browser;
import org.memcachedsession.servers.Memcached;
import org.memcachedsession.servers.RestApplication;
import org.memcachedsession.servers.ScenarioWar;
import org.memcachedsession.servers.ServerKind;

/**
 * An application is being upgraded: of each server, one node has the old WAR and one the new one, and a browser
 * comes to all of them.
 */
class UpgradeIT {

    private static final int HOPS = 40;

    private static final Map<ServerKind, Node> OLD = new EnumMap<>(ServerKind.class);
    private static final Map<ServerKind, Node> NEW = new EnumMap<>(ServerKind.class);

    private Browser browser;

    // ---- the application

    private static final String IMPORTS =
            """
            package shop;
            import jakarta.enterprise.context.*;
            import jakarta.inject.*;
            import jakarta.interceptor.*;
            import jakarta.ws.rs.*;
            import java.io.*;
            import java.lang.annotation.*;
            import java.util.*;
            import org.memcachedsession.*;
            """;

    /** A plain bean. */
    private static final String CART =
            """
            @MemcachedSessionScoped
            public class Cart implements Serializable {
                private static final long serialVersionUID = 1;
                private List<String> items = new ArrayList<>();
                %s
                public String look() { return String.join(",", items) %s; }
                public void add(String item) { items.add(item); }
                public void note(String text) { %s }
            }
            """;

    /** An intercepted one, of which the container makes a class of its own. */
    private static final String COUNTER =
            """
            @Counted
            @MemcachedSessionScoped
            public class Counter implements Serializable {
                private static final long serialVersionUID = 1;
                private int count;
                public int next() { return ++count; }
                %s
            }
            """;

    /** A bean whose stored form the other version cannot read. */
    private static final String WISHES =
            """
            @MemcachedSessionScoped
            public class Wishes implements Serializable {
                private static final long serialVersionUID = %s;
                private int count;
                public int next() { return ++count; }
            }
            """;

    private static final List<String> SAME =
            List.of(
                    """
                    @InterceptorBinding
                    @Retention(RetentionPolicy.RUNTIME)
                    public @interface Counted {}
                    """,
                    """
                    @Counted
                    @Interceptor
                    @jakarta.annotation.Priority(1)
                    public class Counting implements Serializable {
                        private static final long serialVersionUID = 1;
                        @AroundInvoke
                        Object count(InvocationContext call) throws Exception {
                            return call.proceed();
                        }
                    }
                    """,
                    """
                    @Path("")
                    @RequestScoped
                    public class Resource {
                        @Inject Cart cart;
                        @Inject Counter counter;
                        @Inject Wishes wishes;
                        @GET @Path("ready") public String ready() { return "ready"; }
                        @GET @Path("cart") public String cart() { return cart.look(); }
                        @POST @Path("cart/{item}") public String add(@PathParam("item") String item) {
                            cart.add(item);
                            return cart.look();
                        }
                        @POST @Path("note/{text}") public String note(@PathParam("text") String text) {
                            cart.note(text);
                            return cart.look();
                        }
                        @POST @Path("counter") public int count() { return counter.next(); }
                        @POST @Path("wishes") public int wish() { return wishes.next(); }
                    }
                    """);

    private static final List<String> OLD_SOURCES =
            List.of(CART.formatted("", "", ""), COUNTER.formatted(""), WISHES.formatted("1"));

    private static final List<String> NEW_SOURCES =
            List.of(
                    CART.formatted("private String note;", "+ \" \" + note", "note = text;"),
                    COUNTER.formatted("public int now() { return count; }"),
                    WISHES.formatted("2"));

    private static Path war(Path directory, List<String> changing) throws IOException {
        Path classes = directory.resolve("classes");
        Files.createDirectories(classes);
        List<String> command = new ArrayList<>(List.of("-proc:none", "-d", classes.toString()));
        List<String> names = new ArrayList<>();
        for (String source : Stream.concat(changing.stream(), SAME.stream()).toList()) {
            String name = source.replaceFirst("(?s).*?public (?:class|@interface) (\\w+).*", "$1");
            Path file = directory.resolve(name + ".java");
            Files.writeString(file, IMPORTS + source);
            command.add(file.toString());
            names.add(name);
        }
        assertThat(
                        ToolProvider.getSystemJavaCompiler()
                                .run(null, null, null, command.toArray(String[]::new)))
                .as("the compiler's verdict")
                .isZero();
        WebArchive war = ScenarioWar.named("upgrade").addClass(RestApplication.class);
        for (String name : names) {
            war.addAsWebInfResource(
                    classes.resolve("shop/" + name + ".class").toFile(),
                    "classes/shop/" + name + ".class");
        }
        return ScenarioWar.export(war, directory.resolve("upgrade.war"));
    }

    @BeforeAll
    static void startAll() throws IOException {
        Path directory = Path.of("target", "nodes", "upgrade");
        Path oldWar = war(directory.resolve("old"), OLD_SOURCES);
        Path newWar = war(directory.resolve("new"), NEW_SOURCES);
        for (ServerKind kind : ServerKind.values()) {
            OLD.put(kind, kind.launch(settings(kind + "-old", oldWar)));
            NEW.put(kind, kind.launch(settings(kind + "-new", newWar)));
        }
        all().forEach(Node::awaitReady);
    }

    private static NodeSettings settings(String name, Path war) {
        return Memcached.ofTheRun()
                .usedBy(
                        NodeSettings.of(name, war, war.resolveSibling("nodes"))
                                .withReadyPath("api/ready"));
    }

    @AfterAll
    static void endAll() {
        all().forEach(Node::close);
    }

    private static Stream<Node> all() {
        return Stream.concat(OLD.values().stream(), NEW.values().stream());
    }

    @BeforeEach
    void newBrowser() {
        browser = Browser.at(all().findFirst().orElseThrow().url());
    }

    private String post(Node node, String path) {
        return browser.on(node.url()).post("api/" + path).body();
    }

    private String cart(Node node) {
        return browser.on(node.url()).get("api/cart").body();
    }

    // ---- the tests

    @Test
    void aPlainBeanWandersBetweenBothVersionsOnBothServersAndLosesNothingThatBothKnow() {
        List<Node> nodes = all().toList();
        StringBuilder items = new StringBuilder();
        for (int i = 0; i < HOPS; i++) {
            items.append(i == 0 ? "" : ",").append(i);
            assertThat(post(nodes.get(i * 3 % nodes.size()), "cart/" + i)).startsWith(items);
        }
    }

    @Test
    void whatOnlyTheNewVersionKnowsStaysWhereTheOldOneOnlyLooks() {
        assertThat(post(NEW.get(PAYARA_MICRO), "cart/tea")).isEqualTo("tea null");
        assertThat(post(NEW.get(WILDFLY), "note/fragile")).isEqualTo("tea fragile");

        assertThat(cart(OLD.get(PAYARA_MICRO))).isEqualTo("tea");
        assertThat(cart(OLD.get(WILDFLY))).isEqualTo("tea");
        assertThat(cart(NEW.get(PAYARA_MICRO))).isEqualTo("tea fragile");

        assertThat(post(OLD.get(WILDFLY), "cart/jam")).isEqualTo("tea,jam");
        assertThat(cart(NEW.get(WILDFLY))).isEqualTo("tea,jam null");
    }

    @ParameterizedTest
    @EnumSource
    void anInterceptedBeanIsReadByTheOtherVersionUpAndDown(ServerKind kind) {
        for (int i = 1; i <= HOPS; i++) {
            Node node = i % 3 == 0 ? OLD.get(kind) : NEW.get(kind);
            assertThat(post(node, "counter")).isEqualTo("" + i);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBeanThatTheOtherVersionCannotReadBeginsAnewAloneWhenItIsUsedThere(ServerKind kind) {
        post(OLD.get(kind), "cart/tea");
        assertThat(post(OLD.get(kind), "wishes")).isEqualTo("1");
        assertThat(post(OLD.get(kind), "wishes")).isEqualTo("2");

        assertThat(post(NEW.get(kind), "cart/jam")).isEqualTo("tea,jam null");
        assertThat(post(OLD.get(kind), "wishes")).isEqualTo("3");

        assertThat(post(NEW.get(kind), "wishes")).isEqualTo("1");
        assertThat(cart(OLD.get(kind))).isEqualTo("tea,jam");
    }
}
