package org.memcachedsession.session;

/**
 * Which state of an item was loaded, for replacing it if nobody else has. Numbers of two servers have
 * nothing to do with each other.
 *
 * @param place of the item's {@linkplain SessionStore#places places}, the one whose number it is
 * @param number as {@link StoredItem} has it
 */
record ItemVersion(int place, long number) {}
