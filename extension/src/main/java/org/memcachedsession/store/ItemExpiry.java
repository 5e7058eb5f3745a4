package org.memcachedsession.store;

import java.time.Duration;

/** How memcached is told a time to live; converted here and nowhere else. */
final class ItemExpiry {

    /** One second more, and memcached takes the number for a date in January 1970: gone at once. */
    static final Duration LONGEST = Duration.ofDays(30);

    private ItemExpiry() {}

    /**
     * Relative seconds, 1 to 2592000, rounded up: 0 would mean "for ever" to memcached.
     *
     * <p>memcached counts ticks of its own clock, so an item lives up to a second shorter than it was
     * told. Nothing is added for that: a session that ends early is the better mistake.
     *
     * @throws IllegalArgumentException zero, negative or more than thirty days
     */
    static int seconds(Duration timeToLive) {
        if (timeToLive.isZero() || timeToLive.isNegative() || timeToLive.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "a time to live of "
                            + timeToLive
                            + " cannot be told to memcached: it has to be more than zero and at most "
                            + LONGEST.toDays()
                            + " days");
        }
        long whole = timeToLive.getSeconds();
        return Math.toIntExact(timeToLive.getNano() == 0 ? whole : whole + 1);
    }
}
