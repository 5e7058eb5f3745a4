package org.memcachedsession.config;

import java.util.regex.Pattern;

/**
 * A value and where it was found.
 *
 * @param key with its prefix, or the name of an environment variable
 * @param text the value as it was written, blanks at both ends removed
 * @param source as it is named to the user
 * @param secret whether the text is never told
 */
record Found(String key, String text, String source, boolean secret) {

    private static final int SHOWN_CHARACTERS = 100;

    /**
     * {@code user:password@} before a host; there is no such thing, but people have tried. A password may have all
     * that ends no server: a slash, as in Base64, or an at sign. Looks at each character a few times at most, however
     * long the text is.
     */
    private static final Pattern CREDENTIALS =
            Pattern.compile("(?<![^\\s,])([A-Za-z][A-Za-z0-9+.-]*+://)?[^\\s,:]*+:[^\\s,]*@");

    /** The first part of a message. */
    @Override
    public String toString() {
        return key + " is " + told(text) + " (" + source + ")";
    }

    /** The first part of a message about a part of the value. */
    String part(String part) {
        return key + " has " + told(part) + " (" + source + ")";
    }

    private String told(String words) {
        return secret ? '"' + Secret.STARS + '"' : quoted(words);
    }

    /** Whether it has what {@link #quoted} leaves out. */
    static boolean hasCredentials(String text) {
        return CREDENTIALS.matcher(text).find();
    }

    /** In quotes, without a password, shortened, and so that no character can disturb a log or a terminal. */
    static String quoted(String text) {
        return '"' + safe(CREDENTIALS.matcher(text).replaceAll("$1***@")) + '"';
    }

    /** Shortened, and so that no character can disturb a log or a terminal. */
    static String safe(String text) {
        StringBuilder safe = new StringBuilder();
        text.codePoints().limit(SHOWN_CHARACTERS).forEach(c -> append(safe, c));
        if (text.codePointCount(0, text.length()) > SHOWN_CHARACTERS) {
            safe.append("...");
        }
        return safe.toString();
    }

    private static void append(StringBuilder safe, int character) {
        if (TextRules.isPrintable(character)) {
            safe.appendCodePoint(character);
        } else {
            safe.append(String.format("\\u%04x", character));
        }
    }
}
