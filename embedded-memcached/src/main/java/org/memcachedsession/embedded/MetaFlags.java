package org.memcachedsession.embedded;

import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The flags of one meta command. All meta commands know all flags and pass over those which mean
 * nothing to them, as memcached 1.6.18 does.
 */
final class MetaFlags {

    private static final int MOST_WORDS_IN_LINE = 18;
    private static final int LONGEST_OPAQUE = 32;
    private static final String BAD_TOKEN = "CLIENT_ERROR bad token in command line format";

    /** Each with its letter in front, in the order in which the client sent them. */
    final List<String> words;

    private final BitSet letters = new BitSet(128);
    private final ServerClock clock;

    String key;
    long vivifyExpiry;
    long newExpiry;
    long recacheBefore;
    int clientFlags;
    long expectedCas;
    long delta = 1;
    long initial;

    /** The letter of M, or a blank without M. */
    char mode = ' ';

    private MetaFlags(String key, List<String> words, ServerClock clock) {
        this.key = key;
        this.words = words;
        this.clock = clock;
    }

    static boolean areTooMany(CommandLine line) {
        return line.size() > MOST_WORDS_IN_LINE;
    }

    /**
     * @param first which word of the line is the first flag
     * @throws MetaRefusal as memcached words it; where several flags are wrong, for the last of them
     */
    static MetaFlags parse(CommandLine line, int first, ServerClock clock) throws MetaRefusal {
        MetaFlags flags = new MetaFlags(line.key(), line.from(first), clock);
        String wrong = null;
        for (String word : flags.words) {
            char letter = word.charAt(0);
            if (letter >= 127 || flags.letters.get(letter)) {
                throw new MetaRefusal("CLIENT_ERROR duplicate flag");
            }
            flags.letters.set(letter);
            Optional<String> complaint = flags.read(letter, word.substring(1));
            if (complaint.isPresent()) {
                // F has no text of its own: that of a flag before it stays
                boolean keep = letter == 'F' && wrong != null;
                wrong = keep ? wrong : complaint.get();
            }
        }
        if (wrong != null) {
            throw new MetaRefusal(wrong);
        }
        return flags;
    }

    boolean has(char letter) {
        return letters.get(letter);
    }

    boolean hasAnyOf(String anyLetters) {
        return anyLetters.chars().anyMatch(letters::get);
    }

    static String opaque(String word) throws MetaRefusal {
        if (word.length() > LONGEST_OPAQUE) {
            throw new MetaRefusal("CLIENT_ERROR opaque token too long");
        }
        return word;
    }

    /** What is wrong with a flag, if anything is. */
    private Optional<String> read(char letter, String token) throws MetaRefusal {
        switch (letter) {
            case 'b' -> {
                Optional<String> decoded = BinaryKey.decode(key);
                key = decoded.orElse("");
                return complainUnless(decoded.isPresent(), "CLIENT_ERROR error decoding key");
            }
            case 'N', 'T', 'R' -> {
                return readExpiry(letter, token);
            }
            case 'F' -> {
                OptionalInt number = Numbers.unsigned32(token);
                clientFlags = number.orElse(0);
                return complainUnless(number.isPresent(), Commands.BAD_FORMAT);
            }
            case 'C' -> {
                OptionalLong number = Numbers.unsigned64(token);
                expectedCas = number.orElse(0);
                return complainUnless(number.isPresent(), BAD_TOKEN);
            }
            case 'M' -> {
                mode = token.isEmpty() ? ' ' : token.charAt(0);
                return complainUnless(
                        token.length() == 1, "CLIENT_ERROR incorrect length for M token");
            }
            case 'J' -> {
                OptionalLong number = Numbers.unsigned64(token);
                initial = number.orElse(0);
                return complainUnless(
                        number.isPresent(), "CLIENT_ERROR invalid numeric initial value");
            }
            case 'D' -> {
                OptionalLong number = Numbers.unsigned64(token);
                delta = number.orElse(0);
                return complainUnless(
                        number.isPresent(), "CLIENT_ERROR invalid numeric delta value");
            }
            case 'O', 'P', 'L', 'k', 's', 't', 'c', 'f', 'v', 'h', 'l', 'u', 'q', 'I' -> {
                return Optional.empty();
            }
            default -> throw new MetaRefusal("CLIENT_ERROR invalid flag");
        }
    }

    private Optional<String> readExpiry(char letter, String token) {
        OptionalInt requested = Numbers.signed32(token);
        long expiry = clock.expiry(requested.orElse(0));
        switch (letter) {
            case 'N' -> vivifyExpiry = expiry;
            case 'T' -> newExpiry = expiry;
            default -> recacheBefore = expiry;
        }
        return complainUnless(requested.isPresent(), BAD_TOKEN);
    }

    private static Optional<String> complainUnless(boolean fine, String complaint) {
        return fine ? Optional.empty() : Optional.of(complaint);
    }
}
