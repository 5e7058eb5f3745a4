package org.memcachedsession.config;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Names of classes, and of packages with {@code .*}, separated by commas or blanks. */
final class ClassNamesValue implements ValueType<List<String>> {

    private static final Pattern SEPARATORS = Pattern.compile("[,\\s]+");

    private static final String PART = "\\p{javaJavaIdentifierStart}\\p{javaJavaIdentifierPart}*";
    private static final Pattern WELL_FORMED =
            Pattern.compile(PART + "(\\." + PART + ")*(\\.\\*)?");

    @Override
    public Optional<List<String>> parse(Found found, Mistakes mistakes) {
        return Optional.of(
                SEPARATORS.splitAsStream(found.text()).filter(name -> !name.isEmpty()).toList());
    }

    @Override
    public void check(List<String> value, Found found, Mistakes mistakes) {
        if (value.isEmpty()) {
            mistakes.emptyClassList(found);
        }
        for (String name : value) {
            if (!WELL_FORMED.matcher(name).matches()) {
                mistakes.badClassName(found, name);
            }
        }
    }

    @Override
    public String text(List<String> value) {
        return String.join(",", value);
    }
}
