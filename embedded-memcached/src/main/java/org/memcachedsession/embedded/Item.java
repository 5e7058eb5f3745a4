package org.memcachedsession.embedded;

/** What is held under one key. Guarded by the monitor of its {@link ItemTable}. */
final class Item {

    /** What memcached on a 64-bit machine takes beside key and value: header, CAS, line ends. */
    private static final int OVERHEAD = 48 + 8 + 1 + 2;

    private static final int BYTES_OF_CLIENT_FLAGS = 4;

    final String key;
    final int clientFlags;

    /** Never changed, only replaced: an answer may still be on its way to another client. */
    byte[] value;

    long expiry;
    long cas;
    long lastAccess;
    boolean binaryKey;
    boolean fetched;
    boolean stale;

    /** Some client has been told to fetch the value anew (mark W). */
    boolean won;

    Item(String key, int clientFlags, long expiry, byte[] value) {
        this.key = key;
        this.clientFlags = clientFlags;
        this.expiry = expiry;
        this.value = value;
    }

    /** A new item with the same key, client flags and expiry; marks are not carried over. */
    Item withValue(byte[] newValue) {
        return new Item(key, clientFlags, expiry, newValue);
    }

    /** What counts against the item limit and the memory limit, in bytes. */
    long size() {
        return size(key, clientFlags, value.length);
    }

    static long size(String key, int clientFlags, int length) {
        return (long) OVERHEAD
                + key.length()
                + (clientFlags == 0 ? 0 : BYTES_OF_CLIENT_FLAGS)
                + length;
    }
}
