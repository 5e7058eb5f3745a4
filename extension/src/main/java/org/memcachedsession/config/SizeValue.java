package org.memcachedsession.config;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of bytes: {@code 2048}, {@code 900KB}, {@code 1MB}. */
final class SizeValue implements ValueType<Integer> {

    static final int KB = 1024;
    static final int MB = 1024 * KB;

    private static final Pattern SIZE =
            Pattern.compile("([0-9]{1,12})\\s*(B|KB|MB)?", Pattern.CASE_INSENSITIVE);

    private final int least;
    private final int most;

    SizeValue(int least, int most) {
        this.least = least;
        this.most = most;
    }

    @Override
    public Optional<Integer> parse(Found found, Mistakes mistakes) {
        Optional<Integer> bytes = read(found.text());
        if (bytes.isEmpty()) {
            mistakes.notASize(found);
        }
        return bytes;
    }

    /** Empty if this is no size. */
    static Optional<Integer> read(String text) {
        Matcher size = SIZE.matcher(text);
        if (!size.matches()) {
            return Optional.empty();
        }
        long bytes = Long.parseLong(size.group(1)) * unit(size.group(2));
        // what is too much for an int is out of range anyway
        return Optional.of((int) Math.min(bytes, Integer.MAX_VALUE));
    }

    private static int unit(String name) {
        if (name == null) {
            return 1;
        }
        return switch (name.toUpperCase(Locale.ROOT)) {
            case "KB" -> KB;
            case "MB" -> MB;
            default -> 1;
        };
    }

    @Override
    public void check(Integer value, Found found, Mistakes mistakes) {
        if (value < least) {
            mistakes.sizeOutOfRange(found, text(least), text(most), Mistakes.raiseTo(text(least)));
        } else if (value > most) {
            mistakes.sizeOutOfRange(found, text(least), text(most), Mistakes.lowerTo(text(most)));
        }
    }

    @Override
    public String text(Integer bytes) {
        if (bytes != 0 && bytes % MB == 0) {
            return bytes / MB + "MB";
        }
        return bytes != 0 && bytes % KB == 0 ? bytes / KB + "KB" : bytes.toString();
    }
}
