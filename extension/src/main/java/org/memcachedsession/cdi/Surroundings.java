package org.memcachedsession.cdi;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.memcachedsession.SessionSettings;
import org.memcachedsession.SessionSettingsException;
import org.memcachedsession.session.SessionStore;
import org.memcachedsession.store.ConfigurationEndpoint;
import org.memcachedsession.store.MemcachedSessionStore;
import org.memcachedsession.store.MemcachedStoreParameters;
import org.memcachedsession.store.ServerLists;
import org.memcachedsession.store.ServerWatch;

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
     * @param again reads the settings again, on any thread
     * @param atStop what the end of the application has to run is added here, in its order
     */
    default SessionStore openStore(
            SessionSettings settings, Supplier<SessionSettings> again, List<Runnable> atStop) {
        ServerLists servers;
        Optional<SessionSettings.Credentials> credentials = Optional.empty();
        Optional<Duration> refresh = Optional.empty();
        if (settings.embedded()) {
            EmbeddedServer embedded = EmbeddedServer.start();
            atStop.add(embedded::close);
            servers = ServerLists.of(List.of(embedded.server()));
        } else {
            servers = lists(settings);
            credentials = settings.credentials();
            refresh = settings.serversRefresh();
        }
        MemcachedSessionStore store =
                new MemcachedSessionStore(
                        MemcachedStoreParameters.of(
                                settings, servers, refresh.isPresent(), credentials));
        atStop.add(0, store::close); // before the server that it talks to
        refresh.ifPresent(
                interval -> {
                    ServerWatch watch =
                            ServerWatch.start(
                                    store,
                                    () -> lists(again.get()),
                                    interval,
                                    settings.idleTimeout());
                    atStop.add(0, watch::close);
                });
        return store;
    }

    /**
     * @throws SessionSettingsException what is told of them breaks a rule
     */
    private static ServerLists lists(SessionSettings settings) {
        if (settings.embedded()) {
            throw new IllegalStateException(
                    "memcached.session.servers names no servers any more. Set it again");
        }
        List<SessionSettings.Server> now =
                settings.configurationEndpoint()
                        .map(
                                endpoint ->
                                        new ConfigurationEndpoint(
                                                        endpoint,
                                                        settings.connectTimeout(),
                                                        settings.operationTimeout())
                                                .servers())
                        .map(settings::checked)
                        .orElseGet(settings::servers);
        return new ServerLists(now, settings.previousServers());
    }
}
