package org.memcachedsession.session;

/**
 * Which state of an item was loaded, for replacing it if nobody else has. Numbers of two servers have
 * nothing to do with each other.
 *
 * @param place the one whose number it is; null where items have no {@linkplain SessionStore#hasPlaces places}
 * @param number as {@link StoredItem} has it
 * @param isInBoth whether it is known to be where two lists of servers have it
 */
record ItemVersion(Place place, long number, boolean isInBoth) {

    /** Where there is one list. */
    ItemVersion(Place place, long number) {
        this(place, number, false);
    }
}
