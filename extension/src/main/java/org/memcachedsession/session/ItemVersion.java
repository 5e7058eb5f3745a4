package org.memcachedsession.session;

import org.memcachedsession.SessionException;
import org.memcachedsession.SessionStoreException;

/**
 * Which state of an item was loaded, for replacing it if nobody else has. Numbers of two servers have
 * nothing to do with each other.
 *
 * @param place the one whose number it is; null where items have no {@linkplain SessionStore#hasPlaces places}
 * @param number as {@link StoredItem} has it
 * @param isInBoth whether it is known to be where two lists of servers have it
 * @param refusal why the place does not have it, though it is to decide about the next write; null: it has
 */
record ItemVersion(Place place, long number, boolean isInBoth, SessionException refusal) {

    ItemVersion(Place place, long number, boolean isInBoth) {
        this(place, number, isInBoth, null);
    }

    /** Where there is one list. */
    ItemVersion(Place place, long number) {
        this(place, number, false);
    }

    static ItemVersion notStored(Place place, SessionException refusal) {
        return new ItemVersion(place, 0, false, refusal);
    }

    void requireStored() {
        if (refusal != null) {
            throw new SessionStoreException(
                    "memcached server "
                            + place
                            + " is to decide about changes of a session, and did not take it from the other"
                            + " servers that have it: "
                            + refusal.getMessage(),
                    refusal);
        }
    }
}
