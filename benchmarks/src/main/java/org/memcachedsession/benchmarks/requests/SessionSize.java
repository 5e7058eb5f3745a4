package org.memcachedsession.benchmarks.requests;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import org.memcachedsession.benchmarks.application.Items;

/**
 * How much a session holds.
 *
 * @param items in its list
 * @param bytes as the JDK serializes it
 */
record SessionSize(int items, int bytes) {

    static SessionSize of(int items) {
        return new SessionSize(items, serialized(items).length);
    }

    /** Such a session's content, as the JDK serializes it. */
    static byte[] serialized(int items) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(Items.of(items));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
