package org.memcachedsession.benchmarks.requests;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.rubyeye.xmemcached.XMemcachedClient;
import org.apache.fory.Fory;
import org.memcachedsession.MemcachedSessionScoped;
import org.memcachedsession.benchmarks.application.container.ContainerServlet;
import org.memcachedsession.benchmarks.application.floor.FloorServlet;
import org.memcachedsession.benchmarks.application.many.ManyServlet;
import org.memcachedsession.benchmarks.application.none.NoSessionServlet;
import org.memcachedsession.benchmarks.application.own.OwnServlet;
import org.slf4j.Logger;

/** Who keeps the session. */
enum Mode {
    NONE("none", "no session", NoSessionServlet.class, Keeper.NOBODY, Map.of()),
    MEMORY(
            "memory",
            "the container's session, in its memory",
            ContainerServlet.class,
            Keeper.CONTAINER,
            Map.of()),
    DISTRIBUTED(
            "distributed",
            "the container's session, replicated to a second node",
            ContainerServlet.class,
            Keeper.CLUSTER,
            Map.of()),
    OURS_JDK(
            "ours-jdk",
            "this library, serialization of the JDK",
            OwnServlet.class,
            Keeper.MEMCACHED,
            Map.of("memcached.session.serializer", "java")),
    OURS_FORY(
            "ours-fory",
            "this library, Apache Fory",
            OwnServlet.class,
            Keeper.MEMCACHED,
            Map.of("memcached.session.serializer", "fory")),
    FLOOR_JDK(
            "floor-jdk",
            "floor: a socket per thread, serialization of the JDK",
            FloorServlet.class,
            Keeper.MEMCACHED,
            Map.of("floor.client", "socket", "floor.codec", "jdk")),
    FLOOR_HAND(
            "floor-hand",
            "floor: a socket per thread, a codec by hand",
            FloorServlet.class,
            Keeper.MEMCACHED,
            Map.of("floor.client", "socket", "floor.codec", "hand")),
    FLOOR_XM(
            "floor-xm",
            "floor: xmemcached, serialization of the JDK",
            FloorServlet.class,
            Keeper.MEMCACHED,
            Map.of("floor.client", "xmemcached", "floor.codec", "jdk")),
    FLOOR_XM_HAND(
            "floor-xm-hand",
            "floor: xmemcached, a codec by hand",
            FloorServlet.class,
            Keeper.MEMCACHED,
            Map.of("floor.client", "xmemcached", "floor.codec", "hand")),
    /** For growth alone. */
    OURS_MANY(
            "ours-many",
            "this library, many beans in a session",
            ManyServlet.class,
            Keeper.MEMCACHED,
            Map.of("memcached.session.serializer", "java"));

    /** Where sessions are. */
    enum Keeper {
        NOBODY,
        CONTAINER,
        /** The container and a second node of its kind. */
        CLUSTER,
        MEMCACHED
    }

    private final String id;
    private final String title;
    private final Class<?> servlet;
    private final Keeper keeper;
    private final Map<String, String> systemProperties;

    Mode(
            String id,
            String title,
            Class<?> servlet,
            Keeper keeper,
            Map<String, String> systemProperties) {
        this.id = id;
        this.title = title;
        this.servlet = servlet;
        this.keeper = keeper;
        this.systemProperties = systemProperties;
    }

    /** All that are compared with each other. */
    static List<Mode> compared() {
        return Stream.of(values()).filter(mode -> mode != OURS_MANY).toList();
    }

    /** As in files and options. */
    String id() {
        return id;
    }

    /** For people. */
    String title() {
        return title;
    }

    Keeper keeper() {
        return keeper;
    }

    /** This library's session, whose cost is looked for. */
    boolean isOurs() {
        return servlet == OwnServlet.class || servlet == ManyServlet.class;
    }

    /** Of the servers, beside where memcached is. */
    Map<String, String> systemProperties() {
        return systemProperties;
    }

    /** The setting that says where memcached is. */
    String serversKey() {
        return isOurs() ? "memcached.session.servers" : "floor.server";
    }

    /** The one whose package is in the WAR. */
    Class<?> servlet() {
        return servlet;
    }

    /** One class of each jar in the WAR. */
    List<Class<?>> libraries() {
        if (keeper != Keeper.MEMCACHED) {
            return List.of();
        }
        List<Class<?>> classes = new ArrayList<>(List.of(XMemcachedClient.class, Logger.class));
        if (isOurs()) {
            classes.add(MemcachedSessionScoped.class);
        }
        if (this == OURS_FORY) {
            classes.add(Fory.class);
        }
        return classes;
    }

    /**
     * @throws MeasurementException there is none
     */
    static Mode of(String id) {
        return Stream.of(values())
                .filter(mode -> mode.id.equals(id))
                .findFirst()
                .orElseThrow(
                        () ->
                                new MeasurementException(
                                        "there is no mode \"%s\", but %s"
                                                .formatted(
                                                        id,
                                                        Stream.of(values())
                                                                .map(Mode::id)
                                                                .toList())));
    }
}
