package org.memcachedsession.faults;

import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.Extension;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.memcachedsession.SessionSettings;
import org.memcachedsession.SessionSettings.Server;
import org.memcachedsession.cdi.TestNode;
import org.memcachedsession.http.WebNode;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.Place;
import org.memcachedsession.session.SessionStore;
import org.memcachedsession.store.TestStores;

/** An application server inside this JVM. */
final class FaultNode implements Node {

    private static final int WORKERS = 16;
    private static final AtomicInteger STARTED = new AtomicInteger();

    /** So many keys that each server has one of them. */
    private static final int KEYS = 100;

    private final TestNode beans;
    private final WebNode web;
    private final Settings settings;

    private FaultNode(TestNode beans, WebNode web, Settings settings) {
        this.beans = beans;
        this.web = web;
        this.settings = settings;
    }

    static FaultNode start(NodeSettings told) throws Exception {
        Settings settings = new Settings(told);
        TestNode beans =
                TestNode.withSettings(settings, settings::open)
                        .containerId("faults-" + STARTED.incrementAndGet())
                        .beans(
                                Kept.First.class,
                                Kept.Second.class,
                                Kept.Third.class,
                                Kept.Hops.class)
                        .start();
        try {
            SessionSettings.Builder builder = SessionSettings.builder();
            told.give(builder);
            return new FaultNode(
                    beans,
                    WebNode.start(
                            beans.sessions(), builder.build(), new KeptServlet(beans), WORKERS),
                    settings);
        } catch (Exception failed) {
            beans.close();
            throw failed;
        }
    }

    /** Settings by code, and the store that they lead to. */
    static final class Settings implements Extension {
        private final NodeSettings told;
        private SessionStore store;

        Settings(NodeSettings told) {
            this.told = told;
        }

        void set(@Observes SessionSettings.Builder builder) {
            told.give(builder);
        }

        SessionStore open(SessionSettings inForce) {
            store = TestStores.at(told.address(), inForce);
            return store;
        }
    }

    @Override
    public URI uri() {
        return web.uri();
    }

    /**
     * Whether a server is away for this node. Only where items have copies.
     *
     * @param server as the node knows it
     */
    boolean isAway(Server server) {
        return place(server).isAway();
    }

    /** As {@link #isAway}: whether it is there, and every node knows it. */
    boolean isSteady(Server server) {
        return !place(server).isAway() && !place(server).isReturning();
    }

    private Place place(Server server) {
        return IntStream.range(0, KEYS)
                .mapToObj(number -> new ItemKey("key-" + number))
                .flatMap(key -> settings.store.placement(key).places().stream())
                .filter(place -> place.toString().equals(server.toString()))
                .findAny()
                .orElseThrow();
    }

    @Override
    public void close() throws Exception {
        web.close();
        beans.close();
    }
}
