package org.memcachedsession.embedded;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/** Keys that travel in base64: the meta commands' flag b. */
final class BinaryKey {

    private static final String ALPHABET =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    private BinaryKey() {}

    static String encode(String key) {
        return Base64.getEncoder().encodeToString(key.getBytes(StandardCharsets.ISO_8859_1));
    }

    /**
     * More lenient than the JDK's decoder, as memcached is: what is not base64 is passed over, and
     * what follows the padding is dropped.
     *
     * @return the key, or nothing where memcached refuses the text
     */
    static Optional<String> decode(String text) {
        int[] sixBits =
                text.chars()
                        .filter(c -> c == '=' || ALPHABET.indexOf(c) >= 0)
                        .map(c -> c == '=' ? -1 : ALPHABET.indexOf(c))
                        .toArray();
        if (sixBits.length % 4 != 0) {
            return Optional.empty();
        }
        StringBuilder key = new StringBuilder();
        for (int at = 0; at < sixBits.length; at += 4) {
            int[] block = Arrays.copyOfRange(sixBits, at, at + 4);
            int padding = (int) Arrays.stream(block).filter(bits -> bits < 0).count();
            if (padding > 2) {
                return Optional.empty();
            }
            appendBytes(key, block);
            key.setLength(key.length() - padding);
            if (padding > 0) {
                break;
            }
        }
        return key.length() == 0 ? Optional.empty() : Optional.of(key.toString());
    }

    private static void appendBytes(StringBuilder key, int[] block) {
        int bits = 0;
        for (int sixBits : block) {
            bits = bits << 6 | Math.max(sixBits, 0);
        }
        key.append((char) (bits >> 16 & 0xff));
        key.append((char) (bits >> 8 & 0xff));
        key.append((char) (bits & 0xff));
    }
}
