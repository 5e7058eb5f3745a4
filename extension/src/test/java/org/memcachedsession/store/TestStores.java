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

    /** A host that can be anywhere. */
    public static final String LOCALHOST = "localhost";

    private TestStores() {}

    /** On one server, with time enough. */
    public static SessionStore on(int port) {
        return new MemcachedSessionStore(StoreParameters.of(Duration.ofMinutes(1), port));
    }

    /**
     * As these settings say.
     *
     * @param local where {@code localhost} is
     */
    public static MemcachedSessionStore at(InetAddress local, SessionSettings settings) {
        return new MemcachedSessionStore(
                MemcachedStoreParameters.of(
                        settings,
                        new ServerLists(settings.servers(), settings.previousServers()),
                        false,
                        settings.credentials()),
                settings.retryInterval(),
                host -> host.equals(LOCALHOST) ? local : InetAddress.getByName(host));
    }

    /** The indexes of the servers that hold an item. */
    public static Set<Integer> serversOf(ItemKey key, List<Server> servers, int copies) {
        return Arrays.stream(new KetamaRing(servers).serversOf(key.text(), copies))
                .boxed()
                .collect(Collectors.toSet());
    }
}
