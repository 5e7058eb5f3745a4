package org.memcachedsession.store;

import java.time.Duration;
import java.util.List;

/**
 * What a {@link MemcachedSessionStore} needs to know. Valid by construction.
 *
 * @param servers at least one, none twice; the order decides nothing but ties between two points of
 *     the ring
 * @param operationTimeout from a call to its answer, waiting for a connection included
 * @param connectTimeout for one attempt to connect, always in the background
 * @param connections sockets per server, 1 to 64
 * @param sizeLimit bytes of the largest value that is sent
 */
public record MemcachedStoreParameters(
        List<Server> servers,
        Duration operationTimeout,
        Duration connectTimeout,
        int connections,
        int sizeLimit) {

    public MemcachedStoreParameters {
        servers = List.copyOf(servers);
        require(!servers.isEmpty(), "no memcached server is named: at least one is needed");
        require(
                servers.stream().map(Server::address).distinct().count() == servers.size(),
                "a memcached server is named twice in " + servers);
        requireTimeout(operationTimeout, "operation timeout");
        requireTimeout(connectTimeout, "connect timeout");
        require(
                connections >= 1 && connections <= 64,
                "connections per server: " + connections + " is not within 1 to 64");
        require(sizeLimit > 0, "size limit: " + sizeLimit + " bytes is not more than zero");
    }

    /**
     * One memcached.
     *
     * @param host name or address literal (IPv6 without brackets), as the other clients of the pool
     *     name it: placement hashes this text
     * @param port 1 to 65535
     * @param weight its share of the sessions, relative to the others; 1 or more
     */
    public record Server(String host, int port, int weight) {

        public Server {
            require(!host.isBlank(), "a memcached server without a host name");
            require(port >= 1 && port <= 65535, "port of " + host + ": " + port);
            require(weight >= 1, "weight of " + host + ":" + port + ": " + weight + " is below 1");
        }

        /** {@code host:port}, for messages and for people. */
        public String address() {
            return (host.indexOf(':') < 0 ? host : '[' + host + ']') + ':' + port;
        }
    }

    private static void requireTimeout(Duration timeout, String name) {
        require(
                timeout.toMillis() >= 1 && timeout.compareTo(Duration.ofHours(1)) <= 0,
                name + ": " + timeout + " is not within one millisecond and one hour");
    }

    private static void require(boolean met, String problem) {
        if (!met) {
            throw new IllegalArgumentException(problem);
        }
    }
}
