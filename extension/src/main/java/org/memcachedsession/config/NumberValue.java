package org.memcachedsession.config;

import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Pattern;

/** A whole number. */
final class NumberValue implements ValueType<Integer> {

    private static final Pattern DIGITS = Pattern.compile("[+-]?[0-9]{1,100}");

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
        BigInteger number = new BigInteger(found.text());
        // what is too much for an int is out of range anyway
        return Optional.of(
                number.max(BigInteger.valueOf(Integer.MIN_VALUE))
                        .min(BigInteger.valueOf(Integer.MAX_VALUE))
                        .intValue());
    }

    @Override
    public void check(Integer value, Found found, Mistakes mistakes) {
        if (value < least) {
            mistakes.numberOutOfRange(found, least, most, Mistakes.raiseTo(text(least)));
        } else if (value > most) {
            mistakes.numberOutOfRange(found, least, most, Mistakes.lowerTo(text(most)));
        }
    }

    @Override
    public String text(Integer value) {
        return value.toString();
    }
}
