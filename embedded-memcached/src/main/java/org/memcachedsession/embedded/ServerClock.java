package org.memcachedsession.embedded;

import java.time.Clock;

/**
 * Time as memcached counts it: whole seconds since a moment shortly before the server started, so
 * that neither "now" nor any expiry is ever 0, which stands for "never".
 */
final class ServerClock {

    static final long NEVER = 0;

    /** Up to here an expiry counts from now; above it is a unix time. */
    private static final int THIRTY_DAYS_IN_SECONDS = 60 * 60 * 24 * 30;

    /** memcached's own lead: a minute and two seconds. */
    private static final long LEAD_IN_SECONDS = 62;

    private static final long LONG_AGO = 1;

    private final Clock clock;
    private final long zero;

    ServerClock(Clock clock) {
        this.clock = clock;
        this.zero = clock.instant().getEpochSecond() - LEAD_IN_SECONDS;
    }

    long now() {
        return unixTime() - zero;
    }

    long unixTime() {
        return clock.instant().getEpochSecond();
    }

    long uptime() {
        return now() - LEAD_IN_SECONDS;
    }

    /**
     * When an item ends whose client asked for this expiry.
     *
     * @param requested 0 for never, negative for at once, up to 30 days in seconds from now, else a
     *     unix time; one before the start of the server is "at once" too
     */
    long expiry(int requested) {
        if (requested == 0) {
            return NEVER;
        }
        if (requested < 0 || (requested > THIRTY_DAYS_IN_SECONDS && requested <= zero)) {
            return LONG_AGO;
        }
        return requested > THIRTY_DAYS_IN_SECONDS ? requested - zero : now() + requested;
    }
}
