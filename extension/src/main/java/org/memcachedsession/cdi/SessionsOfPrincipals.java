package org.memcachedsession.cdi;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.memcachedsession.MemcachedSessions;
import org.memcachedsession.session.Sessions;

/** Hands every call to the sessions of the running application. */
final class SessionsOfPrincipals implements MemcachedSessions {

    private final SessionContext.Requests requests;
    private final Supplier<Optional<Sessions>> sessions;

    SessionsOfPrincipals(SessionContext.Requests requests, Supplier<Optional<Sessions>> sessions) {
        this.requests = requests;
        this.sessions = sessions;
    }

    @Override
    public void endAll(String principal) {
        Objects.requireNonNull(principal, "principal");
        running().endAll(principal);
    }

    @Override
    public void endOthers() {
        running();
        requests.get().endOthers();
    }

    private Sessions running() {
        Sessions running =
                sessions.get()
                        .orElseThrow(
                                () ->
                                        new IllegalStateException(
                                                "The application does not run, so nobody's sessions"
                                                        + " can be ended"));
        if (!running.endsEverywhere()) {
            throw new IllegalStateException(
                    "memcached.session.logout-everywhere is false, so sessions carry nothing by which"
                            + " those of one user could be ended. Set it to true: from then on each"
                            + " request that uses the session of a logged-in user reads one item more");
        }
        return running;
    }
}
