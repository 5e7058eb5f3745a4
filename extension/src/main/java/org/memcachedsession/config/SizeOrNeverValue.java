package org.memcachedsession.config;

import java.util.Optional;
import java.util.OptionalInt;

/** A number of bytes from which on something is done, or the word {@code never}: empty then. */
final class SizeOrNeverValue implements ValueType<OptionalInt> {

    static final String NEVER = "never";

    private final SizeValue size;

    SizeOrNeverValue(int least, int most) {
        size = new SizeValue(least, most);
    }

    @Override
    public Optional<OptionalInt> parse(Found found, Mistakes mistakes) {
        if (found.text().equals(NEVER)) {
            return Optional.of(OptionalInt.empty());
        }
        Optional<Integer> bytes = SizeValue.read(found.text());
        if (bytes.isEmpty()) {
            mistakes.neitherSizeNorNever(found);
        }
        return bytes.map(OptionalInt::of);
    }

    @Override
    public void check(OptionalInt value, Found found, Mistakes mistakes) {
        value.ifPresent(bytes -> size.check(bytes, found, mistakes));
    }

    @Override
    public String text(OptionalInt value) {
        return value.isPresent() ? size.text(value.getAsInt()) : NEVER;
    }
}
