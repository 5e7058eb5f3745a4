package org.memcachedsession.session;

import java.util.regex.Pattern;

/**
 * The key of an item in the store: made of derived bytes only, never of a client's.
 *
 * @param text 1 to 200 letters, digits and {@code . _ -}
 */
public record ItemKey(String text) {

    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9._-]{1,200}");

    public ItemKey {
        if (!ALLOWED.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "an item key is 1 to 200 letters, digits and . _ -, this one has "
                            + text.length()
                            + " characters or others");
        }
    }

    /** Not the key: it would lead whoever reads a log to the item. */
    @Override
    public String toString() {
        return "ItemKey";
    }
}
