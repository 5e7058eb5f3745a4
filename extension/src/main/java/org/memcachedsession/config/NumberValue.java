package org.memcachedsession.config;

import java.util.Optional;
import java.util.regex.Pattern;

/** A whole number. */
final class NumberValue implements ValueType<Integer> {

    private static final Pattern DIGITS = Pattern.compile("[+-]?[0-9]+");

    private final int least;
    private final int most;

    NumberValue(int least, int most) {
        this.least = least;
        this.most = most;
    }

    @Override
    public Optional<Integer> parse(Found found, Mistakes mistakes) {
        if (!DIGITS.matcher(found.text()).matches()) {
            mistakes.notANumber(found, least, most);
            return Optional.empty();
        }
        try {
            return Optional.of(Integer.valueOf(found.text()));
        } catch (NumberFormatException tooLong) {
            mistakes.numberOutOfRange(found, least, most);
            return Optional.empty();
        }
    }

    @Override
    public void check(Integer value, Found found, Mistakes mistakes) {
        if (value < least || value > most) {
            mistakes.numberOutOfRange(found, least, most);
        }
    }

    @Override
    public String text(Integer value) {
        return value.toString();
    }
}
