package org.memcachedsession.session;

import java.time.Duration;

/**
 * Whose item it is: knows where it is kept, and which of two copies is the later one.
 *
 * @param <T> what is in it
 */
interface ItemOwner<T> {

    ItemKey key();

    /**
     * @throws UnreadableException it was not sealed for this owner
     */
    T open(byte[] item) throws UnreadableException;

    /** Whether one takes the place of the other. Never both of each other, and neither where they are the same. */
    boolean isLater(T one, T other);

    /**
     * Whether both were made of the same one, by two who did not know of each other, and one of them can be made
     * again out of the other: then nothing of either is lost.
     */
    boolean isBeside(T one, T other);

    /** For how long a copy is made where the store does not tell what is left of its time. */
    Duration timeToLive(T content);
}
