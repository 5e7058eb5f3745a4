package org.memcachedsession.config;

import java.util.Locale;
import java.util.regex.Pattern;

/** What is allowed in the settings that are plain texts. */
final class TextRules {

    static final int APPLICATION_LENGTH = 200;
    static final int COOKIE_NAME_LENGTH = 64;

    /** Browsers drop an attribute that is longer. */
    static final int COOKIE_PATH_LENGTH = 1024;

    /** A token of RFC 9110, section 5.6.2. */
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    /** path-value of RFC 6265, section 4.1.1: ASCII without control characters and ';'. */
    private static final Pattern PATH = Pattern.compile("/[ -:<-~]*");

    private static final Pattern HOST_NAME =
            Pattern.compile(
                    "(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
                            + "(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*");

    private static final Pattern ENDS_WITH_NUMBER = Pattern.compile("(.*\\.)?[0-9]+");

    private TextRules() {}

    static void application(Found found, Mistakes mistakes) {
        String text = found.text();
        if (text.isBlank()
                || text.length() > APPLICATION_LENGTH
                || !text.codePoints().allMatch(TextRules::isPrintable)) {
            mistakes.badApplication(found);
        }
    }

    /** What memcached's file of users (-Y) can hold, a name to each line. */
    static void username(String text, Found found, Mistakes mistakes) {
        if (text.isEmpty()
                || !text.codePoints()
                        .allMatch(c -> isPrintable(c) && !Character.isSpaceChar(c) && c != ':')) {
            mistakes.badUsername(found);
        }
    }

    static void password(String text, Found found, Mistakes mistakes) {
        if (text.isEmpty() || !text.codePoints().allMatch(TextRules::isPrintable)) {
            mistakes.badPassword(found, "a password is printable characters, and at least one");
        }
    }

    static void cookieName(Found found, Mistakes mistakes) {
        String text = found.text();
        String lower = text.toLowerCase(Locale.ROOT);
        if (!TOKEN.matcher(text).matches() || text.length() > COOKIE_NAME_LENGTH) {
            mistakes.badCookieName(found);
        } else if (lower.startsWith("__host-") || lower.startsWith("__secure-")) {
            mistakes.cookieNameWithPrefix(found, text.substring(lower.indexOf('-') + 1));
        } else if (text.equals("JSESSIONID")) {
            mistakes.cookieNameOfServer(found);
        }
    }

    static void cookiePath(Found found, Mistakes mistakes) {
        String text = found.text();
        if (!PATH.matcher(text).matches() || text.length() > COOKIE_PATH_LENGTH) {
            mistakes.badCookiePath(found);
        }
    }

    static void cookieDomain(Found found, Mistakes mistakes) {
        String text = found.text();
        if (!HOST_NAME.matcher(text).matches() || ENDS_WITH_NUMBER.matcher(text).matches()) {
            mistakes.badCookieDomain(found);
        }
    }

    /** Whether a character is visible, or a blank, and changes nothing around it. */
    static boolean isPrintable(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.SURROGATE,
                    Character.UNASSIGNED ->
                    false;
            default -> true;
        };
    }
}
