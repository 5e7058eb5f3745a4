package org.memcachedsession.cdi;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.inject.Inject;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.memcachedsession.MemcachedSession;
import org.memcachedsession.MemcachedSessionScoped;
import org.memcachedsession.SessionSettings;
import org.memcachedsession.SessionSettings.Server;

/**
 * An application from its start to its end, in the class loader that loaded it. {@link
 * RedeploymentTest} knows it by its name only.
 */
@SuppressWarnings("unused") // made by reflection
final class RedeployedApplication implements Callable<Integer> {

    private final int port;

    /**
     * @param port of a memcached, or 0 for one of its own
     */
    RedeployedApplication(int port) {
        this.port = port;
    }

    /** Deploys, serves two browsers, stops. */
    @Override
    public Integer call() throws Exception {
        try (TestNode node =
                TestNode.withSettings(new Settings(port))
                        .beans(Counter.class, Clicks.class, Plain.class)
                        .containerId("redeployed")
                        .start()) {
            Counter counter = node.bean(Counter.class);
            CookieJar browser = new CookieJar();
            CookieJar other = new CookieJar();
            node.run(browser, counter::count);
            node.run(other, counter::count);
            node.run(other, node.bean(MemcachedSession.class)::invalidate);
            Plain plain = node.bean(Plain.class);
            node.run(browser, plain::add);
            node.run(browser, plain::add);
            return node.request(browser, counter::count) * node.request(browser, plain::size);
        }
    }

    static final class Settings implements Extension {
        private final int port;

        Settings(int port) {
            this.port = port;
        }

        void set(@Observes SessionSettings.Builder builder) {
            builder.application("redeployed")
                    .operationTimeout(Duration.ofSeconds(30)) // how quick it is, is not asked here
                    .connectTimeout(Duration.ofSeconds(30));
            if (port == 0) {
                builder.embedded();
            } else {
                builder.servers(List.of(new Server("127.0.0.1", port)));
            }
        }
    }

    @ApplicationScoped
    static class Clicks {
        void touch() {}
    }

    /** Holds classes of the application, which a serializer gets to know. */
    @MemcachedSessionScoped
    static class Plain implements Serializable {
        private static final long serialVersionUID = 1L;
        private final List<Part> parts = new ArrayList<>();

        record Part(int number, Kind kind) implements Serializable {}

        enum Kind {
            ODD,
            EVEN
        }

        void add() {
            parts.add(new Part(parts.size(), parts.size() % 2 == 0 ? Kind.EVEN : Kind.ODD));
        }

        int size() {
            return parts.size();
        }
    }

    @MemcachedSessionScoped
    static class Counter implements Serializable {
        private static final long serialVersionUID = 1L;
        @Inject Clicks clicks;
        private int count;

        int count() {
            clicks.touch();
            return ++count;
        }
    }
}
