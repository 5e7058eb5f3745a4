package org.memcachedsession.cdi;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.memcachedsession.SessionSettings;
import org.memcachedsession.session.SessionStore;
import org.memcachedsession.store.MemcachedSessionStore;
import org.memcachedsession.store.MemcachedStoreParameters;

/** Time, store and class path, so that a test can bring its own. */
interface Surroundings {

    /** What sessions are timed by. */
    default Clock clock() {
        return Clock.systemUTC();
    }

    /** Whether Apache Fory is there and works. */
    default boolean hasFory(ClassLoader application) {
        return Serializers.hasFory(application);
    }

    /**
     * Opens the store that the settings name.
     *
     * @param atStop what the end of the application has to run is added here, in its order
     */
    default SessionStore openStore(SessionSettings settings, List<Runnable> atStop) {
        List<SessionSettings.Server> servers;
        Optional<SessionSettings.Credentials> credentials = Optional.empty();
        if (settings.embedded()) {
            EmbeddedServer embedded = EmbeddedServer.start();
            atStop.add(embedded::close);
            servers = List.of(embedded.server());
        } else {
            servers = settings.servers();
            credentials = settings.credentials();
        }
        SessionStore store =
                new MemcachedSessionStore(
                        new MemcachedStoreParameters(
                                servers,
                                credentials,
                                settings.operationTimeout(),
                                settings.connectTimeout(),
                                settings.connections(),
                                settings.sizeLimit(),
                                settings.failureLimit(),
                                settings.retryInterval(),
                                settings.copies()));
        atStop.add(0, store::close); // before the server that it talks to
        return store;
    }
}
