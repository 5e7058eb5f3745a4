package org.memcachedsession.benchmarks.requests;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** A table of a page; the first column is text, the others are figures. */
final class MarkdownTable {

    private final List<String> lines = new ArrayList<>();
    private final int columns;

    MarkdownTable(String... columns) {
        this.columns = columns.length;
        add(columns);
        lines.add("|---|" + "---:|".repeat(columns.length - 1));
    }

    /**
     * @throws IllegalArgumentException as many cells as columns are needed
     */
    MarkdownTable add(String... cells) {
        if (cells.length != columns) {
            throw new IllegalArgumentException(cells.length + " cells in " + columns + " columns");
        }
        lines.add("| " + String.join(" | ", cells) + " |");
        return this;
    }

    /** With a line end after each line. */
    String text() {
        return String.join("\n", lines) + "\n";
    }

    /** A figure, or a dash where there is none. */
    static String cell(OptionalDouble figure, String format) {
        // no "-0": what is not there cannot be less than nothing
        return figure.isPresent()
                ? String.format(Locale.ROOT, format, figure.getAsDouble())
                        .replaceFirst("^-(0(\\.0+)?)$", "$1")
                : "–";
    }
}
