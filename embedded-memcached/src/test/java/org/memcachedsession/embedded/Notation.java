package org.memcachedsession.embedded;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Bytes in the notation of the scenarios: see {@code conformance/README.md}. */
final class Notation {

    private static final Pattern PLACEHOLDER =
            Pattern.compile("\\{(?:cas\\+(\\d+)|now([+-]\\d+)|(.)\\*(\\d+))\\}");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:x([0-9a-f]{2})|([rnt0\\\\]))");

    /** Shorter runs of one character are written out. */
    private static final Pattern LONG_RUN = Pattern.compile("(.)\\1{39,}");

    private Notation() {}

    /**
     * @param casBefore the CAS number that the server gave out last before the scenario
     */
    static byte[] toBytes(String text, long casBefore) {
        String expanded =
                PLACEHOLDER
                        .matcher(text)
                        .replaceAll(found -> Matcher.quoteReplacement(expand(found, casBefore)));
        String unescaped =
                ESCAPE.matcher(expanded)
                        .replaceAll(found -> Matcher.quoteReplacement(unescape(found)));
        return unescaped.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String expand(MatchResult found, long casBefore) {
        if (found.group(1) != null) {
            return Long.toUnsignedString(casBefore + Long.parseLong(found.group(1)));
        }
        if (found.group(2) != null) {
            long now = Clock.systemUTC().instant().getEpochSecond();
            return Long.toString(now + Long.parseLong(found.group(2)));
        }
        return found.group(3).repeat(Integer.parseInt(found.group(4)));
    }

    private static String unescape(MatchResult found) {
        if (found.group(1) != null) {
            return String.valueOf((char) Integer.parseInt(found.group(1), 16));
        }
        return switch (found.group(2)) {
            case "r" -> "\r";
            case "n" -> "\n";
            case "t" -> "\t";
            case "0" -> "\0";
            default -> "\\";
        };
    }

    /** One line of an answer; what is printed as itself stays. */
    static String toText(String line) {
        String text = line.chars().mapToObj(Notation::escape).collect(Collectors.joining());
        return LONG_RUN.matcher(text)
                .replaceAll(
                        run ->
                                Matcher.quoteReplacement(
                                        "{" + run.group(1) + "*" + run.group().length() + "}"));
    }

    private static String escape(int c) {
        return switch (c) {
            case '\r' -> "\\r";
            case '\n' -> "\\n";
            case '\t' -> "\\t";
            case '\0' -> "\\0";
            case '\\' -> "\\\\";
            default -> c < ' ' || c > '~' ? String.format("\\x%02x", c) : Character.toString(c);
        };
    }
}
