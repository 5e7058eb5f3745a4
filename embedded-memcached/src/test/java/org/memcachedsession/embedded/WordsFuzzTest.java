package org.memcachedsession.embedded;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.math.BigInteger;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers and keys in base64, as they stand in a line. */
class WordsFuzzTest {

    /** As C's strtol has it, and a blank or nothing after it. */
    private static final Pattern NUMBER =
            Pattern.compile("[ \\t-\\r]*([+-]?)([0-9]+)([ \\t-\\r].*)?", Pattern.DOTALL);

    private static final BigInteger LARGEST_UNSIGNED =
            BigInteger.ONE.shiftLeft(Long.SIZE).subtract(BigInteger.ONE);

    @FuzzTest(maxDuration = "2m")
    void aNumberIsTakenAsItIsOrRefused(byte[] bytes) {
        String text = new String(bytes, ISO_8859_1);
        Matcher digits = NUMBER.matcher(text);
        Optional<BigInteger> number = Optional.empty();
        if (digits.matches()) {
            BigInteger magnitude = new BigInteger(digits.group(2));
            number = Optional.of(digits.group(1).equals("-") ? magnitude.negate() : magnitude);
        }

        OptionalInt signed32 = Numbers.signed32(text);
        OptionalInt unsigned32 = Numbers.unsigned32(text);
        OptionalLong unsigned64 = Numbers.unsigned64(text);

        boolean fitsLong = number.isPresent() && number.get().bitLength() < Long.SIZE;
        assertThat(signed32.isPresent()).isEqualTo(fitsLong);
        signed32.ifPresent(low -> assertThat(low).isEqualTo((int) parsed(digits)));
        boolean fits = number.isPresent() && number.get().abs().compareTo(LARGEST_UNSIGNED) <= 0;
        if (unsigned64.isPresent()) {
            assertThat(fits).isTrue();
            assertThat(unsigned64.getAsLong()).isEqualTo(parsed(digits));
        } else {
            // a minus before a small number is refused, wherever it stands
            assertThat(!fits || text.contains("-")).isTrue();
        }
        assertThat(unsigned32.isPresent()).isEqualTo(unsigned64.isPresent());
        unsigned32.ifPresent(low -> assertThat(low).isEqualTo((int) unsigned64.getAsLong()));
    }

    private static long parsed(Matcher digits) {
        long magnitude = new BigInteger(digits.group(2)).longValue();
        return digits.group(1).equals("-") ? -magnitude : magnitude;
    }

    @FuzzTest(maxDuration = "2m")
    void aKeyInBase64IsRefusedOrComesBackAsItWas(byte[] bytes) {
        Optional<String> key = BinaryKey.decode(new String(bytes, ISO_8859_1));

        key.ifPresent(decoded -> assertThat(decoded).isNotEmpty());
        key.ifPresent(
                decoded -> assertThat(decoded.length()).isLessThanOrEqualTo(bytes.length * 3 / 4));
        assertThat(key.flatMap(decoded -> BinaryKey.decode(BinaryKey.encode(decoded))))
                .isEqualTo(key);
    }

    @FuzzTest(maxDuration = "2m")
    void anyKeyIsWrittenInBase64AndReadAgain(byte[] bytes) {
        String key = new String(bytes, ISO_8859_1);

        assertThat(BinaryKey.decode(BinaryKey.encode(key)))
                .isEqualTo(key.isEmpty() ? Optional.empty() : Optional.of(key));
    }
}
