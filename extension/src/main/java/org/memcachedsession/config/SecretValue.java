package org.memcachedsession.config;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Keys in base64, separated by commas or blanks, or {@code none}. What is told about a wrong one is where it
 * stands and how long it is.
 */
final class SecretValue implements ValueType<Secret> {

    static final String NONE = "none";

    private static final Pattern SEPARATORS = Pattern.compile("[,\\s]+");

    @Override
    public Optional<Secret> parse(Found found, Mistakes mistakes) {
        List<String> parts =
                SEPARATORS.splitAsStream(found.text()).filter(part -> !part.isEmpty()).toList();
        if (parts.stream().anyMatch(NONE::equalsIgnoreCase)) {
            if (parts.size() > 1) {
                mistakes.noneAmongKeys(found);
                return Optional.empty();
            }
            return Optional.of(Secret.NONE);
        }
        int before = mistakes.count();
        List<byte[]> keys = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            String part = parts.get(i);
            try {
                keys.add(Base64.getDecoder().decode(part));
                checkLength(keys.get(keys.size() - 1), found, i + 1, parts.size(), mistakes);
            } catch (IllegalArgumentException e) { // its message has a part of the key in it
                mistakes.keyNotInBase64(found, i + 1, parts.size(), part.length());
            }
        }
        return mistakes.count() > before ? Optional.empty() : Optional.of(Secret.of(keys));
    }

    @Override
    public void check(Secret value, Found found, Mistakes mistakes) {
        if (value == Secret.NONE) {
            return;
        }
        List<byte[]> keys = value.keys();
        if (keys.isEmpty()) {
            mistakes.noKeys(found);
        }
        for (int i = 0; i < keys.size(); i++) {
            byte[] key = keys.get(i);
            checkLength(key, found, i + 1, keys.size(), mistakes);
            if (keys.subList(0, i).stream().anyMatch(k -> MessageDigest.isEqual(k, key))) {
                mistakes.keyTwice(found, i + 1, keys.size());
            }
        }
    }

    private static void checkLength(
            byte[] key, Found found, int position, int count, Mistakes mistakes) {
        if (key.length != Secret.KEY_BYTES) {
            mistakes.keyOfOtherLength(found, position, count, key.length);
        }
    }

    @Override
    public boolean isSecret() {
        return true;
    }

    @Override
    public String text(Secret value) {
        return value.toString();
    }
}
