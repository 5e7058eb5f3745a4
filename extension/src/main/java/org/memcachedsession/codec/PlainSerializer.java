package org.memcachedsession.codec;

import java.util.Optional;
import org.memcachedsession.session.UnreadableException;

/**
 * Writes plain beans in place of JDK serialization, where it gives the same objects back. Its bytes
 * begin with a mark of its own. Many threads use it at once.
 */
public interface PlainSerializer {

    /**
     * @return empty where JDK serialization has to do it, since the graph holds something that would
     *     come back otherwise or not at all
     */
    Optional<byte[]> write(Object graph);

    /**
     * @throws UnreadableException for whatever happens on the way
     */
    JavaSerialization.Read read(byte[] bytes) throws UnreadableException;

    /** Leaves nothing behind when the application ends. */
    void close();
}
