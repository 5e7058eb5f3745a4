package org.memcachedsession.store;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.memcachedsession.SessionSettings.Server;

/** Parameters for servers on ports of the loopback address. */
final class StoreParameters {

    static final int SIZE_LIMIT = 900_000;

    private StoreParameters() {}

    /** Patient ones, for tests in which every server answers. */
    static MemcachedStoreParameters of(int... ports) {
        return of(Duration.ofSeconds(5), ports);
    }

    static MemcachedStoreParameters of(Duration operationTimeout, int... ports) {
        List<Server> servers =
                Arrays.stream(ports).mapToObj(port -> new Server("127.0.0.1", port, 1)).toList();
        return new MemcachedStoreParameters(
                servers, operationTimeout, Duration.ofSeconds(1), 1, SIZE_LIMIT);
    }
}
