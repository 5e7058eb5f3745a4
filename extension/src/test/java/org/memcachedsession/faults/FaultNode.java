package org.memcachedsession.faults;

import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.Extension;
import java.net.URI;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.memcachedsession.SessionSettings;
import org.memcachedsession.cdi.TestNode;
import org.memcachedsession.http.WebNode;

/** An application server with the application of {@link KeptServlet}, inside this JVM. */
final class FaultNode implements AutoCloseable {

    private static final int WORKERS = 16;
    private static final AtomicInteger STARTED = new AtomicInteger();

    private final TestNode beans;
    private final WebNode web;

    private FaultNode(TestNode beans, WebNode web) {
        this.beans = beans;
        this.web = web;
    }

    static FaultNode start(Consumer<SessionSettings.Builder> settings) throws Exception {
        TestNode beans =
                TestNode.withSettings(new Settings(settings), Clock.systemUTC())
                        .containerId("faults-" + STARTED.incrementAndGet())
                        .beans(
                                Kept.First.class,
                                Kept.Second.class,
                                Kept.Third.class,
                                Kept.Hops.class)
                        .start();
        try {
            SessionSettings.Builder builder = SessionSettings.builder();
            settings.accept(builder);
            return new FaultNode(
                    beans,
                    WebNode.start(
                            beans.sessions(), builder.build(), new KeptServlet(beans), WORKERS));
        } catch (Exception failed) {
            beans.close();
            throw failed;
        }
    }

    /** Settings by code. */
    static final class Settings implements Extension {
        private final Consumer<SessionSettings.Builder> settings;

        Settings(Consumer<SessionSettings.Builder> settings) {
            this.settings = settings;
        }

        void set(@Observes SessionSettings.Builder builder) {
            settings.accept(builder);
        }
    }

    URI uri() {
        return web.uri();
    }

    @Override
    public void close() throws Exception {
        web.close();
        beans.close();
    }
}
