package org.memcachedsession.config;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A length of time, written as in ISO 8601: {@code PT30M}. */
final class DurationValue implements ValueType<Duration> {

    private static final Pattern BARE_NUMBER = Pattern.compile("[1-9][0-9]{0,8}");
    private static final Pattern EVERYDAY = Pattern.compile("([0-9]{1,9})\\s*([A-Za-z]+)");

    private final Duration least;
    private final Duration most;
    private final String range;
    private final String reason;
    private final Habit habit;

    DurationValue(Duration least, Duration most, String range, String reason, Habit habit) {
        this.least = least;
        this.most = most;
        this.range = range;
        this.reason = reason;
        this.habit = habit;
    }

    @Override
    public Optional<Duration> parse(Found found, Mistakes mistakes) {
        String text = found.text();
        if (BARE_NUMBER.matcher(text).matches()) {
            long number = Long.parseLong(text);
            mistakes.durationWithoutUnit(found, number, habit.unit, habit.duration(number));
            return Optional.empty();
        }
        try {
            return Optional.of(Duration.parse(text));
        } catch (DateTimeException e) {
            mistakes.notADuration(found, suggestion(text));
            return Optional.empty();
        }
    }

    @Override
    public void check(Duration value, Found found, Mistakes mistakes) {
        if (value.compareTo(least) < 0) {
            mistakes.durationOutOfRange(found, range, reason, Mistakes.raiseTo(iso(least)));
        } else if (value.compareTo(most) > 0) {
            mistakes.durationOutOfRange(found, range, reason, Mistakes.lowerTo(iso(most)));
        }
    }

    @Override
    public String text(Duration value) {
        return iso(value);
    }

    /** As {@link Duration#toString()}, but with whole days as days: P30D, not PT720H. */
    static String iso(Duration value) {
        long days = value.toDays();
        return days != 0 && value.equals(Duration.ofDays(days))
                ? "P" + days + "D"
                : value.toString();
    }

    /** What somebody who wrote "30m" or "500 ms", or "0" where that is possible, meant. */
    private Optional<Duration> suggestion(String text) {
        if (text.equals("0") && least.isZero()) {
            return Optional.of(Duration.ZERO);
        }
        Matcher everyday = EVERYDAY.matcher(text);
        if (!everyday.matches()) {
            return Optional.empty();
        }
        long number = Long.parseLong(everyday.group(1));
        return switch (everyday.group(2).toLowerCase(Locale.ROOT)) {
            case "ms", "millis", "milliseconds" -> Optional.of(Duration.ofMillis(number));
            case "s", "sec", "second", "seconds" -> Optional.of(Duration.ofSeconds(number));
            case "m", "min", "minute", "minutes" -> Optional.of(Duration.ofMinutes(number));
            case "h", "hour", "hours" -> Optional.of(Duration.ofHours(number));
            case "d", "day", "days" -> Optional.of(Duration.ofDays(number));
            default -> Optional.empty();
        };
    }

    /** What other products count in such a setting, and so what a bare number may have meant. */
    enum Habit {
        MINUTES("minute", Duration.ofMinutes(1)),
        SECONDS("second", Duration.ofSeconds(1)),
        MILLISECONDS("millisecond", Duration.ofMillis(1));

        private final String unit;
        private final Duration one;

        Habit(String unit, Duration one) {
            this.unit = unit;
            this.one = one;
        }

        private Duration duration(long number) {
            return one.multipliedBy(number);
        }
    }
}
