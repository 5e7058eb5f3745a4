package org.memcachedsession.config;

import static java.util.stream.Collectors.joining;

import java.util.List;

/**
 * The memcached servers.
 *
 * @param embedded the in-process server, instead of any other
 * @param discovered whether the one server is none of the pool, but tells which these are
 * @param servers none exactly if embedded
 * @param ignored options of PHP that were written and have no effect, each once, in order
 */
public record ServerList(
        boolean embedded, boolean discovered, List<Entry> servers, List<String> ignored) {

    static final int DEFAULT_PORT = 11211;
    static final int LAST_PORT = 65535;
    static final int HIGHEST_WEIGHT = 1000;

    /** The in-process server of the module embedded-memcached. */
    public static final ServerList EMBEDDED = new ServerList(true, false, List.of(), List.of());

    public ServerList {
        servers = List.copyOf(servers);
        ignored = List.copyOf(ignored);
    }

    /** Servers named in code. */
    public static ServerList of(List<Entry> servers) {
        return new ServerList(false, false, servers, List.of());
    }

    /** One that tells which servers there are, named in code. */
    public static ServerList discoveredAt(Entry endpoint) {
        return new ServerList(false, true, List.of(endpoint), List.of());
    }

    /** Whether what is stored leaves this machine. */
    boolean isRemote() {
        return servers.stream().anyMatch(server -> !ServersValue.isLoopback(server.host()));
    }

    /** Servers as they are written in a setting. They are read when the settings are settled. */
    @Override
    public String toString() {
        if (embedded) {
            return ServersValue.EMBEDDED;
        }
        return (discovered ? ServersValue.DISCOVER : "")
                + servers.stream().map(Entry::toString).collect(joining(","));
    }

    /**
     * One server.
     *
     * @param host name or address; an IPv6 address is without brackets
     */
    public record Entry(String host, int port, int weight) {

        /** As one would write it in a setting. */
        @Override
        public String toString() {
            String address = (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
            return weight == 1 ? address : address + ":" + weight;
        }
    }
}
