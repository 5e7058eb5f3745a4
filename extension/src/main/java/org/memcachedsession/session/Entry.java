package org.memcachedsession.session;

import java.util.Arrays;

/**
 * One bean's bytes.
 *
 * @param boundTo the deployment that alone can read them, or "" for a plain entry, which every node
 *     of every server reads
 * @param bytes not to be changed
 */
// equality is by content, below; a copy of the array would cost each request
@SuppressWarnings("ArrayRecordComponent")
public record Entry(String boundTo, byte[] bytes) {

    /** Whether every node can read it, whatever its server. */
    public boolean isPlain() {
        return boundTo.isEmpty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Entry entry
                && boundTo.equals(entry.boundTo)
                && Arrays.equals(bytes, entry.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Never the bytes. */
    @Override
    public String toString() {
        return (isPlain() ? "plain" : "bound") + " entry of " + bytes.length + " bytes";
    }
}
