package org.memcachedsession.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Commands drawn by chance from those that make sense together: few keys, some of it wrong. */
final class RandomConversation {

    private static final int STEPS = 14;
    private static final int CAS_NUMBERS = 8;
    private static final List<String> KEYS = List.of("a", "b", "c");
    private static final List<String> BASE64_KEYS = List.of("YQ==", "Yg==", "AP8g", "YWJj", "x");
    private static final List<String> VALUES =
            List.of(
                    "",
                    "0",
                    "7",
                    "9",
                    "10",
                    "99",
                    "100",
                    " 12",
                    "12 x",
                    "abc",
                    "18446744073709551615",
                    "18446744073709551616",
                    "{v*200}");
    private static final List<String> NUMBERS =
            List.of("0", "1", "9", "90", "1000", "18446744073709551615", "-1", "x");
    private static final List<String> EXPIRIES =
            List.of("0", "0", "0", "500", "1000", "2592000", "2592001", "-1", "{now+99996}", "x");
    private static final List<String> CLIENT_FLAGS = List.of("0", "0", "1", "4294967295", "x");
    private static final List<String> STORES =
            List.of("set", "set", "set", "add", "replace", "append", "prepend");

    private final Random random;

    private RandomConversation(Random random) {
        this.random = random;
    }

    static Scenario of(long seed) {
        RandomConversation conversation = new RandomConversation(new Random(seed));
        List<String> steps = new ArrayList<>();
        for (int i = 0; i < STEPS; i++) {
            steps.add(conversation.step());
        }
        return new Scenario("seed " + seed, steps);
    }

    private String step() {
        return switch (random.nextInt(20)) {
            case 0, 1, 2 -> store();
            case 3 -> cas();
            case 4 -> oneOf(List.of("get ", "gets ")) + keys();
            case 5 -> oneOf(List.of("gat ", "gats ")) + oneOf(EXPIRIES) + " " + keys();
            case 6 -> "touch " + key() + " " + oneOf(EXPIRIES) + noreply();
            case 7 -> "delete " + key() + noreply();
            case 8, 9 -> oneOf(List.of("incr ", "decr ")) + key() + " " + number() + noreply();
            case 10 -> random.nextInt(4) == 0 ? "flush_all" + noreply() : "mg " + key() + " h";
            case 11, 12, 13 -> "mg " + metaFlags("kOqvtcfshTNRu");
            case 14, 15, 16 -> metaSet();
            case 17, 18 -> "ma " + metaFlags("kOqvtcNJDTMC");
            default -> "md " + metaFlags("kOqITC");
        };
    }

    private String store() {
        String value = oneOf(VALUES);
        return oneOf(STORES)
                + ' '
                + key()
                + ' '
                + oneOf(CLIENT_FLAGS)
                + ' '
                + oneOf(EXPIRIES)
                + ' '
                + length(value)
                + noreply()
                + "\\r\\n"
                + value;
    }

    private String cas() {
        String value = oneOf(VALUES);
        String line = "cas " + key() + " 3 " + oneOf(EXPIRIES) + ' ' + length(value);
        return line + ' ' + casNumber() + noreply() + "\\r\\n" + value;
    }

    private String metaSet() {
        String value = oneOf(VALUES);
        String flags = metaFlags("kOqcCFITM");
        int keyEnd = flags.indexOf(' ') < 0 ? flags.length() : flags.indexOf(' ');
        return "ms "
                + flags.substring(0, keyEnd)
                + ' '
                + length(value)
                + flags.substring(keyEnd)
                + "\\r\\n"
                + value;
    }

    /** A key, and some of the flags in an order by chance. */
    private String metaFlags(String letters) {
        boolean binary = random.nextInt(6) == 0;
        StringBuilder flags = new StringBuilder(binary ? oneOf(BASE64_KEYS) + " b" : key());
        List<Character> left = new ArrayList<>(letters.chars().mapToObj(c -> (char) c).toList());
        int count = random.nextInt(6);
        for (int i = 0; i < count; i++) {
            char letter = left.remove(random.nextInt(left.size()));
            flags.append(' ').append(letter).append(token(letter));
        }
        if (random.nextInt(40) == 0) {
            flags.append(oneOf(List.of(" v v", " x", " \\xe9", " E1", " S1")));
        }
        return flags.toString();
    }

    private String token(char letter) {
        return switch (letter) {
            case 'T', 'N', 'R' -> oneOf(EXPIRIES);
            case 'C' -> casNumber();
            case 'F' -> oneOf(CLIENT_FLAGS);
            case 'J', 'D' -> number();
            case 'M' -> oneOf(List.of("E", "A", "P", "R", "S", "I", "D", "+", "-", "", "x"));
            case 'O' -> random.nextInt(20) == 0 ? "{o*32}" : "op" + random.nextInt(10);
            default -> "";
        };
    }

    private static int length(String value) {
        return Notation.toBytes(value, 0).length;
    }

    private String key() {
        return oneOf(KEYS);
    }

    private String keys() {
        StringBuilder keys = new StringBuilder(key());
        for (int i = random.nextInt(3); i > 0; i--) {
            keys.append(' ').append(key());
        }
        return keys.toString();
    }

    private String number() {
        return oneOf(NUMBERS);
    }

    private String casNumber() {
        return random.nextInt(10) == 0
                ? oneOf(NUMBERS)
                : "{cas+" + (1 + random.nextInt(CAS_NUMBERS)) + "}";
    }

    private String noreply() {
        return random.nextInt(8) == 0 ? " noreply" : "";
    }

    private <T> T oneOf(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
