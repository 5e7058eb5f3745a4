package org.memcachedsession.config;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Patterns of paths as in the Servlet specification (6.0, section 12.2), separated by commas or
 * blanks. A {@code /poll*} or {@code /poll?wait=60} is a mistake here, since nobody means it to the
 * letter, as the specification would take it.
 */
final class PathPatternsValue implements ValueType<List<String>> {

    private static final Pattern SEPARATORS = Pattern.compile("[,\\s]+");

    private static final String EXACT = "/[^*?#;,\\s]*";
    private static final String PREFIX = "/([^*?#;,\\s]*/)?\\*";
    private static final String EXTENSION = "\\*\\.[^*?#;,\\s./]+";
    private static final Pattern WELL_FORMED =
            Pattern.compile(EXACT + "|" + PREFIX + "|" + EXTENSION);

    @Override
    public Optional<List<String>> parse(Found found, Mistakes mistakes) {
        return Optional.of(
                SEPARATORS
                        .splitAsStream(found.text())
                        .filter(pattern -> !pattern.isEmpty())
                        .toList());
    }

    @Override
    public void check(List<String> value, Found found, Mistakes mistakes) {
        if (value.isEmpty()) {
            mistakes.emptyPatternList(found);
        }
        for (String pattern : value) {
            if (!pattern.startsWith("/") && !pattern.startsWith("*.")) {
                mistakes.badPatternBeginning(found, pattern);
            } else if (!WELL_FORMED.matcher(pattern).matches()) {
                mistakes.badPattern(found, pattern);
            }
        }
    }

    @Override
    public String text(List<String> value) {
        return String.join(",", value);
    }
}
