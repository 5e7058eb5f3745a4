package org.memcachedsession.cdi;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.memcachedsession.MemcachedSessionScoped;
import org.memcachedsession.RotateSessionId;
import org.memcachedsession.SlidingExpiry;
import org.memcachedsession.session.SessionId;
import org.memcachedsession.session.SetClock;
import org.memcachedsession.store.InMemorySessionStore;

/** An application whose users log in; {@link SmallServerTest} knows it by its name only. */
@SuppressWarnings("unused") // made by reflection
final class SmallServerApplication implements Callable<List<Boolean>> {

    private final CookieJar browser = new CookieJar();

    /** Whether a login changed the id: a plain one, one that failed, one in a stage. */
    @Override
    public List<Boolean> call() throws Exception {
        SetClock clock = new SetClock();
        try (TestNode node =
                TestNode.on(new InMemorySessionStore(clock, 1_000_000), clock)
                        .containerId("small")
                        .beans(Logins.class, Visitor.class)
                        .start()) {
            Logins logins = node.bean(Logins.class);
            node.run(browser, node.bean(Visitor.class)::arrive);
            List<Boolean> changed = new ArrayList<>();
            for (Runnable login :
                    new Runnable[] {
                        () -> logins.logIn("Ada"), () -> logins.logIn(null), logins::logInLater
                    }) {
                SessionId before = browser.id().orElseThrow();
                node.run(browser, login);
                changed.add(!browser.id().orElseThrow().equals(before));
            }
            return changed;
        }
    }

    @MemcachedSessionScoped
    static class Visitor implements Serializable {
        private static final long serialVersionUID = 1L;

        void arrive() {}
    }

    @ApplicationScoped
    static class Logins {

        @RotateSessionId
        @SlidingExpiry(idle = "PT10M")
        Object logIn(String user) {
            return user;
        }

        @RotateSessionId
        CompletionStage<String> logInLater() {
            return CompletableFuture.completedStage("Ada");
        }
    }
}
