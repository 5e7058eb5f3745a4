package org.memcachedsession.benchmarks.application.floor;

/** Many threads use one at once. */
interface FloorClient extends AutoCloseable {

    /** How long items live: longer than a measurement of one mode. */
    int SECONDS_TO_LIVE = 7200;

    /**
     * @param value as it was stored
     * @param version what memcached calls CAS
     */
    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    record Stored(byte[] value, long version) {}

    /** Reads an item that is there. */
    Stored read(String key);

    /** Stores an item that nobody changed since it was read. */
    void replace(String key, byte[] value, long version);

    /** Stores an item. */
    void set(String key, byte[] value);

    @Override
    void close();

    /**
     * @param name {@code socket} or {@code xmemcached}
     * @param server host and port with a colon between them
     */
    static FloorClient named(String name, String server) {
        String host = server.substring(0, server.indexOf(':'));
        int port = Integer.parseInt(server.substring(server.indexOf(':') + 1));
        return switch (name) {
            case "socket" -> new SocketPerThread(host, port);
            case "xmemcached" -> new Xmemcached(host, port);
            default -> throw new IllegalArgumentException("floor.client is \"%s\"".formatted(name));
        };
    }
}
