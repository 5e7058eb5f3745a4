package org.memcachedsession.store;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.memcachedsession.SessionSettings;
import org.memcachedsession.SessionSettings.Server;
import org.memcachedsession.session.ItemKey;
import org.memcachedsession.session.SessionStore;

/** Stores on memcached for tests of other packages. */
public final class TestStores {

    private TestStores() {}

    /** On one server, with time enough. */
    public static SessionStore on(int port) {
        return new MemcachedSessionStore(StoreParameters.of(Duration.ofMinutes(1), port));
    }

    /** As these settings say, with all hosts at one address. */
    public static MemcachedSessionStore at(InetAddress address, SessionSettings settings) {
        return new MemcachedSessionStore(
                MemcachedStoreParameters.of(
                        settings,
                        new ServerLists(settings.servers(), settings.previousServers()),
                        false,
                        settings.credentials()),
                settings.retryInterval(),
                host -> address);
    }

    /** The indexes of the servers that hold an item. */
    public static Set<Integer> serversOf(ItemKey key, List<Server> servers, int copies) {
        return Arrays.stream(new KetamaRing(servers).serversOf(key.text(), copies))
                .boxed()
                .collect(Collectors.toSet());
    }
}
