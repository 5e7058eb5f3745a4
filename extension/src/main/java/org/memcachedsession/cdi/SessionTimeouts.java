package org.memcachedsession.cdi;

import java.time.Duration;
import java.time.format.DateTimeParseException;

/** What an application may say of how long one session lives: as the settings may, of all of them. */
final class SessionTimeouts {

    private static final Duration LONGEST_IDLE = Duration.ofDays(30);
    private static final Duration LONGEST_ABSOLUTE = Duration.ofDays(365);

    private SessionTimeouts() {}

    static Duration idle(Duration timeout) {
        return checked(
                timeout,
                LONGEST_IDLE,
                "an idle timeout",
                "memcached counts seconds, and takes more than 30 days for a date");
    }

    static Duration absolute(Duration timeout) {
        return checked(
                timeout,
                LONGEST_ABSOLUTE,
                "an absolute timeout",
                "a session that lasts longer is a password that nobody changes");
    }

    private static Duration checked(Duration timeout, Duration longest, String what, String why) {
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(longest) > 0) {
            throw new IllegalArgumentException(
                    timeout
                            + " is too short or too long: "
                            + what
                            + " is more than zero and at most "
                            + longest.toDays()
                            + " days, since "
                            + why);
        }
        return timeout.getNano() == 0 ? timeout : Duration.ofSeconds(timeout.getSeconds() + 1);
    }

    /**
     * As an annotation writes it.
     *
     * @throws IllegalArgumentException it is no duration of ISO 8601
     */
    static Duration parse(String text) {
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is no duration: write P14D for 14 days, PT30M for 30 minutes",
                    e);
        }
    }
}
