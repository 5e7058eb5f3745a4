package org.memcachedsession.embedded;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Numbers as memcached reads them, which is as C's {@code strtol} family does: blanks and a sign may
 * lead, a blank ends the number, and a 32-bit number keeps the low bits of a 64-bit one. Every
 * method is empty for what memcached refuses.
 */
final class Numbers {

    private Numbers() {}

    static OptionalInt signed32(String text) {
        Digits digits = Digits.in(text);
        if (digits == null || digits.overflow || !digits.fitsSigned()) {
            return OptionalInt.empty();
        }
        return OptionalInt.of((int) digits.value());
    }

    static OptionalInt unsigned32(String text) {
        OptionalLong wide = unsigned64(text);
        return wide.isPresent() ? OptionalInt.of((int) wide.getAsLong()) : OptionalInt.empty();
    }

    /** The number in the bits of a long, to be read as unsigned. */
    static OptionalLong unsigned64(String text) {
        Digits digits = Digits.in(text);
        if (digits == null || digits.overflow) {
            return OptionalLong.empty();
        }
        long value = digits.value();
        // memcached looks for a minus only where the result has its top bit set
        return value < 0 && text.indexOf('-') >= 0 ? OptionalLong.empty() : OptionalLong.of(value);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }

    private record Digits(boolean negative, long magnitude, boolean overflow) {

        /** Null where no number starts the text or something else than a blank ends it. */
        static Digits in(String text) {
            int at = 0;
            while (at < text.length() && isBlank(text.charAt(at))) {
                at++;
            }
            boolean negative = at < text.length() && text.charAt(at) == '-';
            if (negative || (at < text.length() && text.charAt(at) == '+')) {
                at++;
            }
            int first = at;
            long magnitude = 0;
            boolean overflow = false;
            while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
                int digit = text.charAt(at) - '0';
                overflow |=
                        Long.compareUnsigned(magnitude, Long.divideUnsigned(-1L - digit, 10)) > 0;
                magnitude = magnitude * 10 + digit;
                at++;
            }
            boolean ended = at == text.length() || isBlank(text.charAt(at));
            return at > first && ended ? new Digits(negative, magnitude, overflow) : null;
        }

        boolean fitsSigned() {
            return magnitude >= 0 || (negative && magnitude == Long.MIN_VALUE);
        }

        long value() {
            return negative ? -magnitude : magnitude;
        }
    }
}
