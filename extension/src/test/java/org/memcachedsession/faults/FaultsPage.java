package org.memcachedsession.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collector;
import java.util.stream.Stream;

/**
 * Rows, as they come: printed, and kept in {@code faults.csv} with what they hold for, of which {@code faults.md} is
 * made. Those of the long form go into {@code docs}, those of the short one into {@code target}. A row takes the place
 * of an older one of the same name.
 */
final class FaultsPage {

    static final Path DOCS = Path.of("..", "docs");

    private static final Path DIRECTORY = Form.current().of(Path.of("target", "faults"), DOCS);
    private static final String CSV = "faults.csv";
    private static final String PAGE = "faults.md";
    private static final String COMMA = ",";

    enum Table {
        ANSWERS(1, AnswerRow.COLUMNS),
        SERVERS(2, ServerRow.COLUMNS),
        OTHERS(1, List.of("test", "counted", "wrong"));

        private final int namedBy;
        private final List<String> columns;

        /**
         * @param namedBy so many columns, the first ones
         */
        Table(int namedBy, List<String> columns) {
            this.namedBy = namedBy;
            this.columns = columns;
        }
    }

    private FaultsPage() {}

    /**
     * A line of the file.
     *
     * @param holdsFor date, versions and machine
     */
    private record Row(Table table, String holdsFor, List<String> cells) {

        Row {
            holdsFor = withoutCommas(holdsFor);
            cells = cells.stream().map(Row::withoutCommas).toList();
        }

        /** As the file has it, so that a row that was just made has the name of one that was read. */
        private static String withoutCommas(String word) {
            return word.replace(COMMA, ";");
        }

        static Row parse(String line) {
            List<String> words = List.of(line.split(COMMA, -1));
            return new Row(
                    Table.valueOf(words.get(0)), words.get(1), words.subList(2, words.size()));
        }

        String line() {
            List<String> words = new ArrayList<>(List.of(table.name(), holdsFor));
            words.addAll(cells);
            return String.join(COMMA, words);
        }

        boolean hasNameOf(Row other) {
            return table == other.table
                    && cells.subList(0, table.namedBy)
                            .equals(other.cells.subList(0, table.namedBy));
        }
    }

    static synchronized void add(Table table, List<String> cells) {
        Row added = new Row(table, Circumstances.now(), cells);
        System.out.println("==== " + named(added));
        try {
            Files.createDirectories(DIRECTORY);
            List<Row> rows = new ArrayList<>(read(DIRECTORY));
            int place = 0;
            while (place < rows.size() && !rows.get(place).hasNameOf(added)) {
                place++;
            }
            if (place < rows.size()) {
                rows.set(place, added);
            } else {
                rows.add(added);
            }
            Files.writeString(
                    DIRECTORY.resolve(CSV), rows.stream().map(Row::line).collect(lines()));
            Files.writeString(DIRECTORY.resolve(PAGE), page(rows));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Collector<CharSequence, ?, String> lines() {
        return joining("\n", "", "\n");
    }

    private static String named(Row row) {
        return Stream.iterate(0, i -> i < row.cells.size(), i -> i + 1)
                .map(i -> row.table.columns.get(i) + " " + row.cells.get(i))
                .collect(joining(", "));
    }

    private static List<Row> read(Path directory) throws IOException {
        Path file = directory.resolve(CSV);
        return Files.exists(file)
                ? Files.readAllLines(file).stream().map(Row::parse).toList()
                : List.of();
    }

    /** The page that the file in a directory makes. */
    static String page(Path directory) throws IOException {
        return page(read(directory));
    }

    private static String page(List<Row> rows) throws IOException {
        Map<String, String> marks = marks(rows);
        String page = template();
        page =
                page.replace(
                        "{{circumstances}}",
                        marks.entrySet().stream()
                                .map(
                                        each ->
                                                "* "
                                                        + (marks.size() == 1
                                                                ? ""
                                                                : each.getValue() + ": ")
                                                        + each.getKey())
                                .collect(joining("\n")));
        for (Table table : Table.values()) {
            page = page.replace("{{" + table + "}}", table(table, rows, marks));
        }
        return page;
    }

    /** By what rows hold for: a letter. */
    private static Map<String, String> marks(List<Row> rows) {
        Map<String, String> marks = new TreeMap<>();
        rows.forEach(row -> marks.put(row.holdsFor, ""));
        char letter = 'a';
        for (Map.Entry<String, String> each : marks.entrySet()) {
            each.setValue("(" + letter + ")");
            letter++;
        }
        return marks;
    }

    private static String table(Table table, List<Row> rows, Map<String, String> marks) {
        StringBuilder text = new StringBuilder();
        text.append("| ").append(String.join(" | ", table.columns)).append(" |\n|---|");
        text.append("---:|".repeat(table.columns.size() - 1));
        for (Row row : rows) {
            if (row.table == table) {
                List<String> cells = new ArrayList<>(row.cells);
                if (marks.size() > 1) {
                    cells.set(0, cells.get(0) + " " + marks.get(row.holdsFor));
                }
                while (cells.size() < table.columns.size()) {
                    cells.add(""); // the row is older than the column
                }
                text.append("\n| ").append(String.join(" | ", cells)).append(" |");
            }
        }
        return text.toString();
    }

    private static String template() throws IOException {
        try (InputStream in = FaultsPage.class.getResourceAsStream(PAGE)) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }
}
