package org.memcachedsession.embedded;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes what two servers answered comparable: takes out what has to differ, and nothing else. Only
 * the lines of the protocol are touched, never a value.
 */
final class Answers {

    private static final Pattern VALUE =
            Pattern.compile("(VALUE \\S+ \\d+ (\\d+))(?: (\\d+))?", Pattern.DOTALL);
    private static final Pattern VALUE_OF_META = Pattern.compile("VA (\\d+)( .*)?");
    private static final Pattern META = Pattern.compile("(?:HD|VA|EN|NS|EX|NF)(?: .*)?");
    private static final Pattern CAS_FLAG = Pattern.compile("(?<= )c([1-9]\\d*)(?= |$)");
    private static final Pattern TTL_FLAG = Pattern.compile("(?<= )t(\\d+)(?= |$)");
    private static final Pattern AGE_FLAG = Pattern.compile("(?<= )l\\d(?= |$)");

    /** More than any scenario stores. */
    private static final long MOST_CAS_NUMBERS = 100_000;

    private final String raw;
    private final long casBefore;
    private int at;

    private Answers(byte[] raw, long casBefore) {
        this.raw = new String(raw, StandardCharsets.ISO_8859_1);
        this.casBefore = casBefore;
    }

    static List<String> comparable(byte[] raw, long casBefore) {
        return new Answers(raw, casBefore).lines();
    }

    private List<String> lines() {
        List<String> lines = new ArrayList<>();
        while (at < raw.length()) {
            String line = take(lineLength());
            Matcher value = VALUE.matcher(line);
            Matcher valueOfMeta = VALUE_OF_META.matcher(line);
            if (value.matches()) {
                String cas = value.group(3) == null ? "" : " " + cas(value.group(3));
                lines.add(Notation.toText(value.group(1) + cas));
                lines.add(Notation.toText(take(Integer.parseInt(value.group(2)))));
            } else if (valueOfMeta.matches()) {
                lines.add(Notation.toText(meta(line)));
                lines.add(Notation.toText(take(Integer.parseInt(valueOfMeta.group(1)))));
            } else if (META.matcher(line).matches()) {
                lines.add(Notation.toText(meta(line)));
            } else {
                lines.add(line.startsWith("VERSION ") ? "VERSION" : Notation.toText(line));
            }
        }
        return lines;
    }

    private int lineLength() {
        int end = raw.indexOf("\r\n", at);
        return (end < 0 ? raw.length() : end) - at;
    }

    /** So many characters, and the line end that must follow. */
    private String take(int length) {
        int end = Math.min(at + length, raw.length());
        String taken = raw.substring(at, end);
        boolean ended = raw.startsWith("\r\n", end);
        at = ended ? end + 2 : end;
        return ended ? taken : taken + "{no line end}";
    }

    private String meta(String line) {
        String withCas = CAS_FLAG.matcher(line).replaceAll(found -> "c" + cas(found.group(1)));
        String withTtl =
                TTL_FLAG.matcher(withCas)
                        .replaceAll(found -> "t" + remaining(Long.parseLong(found.group(1))));
        return AGE_FLAG.matcher(withTtl).replaceAll("l0");
    }

    private String cas(String number) {
        long given = Long.parseUnsignedLong(number) - casBefore;
        return given > 0 && given < MOST_CAS_NUMBERS ? "{cas+" + given + "}" : number;
    }

    /** A second may have passed on one server and not yet on the other. */
    private static String remaining(long seconds) {
        return seconds > Integer.MAX_VALUE ? "{past}" : Long.toString((seconds + 9) / 10 * 10);
    }
}
